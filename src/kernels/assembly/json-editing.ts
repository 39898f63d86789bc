// jsonb with a part more, less or replaced: its text is copied up to there and behind it. What is an error is declined, and
// so are objects whose keys have escapes.
import { BROKEN, elementAt, indexOf, MISSING, NO_INDEX } from './json-access';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  closingQuote,
  nextPart,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpaces,
  skipValue,
  valueOfKey,
} from './json-scan';
import { specialBytes } from './json-writing';
import { countOf, elementLength, elementPointer, isElementValid } from './nested-access';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// What happens at the end of a path.
// @ts-ignore: decorator
@inline const REMOVE: i32 = 0;
// @ts-ignore: decorator
@inline const SET: i32 = 1;
// @ts-ignore: decorator
@inline const INSERT: i32 = 2;

// @ts-ignore: decorator
@inline
function declined(block: usize): v128 {
  decline(block);
  return i64x2.splat(0);
}

/** The text written to the last `reserved` bytes of the heap; of length 0 it is not for us. */
export function finished(block: usize, target: usize, reserved: u32, length: u32): v128 {
  heapReturn(block, reserved - length);
  return length == 0 ? declined(block) : makeView(target, length);
}

/** ", " as a number. */
// @ts-ignore: decorator
@inline export const SEPARATOR: u16 = 0x202c;

// @ts-ignore: decorator
@inline
function put(to: usize, source: usize, length: usize): usize {
  memory.copy(to, source, length);
  return to + length;
}

/** The text with `value` instead of what lies between `from` and `to`. */
function replaced(block: usize, json: v128, from: usize, to: usize, value: v128): v128 {
  const start = pointerOf(json);
  const end = start + lengthOf(json);
  const length = lengthOf(json) - <u32>(to - from) + lengthOf(value);
  const target = heapAllocate(block, length);
  if (target == 0) return i64x2.splat(0);
  let at = put(target, start, from - start);
  at = put(at, pointerOf(value), lengthOf(value));
  put(at, to, end - to);
  return makeView(target, length);
}

/** The text without the member or element that begins at `from` and ends at `to`. */
function removed(block: usize, json: v128, from: usize, to: usize, end: usize): v128 {
  const next = nextPart(to, end);
  const byte = load<u8>(next);
  if (byte != CLOSE_BRACE && byte != CLOSE_BRACKET) return replaced(block, json, from, next, i64x2.splat(0));
  const isFirst = load<u8>(from - 1) == OPEN_BRACE || load<u8>(from - 1) == OPEN_BRACKET;
  return replaced(block, json, isFirst ? from : from - 2, to, i64x2.splat(0));
}

/** The text with a member or element more: before the one at `place`, or at the end if the brace or bracket is there. */
function inserted(block: usize, json: v128, place: usize, key: usize, keyLength: u32, value: v128): v128 {
  const isMember = key != 0;
  const byte = load<u8>(place);
  const before = load<u8>(place - 1);
  const isLast = byte == CLOSE_BRACE || byte == CLOSE_BRACKET;
  const isAlone = isLast && (before == OPEN_BRACE || before == OPEN_BRACKET);
  const start = pointerOf(json);
  const end = start + lengthOf(json);
  const length = lengthOf(json) + lengthOf(value) + (isMember ? keyLength + 4 : 0) + (isAlone ? 0 : 2);
  const target = heapAllocate(block, length);
  if (target == 0) return i64x2.splat(0);
  let at = put(target, start, place - start);
  if (isLast && !isAlone) {
    store<u16>(at, SEPARATOR);
    at += 2;
  }
  if (isMember) {
    store<u8>(at, QUOTE);
    at = put(at + 1, key, keyLength);
    store<u8>(at, QUOTE);
    store<u16>(at, 0x203a, 1);
    at += 3;
  }
  at = put(at, pointerOf(value), lengthOf(value));
  if (!isLast) {
    store<u16>(at, SEPARATOR);
    at += 2;
  }
  put(at, place, end - place);
  return makeView(target, length);
}

