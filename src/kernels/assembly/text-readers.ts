// Casts from text, for generated code. They read plain forms; every other one, malformed ones included, is declined.
import { civilIsValid, daysFromCivil } from './calendar';
import { scaleDigits } from './decimal-digits';
import { decline } from './status';
import { lengthOf, pointerOf } from './text-view';
import { offsetWidth } from './text-zones';
import { make } from './wide-integer';

// @ts-ignore: decorator
@inline function isDigit(byte: u8): bool {
  return u8(byte - 0x30) <= 9;
}

/** An optional minus and 1 to `most` digits. */
export function readInteger(block: usize, text: v128, most: u32): i64 {
  const length = lengthOf(text);
  if (length == 0) {
    decline(block);
    return 0;
  }
  const pointer = pointerOf(text);
  const start = u32(load<u8>(pointer) == 0x2d);
  let value: i64 = 0;
  let digits = length > start && length - start <= most;
  for (let i = start; i < length; i++) {
    const digit = load<u8>(pointer + i) - 0x30;
    digits = digits && digit <= 9;
    value = value * 10 + digit;
  }
  if (!digits) decline(block);
  return start != 0 ? -value : value;
}

export function textToInteger(block: usize, text: v128): i32 {
  return <i32>readInteger(block, text, 9);
}

export function textToBigint(block: usize, text: v128): i64 {
  return readInteger(block, text, 18);
}

/**
 * A number written in decimal: its digits as a whole number, as i64, and the power of ten it is to be multiplied with.
 * Bit 32 of the second half is its sign, bit 33 says that it is none, or that it has more than 18 digits.
 */
function readDigits(text: v128): v128 {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  let i: u32 = 0;
  let flags: i64 = 0;
  if (length > 0) {
    const sign = load<u8>(pointer);
    if (sign == 0x2d) flags = 1;
    if (sign == 0x2d || sign == 0x2b) i = 1;
  }
  const first = i;
  let digits: i64 = 0;
  let fraction: i32 = 0;
  let seen: u32 = 0;
  let significant: u32 = 0;
  for (; i < length && isDigit(load<u8>(pointer + i)); i++) {
    digits = digits * 10 + (load<u8>(pointer + i) - 0x30);
    significant += u32(digits != 0);
  }
  seen = i - first;
  if (i < length && load<u8>(pointer + i) == 0x2e) {
    i++;
    const point = i;
    for (; i < length && isDigit(load<u8>(pointer + i)); i++) {
      digits = digits * 10 + (load<u8>(pointer + i) - 0x30);
      significant += u32(digits != 0);
    }
    fraction = <i32>(i - point);
    seen += i - point;
  }
  let exponent: i32 = 0;
  if (i + 1 < length && (load<u8>(pointer + i) | 0x20) == 0x65) {
    i++;
    const sign = load<u8>(pointer + i);
    if (sign == 0x2d || sign == 0x2b) i++;
    const start = i;
    for (; i < length && i - start < 5 && isDigit(load<u8>(pointer + i)); i++) {
      exponent = exponent * 10 + <i32>(load<u8>(pointer + i) - 0x30);
    }
    if (i == start) flags |= 2;
    if (sign == 0x2d) exponent = -exponent;
  }
  if (i != length || seen == 0 || significant > 18) flags |= 2;
  return make(digits, (flags << 32) | (<i64>(exponent - fraction) & 0xffffffff));
}

// @ts-ignore: decorator
@inline function digitsOf(number: v128): i64 {
  return i64x2.extract_lane(number, 0);
}

// @ts-ignore: decorator
@inline function powerOf(number: v128): i32 {
  return i32x4.extract_lane(number, 2);
}

// @ts-ignore: decorator
@inline function isNegative(number: v128): bool {
  return (i32x4.extract_lane(number, 3) & 1) != 0;
}

// @ts-ignore: decorator
@inline function isMalformed(number: v128): bool {
  return (i32x4.extract_lane(number, 3) & 2) != 0;
}

/** 10^exponent, exact, for 0 ≤ exponent ≤ 22. */
function powerOfTen(exponent: i32): f64 {
  let result: f64 = 1;
  if (exponent & 1) result = 10;
  if (exponent & 2) result *= 100;
  if (exponent & 4) result *= 10000;
  if (exponent & 8) result *= 100000000;
  if (exponent & 16) result *= 10000000000000000;
  return result;
}

/**
 * Digits below 2^53 times or by a power up to 10^22 are rounded once, hence exactly (W. D. Clinger, "How to read floating
 * point numbers accurately"); others are declined.
 */
export function textToDouble(block: usize, text: v128): f64 {
  const number = readDigits(text);
  const digits = digitsOf(number);
  const power = powerOf(number);
  if (isMalformed(number) || digits > 1 << 53 || (digits != 0 && abs(power) > 22)) {
    decline(block);
    return 0;
  }
  let value = <f64>digits;
  if (digits != 0) value = power < 0 ? value / powerOfTen(-power) : value * powerOfTen(power);
  return isNegative(number) ? -value : value;
}

