// Numbers of to_char with RN and EEEE (number-formatting.ts): the twins of formatRoman and formatScientific.
import { ESCAPED, FILL, hasAction, LITERAL, putQuoted, QUOTED, ROMAN, templateAction } from './number-template';

// @ts-ignore: decorator
@inline const ROMAN_WIDTH: u32 = 15;
// @ts-ignore: decorator
@inline const LARGEST_ROMAN: i64 = 3999;

/** The numerals of one place: so many times `one`, or `five` and `ten` with it. */
function putNumerals(target: usize, digit: u32, one: u8, five: u8, ten: u8): usize {
  let write = target;
  if (digit == 9 || digit == 4) {
    store<u8>(write, one);
    store<u8>(write, digit == 9 ? ten : five, 1);
    return write + 2;
  }
  if (digit > 4) store<u8>(write++, five);
  for (let i = digit % 5; i > 0; i--) store<u8>(write++, one);
  return write;
}

/** In as many places as the longest has; `#` of what has no numeral. */
function putRoman(target: usize, value: i64, isSmall: bool, fill: bool): usize {
  if (value < 1 || value > LARGEST_ROMAN) {
    memory.fill(target, 0x23, ROMAN_WIDTH);
    return target + ROMAN_WIDTH;
  }
  const number = <u32>value;
  let write = putNumerals(target, number / 1000, 0x4d, 0, 0);
  write = putNumerals(write, (number / 100) % 10, 0x43, 0x44, 0x4d);
  write = putNumerals(write, (number / 10) % 10, 0x58, 0x4c, 0x43);
  write = putNumerals(write, number % 10, 0x49, 0x56, 0x58);
  if (isSmall) for (let at = target; at < write; at++) store<u8>(at, load<u8>(at) | 0x20);
  if (fill) return write;
  const missing = ROMAN_WIDTH - <u32>(write - target);
  memory.copy(target + missing, target, write - target);
  memory.fill(target, 0x20, missing);
  return target + ROMAN_WIDTH;
}

/** A template with RN, of which nothing else is shown but what is no part of numbers. */
export function putRomanTemplate(target: usize, source: usize, length: u32, actions: u32, value: i64): usize {
  // One rn makes all of them small.
  let isSmall = false;
  for (let i: u32 = 0; i < length; ) {
    const action = templateAction(source + i, length - i);
    if ((action & 0xff) == ROMAN && load<u8>(source + i) >= 0x61) isSmall = true;
    i += action >> 8;
  }
  let write = target;
  for (let i: u32 = 0; i < length; ) {
    const action = templateAction(source + i, length - i);
    const width = action >> 8;
    switch (action & 0xff) {
      case LITERAL:
        memory.copy(write, source + i, width);
        write += width;
        break;
      case QUOTED:
        write = putQuoted(write, source + i, width);
        break;
      case ESCAPED:
        store<u8>(write++, 0x22);
        break;
      case ROMAN:
        write = putRoman(write, value, isSmall, hasAction(actions, FILL));
        break;
    }
    i += width;
  }
  return write;
}

/** Rounds digits to fewer; true where that leads to one digit more, 10…0, of which the last one is left out. */
function roundDigits(digits: usize, length: u32, kept: u32, toEven: bool): bool {
  const next = load<u8>(digits + kept);
  let isUp = next > 0x35;
  if (next == 0x35) {
    let hasMore = false;
    for (let i = kept + 1; i < length; i++) if (load<u8>(digits + i) != 0x30) hasMore = true;
    isUp = hasMore || !toEven || (load<u8>(digits + kept - 1) & 1) != 0;
  }
  if (!isUp) return false;
  let at = digits + kept;
  while (at > digits) {
    const digit = load<u8>(--at);
    if (digit != 0x39) {
      store<u8>(at, digit + 1);
      return false;
    }
    store<u8>(at, 0x30);
  }
  store<u8>(digits, 0x31);
  return true;
}

