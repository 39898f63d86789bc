// to_char of dates and intervals, for generated code: the twin of src/functions/formatting/format-datetime.ts.
// Declined are infinities, empty templates, names of zones other than UTC, and what is an error.
import { dayLetters, monthLetters, nameLength, ninthLetter, romanLetters } from './calendar-names';
import {
  civilFromDays,
  days,
  daysFromCivil,
  floorDivide,
  isInfinite,
  isoWeekday,
  months,
  time,
} from './calendar';
import * as piece from './datetime-template';
import { casingOf, digitsOf, endOf, fills, kindOf, nextPiece, ordinalOf, Piece } from './datetime-template';
import { NAMED_ZONE, NO_ZONE, PrintedTime, UTC } from './printed-time';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
// @ts-ignore: decorator
@inline const JULIAN_1970: i64 = 2440588;
/** No field writes more for each of its letters, of which J has one; and names are written eight letters at a time. */
// @ts-ignore: decorator
@inline const MOST_FOR_LETTER: u32 = 13;
// @ts-ignore: decorator
@inline const MOST_BEHIND: u32 = 16;

/** A number with zeros up to `width` places. */
function putNumber(target: usize, value: i64, width: u32): usize {
  let write = target;
  let rest = value;
  if (value < 0) {
    store<u8>(write++, 0x2d);
    rest = -value;
  }
  if (rest < 100 && width == 2) {
    store<u8>(write, <u8>(0x30 + <u32>rest / 10));
    store<u8>(write, <u8>(0x30 + (<u32>rest % 10)), 1);
    return write + 2;
  }
  let count: u32 = 1;
  for (let more = rest; more >= 10; more /= 10) count++;
  count = max(count, width);
  for (let i = count; i > 0; i--) {
    store<u8>(write + i - 1, <u8>(0x30 + <u32>(rest % 10)));
    rest /= 10;
  }
  return write + count;
}

/** Letters of a name in the case of a field, with spaces up to `width`. */
function putName(target: usize, letters: u64, length: u32, casing: u32, width: u32): usize {
  const ninth = ninthLetter(letters);
  const cased = casing == 2 ? letters : letters & (casing == 1 ? 0xffffffffffffffdf : 0xdfdfdfdfdfdfdfdf);
  store<u64>(target, cased);
  if (length > 8) store<u8>(target, <u8>(casing == 0 ? ninth & 0xdf : ninth), 8);
  if (length < width) memory.fill(target + length, 0x20, width - length);
  return target + max(length, width);
}

/** Two letters, with points behind them or without. */
function putMark(target: usize, letters: u32, hasPoints: bool, casing: u32): usize {
  const cased = casing == 2 ? letters : letters & 0xdfdf;
  if (!hasPoints) {
    store<u16>(target, <u16>cased);
    return target + 2;
  }
  store<u32>(target, (cased & 0xff) | ((cased & 0xff00) << 8) | 0x2e002e00);
  return target + 4;
}

/** st, nd, rd or th behind the digits between two places. */
function putOrdinal(from: usize, end: usize, ordinal: u32): usize {
  const last = load<u8>(end - 1);
  const isTeen = end - from > 1 && load<u8>(end - 2) == 0x31;
  let letters: u32 = 0x6874;
  if (!isTeen && last == 0x31) letters = 0x7473;
  else if (!isTeen && last == 0x32) letters = 0x646e;
  else if (!isTeen && last == 0x33) letters = 0x6472;
  store<u16>(end, <u16>(ordinal == 2 ? letters & 0xdfdf : letters));
  return end + 2;
}