/** Keys as jsonb orders them. */
export function compareKeys(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  if (aLength != bLength) return aLength < bLength ? -1 : 1;
  return memory.compare(a, b, aLength);
}

/** Where the member with the key begins, or with the top bit the member behind it or the brace. */
function placeOfKey(from: usize, end: usize, key: usize, keyLength: u32): i64 {
  let at = skipSpaces(from + 1, end);
  while (at < end && load<u8>(at) != CLOSE_BRACE) {
    const closing = closingQuote(at + 1, end);
    if (<i64>closing < 0) return BROKEN;
    const order = compareKeys(at + 1, <u32>(<usize>closing - at - 1), key, keyLength);
    if (order == 0) return <i64>at;
    if (order > 0) break;
    const value = valueOfKey(at, end);
    const valueEnd = skipValue(value, end);
    if (valueEnd == 0) return BROKEN;
    at = nextPart(valueEnd, end);
  }
  return at < end ? <i64>at | i64.MIN_VALUE : BROKEN;
}

/** Is the text a string of JSON as it is? */
function isPlainKey(key: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i += 16) {
    const rest = length - i;
    const mask = specialBytes(key + i);
    if ((rest < 16 ? mask & ((1 << rest) - 1) : mask) != 0) return false;
  }
  return true;
}

/** `option`: may it be created, or does it go behind the element? */
function changed(block: usize, json: v128, path: v128, value: v128, change: i32, option: bool): v128 {
  const steps = pointerOf(path);
  const count = countOf(steps);
  for (let i: u32 = 0; i < count; i++) if (!isElementValid(steps, i)) return declined(block);
  let start = pointerOf(json);
  let end = start + lengthOf(json);
  const creates = change == INSERT || (change == SET && option);
  // There is nothing at any path of {} and [], also at one that is no path of an array.
  if (!creates && lengthOf(json) == 2 && load<u8>(start) >= OPEN_BRACKET) return json;
  for (let i: u32 = 0; i < count; i++) {
    const step = elementPointer(steps, i);
    const length = elementLength(steps, i);
    const isEnd = i + 1 == count;
    const first: u8 = start < end ? load<u8>(start) : 0;
    if (first == OPEN_BRACE) {
      const place = placeOfKey(start, end, step, length);
      if (place == BROKEN) return declined(block);
      const at = <usize>(place & 0xffffffff);
      if (place < 0) {
        if (!isEnd || !creates) return json;
        return isPlainKey(step, length) ? inserted(block, json, at, step, length, value) : declined(block);
      }
      const part = valueOfKey(at, end);
      const partEnd = skipValue(part, end);
      if (partEnd == 0 || (isEnd && change == INSERT)) return declined(block);
      if (isEnd) return change == REMOVE ? removed(block, json, at, partEnd, end) : replaced(block, json, part, partEnd, value);
      start = part;
      end = partEnd;
    } else if (first == OPEN_BRACKET) {
      const index = indexOf(step, length);
      const part = index == NO_INDEX ? BROKEN : elementAt(start, end, <i32>index);
      if (part == BROKEN) return declined(block);
      if (part == MISSING) {
        if (!isEnd || !creates) return json;
        return inserted(block, json, index < 0 ? start + 1 : end - 1, 0, 0, value);
      }
      const from = <usize>(<u64>part >> 32);
      const to = <usize>(part & 0xffffffff);
      if (isEnd) {
        if (change == REMOVE) return removed(block, json, from, to, end);
        if (change == SET) return replaced(block, json, from, to, value);
        return inserted(block, json, option ? nextPart(to, end) : from, 0, 0, value);
      }
      start = from;
      end = to;
    } else {
      return i == 0 ? declined(block) : json;
    }
  }
  return json;
}

