// Fields of text files (text-records.ts) read as values, a column of a batch at a time. Each kernel reads the usual forms
// and lists the rows of all others, malformed ones included, in `declined` (one u32 each); it returns how many there are.
// Rows whose validity is 0 get the value 0.
import { civilIsValid, daysFromCivil } from './calendar';
import { scaleDigits } from './decimal-digits';
import { FIELD_ESCAPED, FIELD_LENGTH, FIELD_QUOTED } from './text-field';
import { makeView } from './text-view';
import { multiplyHigh } from './wide-integer';

// @ts-ignore: decorator
@inline function isDigit(byte: u8): bool {
  return u8(byte - 0x30) <= 9;
}

/**
 * Which fields have a value. NULL are those that are missing, those without quotes whose bytes are one of the `nulls` (8
 * bytes each, as fields), and with `emptyIsNull` the empty ones. Returns how many are NULL.
 */
export function fieldValidity(
  fields: usize,
  count: u32,
  validity: usize,
  nulls: usize,
  nullCount: u32,
  emptyIsNull: i32,
): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    const pointer: usize = load<u32>(fields + (row << 3));
    const length = load<u32>(fields + (row << 3), 4);
    let isNull = pointer == 0 || (emptyIsNull != 0 && (length & FIELD_LENGTH) == 0);
    if (!isNull && (length & FIELD_QUOTED) == 0) {
      const size = length & FIELD_LENGTH;
      for (let i: u32 = 0; i < nullCount && !isNull; i++) {
        if (load<u32>(nulls + (i << 3), 4) != size) continue;
        isNull = size == 0 || memory.compare(pointer, load<u32>(nulls + (i << 3)), size) == 0;
      }
    }
    store<u8>(validity + row, u8(!isNull));
    found += u32(isNull);
  }
  return found;
}

// @ts-ignore: decorator
@inline function decline(declined: usize, found: u32, row: u32): u32 {
  store<u32>(declined + (found << 2), row);
  return found + 1;
}

/** The field without the spaces around it: pointer and length. */
// @ts-ignore: decorator
@inline function trimmed(pointer: usize, length: u32): v128 {
  let start = pointer;
  let size = length;
  while (size > 0 && load<u8>(start) == 0x20) {
    start++;
    size--;
  }
  while (size > 0 && load<u8>(start + size - 1) == 0x20) size--;
  return i64x2.replace_lane(i64x2.splat(<i64>start), 1, size);
}

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

/** `powers`: the table of powers of ten. */
export function fieldsToDoubles(
  fields: usize,
  count: u32,
  target: usize,
  validity: usize,
  declined: usize,
  powers: usize,
): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    let value: f64 = 0;
    if (load<u8>(validity + row) != 0) {
      const text = trimmed(load<u32>(fields + (row << 3)), load<u32>(fields + (row << 3), 4) & FIELD_LENGTH);
      value = readDouble(<usize>i64x2.extract_lane(text, 0), <u32>i64x2.extract_lane(text, 1), powers);
      if (isNaN(value)) {
        value = 0;
        found = decline(declined, found, row);
      }
    }
    store<f64>(target + (row << 3), value);
  }
  return found;
}

export function fieldsToReals(
  fields: usize,
  count: u32,
  target: usize,
  validity: usize,
  declined: usize,
  powers: usize,
): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    let value: f64 = 0;
    if (load<u8>(validity + row) != 0) {
      const text = trimmed(load<u32>(fields + (row << 3)), load<u32>(fields + (row << 3), 4) & FIELD_LENGTH);
      value = readDouble(<usize>i64x2.extract_lane(text, 0), <u32>i64x2.extract_lane(text, 1), powers);
      const size = abs(value);
      // Rounded a second time, what lies halfway between two reals may go the wrong way.
      const isHalf = (reinterpret<u64>(value) & 0x1fffffff) == 0x10000000;
      if (isNaN(value) || isHalf || size > 3.4e38 || (size < 1.2e-38 && size != 0)) {
        value = 0;
        found = decline(declined, found, row);
      }
    }
    store<f32>(target + (row << 2), <f32>value);
  }
  return found;
}

