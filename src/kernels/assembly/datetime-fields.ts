// Dates, times and intervals taken apart into fields: the twin of src/functions/casts/datetime/datetime-fields.ts.
//
// What a text is read with lies on the string heap while it is read:
//
//    0   what its fields mean (datetime-decoding.ts, interval-sum.ts)
//  128   26 fields: u32 kind, u32 pointer, u32 end
//  440   the text in small letters, and zeros behind it
import { keywordOf } from './datetime-words';
import { decline, heapAllocate, heapReturn } from './status';
import { copyInCase, lengthOf, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const FIELDS: usize = 128;
// @ts-ignore: decorator
@inline const FIELD_BYTES: usize = 12;
// @ts-ignore: decorator
@inline const MOST_FIELDS: i32 = 25;
// @ts-ignore: decorator
@inline const LETTERS: usize = 440;
/** No date has so many, and longer texts are declined: their numbers could be beyond what a double holds. */
// @ts-ignore: decorator
@inline const MOST_BYTES: u32 = 256;
// @ts-ignore: decorator
@inline const WORK_BYTES: u32 = 736;

/** Fields of a text that has none: a character that belongs nowhere. */
// @ts-ignore: decorator
@inline export const NO_FIELDS: i32 = -1;

// Kinds of fields.
// @ts-ignore: decorator
@inline export const NUMBER_FIELD: u32 = 0;
// @ts-ignore: decorator
@inline export const WORD_FIELD: u32 = 1;
// @ts-ignore: decorator
@inline export const DATE_FIELD: u32 = 2;
// @ts-ignore: decorator
@inline export const TIME_FIELD: u32 = 3;
/** A number with a sign. */
// @ts-ignore: decorator
@inline export const ZONE_FIELD: u32 = 4;
/** A word with a sign. */
// @ts-ignore: decorator
@inline export const SIGNED_WORD_FIELD: u32 = 5;

// @ts-ignore: decorator
@inline const COLON: u32 = 0x3a;
// @ts-ignore: decorator
@inline const PLUS: u32 = 0x2b;
// @ts-ignore: decorator
@inline const DASH: u32 = 0x2d;
// @ts-ignore: decorator
@inline const POINT: u32 = 0x2e;
// @ts-ignore: decorator
@inline const SLASH: u32 = 0x2f;

// @ts-ignore: decorator
@inline export function isDecimalDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

// @ts-ignore: decorator
@inline export function isSmallLetter(byte: u32): bool {
  return byte - 0x61 < 26;
}

// @ts-ignore: decorator
@inline function isSpace(byte: u32): bool {
  return byte == 0x20 || byte - 9 < 5;
}

// @ts-ignore: decorator
@inline function isPunctuation(byte: u32): bool {
  return byte - 0x21 < 15 || byte - 0x3a < 7 || byte - 0x5b < 6 || byte - 0x7b < 4;
}

/** Where what stands behind digits begins. */
export function skipDigits(from: usize): usize {
  let at = from;
  while (isDecimalDigit(load<u8>(at))) at++;
  return at;
}

export function skipSmallLetters(from: usize): usize {
  let at = from;
  while (isSmallLetter(load<u8>(at))) at++;
  return at;
}

/** Where a text is read; 0, with the status set, where it cannot be. */
export function openWork(block: usize, text: v128): usize {
  if (lengthOf(text) <= MOST_BYTES) return heapAllocate(block, WORK_BYTES);
  decline(block);
  return 0;
}

/** Makes zeros of what the fields mean. */
// @ts-ignore: decorator
@inline export function clearMeaning(work: usize): void {
  for (let at: usize = 0; at < FIELDS; at += 16) v128.store(work + at, i64x2.splat(0));
}

/** Gives it back. What lies there stays until something else is written to the heap. */
// @ts-ignore: decorator
@inline export function closeWork(block: usize): void {
  heapReturn(block, WORK_BYTES);
}

// @ts-ignore: decorator
@inline function fieldAt(work: usize, index: i32): usize {
  return work + FIELDS + <usize>index * FIELD_BYTES;
}

// @ts-ignore: decorator
@inline export function fieldKind(work: usize, index: i32): u32 {
  return load<u32>(fieldAt(work, index));
}

// @ts-ignore: decorator
@inline export function fieldStart(work: usize, index: i32): usize {
  return load<u32>(fieldAt(work, index), 4);
}

// @ts-ignore: decorator
@inline export function fieldEnd(work: usize, index: i32): usize {
  return load<u32>(fieldAt(work, index), 8);
}

/**
 * Writes a text with letters of other scripts among it: spaces of Unicode become plain ones, the Kelvin sign a k, as
 * JavaScript has it; nothing else may stand in a date. The end of what was written; 0 where there is something else.
 */
function copyUnicode(source: usize, length: u32, target: usize): usize {
  let at = source;
  let to = target;
  const end = source + length;
  while (at < end) {
    let byte = <u32>load<u8>(at);
    if (byte < 0x80) {
      at++;
      if (byte - 0x41 < 26) byte |= 0x20;
    } else {
      const three = (byte << 16) | (<u32>load<u8>(at, 1) << 8) | <u32>load<u8>(at, 2);
      const last = three - 0xe28080;
      byte = 0x20;
      if (three >>> 8 == 0xc2a0) at += 2;
      else {
        const isSpaceOfThree =
          last < 11 || last == 0x28 || last == 0x29 || last == 0x2f || three == 0xe2819f || three == 0xe19a80 ||
          three == 0xe38080 || three == 0xefbbbf;
        if (three == 0xe284aa) byte = 0x6b;
        else if (!isSpaceOfThree) return 0;
        at += 3;
      }
    }
    store<u8>(to++, byte);
  }
  return to;
}

/** The field of a number: a number, a date with its separators or a time with its colons. Its end. */
function numberEnd(field: usize, start: usize): usize {
  let at = skipDigits(start);
  const delimiter = <u32>load<u8>(at);
  let kind = NUMBER_FIELD;
  if (delimiter == COLON) {
    kind = TIME_FIELD;
    let byte = delimiter;
    while (isDecimalDigit(byte) || byte == COLON || byte == POINT) byte = load<u8>(++at);
  } else if (delimiter == DASH || delimiter == SLASH || delimiter == POINT) {
    let byte = <u32>load<u8>(++at);
    kind = DATE_FIELD;
    if (isDecimalDigit(byte)) {
      at = skipDigits(at);
      // Three parts need the same delimiter twice.
      if (load<u8>(at) == delimiter) {
        byte = delimiter;
        while (isDecimalDigit(byte) || byte == delimiter) byte = load<u8>(++at);
      } else if (delimiter == POINT) kind = NUMBER_FIELD;
    } else {
      while (isDecimalDigit(byte) || isSmallLetter(byte) || byte == delimiter) byte = load<u8>(++at);
    }
  }
  store<u32>(field, kind);
  return at;
}

/** The field of a word; or of a date that begins with a month, or of a zone with punctuation in its name. */
function wordEnd(field: usize, start: usize): usize {
  let at = skipSmallLetters(start);
  let next = <u32>load<u8>(at);
  let goesOn = next == DASH || next == SLASH || next == POINT;
  if (!goesOn && (next == PLUS || isDecimalDigit(next))) goesOn = keywordOf(start, at) == 0;
  store<u32>(field, goesOn ? DATE_FIELD : WORD_FIELD);
  if (!goesOn) return at;
  // - . / and digits and : lie side by side.
  while (isSmallLetter(next) || next - DASH < 14 || next == PLUS || next == 0x5f) next = load<u8>(++at);
  return at;
}

/** How many fields a text has, at most 25; NO_FIELDS where something stands in it that is no field. */
export function splitDateTime(work: usize, text: v128): i32 {
  let at = work + LETTERS;
  const length = lengthOf(text);
  let end = at + length;
  if (!copyInCase(pointerOf(text), length, 0x41, at)) {
    end = copyUnicode(pointerOf(text), length, at);
    if (end == 0) return NO_FIELDS;
  }
  store<u64>(end, 0);
  let count: i32 = 0;
  while (at < end) {
    const first = <u32>load<u8>(at);
    const field = fieldAt(work, count);
    let start = at;
    if (isDecimalDigit(first)) at = numberEnd(field, at);
    else if (isSmallLetter(first)) at = wordEnd(field, at);
    else if (first == POINT) {
      store<u32>(field, NUMBER_FIELD);
      at = skipDigits(at + 1);
    } else if (first == PLUS || first == DASH) {
      do at++;
      while (isSpace(load<u8>(at)));
      start = at - 1;
      store<u8>(start, first);
      let next = <u32>load<u8>(at);
      if (isSmallLetter(next)) {
        store<u32>(field, SIGNED_WORD_FIELD);
        at = skipSmallLetters(at);
      } else {
        if (!isDecimalDigit(next)) return NO_FIELDS;
        store<u32>(field, ZONE_FIELD);
        while (isDecimalDigit(next) || next == DASH || next == COLON || next == POINT) next = load<u8>(++at);
      }
    } else {
      if (!isSpace(first) && !isPunctuation(first)) return NO_FIELDS;
      at++;
      continue;
    }
    if (count == MOST_FIELDS) return NO_FIELDS;
    store<u32>(field, <u32>start, 4);
    store<u32>(field, <u32>at, 8);
    count++;
  }
  return count;
}
