// to_date and to_timestamp by a template, for generated code: the twin of src/functions/formatting/read-datetime.ts, which
// words what is an error. Declined is also what leads between the halves of a character of UTF-16.
import { dayLetters, monthLetters, nameLength, ninthLetter, romanLetters } from './calendar-names';
import { END_OF_DAYS, FIRST_DAY, LAST_DAY } from './date-bounds';
import { assembleDatetime } from './datetime-assembly';
import * as piece from './datetime-template';
import { characterWidth, endOf, isSeparator, kindOf, nextPiece, ordinalOf, Piece, spaceWidth } from './datetime-template';
import { decline, heapAllocate, heapReturn } from './status';
import { digitsIn, isLastOfDigits, keep, NOWHERE, skipUnit, TemplateReader } from './template-reader';
import { lengthOf, pointerOf } from './text-view';
import { zoneOffsetOf } from './zone-table';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
// @ts-ignore: decorator
@inline const DAY_SECONDS: i64 = 86400;
// @ts-ignore: decorator
@inline const SECOND: i64 = 1000000;
/** By so many days an offset may lead into the range. */
// @ts-ignore: decorator
@inline const OFFSET_DAYS: i64 = 2;

/** Does a text go on with these letters, in any case? A ninth of a name may follow. */
function startsWith(at: usize, end: usize, letters: u64, length: u32, ninth: u32): bool {
  if (<u32>(end - at) < length) return false;
  let rest = letters;
  for (let i: u32 = 0; i < min(length, 8); i++) {
    const letter = <u32>rest & 0xff;
    const byte = <u32>load<u8>(at + i);
    // Points are as they are.
    if ((letter >= 0x61 ? byte | 0x20 : byte) != letter) return false;
    rest >>= 8;
  }
  return length < 9 || (<u32>load<u8>(at + 8) | 0x20) == ninth;
}

/** The number of the name that a text goes on with, from 1, and × 256 how many letters it has; 0 of none. */
function nameAt(at: usize, end: usize, count: u32, isShort: bool): u32 {
  for (let i: u32 = 1; i <= count; i++) {
    const letters = count == 12 ? monthLetters(i) : dayLetters(i);
    const length = isShort ? 3 : nameLength(letters);
    if (startsWith(at, end, letters, length, ninthLetter(letters))) return i | (length << 8);
  }
  return 0;
}

function romanAt(at: usize, end: usize): u32 {
  let found: u32 = 0;
  for (let i: u32 = 1; i <= 12; i++) {
    const letters = romanLetters(i);
    const length = nameLength(letters);
    if (length > found >> 8 && startsWith(at, end, letters, length, 0)) found = i | (length << 8);
  }
  return found;
}

// @ts-ignore: decorator
@inline const AM_LETTERS: u64 = 0x6d61;
// @ts-ignore: decorator
@inline const PM_LETTERS: u64 = 0x6d70;
// @ts-ignore: decorator
@inline const AM_WITH_POINTS: u64 = 0x2e6d2e61;
// @ts-ignore: decorator
@inline const PM_WITH_POINTS: u64 = 0x2e6d2e70;
// @ts-ignore: decorator
@inline const AD_LETTERS: u64 = 0x6461;
// @ts-ignore: decorator
@inline const BC_LETTERS: u64 = 0x6362;
// @ts-ignore: decorator
@inline const AD_WITH_POINTS: u64 = 0x2e642e61;
// @ts-ignore: decorator
@inline const BC_WITH_POINTS: u64 = 0x2e632e62;

/** Which of two words a text goes on with, from 1; 0 of none. */
function wordOf(at: usize, end: usize, first: u64, second: u64, length: u32): u32 {
  if (startsWith(at, end, first, length, 0)) return 1;
  return startsWith(at, end, second, length, 0) ? 2 : 0;
}

/** Reads what stands for a field; where it ends, or NOWHERE. */
function readField(
  reader: TemplateReader,
  at: usize,
  end: usize,
  field: Piece,
  isFree: bool,
  isBehindDash: bool,
): usize {
  const kind = kindOf(field);
  if (!reader.keepConvention(kind)) return NOWHERE;
  let name: u32 = 0;
  switch (kind) {
    case piece.AM:
    case piece.AM_POINTS: {
      const hasPoints = kind == piece.AM_POINTS;
      const word = hasPoints
        ? wordOf(at, end, AM_WITH_POINTS, PM_WITH_POINTS, 4)
        : wordOf(at, end, AM_LETTERS, PM_LETTERS, 2);
      reader.isAfternoon = word == 2;
      reader.isTwelveHours = true;
      return word == 0 ? NOWHERE : at + (hasPoints ? 4 : 2);
    }
    case piece.AD:
    case piece.AD_POINTS: {
      const hasPoints = kind == piece.AD_POINTS;
      const word = hasPoints
        ? wordOf(at, end, AD_WITH_POINTS, BC_WITH_POINTS, 4)
        : wordOf(at, end, AD_LETTERS, BC_LETTERS, 2);
      reader.isBeforeChrist = word == 2;
      return word == 0 ? NOWHERE : at + (hasPoints ? 4 : 2);
    }
    case piece.MONTH:
    case piece.MON:
    case piece.RM:
      name = kind == piece.RM ? romanAt(at, end) : nameAt(at, end, 12, kind == piece.MON);
      return name != 0 && keep(reader, offsetof<TemplateReader>('month'), name & 0xff) ? at + (name >> 8) : NOWHERE;
    case piece.DAY:
    case piece.DY:
      name = nameAt(at, end, 7, kind == piece.DY);
      return name != 0 && keep(reader, offsetof<TemplateReader>('weekday'), name & 0xff) ? at + (name >> 8) : NOWHERE;
    case piece.Y_COMMA:
      return reader.yearWithComma(at, end, ordinalOf(field));
    case piece.TZ:
    case piece.OF:
    case piece.TZH:
      return reader.zone(at, end, kind, isFree, ordinalOf(field), isBehindDash);
    default: {
      const behind = reader.integer(at, end, digitsIn(field), isFree, ordinalOf(field));
      return behind != NOWHERE && reader.keepNumber(field) ? behind : NOWHERE;
    }
  }
}

