// Do the keys of objects differ? For other kernels, and for what WITH UNIQUE KEYS of aggregates becomes.
import { OPEN_BRACE, QUOTE } from './json-characters';
import { LIST_BYTES, listMembers } from './json-members';
import { skipSpaces, stringEnd } from './json-scan';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';
import { isValid, TEXTS, validDocument } from './json-validation';

// @ts-ignore: decorator
@inline export const REPEATED: i32 = 0;
// @ts-ignore: decorator
@inline export const UNIQUE: i32 = 1;
/** A key is no text. */
// @ts-ignore: decorator
@inline export const UNKNOWN: i32 = 2;
/** The status says so, and the row is done again. */
// @ts-ignore: decorator
@inline export const NO_ROOM: i32 = 3;

/** Of valid JSON; `isDeep`: also of objects within. */
export function keysIn(block: usize, start: usize, end: usize, isDeep: bool): i32 {
  if (start >= end) return UNKNOWN;
  // Room for the members of one object, and for its keys.
  const length = <u64>(end - start);
  const memberBytes = (4 * length + 31) & ~15;
  const reserved = LIST_BYTES + memberBytes + length + 16;
  if (reserved > 0xf0000000) return UNKNOWN;
  const list = heapAllocate(block, <u32>reserved);
  if (list == 0) return NO_ROOM;
  const members = list + LIST_BYTES;
  let found = UNIQUE;
  let at = start;
  while (found == UNIQUE && at < end) {
    const byte = load<u8>(at);
    if (byte == QUOTE) {
      at = stringEnd(at + 1, end) + 1;
      continue;
    }
    if (byte == OPEN_BRACE) {
      const dropped = listMembers(at, end, list, members, members + <usize>memberBytes);
      if (dropped != 0) found = dropped < 0 ? UNKNOWN : REPEATED;
    }
    if (!isDeep) break;
    at++;
  }
  heapReturn(block, <u32>reserved);
  return found;
}

/** What is no JSON, or JSON whose objects all have unique keys. */
export function documentWithUniqueKeys(block: usize, text: v128): v128 {
  const start = pointerOf(text);
  const end = start + lengthOf(text);
  const areTexts = validDocument(start, end, TEXTS) != 0;
  if (!areTexts && !isValid(start, end)) return text;
  const found = areTexts ? keysIn(block, skipSpaces(start, end), end, true) : UNKNOWN;
  if (found == REPEATED || found == UNKNOWN) decline(block);
  return text;
}

/** The text of an object, unless a key of its own is repeated. */
export function textWithUniqueKeys(block: usize, text: v128): v128 {
  const end = pointerOf(text) + lengthOf(text);
  const found = keysIn(block, skipSpaces(pointerOf(text), end), end, false);
  if (found == REPEATED || found == UNKNOWN) decline(block);
  return text;
}