/**
 * `length` digits, the last `scale` of which are behind the point, as ` 1.48e+03`. Halves of floats go to the even digit;
 * others go away from zero, and are 10 where they are rounded up to it.
 */
export function putExponential(
  target: usize,
  digits: usize,
  length: u32,
  scale: i32,
  places: u32,
  isNegative: bool,
  isFloat: bool,
): usize {
  let write = target;
  let power = <i32>length - 1 - scale;
  if (length == 1 && load<u8>(digits) == 0x30) power = 0;
  store<u8>(write++, isNegative ? 0x2d : 0x20);
  let isTen = false;
  if (length > places + 1 && roundDigits(digits, length, places + 1, isFloat)) {
    if (isFloat) power++;
    else isTen = true;
  }
  for (let i: u32 = 0; i <= places; i++) {
    if (i == 1) store<u8>(write++, 0x2e);
    store<u8>(write++, i < length ? load<u8>(digits + i) : 0x30);
    if (i == 0 && isTen) store<u8>(write++, 0x30);
  }
  store<u8>(write++, 0x65);
  store<u8>(write++, power < 0 ? 0x2d : 0x2b);
  const size = <u32>abs(power);
  store<u8>(write++, <u8>(0x30 + size / 10));
  store<u8>(write++, <u8>(0x30 + (size % 10)));
  return write;
}

/** What exactDigits works with: 32 limbs of a number, and up to 256 digits behind them. */
// @ts-ignore: decorator
@inline export const EXACT_BYTES: u32 = 384;
/** Powers of two of numbers whose digits have room there. */
// @ts-ignore: decorator
@inline const LARGEST_POWER: i32 = 256;

/** Multiplies `count` limbs; how many there are then. */
function multiplyLimbs(limbs: usize, count: u32, factor: u64): u32 {
  let carry: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    carry += <u64>load<u32>(limbs + (i << 2)) * factor;
    store<u32>(limbs + (i << 2), <u32>carry);
    carry >>= 32;
  }
  if (carry == 0) return count;
  store<u32>(limbs + (count << 2), <u32>carry);
  return count + 1;
}

/** All digits of a float without its sign, at the start of `work`: their number, and × 2^32 how many are behind the point. */
export function exactDigits(value: f64, work: usize): u64 {
  const bits = reinterpret<u64>(value) & 0x7fffffffffffffff;
  if (bits == 0) {
    store<u8>(work, 0x30);
    return 1;
  }
  const exponent = <i32>(bits >> 52);
  const fraction = bits & 0xfffffffffffff;
  const mantissa = exponent == 0 ? fraction : fraction | 0x10000000000000;
  const zeros = ctz(mantissa);
  const power = max(exponent, 1) - 1075 + <i32>zeros;
  if (abs(power) > LARGEST_POWER || exponent == 0x7ff) return 0;
  store<u64>(work, mantissa >> zeros);
  let count: u32 = 2;
  // A power of two below 1 is one of five and of ten.
  let rest = abs(power);
  for (; rest >= 13; rest -= 13) count = multiplyLimbs(work, count, power < 0 ? 1220703125 : 8192);
  for (; rest > 0; rest--) count = multiplyLimbs(work, count, power < 0 ? 5 : 2);
  const end = work + EXACT_BYTES;
  let write = end;
  while (count > 0) {
    let remainder: u64 = 0;
    for (let i = count; i > 0; i--) {
      const at = work + ((i - 1) << 2);
      const part = (remainder << 32) | load<u32>(at);
      store<u32>(at, <u32>(part / 1000000000));
      remainder = part % 1000000000;
    }
    if (load<u32>(work + ((count - 1) << 2)) == 0) count--;
    for (let i = 0; i < 9; i++) {
      store<u8>(--write, <u8>(0x30 + remainder % 10));
      remainder /= 10;
    }
  }
  while (load<u8>(write) == 0x30) write++;
  memory.copy(work, write, end - write);
  return <u64>(end - write) | (<u64>max(-power, 0) << 32);
}