/** true, false and what PostgreSQL takes for them, in small or capital letters. */
export function fieldsToBooleans(fields: usize, count: u32, target: usize, validity: usize, declined: usize): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    let value: u8 = 0;
    if (load<u8>(validity + row) != 0) {
      const pointer: usize = load<u32>(fields + (row << 3));
      const length = load<u32>(fields + (row << 3), 4) & FIELD_LENGTH;
      const first: u8 = length > 0 ? load<u8>(pointer) | 0x20 : 0;
      const isOne = length == 1 && (first == 0x74 || first == 0x79 || load<u8>(pointer) == 0x31);
      const isZero = length == 1 && (first == 0x66 || first == 0x6e || load<u8>(pointer) == 0x30);
      const four = length >= 4 ? load<u32>(pointer) | 0x20202020 : 0;
      if (isOne || (length == 4 && four == 0x65757274)) value = 1;
      else if (!isZero && !(length == 5 && four == 0x736c6166 && (load<u8>(pointer + 4) | 0x20) == 0x65)) {
        found = decline(declined, found, row);
      }
    }
    store<u8>(target + row, value);
  }
  return found;
}

const NO_DATE: i64 = i64.MIN_VALUE;

/** `2024-01-31` at the start of a text of at least ten bytes. */
function readDate(pointer: usize): i64 {
  const digits = load<u64>(pointer);
  if (load<u8>(pointer + 4) != 0x2d || load<u8>(pointer + 7) != 0x2d) return NO_DATE;
  const year = <i64>fourDigits(<u32>digits);
  const month = <i64>twoDigits(<u32>load<u16>(pointer + 5));
  const day = <i64>twoDigits(<u32>load<u16>(pointer + 8));
  if (year <= 0 || month < 0 || day < 0 || !civilIsValid(year, month, day)) return NO_DATE;
  return daysFromCivil(year, month, day);
}

/** -1 if they are not digits. */
function twoDigits(bytes: u32): i32 {
  const high = (bytes & 0xff) - 0x30;
  const low = (bytes >> 8) - 0x30;
  return high <= 9 && low <= 9 ? <i32>(high * 10 + low) : -1;
}

function fourDigits(bytes: u32): i32 {
  const high = twoDigits(bytes & 0xffff);
  const low = twoDigits(bytes >> 16);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

export function fieldsToDates(fields: usize, count: u32, target: usize, validity: usize, declined: usize): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    let value: i64 = 0;
    if (load<u8>(validity + row) != 0) {
      const length = load<u32>(fields + (row << 3), 4) & FIELD_LENGTH;
      value = length == 10 ? readDate(load<u32>(fields + (row << 3))) : NO_DATE;
      if (value == NO_DATE) {
        value = 0;
        found = decline(declined, found, row);
      }
    }
    store<i32>(target + (row << 2), <i32>value);
  }
  return found;
}

/** Microseconds of `12:34:56[.789]` in `length` bytes, or -1. */
function readTime(pointer: usize, length: u32): i64 {
  if (length < 5 || load<u8>(pointer + 2) != 0x3a) return -1;
  const hour = twoDigits(<u32>load<u16>(pointer));
  const minute = twoDigits(<u32>load<u16>(pointer + 3));
  if (<u32>hour > 23 || <u32>minute > 59) return -1;
  let value: i64 = (<i64>hour * 60 + minute) * 60000000;
  if (length == 5) return value;
  if (length < 8 || load<u8>(pointer + 5) != 0x3a) return -1;
  const second = twoDigits(<u32>load<u16>(pointer + 6));
  if (<u32>second > 59) return -1;
  value += <i64>second * 1000000;
  if (length == 8) return value;
  // More than six digits are rounded, by others.
  if (load<u8>(pointer + 8) != 0x2e || length < 10 || length > 15) return -1;
  let unit: i64 = 100000;
  for (let i: u32 = 9; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (!isDigit(byte)) return -1;
    value += (byte - 0x30) * unit;
    unit /= 10;
  }
  return value;
}

/** `withZone`: the text must end in `Z`, `+00`, `+00:00` or the like. */
export function fieldsToTimestamps(
  fields: usize,
  count: u32,
  withZone: i32,
  target: usize,
  validity: usize,
  declined: usize,
): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    let value: i64 = 0;
    if (load<u8>(validity + row) != 0) {
      const pointer: usize = load<u32>(fields + (row << 3));
      let length = load<u32>(fields + (row << 3), 4) & FIELD_LENGTH;
      let isRead = length >= 10;
      let offset: i64 = 0;
      if (isRead && length > 10 && load<u8>(pointer + length - 1) == 0x5a) length--;
      else if (withZone != 0 && length > 19) {
        // The sign stands 3 or 6 bytes before the end.
        const minutesBehind = load<u8>(pointer + length - 3) == 0x3a;
        const at = pointer + length - (minutesBehind ? 6 : 3);
        const sign = load<u8>(at);
        const hours = twoDigits(<u32>load<u16>(at + 1));
        const minutes = minutesBehind ? twoDigits(<u32>load<u16>(at + 4)) : 0;
        isRead = (sign == 0x2b || sign == 0x2d) && <u32>hours <= 14 && <u32>minutes <= 59;
        offset = (<i64>hours * 60 + minutes) * (sign == 0x2d ? -60000000 : 60000000);
        length = <u32>(at - pointer);
      } else if (withZone != 0) isRead = false;
      const date = isRead ? readDate(pointer) : NO_DATE;
      let time: i64 = 0;
      if (length > 10) {
        const between = load<u8>(pointer + 10);
        time = between == 0x20 || between == 0x54 ? readTime(pointer + 11, length - 11) : -1;
      }
      if (date == NO_DATE || time < 0) found = decline(declined, found, row);
      else value = date * 86400000000 + time - offset;
    }
    store<i64>(target + (row << 3), value);
  }
  return found;
}

