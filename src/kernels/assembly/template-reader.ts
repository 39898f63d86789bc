// The numbers, years and zones that fields of templates stand for in a text (date-reading.ts): the twin of what
// src/functions/formatting/read-datetime.ts does with them.
import { GREGORIAN, ISO, TemplateFields } from './datetime-assembly';
import * as piece from './datetime-template';
import { characterWidth, digitsOf, endOf, fills, kindOf, ordinalOf, Piece, spaceWidth } from './datetime-template';
import { abbreviationMinutes, NO_ZONE } from './zone-abbreviations';

/** Numbers of more digits are out of range, or begin with many zeros. */
// @ts-ignore: decorator
@inline const MOST_DIGITS: u32 = 18;
// @ts-ignore: decorator
@inline const LARGEST: i64 = 0x7fffffff;
/** Where a text is no more read: it does not follow the template. */
// @ts-ignore: decorator
@inline export const NOWHERE: usize = 0;

// @ts-ignore: decorator
@inline function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

export function skipSpaces(from: usize, end: usize): usize {
  let at = from;
  for (let width = spaceWidth(at, end); width > 0; width = spaceWidth(at, end)) at += width;
  return at;
}

/** Behind a unit of UTF-16. */
// @ts-ignore: decorator
@inline export function skipUnit(at: usize): usize {
  const width = characterWidth(<u32>load<u8>(at));
  return width < 4 ? at + width : NOWHERE;
}

/** Behind th, st, nd or rd, whatever they are. */
export function skipOrdinal(from: usize, end: usize): usize {
  let at = from;
  for (let i = 0; i < 2 && at < end && at != NOWHERE; i++) {
    const width = characterWidth(<u32>load<u8>(at));
    if (width == 4) return i == 0 ? at + 4 : NOWHERE;
    at += width;
  }
  return at;
}

/** Keeps a value, which may not contradict another one of that meaning. */
// @ts-ignore: decorator
@inline export function keep(fields: TemplateFields, meaning: usize, value: i64): bool {
  const at = changetype<usize>(fields) + meaning;
  const before = load<i64>(at);
  store<i64>(at, value);
  return before == 0 || before == value;
}

/** How many digits fields of numbers have; 0 of all others. */
function widthOf(kind: u32): u32 {
  switch (kind) {
    case piece.YYYY:
    case piece.IYYY:
    case piece.SSSS:
      return 4;
    case piece.YYY:
    case piece.IYY:
    case piece.DDD:
    case piece.IDDD:
    case piece.MS:
      return 3;
    case piece.US:
      return 6;
    case piece.D:
    case piece.ID:
    case piece.Q:
    case piece.W:
    case piece.J:
    case piece.Y:
    case piece.I:
    case piece.FF:
      return 1;
    case piece.HH:
    case piece.HH24:
    case piece.MI:
    case piece.SS:
    case piece.MM:
    case piece.DD:
    case piece.WW:
    case piece.IW:
    case piece.CC:
    case piece.YY:
    case piece.IY:
    case piece.TZH:
    case piece.TZM:
      return 2;
    default:
      return 0;
  }
}

/** The same of a piece: SSSSS and FF1 to FF6 have more. */
// @ts-ignore: decorator
@inline export function digitsIn(field: Piece): u32 {
  const digits = digitsOf(field);
  return digits > 0 ? digits : widthOf(kindOf(field));
}

/** May the number of a field be of any length, with FM or because no digit follows it in the template? */
export function isLastOfDigits(field: Piece, next: Piece, template: usize): bool {
  if (ordinalOf(field) != 0 || fills(field)) return true;
  const kind = kindOf(next);
  if (kind == piece.LITERAL) return !isDigit(load<u8>(template + endOf(next) - 1));
  return kind <= piece.LITERAL || kind == piece.TZH || widthOf(kind) == 0;
}

/** Years of fewer than four digits are near 2020, as far as they can be. */
function fullYear(year: i64): i64 {
  if (year < 70) return year + 2000;
  if (year < 100) return year + 1900;
  if (year < 520) return year + 2000;
  return year < 1000 ? year + 1000 : year;
}

/** The convention that a field belongs to; 0 where it goes with both. */
function conventionOf(kind: u32): u32 {
  switch (kind) {
    case piece.ID:
    case piece.IDDD:
    case piece.IW:
    case piece.IYYY:
    case piece.IYY:
    case piece.IY:
    case piece.I:
      return ISO;
    case piece.YYYY:
    case piece.YYY:
    case piece.YY:
    case piece.Y:
    case piece.Y_COMMA:
    case piece.MM:
    case piece.MON:
    case piece.MONTH:
    case piece.RM:
    case piece.DD:
    case piece.DDD:
    case piece.WW:
    case piece.W:
      return GREGORIAN;
    default:
      return 0;
  }
}

@unmanaged
export class TemplateReader extends TemplateFields {
  /** The number that was read last, and how many characters it has, a sign included. */
  value: i64;
  width: u32;

  /** Reads a number of a field of so many digits, or of all there are; where it ends, or NOWHERE. */
  integer(from: usize, end: usize, digits: u32, isFree: bool, ordinal: u32): usize {
    const start = skipSpaces(from, end);
    const limit = isFree ? end : start + digits;
    if (limit > end) return NOWHERE;
    let at = start;
    const sign = at < limit ? <u32>load<u8>(at) : 0;
    if (sign == 0x2d || sign == 0x2b) at++;
    const first = at;
    let value: i64 = 0;
    while (at < limit && isDigit(load<u8>(at))) {
      value = value * 10 + (load<u8>(at) - 0x30);
      if (<u32>(++at - first) > MOST_DIGITS) return NOWHERE;
    }
    if (at == first || value > LARGEST || (!isFree && at < limit)) return NOWHERE;
    this.value = sign == 0x2d ? -value : value;
    this.width = <u32>(at - start);
    return ordinal != 0 ? skipOrdinal(at, end) : at;
  }