/** Reads a text as its template says, after DCH_from_char of PostgreSQL; false where it does not follow it. */
function readByTemplate(reader: TemplateReader, text: v128, template: v128): bool {
  const layout = pointerOf(template);
  const layoutLength = lengthOf(template);
  const start = pointerOf(text);
  const end = start + lengthOf(text);
  let at = start;
  let next = nextPiece(layout, layoutLength, 0);
  let isFixed = kindOf(next) == piece.FX;
  let isFirst = true;
  /** Characters that were passed over as spaces, before those of the template are looked at. */
  let skipped: i32 = 0;
  while (kindOf(next) != piece.END && at < end) {
    const current = next;
    const kind = kindOf(current);
    next = nextPiece(layout, layoutLength, current);
    if (!isFixed && (kind > piece.LITERAL || isFirst)) {
      for (let width = spaceWidth(at, end); width > 0; width = spaceWidth(at, end)) {
        at += width;
        skipped++;
      }
    }
    isFirst = false;
    if (kind == piece.SPACE || kind == piece.SEPARATOR) {
      if (isFixed) at = skipUnit(at);
      else {
        skipped--;
        if (at < end) {
          const width = isSeparator(load<u8>(at)) ? 1 : spaceWidth(at, end);
          at += width;
          skipped += i32(width > 0);
        }
      }
    } else if (kind == piece.LITERAL) {
      if (!isFixed && skipped > 0) skipped--;
      else if (at < end) at += characterWidth(load<u8>(at));
    } else if (kind == piece.FX) isFixed = true;
    else {
      const isBehindDash = skipped > 0 && at > start && load<u8>(at - 1) == 0x2d;
      at = readField(reader, at, end, current, isLastOfDigits(current, next, layout), isBehindDash);
      if (at != NOWHERE && !isFixed) {
        skipped = 0;
        for (let width = spaceWidth(at, end); width > 0; width = spaceWidth(at, end)) {
          at += width;
          skipped++;
        }
      }
    }
    if (at == NOWHERE) return false;
  }
  return assembleDatetime(reader);
}

/** What a text means; null, with the status set, where it is not to be read. */
function readerOf(block: usize, text: v128, template: v128): TemplateReader | null {
  const memoryLength = <u32>(offsetof<TemplateReader>() + 7) & ~7;
  const work = heapAllocate(block, memoryLength);
  if (work == 0) return null;
  memory.fill(work, 0, memoryLength);
  const reader = changetype<TemplateReader>(work);
  const isRead = readByTemplate(reader, text, template);
  // What lies there stays until something else is written to the heap.
  heapReturn(block, memoryLength);
  if (isRead) return reader;
  decline(block);
  return null;
}

export function dateByTemplate(block: usize, text: v128, template: v128): i32 {
  const reader = readerOf(block, text, template);
  if (reader == null) return 0;
  const days = reader.days;
  if (days < FIRST_DAY || days > LAST_DAY) decline(block);
  return <i32>days;
}

/** In UTC, if the text says no offset. */
export function timestampByTemplate(block: usize, text: v128, template: v128): i64 {
  return zoneInstantByTemplate(block, text, template, 0);
}

/** By the clocks of a zone; 0 is UTC. */
export function zoneInstantByTemplate(block: usize, text: v128, template: v128, zone: usize): i64 {
  const reader = readerOf(block, text, template);
  if (reader == null) return 0;
  const days = reader.days;
  const time = reader.time;
  if (days < FIRST_DAY - OFFSET_DAYS || days >= END_OF_DAYS + OFFSET_DAYS) {
    decline(block);
    return 0;
  }
  let offset: i64 = 0;
  if (reader.hasOffset) offset = reader.offset;
  else if (zone != 0) offset = zoneOffsetOf(days * DAY + time, zone);
  // In seconds, because microseconds out of range could wrap.
  const seconds = days * DAY_SECONDS + time / SECOND - offset;
  if (seconds < FIRST_DAY * DAY_SECONDS || seconds >= END_OF_DAYS * DAY_SECONDS) decline(block);
  return seconds * SECOND + (time % SECOND);
}