/** Bytes that the fields with escapes among them may take when these are replaced. */
export function escapedBytes(fields: usize, count: u32): u32 {
  let bytes: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    const length = load<u32>(fields + (row << 3), 4);
    if ((length & FIELD_ESCAPED) != 0) bytes += length & FIELD_LENGTH;
  }
  return bytes;
}

/**
 * Texts as views: of the file's bytes, or, where escapes were to be replaced, of bytes at `heap`, for which
 * `escapedBytes` tells the room. `escape` stands before a byte that means itself.
 */
export function fieldsToTexts(
  fields: usize,
  count: u32,
  escape: u8,
  target: usize,
  validity: usize,
  heap: usize,
): void {
  let free = heap;
  for (let row: u32 = 0; row < count; row++) {
    let view = i64x2.splat(0);
    if (load<u8>(validity + row) != 0) {
      const pointer: usize = load<u32>(fields + (row << 3));
      const length = load<u32>(fields + (row << 3), 4);
      const size = length & FIELD_LENGTH;
      if ((length & FIELD_ESCAPED) == 0) view = makeView(pointer, size);
      else {
        const start = free;
        for (let i: u32 = 0; i < size; i++) {
          let byte = load<u8>(pointer + i);
          if (byte == escape && i + 1 < size) byte = load<u8>(pointer + ++i);
          store<u8>(free++, byte);
        }
        view = makeView(start, <u32>(free - start));
      }
    }
    v128.store(target + (row << 4), view);
  }
}

/** PostgreSQL's text format: `\n`, `\t` and their like, octal and hexadecimal bytes, and any other byte for itself. */
export function unescapeBackslashes(fields: usize, count: u32, heap: usize): void {
  let free = heap;
  for (let row: u32 = 0; row < count; row++) {
    const length = load<u32>(fields + (row << 3), 4);
    if ((length & FIELD_ESCAPED) == 0) continue;
    const pointer: usize = load<u32>(fields + (row << 3));
    const size = length & FIELD_LENGTH;
    // `\N` stands for NULL, as it is written.
    if (size == 2 && load<u16>(pointer) == 0x4e5c) continue;
    const start = free;
    let i: u32 = 0;
    while (i < size) {
      let byte = load<u8>(pointer + i++);
      if (byte == 92 && i < size) {
        byte = load<u8>(pointer + i++);
        if (byte == 0x6e) byte = 10;
        else if (byte == 0x74) byte = 9;
        else if (byte == 0x72) byte = 13;
        else if (byte == 0x62) byte = 8;
        else if (byte == 0x66) byte = 12;
        else if (byte == 0x76) byte = 11;
        else if (byte >= 0x30 && byte <= 0x37) {
          byte -= 0x30;
          for (let more = 0; more < 2 && i < size && load<u8>(pointer + i) - 0x30 <= 7; more++) {
            byte = (byte << 3) | (load<u8>(pointer + i++) - 0x30);
          }
        } else if (byte == 0x78 && i < size && hexDigit(load<u8>(pointer + i)) >= 0) {
          byte = <u8>hexDigit(load<u8>(pointer + i++));
          if (i < size && hexDigit(load<u8>(pointer + i)) >= 0) {
            byte = (byte << 4) | <u8>hexDigit(load<u8>(pointer + i++));
          }
        }
      }
      store<u8>(free++, byte);
    }
    store<u32>(fields + (row << 3), start);
    // Quoted, so that what only now looks like a NULL is none.
    store<u32>(fields + (row << 3), <u32>(free - start) | FIELD_QUOTED, 4);
  }
}

function hexDigit(byte: u8): i32 {
  if (isDigit(byte)) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  return letter <= 5 ? <i32>letter + 10 : -1;
}
