// Do the keys of objects differ? For other kernels, and for what WITH UNIQUE KEYS of aggregates becomes. Keys with escapes,
// and objects of many keys, are left to TypeScript.
import { isOpening, OPEN_BRACE } from './json-characters';
import { closingQuote, firstPart, hasPart, MOST_LEVELS, nextPart, skipSpaces, skipValue, valueOf } from './json-scan';
import { decline, heapAllocate, heapReturn } from './status';
import { bytesEqual, lengthOf, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline export const REPEATED: i32 = 0;
// @ts-ignore: decorator
@inline export const UNIQUE: i32 = 1;
// @ts-ignore: decorator
@inline export const UNKNOWN: i32 = 2;
/** The status says so, and the row is done again. */
// @ts-ignore: decorator
@inline const NO_ROOM: i32 = 3;

/** Each is compared with those before it. */
// @ts-ignore: decorator
@inline const MOST_KEYS: u32 = 64;
// @ts-ignore: decorator
@inline const PLACE_BYTES: u32 = 8;

/** Is a key among those whose pointers and lengths are at `places`? */
function isAmong(places: usize, count: u32, key: usize, length: u32): bool {
  for (let place = places; place < places + count * PLACE_BYTES; place += PLACE_BYTES) {
    if (load<u32>(place, 4) == length && bytesEqual(load<u32>(place), key, length)) return true;
  }
  return false;
}

/** Of valid JSON; `isDeep`: also of objects within. */
export function keysIn(block: usize, start: usize, end: usize, isDeep: bool, levels: u32): i32 {
  if (levels == 0 || start >= end) return UNKNOWN;
  if (!isOpening(load<u8>(start))) return UNIQUE;
  const isObject = load<u8>(start) == OPEN_BRACE;
  const places = isObject ? heapAllocate(block, MOST_KEYS * PLACE_BYTES) : 0;
  if (isObject && places == 0) return NO_ROOM;
  let found = UNIQUE;
  let count: u32 = 0;
  let at = firstPart(start, end);
  while (found == UNIQUE && hasPart(at, end)) {
    const value = valueOf(at, end, isObject);
    const valueEnd = skipValue(value, end);
    if (valueEnd == 0) found = UNKNOWN;
    else if (isObject) {
      const closing = closingQuote(at + 1, end);
      const length = <u32>(<usize>closing - at - 1);
      if (<i64>closing < 0 || count == MOST_KEYS) found = UNKNOWN;
      else if (isAmong(places, count, at + 1, length)) found = REPEATED;
      else {
        store<u32>(places + count * PLACE_BYTES, <u32>(at + 1));
        store<u32>(places + count * PLACE_BYTES, length, 4);
        count++;
      }
    }
    if (found == UNIQUE && isDeep && isOpening(load<u8>(value))) found = keysIn(block, value, valueEnd, isDeep, levels - 1);
    if (found == UNIQUE) at = nextPart(valueEnd, end);
  }
  if (isObject) heapReturn(block, MOST_KEYS * PLACE_BYTES);
  return found;
}

/** The text of an object, unless a key of its own is repeated. */
export function textWithUniqueKeys(block: usize, text: v128): v128 {
  const end = pointerOf(text) + lengthOf(text);
  const found = keysIn(block, skipSpaces(pointerOf(text), end), end, false, MOST_LEVELS);
  if (found == REPEATED || found == UNKNOWN) decline(block);
  return text;
}