/** Writes a field; 0 of what is for TypeScript. */
function putField(target: usize, field: Piece, t: PrintedTime): usize {
  const fill = fills(field);
  const casing = casingOf(field);
  let value: i64 = 0;
  let width: u32 = 2;
  /** Does a minus take the place of a digit? Of ISO years only if the year itself has none. */
  let isSignWithin = false;
  switch (kindOf(field)) {
    case piece.YYYY:
      value = t.shown(t.year);
      width = 4;
      break;
    case piece.MM:
      value = t.month;
      break;
    case piece.DD:
      value = t.day;
      isSignWithin = true;
      break;
    case piece.HH24:
      value = t.micros / 3600000000;
      break;
    case piece.MI:
      value = (t.micros / 60000000) % 60;
      break;
    case piece.SS:
      value = (t.micros / 1000000) % 60;
      break;
    case piece.HH:
      value = (t.micros / 3600000000) % 12;
      if (value == 0) value = 12;
      break;
    case piece.MS:
    case piece.US:
    case piece.FF: {
      width = kindOf(field) == piece.MS ? 3 : kindOf(field) == piece.US ? 6 : digitsOf(field);
      value = t.micros % 1000000;
      for (let i = width; i < 6; i++) value /= 10;
      const end = putNumber(target, value, width);
      return ordinalOf(field) != 0 ? putOrdinal(target, end, ordinalOf(field)) : end;
    }
    case piece.SSSS:
      value = t.micros / 1000000;
      width = 1;
      break;
    case piece.DDD:
      value = t.dayOfYear;
      width = 3;
      isSignWithin = true;
      break;
    case piece.WW:
      value = (t.dayOfYear - 1) / 7 + 1;
      isSignWithin = true;
      break;
    case piece.W:
      value = (t.day - 1) / 7 + 1;
      width = 1;
      break;
    case piece.Q:
      if (t.month == 0) return target;
      value = (t.month - 1) / 3 + 1;
      width = 1;
      break;
    case piece.J:
      value = t.date + JULIAN_1970;
      width = 1;
      break;
    case piece.CC:
      value = t.century;
      break;
    case piece.YYY:
      value = t.shown(t.year) % 1000;
      width = 3;
      break;
    case piece.YY:
      value = t.shown(t.year) % 100;
      break;
    case piece.Y:
      value = t.shown(t.year) % 10;
      width = 1;
      break;
    case piece.IW:
      value = t.week;
      isSignWithin = true;
      break;
    case piece.IYYY:
      value = t.shown(t.weekYear);
      width = 4;
      isSignWithin = t.year >= 0;
      break;
    case piece.IYY:
      value = t.shown(t.weekYear) % 1000;
      width = 3;
      isSignWithin = t.year >= 0;
      break;
    case piece.IY:
      value = t.shown(t.weekYear) % 100;
      isSignWithin = t.year >= 0;
      break;
    case piece.I:
      value = t.shown(t.weekYear) % 10;
      width = 1;
      isSignWithin = t.year >= 0;
      break;
    case piece.IDDD:
      value = (t.week - 1) * 7 + isoWeekday(t.date) + 1;
      width = 3;
      isSignWithin = true;
      break;
    case piece.Y_COMMA: {
      const year = t.shown(t.year);
      if (year < 0) return 0;
      const comma = putNumber(target, year / 1000, 1);
      store<u8>(comma, 0x2c);
      const end = putNumber(comma + 1, year % 1000, 3);
      return ordinalOf(field) != 0 ? putOrdinal(target, end, ordinalOf(field)) : end;
    }
    case piece.AM:
    case piece.AM_POINTS: {
      const letters: u32 = (t.micros / 3600000000) % 24 >= 12 ? 0x6d70 : 0x6d61;
      return putMark(target, letters, kindOf(field) == piece.AM_POINTS, casing);
    }
    case piece.RM: {
      const month = t.month;
      if (month == 0 && t.year == 0) return target;
      // An interval of whole years is said to be in December.
      const place = month > 0 ? month : month < 0 ? 13 + month : t.year >= 0 ? 12 : 1;
      const letters = romanLetters(<u32>place);
      return putName(target, letters, nameLength(letters), casing, fill ? 0 : 4);
    }
    default:
      return t.isInterval ? 0 : putFieldOfDate(target, field, t);
  }
  const padded = fill ? 0 : width;
  const end = putNumber(target, value, isSignWithin && value < 0 && padded > 0 ? padded - 1 : padded);
  return ordinalOf(field) != 0 ? putOrdinal(target, end, ordinalOf(field)) : end;
}

/** The same of fields that intervals do not have. */
function putFieldOfDate(target: usize, field: Piece, t: PrintedTime): usize {
  const fill = fills(field);
  const casing = casingOf(field);
  const offset = t.offset;
  const sign: u8 = offset < 0 ? 0x2d : 0x2b;
  const minutes = (abs(offset) / 60) % 60;
  switch (kindOf(field)) {
    case piece.MONTH:
    case piece.MON: {
      const letters = monthLetters(<u32>t.month);
      if (kindOf(field) == piece.MON) return putName(target, letters & 0xffffff, 3, casing, 0);
      return putName(target, letters, nameLength(letters), casing, fill ? 0 : 9);
    }
    case piece.DAY:
    case piece.DY: {
      const letters = dayLetters((<u32>isoWeekday(t.date) + 1) % 7 + 1);
      if (kindOf(field) == piece.DY) return putName(target, letters & 0xffffff, 3, casing, 0);
      return putName(target, letters, nameLength(letters), casing, fill ? 0 : 9);
    }
    case piece.D:
    case piece.ID: {
      const weekday = isoWeekday(t.date);
      const end = putNumber(target, kindOf(field) == piece.D ? ((weekday + 1) % 7) + 1 : weekday + 1, 1);
      return ordinalOf(field) != 0 ? putOrdinal(target, end, ordinalOf(field)) : end;
    }
    case piece.AD:
    case piece.AD_POINTS:
      return putMark(target, t.year <= 0 ? 0x6362 : 0x6461, kindOf(field) == piece.AD_POINTS, casing);
    case piece.TZH:
      store<u8>(target, sign);
      return putNumber(target + 1, abs(offset) / 3600, 2);
    case piece.TZM:
      return putNumber(target, minutes, 2);
    case piece.OF: {
      store<u8>(target, sign);
      const end = putNumber(target + 1, abs(offset) / 3600, fill ? 1 : 2);
      if (minutes == 0) return end;
      store<u8>(end, 0x3a);
      return putNumber(end + 1, minutes, 2);
    }
    case piece.TZ:
      if (t.zone == NAMED_ZONE) return 0;
      return t.zone == NO_ZONE ? target : putName(target, 0x637475, 3, casing == 2 ? 2 : 0, 0);
    default:
      return 0;
  }
}

