// to_date and to_timestamp by a template, for generated code: texts that follow it to the letter. What does not, and the
// templates that say more than numbers of years to microseconds and short names of months, are declined.
import { civilIsValid, daysFromCivil } from './calendar';
import { decline } from './status';
import { lengthOf, pointerOf } from './text-view';
import { zoneOffsetOf } from './zone-table';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
// @ts-ignore: decorator
@inline const SECOND: i64 = 1000000;
/** No time has this many microseconds: the text or the template was declined. */
// @ts-ignore: decorator
@inline const NOT_READ: i64 = i64.MIN_VALUE;

// Bits of the fields that were read.
// @ts-ignore: decorator
@inline const YEAR_FIELD: u32 = 1;
// @ts-ignore: decorator
@inline const MONTH_FIELD: u32 = 2;
// @ts-ignore: decorator
@inline const MONTH_DAY_FIELD: u32 = 4;
// @ts-ignore: decorator
@inline const HOUR_FIELD: u32 = 8;
// @ts-ignore: decorator
@inline const MINUTE_FIELD: u32 = 16;
// @ts-ignore: decorator
@inline const SECOND_FIELD: u32 = 32;
// @ts-ignore: decorator
@inline const FRACTION_FIELD: u32 = 64;

// @ts-ignore: decorator
@inline function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

// @ts-ignore: decorator
@inline function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

/** The byte at a place; 0 behind the end. */
// @ts-ignore: decorator
@inline function byteAt(pointer: usize, length: u32, at: u32): u32 {
  return at < length ? <u32>load<u8>(pointer + at) : 0;
}

/** The number of a month by three letters of any case, the first in the lowest byte; 0 of others. */
function monthOf(letters: u32): u32 {
  switch (letters | 0x202020) {
    case 0x6e616a:
      return 1;
    case 0x626566:
      return 2;
    case 0x72616d:
      return 3;
    case 0x727061:
      return 4;
    case 0x79616d:
      return 5;
    case 0x6e756a:
      return 6;
    case 0x6c756a:
      return 7;
    case 0x677561:
      return 8;
    case 0x706573:
      return 9;
    case 0x74636f:
      return 10;
    case 0x766f6e:
      return 11;
    case 0x636564:
      return 12;
    default:
      return 0;
  }
}

/** Up to `most` digits, at least `least`, as (count << 32) | number; a negative number where it is something else. */
function readDigits(text: usize, length: u32, from: u32, least: u32, most: u32): i64 {
  let at = from;
  let value: i64 = 0;
  while (at - from < most && isDigit(byteAt(text, length, at))) {
    value = value * 10 + <i64>(<u32>load<u8>(text + at) - 0x30);
    at++;
  }
  const count = at - from;
  return count < least ? -1 : (<i64>count << 32) | value;
}

