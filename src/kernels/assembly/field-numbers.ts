// Fields of text files (text-records.ts) read as numbers, a column of a batch at a time. Each kernel reads the usual
// forms and lists the rows of all others, malformed ones included, in `declined` (one u32 each); it returns how many there
// are. Rows whose validity is 0 get the value 0.
import { scaleDigits } from './decimal-digits';
import { decline, isDigit, trimmed } from './field-bytes';
import { FIELD_LENGTH } from './text-field';
import { multiplyHigh } from './wide-integer';

/** `width` bytes a value: 4, or 8. */
export function fieldsToIntegers(
  fields: usize,
  count: u32,
  width: u32,
  smallest: i64,
  largest: i64,
  target: usize,
  validity: usize,
  declined: usize,
): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    let value: i64 = 0;
    if (load<u8>(validity + row) != 0) {
      const text = trimmed(load<u32>(fields + (row << 3)), load<u32>(fields + (row << 3), 4) & FIELD_LENGTH);
      const pointer: usize = <usize>i64x2.extract_lane(text, 0);
      const length = <u32>i64x2.extract_lane(text, 1);
      const sign = length > 0 && load<u8>(pointer) == 0x2d;
      let isRead = length > u32(sign) && length - u32(sign) <= 18;
      if (isRead) {
        let i = u32(sign);
        do {
          const digit = <u32>load<u8>(pointer + i) - 0x30;
          isRead = isRead && digit <= 9;
          value = value * 10 + digit;
          i++;
        } while (i < length);
        if (sign) value = -value;
      }
      if (!isRead || value < smallest || value > largest) found = decline(declined, found, row);
    }
    if (width == 4) store<i32>(target + (row << 2), <i32>value);
    else store<i64>(target + (row << 3), value);
  }
  return found;
}

/** `width`: 8, or 16 for those of more than 18 digits. */
export function fieldsToDecimals(
  fields: usize,
  count: u32,
  width: u32,
  precision: i32,
  scale: i32,
  target: usize,
  validity: usize,
  declined: usize,
): u32 {
  let found: u32 = 0;
  let limit: i64 = 1;
  for (let i = 0; i < min(precision, 18); i++) limit *= 10;
  for (let row: u32 = 0; row < count; row++) {
    let value: i64 = 0;
    if (load<u8>(validity + row) != 0) {
      const text = trimmed(load<u32>(fields + (row << 3)), load<u32>(fields + (row << 3), 4) & FIELD_LENGTH);
      const pointer: usize = <usize>i64x2.extract_lane(text, 0);
      const length = <u32>i64x2.extract_lane(text, 1);
      const sign = length > 0 && load<u8>(pointer) == 0x2d;
      let digits: u32 = 0;
      let fraction: i32 = -1;
      let isRead = length - u32(sign) <= 19;
      for (let i = u32(sign); i < length && isRead; i++) {
        const byte = load<u8>(pointer + i);
        if (isDigit(byte)) {
          value = value * 10 + (byte - 0x30);
          digits++;
          fraction += i32(fraction >= 0);
        } else {
          isRead = byte == 0x2e && fraction < 0;
          fraction = 0;
        }
      }
      if (isRead && digits > 0 && digits <= 18) {
        const shift = scale - max(fraction, 0);
        if (shift == 0) isRead = value < limit;
        else {
          value = scaleDigits(value, shift, precision);
          isRead = value >= 0;
        }
        if (sign) value = -value;
      } else isRead = false;
      if (!isRead) found = decline(declined, found, row);
    }
    if (width == 8) store<i64>(target + (row << 3), value);
    else {
      store<i64>(target + (row << 4), value);
      store<i64>(target + (row << 4), value >> 63, 8);
    }
  }
  return found;
}

/** 10^0 … 10^22 are exact. */
function exactPower(power: i32): f64 {
  let value: f64 = 1;
  let base: f64 = 10;
  for (let rest = power; rest > 0; rest >>= 1) {
    if ((rest & 1) != 0) value *= base;
    base *= base;
  }
  return value;
}

/**
 * digits * 10^power, correctly rounded, or NaN where it is too close to call. After D. Lemire, "Number parsing at a
 * gigabyte per second": the digits times 128 bits of the power (`powers`, rounded up, 16 bytes each from 10^-292 on); what
 * is lost of the product is less than 2^64 of its 192 bits.
 */
