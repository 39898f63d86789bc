// JSON as jsonb is written: one space behind colons and commas, keys ordered by length and then by their bytes, of repeated
// keys the last, strings with the escapes that they must have, numbers with all their digits.
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  isNumber,
  isOpening,
  MINUS,
  OPEN_BRACE,
  QUOTE,
} from './json-characters';
import { isZero } from './json-compare';
import {
  behindKeys,
  behindObject,
  firstMember,
  isCopied,
  keyLength,
  keyOf,
  lastMember,
  LIST_BYTES,
  listMembers,
  MEMBER_BYTES,
  valueEnd,
  valueStart,
} from './json-members';
import { boundExponents, putNumeric } from './json-numbers';
import { declined, finished, putColon, putSeparator } from './json-output';
import { firstPart, skipSpaces, skipValue } from './json-scan';
import { hasEscapes, putCanonical, putString } from './json-strings';
import { DEEPEST, HAS_EXPONENTS, NUMERICS, placeOf, TEXTS, validDocument } from './json-validation';
import { heapAllocate, reject } from './status';
import { findEither } from './text-records';
import { lengthOf, pointerOf } from './text-view';

/*
 * What is written lies before what is needed for it:
 *
 *   output    the text
 *   levels    for each that is open: u32 the next member, 0 in arrays; 12 zeros; the list of members (json-members.ts)
 *   members   of the objects that are open
 *   keys      without their escapes
 */
// @ts-ignore: decorator
@inline const LIST_AT: usize = 16;
// @ts-ignore: decorator
@inline const LEVEL_BYTES: usize = LIST_AT + LIST_BYTES;

/** Writes up to 15 bytes too many. */
function copy(target: usize, source: usize, length: usize): usize {
  let i: usize = 0;
  do {
    v128.store(target + i, v128.load(source + i));
    i += 16;
  } while (i < length);
  return target + length;
}

function putKey(to: usize, member: usize): usize {
  if (isCopied(member)) return putColon(putString(keyOf(member), keyLength(member), to));
  store<u8>(to, QUOTE);
  to = copy(to + 1, keyOf(member), keyLength(member));
  store<u8>(to, QUOTE);
  return putColon(to + 1);
}

function putScalar(to: usize, start: usize, end: usize): usize {
  const first = load<u8>(start);
  if (first == QUOTE && hasEscapes(start, end)) return putCanonical(start, end, to);
  if (isNumber(first)) {
    if (findEither(start, end, 0x65, 0x45) < end) return putNumeric(start, end, to);
    if (first == MINUS && isZero(start + 1, end)) return copy(to, start + 1, end - start - 1);
  }
  return copy(to, start, end - start);
}

/** Writes the valid value at `start`; returns where it ends. */
function write(start: usize, end: usize, target: usize, levels: usize, members: usize, keys: usize): usize {
  let level = levels - LEVEL_BYTES;
  let at = start;
  let scalarEnd: usize = 0;
  let to = target;
  while (true) {
    const first = load<u8>(at);
    if (isOpening(first)) {
      level += LEVEL_BYTES;
      store<u8>(to++, first);
      if (first == OPEN_BRACE) {
        listMembers(at, end, level + LIST_AT, members, keys);
        keys = behindKeys(level + LIST_AT);
        store<u32>(level, members);
        members = lastMember(level + LIST_AT);
      } else {
        store<u32>(level, 0);
        at = firstPart(at, end);
      }
    } else {
      if (scalarEnd == 0) scalarEnd = skipValue(at, end);
      to = putScalar(to, at, scalarEnd);
      at = scalarEnd;
    }
    // Levels end, until another value follows.
    for (;;) {
      if (level < levels) return to;
      const list = level + LIST_AT;
      const member: usize = load<u32>(level);
      if (member != 0) {
        if (member < lastMember(list)) {
          if (member > firstMember(list)) to = putSeparator(to);
          to = putKey(to, member);
          at = valueStart(member);
          scalarEnd = valueEnd(member);
          store<u32>(level, member + MEMBER_BYTES);
          break;
        }
        store<u8>(to++, CLOSE_BRACE);
        at = behindObject(list);
        members = firstMember(list);
      } else {
        at = skipSpaces(at, end);
        const byte = load<u8>(at);
        if (byte != CLOSE_BRACKET) {
          if (byte == COMMA) {
            to = putSeparator(to);
            at = skipSpaces(at + 1, end);
          }
          scalarEnd = 0;
          break;
        }
        store<u8>(to++, CLOSE_BRACKET);
        at++;
      }
      level -= LEVEL_BYTES;
    }
  }
}

/** text::jsonb. */
export function textToJsonb(block: usize, text: v128): v128 {
  return canonicalText(block, pointerOf(text), lengthOf(text));
}

/** What 32 bits of memory have no room for anyway. */
// @ts-ignore: decorator
@inline const MOST_BYTES: u64 = 0xf0000000;

export function canonicalText(block: usize, pointer: usize, length: u32): v128 {
  const end = pointer + length;
  const behind = validDocument(pointer, end, TEXTS | NUMERICS);
  if (behind == 0) {
    reject(block);
    return i64x2.splat(0);
  }
  // Each colon and comma may get a space.
  const digits = (behind & HAS_EXPONENTS) != 0 ? boundExponents(pointer, end) : 0;
  const outputBytes = (2 * <u64>length + digits + 31) & ~15;
  const levelBytes = <u64>min(length / 2 + 1, DEEPEST) * LEVEL_BYTES;
  // A member takes at least five bytes of the text with what separates it from another, 16 in the list.
  const memberBytes = (4 * <u64>length + 31) & ~15;
  const reserved = outputBytes + levelBytes + memberBytes + length + 16;
  if (reserved > MOST_BYTES) return declined(block);
  const output = heapAllocate(block, <u32>reserved);
  if (output == 0) return i64x2.splat(0);
  const levels = output + <usize>outputBytes;
  const members = levels + <usize>levelBytes;
  const written = write(skipSpaces(pointer, end), placeOf(behind), output, levels, members, members + <usize>memberBytes);
  return finished(block, output, <u32>reserved, written);
}
