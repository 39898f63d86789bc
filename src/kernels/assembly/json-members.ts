// The members of an object of valid JSON, put in the order of jsonb.
import { CLOSE_BRACE, COMMA, QUOTE } from './json-characters';
import { closingQuote, firstPart, skipSpaces, skipValue } from './json-scan';
import { putUnescaped } from './json-strings';

/*
 * A member, 16 bytes:
 *
 *   0   u32 first byte of the key    4   u32 its length, with the top bit set where escapes were taken out
 *   8   u32 first byte of the value  12  u32 behind its last
 *
 * What is known of a list of them:
 *
 *   0   u32 behind the last member   4   u32 behind the object in the text
 *   8   u32 the first member         12  u32 behind the last key that was copied without its escapes
 */
// @ts-ignore: decorator
@inline export const MEMBER_BYTES: usize = 16;
// @ts-ignore: decorator
@inline export const LIST_BYTES: usize = 16;
// @ts-ignore: decorator
@inline const COPIED: u32 = 0x80000000;
/** So many are sorted by insertion. */
// @ts-ignore: decorator
@inline const FEW: usize = 24 * MEMBER_BYTES;

// @ts-ignore: decorator
@inline export function keyOf(member: usize): usize {
  return load<u32>(member);
}

// @ts-ignore: decorator
@inline export function keyLength(member: usize): u32 {
  return load<u32>(member, 4) & ~COPIED;
}

/** Is the key one whose escapes were taken out? */
// @ts-ignore: decorator
@inline export function isCopied(member: usize): bool {
  return (load<u32>(member, 4) & COPIED) != 0;
}

// @ts-ignore: decorator
@inline export function valueStart(member: usize): usize {
  return load<u32>(member, 8);
}

// @ts-ignore: decorator
@inline export function valueEnd(member: usize): usize {
  return load<u32>(member, 12);
}

// @ts-ignore: decorator
@inline export function lastMember(list: usize): usize {
  return load<u32>(list);
}

// @ts-ignore: decorator
@inline export function behindObject(list: usize): usize {
  return load<u32>(list, 4);
}

// @ts-ignore: decorator
@inline export function firstMember(list: usize): usize {
  return load<u32>(list, 8);
}

// @ts-ignore: decorator
@inline export function behindKeys(list: usize): usize {
  return load<u32>(list, 12);
}

function compareKeys(a: usize, b: usize): i32 {
  const length = keyLength(a);
  const otherLength = keyLength(b);
  if (length != otherLength) return length < otherLength ? -1 : 1;
  return memory.compare(keyOf(a), keyOf(b), length);
}

/** Of equal keys the one that comes first in the text. */
function isBelow(a: usize, b: usize): bool {
  const order = compareKeys(a, b);
  return order < 0 || (order == 0 && valueStart(a) < valueStart(b));
}

function sortByInsertion(members: usize, end: usize): void {
  for (let next = members + MEMBER_BYTES; next < end; next += MEMBER_BYTES) {
    const member = v128.load(next);
    let place = next;
    // Members come in the order of the text, so that of equal keys the later one stays behind.
    while (place > members && compareWith(place - MEMBER_BYTES, member) > 0) {
      v128.store(place, v128.load(place - MEMBER_BYTES));
      place -= MEMBER_BYTES;
    }
    v128.store(place, member);
  }
}

// @ts-ignore: decorator
@inline function compareWith(a: usize, member: v128): i32 {
  const length = keyLength(a);
  const otherLength = <u32>i32x4.extract_lane(member, 1) & ~COPIED;
  if (length != otherLength) return length < otherLength ? -1 : 1;
  return memory.compare(keyOf(a), <usize>i32x4.extract_lane(member, 0), length);
}

/** Lets the member at `index` sink among `count` of a heap. */
function sink(members: usize, index: usize, count: usize): void {
  let parent = index;
  for (;;) {
    let child: usize = 2 * parent + 1;
    if (child >= count) return;
    if (child + 1 < count && isBelow(members + child * MEMBER_BYTES, members + (child + 1) * MEMBER_BYTES)) child++;
    const upper = members + parent * MEMBER_BYTES;
    const lower = members + child * MEMBER_BYTES;
    if (!isBelow(upper, lower)) return;
    swap(upper, lower);
    parent = child;
  }
}

function swap(a: usize, b: usize): void {
  const member = v128.load(a);
  v128.store(a, v128.load(b));
  v128.store(b, member);
}

/** Sorts by a heap. */
function sortMany(members: usize, end: usize): void {
  const count = (end - members) / MEMBER_BYTES;
  for (let i = count >> 1; i > 0; i--) sink(members, i - 1, count);
  for (let last = count - 1; last > 0; last--) {
    swap(members, members + last * MEMBER_BYTES);
    sink(members, 0, last);
  }
}

/** Of equal keys leaves the last; returns the end of the members that are left. */
function dropRepeated(members: usize, end: usize): usize {
  let kept = members;
  for (let next = members + MEMBER_BYTES; next < end; next += MEMBER_BYTES) {
    if (compareKeys(kept, next) != 0) kept += MEMBER_BYTES;
    v128.store(kept, v128.load(next));
  }
  return kept + MEMBER_BYTES;
}

/**
 * Lists the members of the object at `from` from `members` on, in order, of equal keys the last; keys without their escapes
 * go to `keys`. Returns how many were left out, or -1 where a key is no text or the object is broken.
 */
export function listMembers(from: usize, end: usize, list: usize, members: usize, keys: usize): i32 {
  let place = members;
  let copies = keys;
  let isSorted = true;
  let at = firstPart(from, end);
  while (at < end && load<u8>(at) != CLOSE_BRACE) {
    if (load<u8>(at) != QUOTE) return -1;
    let key = at + 1;
    const closing = closingQuote(key, end);
    const keyEnd = <usize>(closing & 0xffffffff);
    let length = <u32>(keyEnd - key);
    if (<i64>closing < 0) {
      const behind = putUnescaped(key, keyEnd, copies);
      if (behind == 0) return -1;
      key = copies;
      length = <u32>(behind - copies) | COPIED;
      copies = behind;
    }
    at = skipSpaces(keyEnd + 1, end);
    const value = skipSpaces(at + 1, end);
    at = skipValue(value, end);
    if (at == 0) return -1;
    store<u32>(place, key);
    store<u32>(place, length, 4);
    store<u32>(place, value, 8);
    store<u32>(place, at, 12);
    if (isSorted && place > members) isSorted = compareKeys(place - MEMBER_BYTES, place) < 0;
    place += MEMBER_BYTES;
    at = skipSpaces(at, end);
    if (load<u8>(at) == COMMA) at = skipSpaces(at + 1, end);
  }
  let last = place;
  if (!isSorted) {
    if (place - members <= FEW) sortByInsertion(members, place);
    else sortMany(members, place);
    last = dropRepeated(members, place);
  }
  store<u32>(list, last);
  store<u32>(list, at + 1, 4);
  store<u32>(list, members, 8);
  store<u32>(list, copies, 12);
  return <i32>((place - last) / MEMBER_BYTES);
}