/** jsonb_set(json, path, value, may create). */
export function jsonSet(block: usize, json: v128, path: v128, value: v128, creates: i32): v128 {
  return changed(block, json, path, value, SET, creates != 0);
}

/** jsonb_insert(json, path, value, behind). */
export function jsonInsert(block: usize, json: v128, path: v128, value: v128, behind: i32): v128 {
  return changed(block, json, path, value, INSERT, behind != 0);
}

/** jsonb #- path. */
export function jsonWithoutPath(block: usize, json: v128, path: v128): v128 {
  return changed(block, json, path, i64x2.splat(0), REMOVE, false);
}

/** jsonb - index. */
export function jsonWithoutElement(block: usize, json: v128, index: i32): v128 {
  const start = pointerOf(json);
  const end = start + lengthOf(json);
  const part = start < end && load<u8>(start) == OPEN_BRACKET ? elementAt(start, end, index) : BROKEN;
  if (part == BROKEN) return declined(block);
  if (part == MISSING) return json;
  return removed(block, json, <usize>(<u64>part >> 32), <usize>(part & 0xffffffff), end);
}

/** Is the string among the texts? With `array` 0, is it the text? */
function isAmong(start: usize, length: u32, array: usize, text: usize, textLength: u32): bool {
  if (array == 0) return length == textLength && memory.compare(start, text, length) == 0;
  const count = countOf(array);
  for (let i: u32 = 0; i < count; i++) {
    if (!isElementValid(array, i) || elementLength(array, i) != length) continue;
    if (memory.compare(start, elementPointer(array, i), length) == 0) return true;
  }
  return false;
}

/** The members, or the elements, that do not have the names. */
function filtered(block: usize, json: v128, array: usize, text: usize, textLength: u32): v128 {
  const start = pointerOf(json);
  const end = start + lengthOf(json);
  const first: u8 = start < end ? load<u8>(start) : 0;
  if (first != OPEN_BRACE && first != OPEN_BRACKET) return declined(block);
  const target = heapAllocate(block, lengthOf(json));
  if (target == 0) return i64x2.splat(0);
  const to = putOthers(target, start, end, array, text, textLength);
  return finished(block, target, lengthOf(json), to == 0 ? 0 : <u32>(to - target));
}

function putOthers(target: usize, start: usize, end: usize, array: usize, text: usize, textLength: u32): usize {
  const isObject = load<u8>(start) == OPEN_BRACE;
  let to = target;
  store<u8>(to++, load<u8>(start));
  let at = skipSpaces(start + 1, end);
  while (at < end && load<u8>(at) != CLOSE_BRACE && load<u8>(at) != CLOSE_BRACKET) {
    const value = isObject ? valueOfKey(at, end) : at;
    const valueEnd = skipValue(value, end);
    if (valueEnd == 0) return 0;
    let isKept = true;
    if (load<u8>(at) == QUOTE) {
      const closing = closingQuote(at + 1, end);
      if (<i64>closing < 0) return 0;
      isKept = !isAmong(at + 1, <u32>(<usize>closing - at - 1), array, text, textLength);
    }
    if (isKept) {
      if (to > target + 1) {
        store<u16>(to, SEPARATOR);
        to += 2;
      }
      to = put(to, at, valueEnd - at);
    }
    at = nextPart(valueEnd, end);
  }
  if (at >= end) return 0;
  store<u8>(to, load<u8>(at));
  return to + 1;
}

/** jsonb - key. */
export function jsonWithoutKey(block: usize, json: v128, key: v128): v128 {
  return filtered(block, json, 0, pointerOf(key), lengthOf(key));
}

/** jsonb - keys, a text[]. */
export function jsonWithoutKeys(block: usize, json: v128, keys: v128): v128 {
  return filtered(block, json, pointerOf(keys), 0, 0);
}

