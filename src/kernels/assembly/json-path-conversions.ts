// Numbers that methods of jsonpath make of numbers and texts: see functions/scalar/jsonpath/path-methods.ts.
import { SCRATCH_BYTES } from './exact-float';
import { NO_FLOAT, readExactly, readFloat, UNDECIDED_FLOAT } from './float-readers';
import { formatUnsigned, insertPoint } from './format';
import { MISSING, partOf } from './json-access';
import { MINUS, ZERO } from './json-characters';
import { isZero } from './json-compare';
import { boundExponents, isNumeric, putNumeric } from './json-numbers';
import { put } from './json-output';
import { failPath, giveUp, keepRoom, powersOf, roomFor } from './json-path-machine';
import { pointOf } from './json-path-numbers';
import { digitsOf, hasLongExponent, isCut, isMalformed, isSign, powerOf, scanNumber } from './number-scan';
import { digitsOfDouble } from './significant-digits';
import { skipSpaces, skipSpacesBack } from './text-spaces';

// @ts-ignore: decorator
@inline const PLUS: u8 = 0x2b;

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
  if (sign == PLUS) start++;
  for (let at = start; at < end; at++) if ((load<u8>(at) | 0x20) == 0x65) return withoutExponent(machine, start, end);
  if (sign == MINUS) start++;
  const point = pointOf(start, end);
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

function withoutExponent(machine: usize, from: usize, end: usize): i64 {
  if (!isNumeric(from, end)) return failed(machine);
  const target = roomFor(machine, end - from + <usize>boundExponents(from, end) + 2);
  if (target == 0) return MISSING;
  const behind = putNumeric(from, end, target);
  keepRoom(machine, behind);
  return partOf(target, behind);
}

/** 10^15: doubles are numbers of 15 digits. */
// @ts-ignore: decorator
@inline const SIGNIFICANT: i64 = 1000000000000000;
/** Powers of ten of numbers that surely are doubles, and no denormal ones. */
// @ts-ignore: decorator
@inline const LARGEST_POWER: i32 = 280;
// @ts-ignore: decorator
@inline const SMALLEST_NORMAL: f64 = 2.2250738585072014e-308;

/** A text as a double, of which 15 digits are taken. */
export function doubleOf(machine: usize, from: usize, to: usize): i64 {
  const start = skipSpaces(from, to);
  const end = skipSpacesBack(start, to);
  const scanned = scanNumber(start, end);
  if (isMalformed(scanned)) return failed(machine);
  let digits = <i64>digitsOf(scanned);
  let power = powerOf(scanned);
  const isPlain = digits < SIGNIFICANT && abs(power) <= LARGEST_POWER && !isCut(scanned) && !hasLongExponent(scanned);
  if (digits != 0 && !isPlain) {
    let bits = readFloat(start, <u32>(end - start), powersOf(machine), 53, 1023);
    if (bits == UNDECIDED_FLOAT) {
      const scratch = roomFor(machine, SCRATCH_BYTES);
      if (scratch == 0) return MISSING;
      bits = readExactly(start, <u32>(end - start), powersOf(machine), 53, 1023, scratch);
    }
    if (bits == NO_FLOAT) return failed(machine);
    const value = abs(reinterpret<f64>(bits));
    // Subnormal numbers have fewer digits than they are printed with.
    if (value < SMALLEST_NORMAL) return lost(machine);
    const rounded = digitsOfDouble(value, powersOf(machine));
    digits = i64x2.extract_lane(rounded, 0);
    power = <i32>i64x2.extract_lane(rounded, 1);
    if (digits < 0) return lost(machine);
  }
  return decimalPart(machine, load<u8>(start) == MINUS, <u64>digits, power);
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