function scaleByPower(digits: u64, power: i32, powers: usize): f64 {
  if (digits == 0) return 0;
  if (power < -292 || power > 324) return NaN;
  const shift = clz(digits);
  const factor = digits << shift;
  const entry = powers + (<usize>(power + 292) << 4);
  const low = load<u64>(entry);
  const high = load<u64>(entry, 8);
  const carry = multiplyHigh(factor, low);
  const middle = factor * high + carry;
  const top = multiplyHigh(factor, high) + u64(middle < carry);
  const leading: i32 = <i32>(top >> 63);
  const dropped: u64 = 10 + leading;
  const half: u64 = (<u64>1) << (dropped - 1);
  const rest = top & ((half << 1) - 1);
  // Within one unit of the last word around the half, rounding is not decided by these bits.
  if ((rest == half && middle < 4) || (rest == half - 1 && middle > <u64>-4)) return NaN;
  let mantissa = top >> dropped;
  if (rest >= half) mantissa++;
  const bits = ((power * 1741647) >> 19) + 1;
  let exponent: i64 = 62 + leading + bits - <i64>shift;
  if (mantissa >> 53 != 0) {
    mantissa >>= 1;
    exponent++;
  }
  if (exponent < -1022 || exponent > 1023) return NaN;
  return reinterpret<f64>(((exponent + 1023) << 52) | <i64>(mantissa & 0xfffffffffffff));
}

/** A number, or NaN for what is none, or is left to others. */
function readDouble(start: usize, size: u32, powers: usize): f64 {
  let at = start;
  const end = start + size;
  const sign = size > 0 && load<u8>(at) == 0x2d;
  if (sign) at++;
  let digits: u64 = 0;
  let count: i32 = 0;
  let power: i32 = 0;
  let point = false;
  let any = false;
  while (at < end) {
    const byte = load<u8>(at);
    if (isDigit(byte)) {
      any = true;
      power -= i32(point);
      if (count < 18) {
        digits = digits * 10 + (byte - 0x30);
        count += i32(digits != 0);
      } else return NaN;
    } else if (byte == 0x2e && !point) point = true;
    else break;
    at++;
  }
  if (!any) return NaN;
  if (at < end) {
    if ((load<u8>(at) | 0x20) != 0x65) return NaN;
    at++;
    const isNegative = at < end && load<u8>(at) == 0x2d;
    if (at < end && (isNegative || load<u8>(at) == 0x2b)) at++;
    if (at >= end || end - at > 4) return NaN;
    let exponent: i32 = 0;
    for (; at < end; at++) {
      const byte = load<u8>(at);
      if (!isDigit(byte)) return NaN;
      exponent = exponent * 10 + (byte - 0x30);
    }
    power += isNegative ? -exponent : exponent;
  }
  let value: f64;
  if (digits < (<u64>1) << 53 && power >= -22 && power <= 22) {
    value = <f64>digits;
    if (power < 0) value /= exactPower(-power);
    else if (power > 0) value *= exactPower(power);
  } else value = scaleByPower(digits, power, powers);
  return sign ? -value : value;
}

/** May a double be rounded to a real? Rounded a second time, what lies halfway between two may go the wrong way. */
// @ts-ignore: decorator
@inline
function isFitForReal(value: f64): bool {
  const size = abs(value);
  const isHalf = (reinterpret<u64>(value) & 0x1fffffff) == 0x10000000;
  return !isHalf && size <= 3.4e38 && (size >= 1.2e-38 || size == 0);
}

// @ts-ignore: decorator
@inline
function fieldsToFloats(
  fields: usize,
  count: u32,
  target: usize,
  validity: usize,
  declined: usize,
  powers: usize,
  isReal: bool,
): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    let value: f64 = 0;
    if (load<u8>(validity + row) != 0) {
      const text = trimmed(load<u32>(fields + (row << 3)), load<u32>(fields + (row << 3), 4) & FIELD_LENGTH);
      value = readDouble(<usize>i64x2.extract_lane(text, 0), <u32>i64x2.extract_lane(text, 1), powers);
      if (isNaN(value) || (isReal && !isFitForReal(value))) {
        value = 0;
        found = decline(declined, found, row);
      }
    }
    if (isReal) store<f32>(target + (row << 2), <f32>value);
    else store<f64>(target + (row << 3), value);
  }
  return found;
}

/** `powers`: the table of powers of ten. */
export function fieldsToDoubles(
  fields: usize,
  count: u32,
  target: usize,
  validity: usize,
  declined: usize,
  powers: usize,
): u32 {
  return fieldsToFloats(fields, count, target, validity, declined, powers, false);
}

export function fieldsToReals(
  fields: usize,
  count: u32,
  target: usize,
  validity: usize,
  declined: usize,
  powers: usize,
): u32 {
  return fieldsToFloats(fields, count, target, validity, declined, powers, true);
}
