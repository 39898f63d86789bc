// jsonb with a part more, less or replaced: its text is copied up to there and behind it. What is an error is declined.
import { BROKEN, elementAt, MISSING, partEnd, partStart } from './json-access';
import { CLOSE_BRACE, CLOSE_BRACKET, isClosing, isOpening, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './json-characters';
import { compareHeld, holdsText } from './json-escapes';
import { declined, finished, put, putColon, putSeparator } from './json-output';
import { closingQuote, firstPart, hasPart, nextPart, skipValue, valueOf, valueOfKey } from './json-scan';
import { indexOf, NO_INDEX } from './json-steps';
import { boundString, putString } from './json-strings';
import { countOf, elementLength, elementPointer, isElementValid } from './nested-access';
import { heapAllocate } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// What happens at the end of a path.
// @ts-ignore: decorator
@inline const REMOVE: i32 = 0;
// @ts-ignore: decorator
@inline const SET: i32 = 1;
// @ts-ignore: decorator
@inline const INSERT: i32 = 2;

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
  if (!isClosing(load<u8>(next))) return replaced(block, json, from, next, i64x2.splat(0));
  return replaced(block, json, isOpening(load<u8>(from - 1)) ? from : from - 2, to, i64x2.splat(0));
}

/** The text with a member or element more: before the one at `place`, or at the end if the brace or bracket is there. */
function inserted(block: usize, json: v128, place: usize, key: usize, keyLength: u32, value: v128): v128 {
  const isMember = key != 0;
  const isLast = isClosing(load<u8>(place));
  const isAlone = isLast && isOpening(load<u8>(place - 1));
  const start = pointerOf(json);
  const end = start + lengthOf(json);
  const bound = <u64>lengthOf(json) + lengthOf(value) + (isMember ? boundString(key, keyLength) + 2 : 0) + 18;
  if (bound > u32.MAX_VALUE) return declined(block);
  const target = heapAllocate(block, <u32>bound);
  if (target == 0) return i64x2.splat(0);
  let at = put(target, start, place - start);
  if (isLast && !isAlone) at = putSeparator(at);
  if (isMember) at = putColon(putString(key, keyLength, at));
  at = put(at, pointerOf(value), lengthOf(value));
  if (!isLast) at = putSeparator(at);
  return finished(block, target, <u32>bound, put(at, place, end - place));
}

/** Where the member with the key begins, or with the top bit the member behind it or the brace. */
function placeOfKey(from: usize, end: usize, key: usize, keyLength: u32): i64 {
  let at = firstPart(from, end);
  while (hasPart(at, end)) {
    const closing = closingQuote(at + 1, end);
    const order = compareHeld(at + 1, closing, key, key + keyLength);
    if (order == 0) return <i64>at;
    if (order > 0) break;
    const valueEnd = skipValue(valueOfKey(at, end), end);
    if (valueEnd == 0) return BROKEN;
    at = nextPart(valueEnd, end);
  }
  return at < end ? <i64>at | i64.MIN_VALUE : BROKEN;
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
        return inserted(block, json, at, step, length, value);
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
      const from = partStart(part);
      const to = partEnd(part);
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
  return removed(block, json, partStart(part), partEnd(part), end);
}

/** Is the string among the texts? With `array` 0, is it the text? */
function isAmong(start: usize, closing: u64, array: usize, text: usize, textLength: u32): bool {
  if (array == 0) return holdsText(start, closing, text, textLength);
  const count = countOf(array);
  for (let i: u32 = 0; i < count; i++) {
    if (isElementValid(array, i) && holdsText(start, closing, elementPointer(array, i), elementLength(array, i))) return true;
  }
  return false;
}

/** The members, or the elements, that do not have the names. */
function filtered(block: usize, json: v128, array: usize, text: usize, textLength: u32): v128 {
  const start = pointerOf(json);
  const end = start + lengthOf(json);
  const first: u8 = start < end ? load<u8>(start) : 0;
  if (!isOpening(first)) return declined(block);
  const target = heapAllocate(block, lengthOf(json));
  if (target == 0) return i64x2.splat(0);
  return finished(block, target, lengthOf(json), putOthers(target, start, end, array, text, textLength));
}

function putOthers(target: usize, start: usize, end: usize, array: usize, text: usize, textLength: u32): usize {
  const isObject = load<u8>(start) == OPEN_BRACE;
  let to = target;
  store<u8>(to++, load<u8>(start));
  let at = firstPart(start, end);
  while (hasPart(at, end)) {
    const valueEnd = skipValue(valueOf(at, end, isObject), end);
    if (valueEnd == 0) return 0;
    let isKept = true;
    if (load<u8>(at) == QUOTE) {
      isKept = !isAmong(at + 1, closingQuote(at + 1, end), array, text, textLength);
    }
    if (isKept) {
      if (to > target + 1) to = putSeparator(to);
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
  return finished(block, target, reserved, to);
}

function chained(left: usize, leftEnd: usize, right: usize, rightEnd: usize, target: usize): usize {
  store<u8>(target, OPEN_BRACKET);
  let to = putElements(target + 1, left, leftEnd);
  const isFirst = to == target + 1;
  const behind = putElements(isFirst ? to : to + 2, right, rightEnd);
  if (isFirst) to = behind;
  else if (behind > to + 2) {
    putSeparator(to);
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

/** The members of both objects in order, of equal keys the right one; 0 where they are not for us. */
function merged(left: usize, leftEnd: usize, right: usize, rightEnd: usize, target: usize): usize {
  let a = firstPart(left, leftEnd);
  let b = firstPart(right, rightEnd);
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
    let order = hasLeft ? -1 : 1;
    if (hasLeft && hasRight) order = compareHeld(a + 1, aClosing, b + 1, bClosing);
    const aEnd = order > 0 ? a : skipValue(valueOfKey(a, leftEnd), leftEnd);
    const bEnd = order < 0 ? b : skipValue(valueOfKey(b, rightEnd), rightEnd);
    if (aEnd == 0 || bEnd == 0) return 0;
    if (to > target + 1) to = putSeparator(to);
    to = order < 0 ? put(to, a, aEnd - a) : put(to, b, bEnd - b);
    if (order <= 0) a = nextPart(aEnd, leftEnd);
    if (order >= 0) b = nextPart(bEnd, rightEnd);
  }
  return 0;
}