/** jsonb || jsonb. */
export function jsonJoined(block: usize, a: v128, b: v128): v128 {
  const left = pointerOf(a);
  const leftEnd = left + lengthOf(a);
  const right = pointerOf(b);
  const rightEnd = right + lengthOf(b);
  if (left == leftEnd || right == rightEnd) return declined(block);
  const isMerge = load<u8>(left) == OPEN_BRACE && load<u8>(right) == OPEN_BRACE;
  // Each may get a bracket more, and there is a comma between them.
  const reserved = lengthOf(a) + lengthOf(b) + 4;
  const target = heapAllocate(block, reserved);
  if (target == 0) return i64x2.splat(0);
  const to = isMerge ? merged(left, leftEnd, right, rightEnd, target) : chained(left, leftEnd, right, rightEnd, target);
  return finished(block, target, reserved, to == 0 ? 0 : <u32>(to - target));
}

function chained(left: usize, leftEnd: usize, right: usize, rightEnd: usize, target: usize): usize {
  store<u8>(target, OPEN_BRACKET);
  let to = putElements(target + 1, left, leftEnd);
  const isFirst = to == target + 1;
  const behind = putElements(isFirst ? to : to + 2, right, rightEnd);
  if (isFirst) to = behind;
  else if (behind > to + 2) {
    store<u16>(to, SEPARATOR);
    to = behind;
  }
  store<u8>(to, CLOSE_BRACKET);
  return to + 1;
}

/** The elements of an array as they lie, or the value itself. */
function putElements(to: usize, start: usize, end: usize): usize {
  const isArray = load<u8>(start) == OPEN_BRACKET;
  return isArray ? put(to, start + 1, end - start - 2) : put(to, start, end - start);
}

/** Behind the member that is put there; 0 if its text is broken. */
function putMember(to: usize, isFirst: bool, at: usize, end: usize): usize {
  const value = valueOfKey(at, end);
  const valueEnd = skipValue(value, end);
  if (valueEnd == 0) return 0;
  let place = to;
  if (!isFirst) {
    store<u16>(place, SEPARATOR);
    place += 2;
  }
  return put(place, at, valueEnd - at);
}

/** The members of both objects in order, of equal keys the right one; 0 where they are not for us. */
function merged(left: usize, leftEnd: usize, right: usize, rightEnd: usize, target: usize): usize {
  let a = skipSpaces(left + 1, leftEnd);
  let b = skipSpaces(right + 1, rightEnd);
  let to = target;
  store<u8>(to++, OPEN_BRACE);
  while (a < leftEnd && b < rightEnd) {
    const hasLeft = load<u8>(a) != CLOSE_BRACE;
    const hasRight = load<u8>(b) != CLOSE_BRACE;
    if (!hasLeft && !hasRight) {
      store<u8>(to, CLOSE_BRACE);
      return to + 1;
    }
    const aClosing = hasLeft ? closingQuote(a + 1, leftEnd) : 0;
    const bClosing = hasRight ? closingQuote(b + 1, rightEnd) : 0;
    if (<i64>aClosing < 0 || <i64>bClosing < 0) return 0;
    let order = hasLeft ? -1 : 1;
    if (hasLeft && hasRight) {
      order = compareKeys(a + 1, <u32>(<usize>aClosing - a - 1), b + 1, <u32>(<usize>bClosing - b - 1));
    }
    const isFirst = to == target + 1;
    to = order < 0 ? putMember(to, isFirst, a, leftEnd) : putMember(to, isFirst, b, rightEnd);
    if (to == 0) return 0;
    if (order <= 0) a = nextPart(valueEndOf(a, leftEnd), leftEnd);
    if (order >= 0) b = nextPart(valueEndOf(b, rightEnd), rightEnd);
  }
  return 0;
}

function valueEndOf(at: usize, end: usize): usize {
  const value = valueOfKey(at, end);
  const valueEnd = skipValue(value, end);
  return valueEnd == 0 ? end : valueEnd;
}
