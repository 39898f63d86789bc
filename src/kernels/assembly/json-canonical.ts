// JSON as jsonb is written: one space behind colons and commas, keys ordered by length and then by their bytes. What needs
// more than that is left to TypeScript: keys with escapes, repeated ones, \u and \/ in strings, exponents, -0.
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  isNumber,
  LETTER_U,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json-characters';
import { compareKeys, isZero } from './json-compare';
import { declined, finished, putColon, putSeparator } from './json-output';
import { closingQuote, firstPart, skipSpaces, skipValue } from './json-scan';
import { isValid } from './json-validation';
import { heapAllocate } from './status';
import { findEither } from './text-records';
import { lengthOf, pointerOf } from './text-view';

/*
 * The members of an object while they are put in order, 16 bytes each:
 *
 *   0   u32 first byte of the key    4   u32 its length
 *   8   u32 first byte of the value  12  u32 behind its last
 */
// @ts-ignore: decorator
@inline const MEMBER_BYTES: usize = 16;
/** They are sorted by insertion. */
// @ts-ignore: decorator
@inline const MOST_MEMBERS: u32 = 256;

/** Writes up to 15 bytes too many. */
function copy(target: usize, source: usize, length: usize): usize {
  let i: usize = 0;
  do {
    v128.store(target + i, v128.load(source + i));
    i += 16;
  } while (i < length);
  return target + length;
}

/** Lists the members of an object in order; returns how many, or -1 for one that is not for us. */
function listMembers(from: usize, end: usize, members: usize): i32 {
  let count: u32 = 0;
  let at = firstPart(from, end);
  if (load<u8>(at) == CLOSE_BRACE) return 0;
  for (;;) {
    const key = at + 1;
    const closing = closingQuote(key, end);
    if (<i64>closing < 0 || count == MOST_MEMBERS) return -1;
    const length = <u32>(<usize>closing - key);
    at = skipSpaces(<usize>closing + 1, end);
    const value = skipSpaces(at + 1, end);
    at = skipValue(value, end);
    let place = members + <usize>count * MEMBER_BYTES;
    while (place > members) {
      const other = place - MEMBER_BYTES;
      const order = compareKeys(load<u32>(other), load<u32>(other, 4), key, length);
      if (order == 0) return -1;
      if (order < 0) break;
      v128.store(place, v128.load(other));
      place = other;
    }
    store<u32>(place, key);
    store<u32>(place, length, 4);
    store<u32>(place, value, 8);
    store<u32>(place, at, 12);
    count++;
    at = skipSpaces(at, end);
    if (load<u8>(at) != COMMA) break;
    at = skipSpaces(at + 1, end);
  }
  return count;
}

/** Is a string, from its first byte up to its closing quote, written as jsonb writes it? */
function hasPlainEscapes(from: usize, end: usize): bool {
  let at = findEither(from, end, BACKSLASH, BACKSLASH);
  while (at < end) {
    const escape = load<u8>(at + 1);
    if (escape == LETTER_U || escape == 0x2f) return false;
    at = findEither(at + 2, end, BACKSLASH, BACKSLASH);
  }
  return true;
}

/** Writes a valid value to `to`; returns where it ends, or 0 if it is not for us. `scratch` is for its members. */
function write(start: usize, end: usize, target: usize, scratch: usize): usize {
  const first = load<u8>(start);
  let to = target;
  if (first == OPEN_BRACE) {
    const count = listMembers(start, end, scratch);
    if (count < 0) return 0;
    store<u8>(to++, OPEN_BRACE);
    const rest = scratch + <usize>count * MEMBER_BYTES;
    for (let i = 0; i < count; i++) {
      const member = scratch + <usize>i * MEMBER_BYTES;
      if (i > 0) to = putSeparator(to);
      store<u8>(to, QUOTE);
      to = copy(to + 1, load<u32>(member), load<u32>(member, 4));
      store<u8>(to, QUOTE);
      to = write(load<u32>(member, 8), load<u32>(member, 12), putColon(to + 1), rest);
      if (to == 0) return 0;
    }
    store<u8>(to, CLOSE_BRACE);
    return to + 1;
  }
  if (first == OPEN_BRACKET) {
    store<u8>(to++, OPEN_BRACKET);
    let at = firstPart(start, end);
    if (load<u8>(at) != CLOSE_BRACKET) {
      for (;;) {
        const behind = skipValue(at, end);
        to = write(at, behind, to, scratch);
        if (to == 0) return 0;
        at = skipSpaces(behind, end);
        if (load<u8>(at) != COMMA) break;
        to = putSeparator(to);
        at = skipSpaces(at + 1, end);
      }
    }
    store<u8>(to, CLOSE_BRACKET);
    return to + 1;
  }
  if (first == QUOTE) {
    if (!hasPlainEscapes(start + 1, end - 1)) return 0;
  } else if (isNumber(first)) {
    if (first == MINUS && isZero(start + 1, end)) return 0;
    if (findEither(start, end, 0x65, 0x45) < end) return 0;
  }
  return copy(to, start, end - start);
}

/** text::jsonb. */
export function textToJsonb(block: usize, text: v128): v128 {
  return canonicalText(block, pointerOf(text), lengthOf(text));
}

/** Texts whose copies and lists of members have room in 32 bits. */
// @ts-ignore: decorator
@inline const LONGEST: u32 = 0x1fffffff;

export function canonicalText(block: usize, pointer: usize, length: u32): v128 {
  const end = pointer + length;
  if (length > LONGEST || !isValid(pointer, end)) return declined(block);
  // Each colon and comma may get a space; a member takes at least four bytes of the text, and 16 while it is listed.
  const outputBytes = 2 * length + 16;
  const reserved = outputBytes + 4 * length + 16;
  const output = heapAllocate(block, reserved);
  if (output == 0) return i64x2.splat(0);
  const start = skipSpaces(pointer, end);
  const behind = skipValue(start, end);
  return finished(block, output, reserved, write(start, behind, output, (output + outputBytes + 15) & ~15));
}