  /** Y,YYY */
  yearWithComma(from: usize, end: usize, ordinal: u32): usize {
    let at = this.integer(from, end, 1, true, 0);
    if (at == NOWHERE || at >= end || load<u8>(at) != 0x2c) return NOWHERE;
    const first = ++at;
    let value: i64 = 0;
    while (at < end && at < first + 3 && isDigit(load<u8>(at))) value = value * 10 + (load<u8>(at++) - 0x30);
    if (at == first || !keep(this, offsetof<TemplateReader>('year'), this.value * 1000 + value)) return NOWHERE;
    return ordinal != 0 ? skipOrdinal(at, end) : at;
  }

  /** TZ, OF and TZH. `isBehindDash`: a minus was passed over, as a separator. */
  zone(from: usize, end: usize, kind: u32, isFree: bool, ordinal: u32, isBehindDash: bool): usize {
    let at = from;
    if (at >= end) return NOWHERE;
    if (kind == piece.TZ) {
      let word: u64 = 0;
      while (at < end && (<u32>load<u8>(at) | 0x20) - 0x61 < 26 && at - from < 8) {
        word |= <u64>(load<u8>(at) | 0x20) << (<u64>(at - from) << 3);
        at++;
      }
      const isLonger = at < end && (<u32>load<u8>(at) | 0x20) - 0x61 < 26;
      const minutes = at > from && !isLonger ? abbreviationMinutes(word) : NO_ZONE;
      if (minutes != NO_ZONE) {
        this.hasOffset = true;
        this.offset = <i64>minutes * 60;
        return at;
      }
      at = from;
      if (load<u8>(at) != 0x2d && load<u8>(at) != 0x2b) return NOWHERE;
    }
    const byte = load<u8>(at);
    if (byte == 0x2d || byte == 0x2b || byte == 0x20) {
      this.zoneSign = byte == 0x2d ? -1 : 1;
      at++;
    } else this.zoneSign = isBehindDash ? -1 : 1;
    at = this.integer(at, end, 2, isFree, ordinal);
    if (at == NOWHERE || !keep(this, offsetof<TemplateReader>('zoneHour'), this.value)) return NOWHERE;
    this.hasZone = true;
    if (kind == piece.TZH || end - at < 3 || load<u8>(at) != 0x3a) return at;
    const tens = <u32>load<u8>(at, 1) - 0x30;
    const ones = <u32>load<u8>(at, 2) - 0x30;
    if (tens > 9 || ones > 9) return at;
    return keep(this, offsetof<TemplateReader>('zoneMinute'), tens * 10 + ones) ? at + 3 : NOWHERE;
  }

  /** Keeps the number that a field has. */
  keepNumber(field: Piece): bool {
    let value = this.value;
    const width = this.width;
    switch (kindOf(field)) {
      case piece.HH:
        this.isTwelveHours = true;
        return keep(this, offsetof<TemplateReader>('hour'), value);
      case piece.HH24:
        return keep(this, offsetof<TemplateReader>('hour'), value);
      case piece.MI:
        return keep(this, offsetof<TemplateReader>('minute'), value);
      case piece.SS:
        return keep(this, offsetof<TemplateReader>('second'), value);
      case piece.SSSS:
        return keep(this, offsetof<TemplateReader>('daySecond'), value);
      case piece.MS:
        return keep(this, offsetof<TemplateReader>('milliseconds'), value * (width == 1 ? 100 : width == 2 ? 10 : 1));
      case piece.FF:
        this.fractionDigits = digitsOf(field);
      case piece.US:
        for (let i = width; i < 6; i++) value *= 10;
        return keep(this, offsetof<TemplateReader>('micros'), value);
      case piece.MM:
        return keep(this, offsetof<TemplateReader>('month'), value);
      case piece.DD:
        return keep(this, offsetof<TemplateReader>('day'), value);
      case piece.DDD:
      case piece.IDDD:
        return keep(this, offsetof<TemplateReader>('dayOfYear'), value);
      case piece.D:
        return keep(this, offsetof<TemplateReader>('weekday'), value);
      case piece.ID:
        return keep(this, offsetof<TemplateReader>('weekday'), value > 6 ? 1 : value + 1);
      case piece.WW:
      case piece.IW:
        return keep(this, offsetof<TemplateReader>('week'), value);
      case piece.W:
        return keep(this, offsetof<TemplateReader>('weekOfMonth'), value);
      case piece.CC:
        return keep(this, offsetof<TemplateReader>('century'), value);
      case piece.J:
        return keep(this, offsetof<TemplateReader>('julian'), value);
      case piece.TZM:
        this.hasZone = true;
        return keep(this, offsetof<TemplateReader>('zoneMinute'), value);
      case piece.Q:
        return true;
      case piece.YYY:
      case piece.IYY:
      case piece.YY:
      case piece.IY:
      case piece.Y:
      case piece.I:
        this.yearDigits = widthOf(kindOf(field));
        return keep(this, offsetof<TemplateReader>('year'), width < 4 ? fullYear(value) : value);
      default:
        return keep(this, offsetof<TemplateReader>('year'), value);
    }
  }

  /** ISO weeks and months do not go together. */
  keepConvention(kind: u32): bool {
    const convention = conventionOf(kind);
    if (convention == 0) return true;
    const before = this.convention;
    this.convention = convention;
    return before == 0 || before == convention;
  }
}
