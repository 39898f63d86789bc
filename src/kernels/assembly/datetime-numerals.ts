// Dates and times written in digits, a part of the meaning of fields: the twin of the methods of the same names in
// src/functions/casts/datetime/decode-datetime.ts.
import { civilFromDays } from './calendar';
import { isDecimalDigit, isSmallLetter, skipDigits, skipSmallLetters } from './datetime-fields';
import {
  ClockTime,
  decodeOffset,
  fractionOf,
  microsOf,
  NO_OFFSET,
  numberOf,
  roundHalfUp,
  smallNumberOf,
} from './datetime-numbers';
import { IGNORED_WORD, keywordOf, MONTH_WORD } from './datetime-words';

// Bits of what has been read: none may be given twice.
// @ts-ignore: decorator
@inline export const YEAR: u32 = 1;
// @ts-ignore: decorator
@inline export const MONTH: u32 = 2;
// @ts-ignore: decorator
@inline export const DAY: u32 = 4;
// @ts-ignore: decorator
@inline export const DATE: u32 = YEAR | MONTH | DAY;
// @ts-ignore: decorator
@inline export const TIME: u32 = 8 | 16 | 32;
// @ts-ignore: decorator
@inline export const ZONE: u32 = 64;
// @ts-ignore: decorator
@inline export const DAY_OF_YEAR: u32 = 128;
// @ts-ignore: decorator
@inline export const SUMMER_TIME: u32 = 256;
// @ts-ignore: decorator
@inline export const MERIDIAN: u32 = 512;
// @ts-ignore: decorator
@inline export const ERA: u32 = 1024;
// @ts-ignore: decorator
@inline export const WEEKDAY: u32 = 2048;
/** Of a field that does not belong where it stands. */
// @ts-ignore: decorator
@inline export const FAULT: u32 = 0x80000000;

/** Of a year that no date has, but which is a number for all that. */
// @ts-ignore: decorator
@inline const LARGEST_YEAR: u64 = 1000000000000;
/** Of Julian days further away a double does not know the date. */
// @ts-ignore: decorator
@inline const LARGEST_JULIAN_DAY: u64 = 1000000000000000;

/** What fields mean, at the start of the memory that they are read with. All zeros before. */
@unmanaged
export class DateTime extends ClockTime {
  month: i32;
  /** Years count without a year 0: 0 is 1 BC. */
  year: i64;
  day: i32;
  seen: u32;
  /** A value of a special word; 0 where there is none. */
  special: u32;
  /** Seconds east of Greenwich, where `hasOffset`. */
  offset: i32;
  /** The same of a zone that is named by it, where `hasZone`; an offset goes before it. */
  zoneOffset: i32;
  /** Where the name of a zone lies that has to be looked up, and its end; 0 where there is none. */
  nameStart: u32;
  nameEnd: u32;
  /** The changes of that zone. */
  zone: u32;
  dayOfYear: i32;
  /** JULIAN_WORD, ISO_TIME_WORD or UNIT_WORD, which something has to follow. */
  expected: u32;
  /** AM_WORD or PM_WORD. */
  meridian: u32;
  hasOffset: bool;
  hasZone: bool;
  timeOnly: bool;
  isBeforeChrist: bool;
  isJulian: bool;
  hasTextMonth: bool;
  hasShortYear: bool;
  /** Something in it TypeScript has to look up, if all else is right. */
  isUnsure: bool;

  /** Microseconds since midnight; up to 24:00. */
  get time(): i64 {
    return ((<i64>this.hour * 60 + this.minute) * 60 + this.second) * 1000000 + this.micros;
  }
}

export function timeOverflows(d: DateTime): bool {
  return d.hour > 24 || d.minute > 59 || d.second > 60 || d.micros > 1000000 || d.time > 86400000000;
}

function setMicros(d: DateTime, from: usize, end: usize): void {
  d.micros = microsOf(from, end);
  if (d.micros < 0) d.isUnsure = true;
}

export function setOffset(d: DateTime, from: usize, end: usize): u32 {
  d.offset = decodeOffset(from, end);
  d.hasOffset = true;
  return d.offset == NO_OFFSET ? FAULT : ZONE;
}