/** The same in single precision: digits up to 2^24, powers up to 10^10. */
export function textToReal(block: usize, text: v128): f32 {
  const number = readDigits(text);
  const digits = digitsOf(number);
  const power = powerOf(number);
  if (isMalformed(number) || digits > 1 << 24 || (digits != 0 && abs(power) > 10)) {
    decline(block);
    return 0;
  }
  let value = <f32>digits;
  if (digits != 0) {
    const factor = <f32>powerOfTen(abs(power));
    value = power < 0 ? value / factor : value * factor;
  }
  return isNegative(number) ? -value : value;
}

/** Declines decimals of more than 18 digits. */
export function textToDecimal64(block: usize, text: v128, precision: i32, scale: i32): i64 {
  const number = readDigits(text);
  const value = isMalformed(number) ? -1 : scaleDigits(digitsOf(number), powerOf(number) + scale, precision);
  if (value < 0) decline(block);
  return isNegative(number) ? -value : value;
}

export function textToDecimal128(block: usize, text: v128, precision: i32, scale: i32): v128 {
  const value = textToDecimal64(block, text, precision, scale);
  return make(value, value >> 63);
}

/** `count` digits as a number, or a negative number. */
function digitsAt(pointer: usize, count: u32): i32 {
  let value: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const digit = <i32>load<u8>(pointer + i) - 0x30;
    if (<u32>digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Days of YYYY-MM-DD at a pointer; i32.MIN_VALUE when it is none. */
function dateAt(pointer: usize): i32 {
  const year = digitsAt(pointer, 4);
  const month = digitsAt(pointer + 5, 2);
  const day = digitsAt(pointer + 8, 2);
  if (load<u8>(pointer + 4) != 0x2d || load<u8>(pointer + 7) != 0x2d) return i32.MIN_VALUE;
  return year >= 1 && civilIsValid(year, month, day) ? <i32>daysFromCivil(year, month, day) : i32.MIN_VALUE;
}

/** YYYY-MM-DD. */
export function textToDate(block: usize, text: v128): i32 {
  const date = lengthOf(text) == 10 ? dateAt(pointerOf(text)) : i32.MIN_VALUE;
  if (date == i32.MIN_VALUE) decline(block);
  return date;
}

/** µs of HH:MM[:SS[.f…]] in a text of `length` bytes; -1 when it is none. */
export function timeAt(pointer: usize, length: u32): i64 {
  if (length < 5 || load<u8>(pointer + 2) != 0x3a) return -1;
  const hour = digitsAt(pointer, 2);
  const minute = digitsAt(pointer + 3, 2);
  if (<u32>hour > 23 || <u32>minute > 59) return -1;
  const minutes = <i64>(hour * 60 + minute);
  if (length == 5) return minutes * 60000000;
  if (length < 8 || load<u8>(pointer + 5) != 0x3a) return -1;
  const second = digitsAt(pointer + 6, 2);
  if (<u32>second > 59) return -1;
  let micros: i32 = 0;
  if (length > 8) {
    if (length > 15 || length == 9 || load<u8>(pointer + 8) != 0x2e) return -1;
    micros = digitsAt(pointer + 9, length - 9);
    if (micros < 0) return -1;
    for (let i = length; i < 15; i++) micros *= 10;
  }
  return (minutes * 60 + second) * 1000000 + micros;
}

/**
 * YYYY-MM-DD[( |T)HH:MM[:SS[.f…]][zone]]. A zone, Z or ±HH[:MM], is read only with `zoned`: without, it is declined,
 * though it would just be ignored.
 */
export function textToTimestamp(block: usize, text: v128, zoned: i32): i64 {
  const pointer = pointerOf(text);
  let length = lengthOf(text);
  const date = length >= 10 ? dateAt(pointer) : i32.MIN_VALUE;
  let time: i64 = 0;
  if (date != i32.MIN_VALUE && length > 10) {
    const separator = load<u8>(pointer + 10);
    let offset: i64 = 0;
    if (zoned != 0) {
      const width = offsetWidth(pointer, length);
      if (width > 1) {
        const hours = digitsAt(pointer + length - width + 1, 2);
        const minutes = width > 3 ? digitsAt(pointer + length - 2, 2) : 0;
        offset = hours < 0 || minutes < 0 ? i64.MIN_VALUE : <i64>(hours * 60 + minutes) * 60000000;
        if (hours > 15 || minutes > 59) offset = i64.MIN_VALUE;
        else if (load<u8>(pointer + length - width) == 0x2d) offset = -offset;
      }
      length -= width;
    }
    time = separator == 0x20 || separator == 0x54 ? timeAt(pointer + 11, length - 11) : -1;
    if (offset == i64.MIN_VALUE) time = -1;
    if (time >= 0) return <i64>date * 86400000000 + time - offset;
  }
  if (date == i32.MIN_VALUE || time < 0) decline(block);
  return <i64>date * 86400000000;
}
