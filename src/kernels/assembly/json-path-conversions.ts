// Numbers that methods of jsonpath make of numbers and texts: see functions/scalar/jsonpath/path-methods.ts.
import { NO_FLOAT, readFloat, UNDECIDED_FLOAT } from './float-readers';
import { formatUnsigned, insertPoint } from './format';
import { shortestDigitsF64 } from './format-float';
import { MISSING, partOf } from './json-access';
import { MINUS, ZERO } from './json-characters';
import { isZero } from './json-compare';
import { put } from './json-output';
import { failPath, giveUp, keepRoom, powersOf, roomFor } from './json-path-machine';
import { pointOf } from './json-path-numbers';
import { digitsOf, hasLongExponent, isCut, isMalformed, isSign, powerOf, scanNumber } from './number-scan';
import { skipSpaces, skipSpacesBack } from './text-spaces';
import { multiplyHigh, power64 } from './wide-integer';

function failed(machine: usize): i64 {
  failPath(machine);
  return MISSING;
}

function lost(machine: usize): i64 {
  giveUp(machine);
  return MISSING;
}

/** A text, or a number, as a whole number of at most `largest`; numbers are rounded, half away from zero. */
export function wholeNumber(machine: usize, from: usize, to: usize, largest: u64, isNumber: bool): i64 {
  let start = skipSpaces(from, to);
  const end = skipSpacesBack(start, to);
  const sign: u8 = start < end ? load<u8>(start) : 0;
  if (isSign(sign)) start++;
  const isNegative = sign == MINUS;
  let at = start;
  let value: u64 = 0;
  const most = largest + u64(isNegative);
  let isTooLarge = false;
  for (; at < end && load<u8>(at) - ZERO < 10; at++) {
    if (value > most / 10) isTooLarge = true;
    value = value * 10 + (load<u8>(at) - ZERO);
  }
  if (at == start) return failed(machine);
  if (at < end) {
    if (!isNumber) return failed(machine);
    value += u64(load<u8>(at, 1) >= ZERO + 5);
  }
  if (isTooLarge || value > most) return failed(machine);
  const target = roomFor(machine, 32);
  if (target == 0) return MISSING;
  const digits = target + usize(isNegative && value != 0);
  store<u8>(target, MINUS);
  const behind = digits + formatUnsigned(value, digits);
  keepRoom(machine, behind);
  return partOf(target, behind);
}

/** A text as a number with all its digits. */
export function plainNumber(machine: usize, from: usize, to: usize): i64 {
  let start = skipSpaces(from, to);
  const end = skipSpacesBack(start, to);
  const scanned = scanNumber(start, end);
  if (isMalformed(scanned)) return failed(machine);
  const sign = load<u8>(start);
  if (isSign(sign)) start++;
  const point = pointOf(start, end);
  for (let at = start; at < end; at++) if ((load<u8>(at) | 0x20) == 0x65) return lost(machine);
  while (start + 1 < point && load<u8>(start) == ZERO) start++;
  const target = roomFor(machine, end - start + 2);
  if (target == 0) return MISSING;
  let behind = target;
  if (sign == MINUS && !isZero(start, end)) store<u8>(behind++, MINUS);
  if (point == start) store<u8>(behind++, ZERO);
  behind = put(behind, start, (point + 1 == end ? point : end) - start);
  keepRoom(machine, behind);
  return partOf(target, behind);
}

/** 10^15: doubles are numbers of 15 digits. */
// @ts-ignore: decorator
@inline const SIGNIFICANT: u64 = 1000000000000000;
/** Powers of ten of numbers that surely are doubles, and no denormal ones. */
// @ts-ignore: decorator
@inline const LARGEST_POWER: i32 = 280;

/** A text as a double, of which 15 digits are taken. */
export function doubleOf(machine: usize, from: usize, to: usize): i64 {
  const start = skipSpaces(from, to);
  const end = skipSpacesBack(start, to);
  const scanned = scanNumber(start, end);
  if (isMalformed(scanned)) return failed(machine);
  let digits = digitsOf(scanned);
  let power = powerOf(scanned);
  if (digits != 0 && (hasLongExponent(scanned) || abs(power) > LARGEST_POWER)) return lost(machine);
  if (digits >= SIGNIFICANT || isCut(scanned)) {
    const bits = readFloat(start, <u32>(end - start), powersOf(machine), 53, 1023);
    if (bits == NO_FLOAT || bits == UNDECIDED_FLOAT) return lost(machine);
    const value = abs(reinterpret<f64>(bits));
    const shortest = shortestDigitsF64(value, powersOf(machine));
    digits = <u64>i64x2.extract_lane(shortest, 0);
    power = <i32>i64x2.extract_lane(shortest, 1);
    let dropped = 0;
    while (digits / power64(dropped) >= SIGNIFICANT) dropped++;
    if (dropped > 0) {
      const factor = power64(dropped);
      const rest = digits % factor;
      let roundsUp = rest > factor >> 1;
      if (rest == factor >> 1) {
        const order = compareExactly(value, digits, power);
        if (order == 0) return lost(machine);
        roundsUp = order > 0;
      }
      digits = digits / factor + u64(roundsUp);
      power += dropped;
    }
  }
  return decimalPart(machine, load<u8>(start) == MINUS, digits, power);
}

/** Is a double above or below the digits that it is written with? 0 where that is not known. */
function compareExactly(value: f64, digits: u64, power: i32): i32 {
  const bits = reinterpret<u64>(value);
  const mantissa = (bits & 0x000fffffffffffff) | (<u64>1 << 52);
  const shift = 1075 - <i32>(bits >> 52);
  // mantissa / 2^shift beside digits / 10^-power, multiplied with both.
  if (power > 0 || power < -19 || shift <= 0 || shift > 72) return 0;
  const factor = power64(-power);
  const high = multiplyHigh(mantissa, factor);
  const low = mantissa * factor;
  const otherHigh: u64 = shift >= 64 ? digits << (shift - 64) : digits >> (64 - shift);
  const other: u64 = shift >= 64 ? 0 : digits << shift;
  if (high != otherHigh) return high > otherHigh ? 1 : -1;
  return low == other ? 0 : low > other ? 1 : -1;
}

/** digits * 10^power, without zeros at the end of a fraction. */
function decimalPart(machine: usize, isNegative: bool, digits: u64, power: i32): i64 {
  let value = digits;
  let scale = -power;
  while (value != 0 && scale > 0 && value % 10 == 0) {
    value /= 10;
    scale--;
  }
  if (value == 0) scale = 0;
  const target = roomFor(machine, <usize>abs(scale) + 48);
  if (target == 0) return MISSING;
  let to = target;
  if (isNegative && value != 0) store<u8>(to++, MINUS);
  const length = formatUnsigned(value, to);
  if (scale > 0) to += insertPoint(to, length, <u32>scale);
  else {
    memory.fill(to + length, ZERO, <usize>-scale);
    to += <usize>length + <usize>-scale;
  }
  keepRoom(machine, to);
  return partOf(target, to);
}