/** Microseconds since 1970 by the clocks of wherever it was; NOT_READ where TypeScript has to look. */
function readByTemplate(text: v128, template: v128): i64 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  const pattern = pointerOf(template);
  const patternLength = lengthOf(template);
  let year: i64 = 0;
  let month: i64 = 1;
  let day: i64 = 1;
  let time: i64 = 0;
  let seen: u32 = 0;
  let at: u32 = 0;
  let i: u32 = 0;
  while (i < patternLength) {
    const byte = <u32>load<u8>(pattern + i);
    if (!isLetter(byte)) {
      // Spaces are skipped wherever fields begin: only single ones are read here.
      if (byte == 0x22 || byte == 0x5c || isDigit(byte) || byte > 0x7e || byteAt(source, length, at) != byte) return NOT_READ;
      if (byte == 0x20 && (byteAt(source, length, at + 1) == 0x20 || byteAt(pattern, patternLength, i + 1) == 0x20)) {
        return NOT_READ;
      }
      at++;
      i++;
      continue;
    }
    const two = i + 2 <= patternLength ? <u32>load<u16>(pattern + i) : 0;
    const four = i + 4 <= patternLength ? load<u32>(pattern + i) : 0;
    const three = i + 3 <= patternLength ? two | (<u32>load<u8>(pattern + i + 2) << 16) : 0;
    let field: u32 = 0;
    let width: u32 = 2;
    let digits: u32 = 2;
    if (four == 0x59595959) {
      field = YEAR_FIELD;
      width = 4;
      digits = 4;
    } else if (four == 0x34324848) {
      field = HOUR_FIELD;
      width = 4;
    } else if (three == 0x6e6f4d || three == 0x4e4f4d || three == 0x6e6f6d) {
      const month3 = monthOf(byteAt(source, length, at) | (byteAt(source, length, at + 1) << 8) | (byteAt(source, length, at + 2) << 16));
      const next = byteAt(pattern, patternLength, i + 3);
      // Of a whole name, or what only begins like a month, TypeScript knows.
      if (month3 == 0 || isLetter(next) || isLetter(byteAt(source, length, at + 3)) || (seen & MONTH_FIELD) != 0) return NOT_READ;
      seen |= MONTH_FIELD;
      month = month3;
      at += 3;
      i += 3;
      continue;
    } else if (two == 0x4d4d) field = MONTH_FIELD;
    else if (two == 0x4444) field = MONTH_DAY_FIELD;
    else if (two == 0x494d) field = MINUTE_FIELD;
    else if (two == 0x5353) field = SECOND_FIELD;
    else if (two == 0x534d) {
      field = FRACTION_FIELD;
      digits = 3;
    } else if (two == 0x5355) {
      field = FRACTION_FIELD;
      digits = 6;
    }
    if (field == 0 || (seen & field) != 0) return NOT_READ;
    seen |= field;
    i += width;
    const next = byteAt(pattern, patternLength, i);
    // DDD, SSSS and endings such as TH.
    if (next == 0x44 && field == MONTH_DAY_FIELD) return NOT_READ;
    if (next == 0x53 && field == SECOND_FIELD && byteAt(pattern, patternLength, i + 1) == 0x53) return NOT_READ;
    if ((next | 0x20) == 0x74 || ((next | 0x20) == 0x73 && (byteAt(pattern, patternLength, i + 1) | 0x20) == 0x70)) return NOT_READ;
    // Before another field all digits must be there; before anything else one will do.
    const least = digits == 2 && !isLetter(next) ? 1 : digits;
    const read = readDigits(source, length, at, least, digits);
    if (read < 0) return NOT_READ;
    at += <u32>(<u64>read >> 32);
    if (!isLetter(next) && isDigit(byteAt(source, length, at))) return NOT_READ;
    const value = <i64>(<u32>read);
    switch (field) {
      case YEAR_FIELD:
        year = value;
        break;
      case MONTH_FIELD:
        month = value;
        break;
      case MONTH_DAY_FIELD:
        day = value;
        break;
      case HOUR_FIELD:
        if (value > 23) return NOT_READ;
        time += value * 3600000000;
        break;
      case MINUTE_FIELD:
        if (value > 59) return NOT_READ;
        time += value * 60000000;
        break;
      case SECOND_FIELD:
        if (value > 59) return NOT_READ;
        time += value * 1000000;
        break;
      default:
        time += digits == 3 ? value * 1000 : value;
    }
  }
  if (at != length || year < 1 || !civilIsValid(year, month, day)) return NOT_READ;
  return daysFromCivil(year, month, day) * DAY + time;
}

export function dateByTemplate(block: usize, text: v128, template: v128): i32 {
  const local = readByTemplate(text, template);
  if (local == NOT_READ) {
    decline(block);
    return 0;
  }
  return <i32>((local - (((local % DAY) + DAY) % DAY)) / DAY);
}

/** In UTC. */
export function timestampByTemplate(block: usize, text: v128, template: v128): i64 {
  const local = readByTemplate(text, template);
  if (local == NOT_READ) decline(block);
  return local;
}

export function zoneInstantByTemplate(block: usize, text: v128, template: v128, zone: usize): i64 {
  const local = readByTemplate(text, template);
  if (local == NOT_READ) {
    decline(block);
    return 0;
  }
  return local - zoneOffsetOf(local, zone) * SECOND;
}