/** The text of a template. Its room has what is printed behind it, until the text is there. */
function laidOut(block: usize, pattern: v128, textRoom: u32, target: usize): v128 {
  const source = pointerOf(pattern);
  const length = lengthOf(pattern);
  const printed = changetype<PrintedTime>(target + textRoom);
  const room = textRoom + <u32>offsetof<PrintedTime>();
  let write = target;
  for (let at = nextPiece(source, length, 0); kindOf(at) != piece.END; at = nextPiece(source, length, at)) {
    const kind = kindOf(at);
    if (kind <= piece.LITERAL) {
      const width = digitsOf(at);
      for (let i: u32 = width; i > 0; i--) store<u8>(write++, load<u8>(source + endOf(at) - i));
    } else if (kind != piece.FX) {
      write = putField(write, at, printed);
      if (write == 0) {
        heapReturn(block, room);
        decline(block);
        return pattern;
      }
    }
  }
  heapReturn(block, room - <u32>(write - target));
  return makeView(target, <u32>(write - target));
}

// @ts-ignore: decorator
@inline function textRoomOf(pattern: v128): u32 {
  return (lengthOf(pattern) * MOST_FOR_LETTER + MOST_BEHIND + 7) & ~7;
}

function timestampText(block: usize, local: i64, pattern: v128, zone: u32, offset: i64): v128 {
  if (lengthOf(pattern) == 0 || isInfinite(local)) {
    decline(block);
    return pattern;
  }
  const textRoom = textRoomOf(pattern);
  const target = heapAllocate(block, textRoom + <u32>offsetof<PrintedTime>());
  if (target == 0) return pattern;
  const t = changetype<PrintedTime>(target + textRoom);
  const date = floorDivide(local, DAY);
  const civil = civilFromDays(date);
  t.year = civil >> 9;
  t.month = (civil >> 5) & 15;
  t.day = civil & 31;
  t.date = date;
  t.micros = local - date * DAY;
  t.offset = offset;
  t.zone = zone;
  t.isInterval = false;
  return laidOut(block, pattern, textRoom, target);
}

/** to_char of a timestamp, which has no zone. */
export function timestampToChar(block: usize, timestamp: i64, pattern: v128): v128 {
  return timestampText(block, timestamp, pattern, NO_ZONE, 0);
}

/** The same of an instant, in UTC. */
export function instantToChar(block: usize, instant: i64, pattern: v128): v128 {
  return timestampText(block, instant, pattern, UTC, 0);
}

/** The same of what the clocks of a zone show, `offset` seconds east of Greenwich. */
export function localToChar(block: usize, local: i64, pattern: v128, offset: i64): v128 {
  return timestampText(block, local, pattern, NAMED_ZONE, offset);
}

export function intervalToChar(block: usize, interval: v128, pattern: v128): v128 {
  if (lengthOf(pattern) == 0) {
    decline(block);
    return pattern;
  }
  const textRoom = textRoomOf(pattern);
  const target = heapAllocate(block, textRoom + <u32>offsetof<PrintedTime>());
  if (target == 0) return pattern;
  const t = changetype<PrintedTime>(target + textRoom);
  const m = months(interval);
  t.year = m / 12;
  t.month = m % 12;
  t.day = days(interval);
  const monthsBefore = <i64>m - 1;
  const carried = floorDivide(monthsBefore, 12);
  t.date = daysFromCivil(carried, monthsBefore - carried * 12 + 1, 1) + t.day - 1;
  t.micros = time(interval);
  t.offset = 0;
  t.zone = NO_ZONE;
  t.isInterval = true;
  return laidOut(block, pattern, textRoom, target);
}