export function setJulianDay(d: DateTime, from: usize, end: usize): u32 {
  const point = skipDigits(from);
  if (point == from || (point < end && load<u8>(point) != 0x2e)) return FAULT;
  let days = numberOf(from, point);
  if (days > LARGEST_JULIAN_DAY) {
    if (!d.timeOnly) return FAULT;
    d.isUnsure = true;
    days = 0;
  }
  const civil = civilFromDays(<i64>days - 2440588);
  d.year = civil >> 9;
  d.month = <i32>((civil >> 5) & 15);
  d.day = <i32>(civil & 31);
  d.isJulian = true;
  if (point >= end) return DATE;
  const fraction = fractionOf(point + 1, end);
  if (fraction != fraction) {
    d.isUnsure = true;
    return DATE | TIME;
  }
  const micros = <i64>roundHalfUp(fraction * 86400000000);
  d.hour = <u64>(micros / 3600000000);
  d.minute = <i32>((micros / 60000000) % 60);
  d.second = <i32>((micros / 1000000) % 60);
  d.micros = <i32>(micros % 1000000);
  return DATE | TIME;
}

/** Digits without separators: `20240229`, `240229`, `123456.789`, `1234`. */
export function readConcatenated(d: DateTime, from: usize, end: usize, seen: u32): u32 {
  const point = skipDigits(from);
  const length = point - from;
  if (point < end) {
    if (load<u8>(point) != 0x2e) return FAULT;
    setMicros(d, point + 1, end);
  } else if ((seen & DATE) != DATE && length >= 6) {
    d.day = smallNumberOf(point - 2, point);
    d.month = smallNumberOf(point - 4, point - 2);
    d.year = <i64>min<u64>(numberOf(from, point - 4), LARGEST_YEAR);
    if (length == 6) d.hasShortYear = true;
    return DATE;
  }
  if ((seen & TIME) == TIME || (length != 6 && length != 4)) return FAULT;
  d.hour = numberOf(from, from + 2);
  d.minute = smallNumberOf(from + 2, from + 4);
  d.second = length == 6 ? smallNumberOf(from + 4, point) : 0;
  return TIME;
}

/** One number, whose place tells what it is. */
export function readNumber(d: DateTime, from: usize, end: usize, seen: u32): u32 {
  let point = skipDigits(from);
  if (point > end) point = end;
  const value = numberOf(from, point);
  if (point == from || value > 0x7fffffff) return FAULT;
  if (point < end) {
    if (point - from > 2) return readConcatenated(d, from, end, seen | DATE);
    setMicros(d, point + 1, end);
  }
  const length = end - from;
  const number = <i32>value;
  if (length == 3 && (seen & DATE) == YEAR && number >= 1 && number <= 366) {
    d.dayOfYear = number;
    return DAY_OF_YEAR | MONTH | DAY;
  }
  switch (seen & DATE) {
    case 0:
      if (length >= 3) break;
      d.month = number;
      return MONTH;
    case YEAR:
    case DAY:
      d.month = number;
      return MONTH;
    case MONTH:
      if (d.hasTextMonth && length >= 3) break;
      d.day = number;
      return DAY;
    case YEAR | MONTH:
      if (d.hasTextMonth && length >= 3 && d.hasShortYear) {
        // What was taken for a short year was the day.
        d.day = <i32>d.year;
        d.year = number;
        d.hasShortYear = false;
        return DAY;
      }
      d.day = number;
      return DAY;
    case MONTH | DAY:
      break;
    case DATE:
      return readConcatenated(d, from, end, seen);
    default:
      return FAULT;
  }
  d.year = number;
  d.hasShortYear = length <= 2;
  return YEAR;
}

/** A date in one field: `2024-02-29`, `2/29/2024`, `29-Feb-2024`. The month's name is read first. */
export function readDate(d: DateTime, from: usize, end: usize): u32 {
  const last = <u32>load<u8>(end - 1);
  if (!isDecimalDigit(last) && !isSmallLetter(last)) return FAULT;
  let read: u32 = 0;
  for (let at = from; at < end; ) {
    if (!isSmallLetter(load<u8>(at))) {
      at++;
      continue;
    }
    const start = at;
    at = skipSmallLetters(at);
    const keyword = keywordOf(start, at);
    if (keyword == IGNORED_WORD) continue;
    if ((keyword & ~15) != MONTH_WORD || ((d.seen | read) & MONTH) != 0) return FAULT;
    d.month = <i32>(keyword & 15);
    d.hasTextMonth = true;
    read |= MONTH;
  }
  for (let at = from; at < end; ) {
    if (!isDecimalDigit(load<u8>(at))) {
      at++;
      continue;
    }
    const start = at;
    at = skipDigits(at);
    const bits = readNumber(d, start, at, d.seen | read);
    // A fault is never seen before.
    if (((d.seen | read | FAULT) & bits) != 0) return FAULT;
    read |= bits;
  }
  // No time may stand before a date: PostgreSQL takes that for a mistake.
  return ((d.seen | read) & ~(DAY_OF_YEAR | ZONE)) == DATE ? read : FAULT;
}
