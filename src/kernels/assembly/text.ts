// Text functions for generated code. Functions with a `block` take bytes from its string heap.
import { copyChangingCase, roomInOtherCase } from './letter-case';
import { fail, heapAllocate, heapEnd, heapReturn, NEGATIVE_SUBSTRING } from './status';
import { bytesEqual, countCharacters, find, lengthOf, makeView, pointerOf, sliceCharacters } from './text-view';

export function textLength(text: v128): i32 {
  return countCharacters(pointerOf(text), lengthOf(text));
}

export function textConcat(block: usize, a: v128, b: v128): v128 {
  const lengthA = lengthOf(a);
  const lengthB = lengthOf(b);
  if (lengthA == 0) return b;
  if (lengthB == 0) return a;
  if (pointerOf(a) + lengthA == heapEnd(block)) {
    // The first text was the last to be made: the second goes behind it.
    const end = heapAllocate(block, lengthB);
    if (end == 0) return a;
    memory.copy(end, pointerOf(b), lengthB);
    return makeView(pointerOf(a), lengthA + lengthB);
  }
  const target = heapAllocate(block, lengthA + lengthB);
  if (target == 0) return a;
  memory.copy(target, pointerOf(a), lengthA);
  memory.copy(target + lengthA, pointerOf(b), lengthB);
  return makeView(target, lengthA + lengthB);
}

function changeCase(block: usize, text: v128, isUpper: bool, cases: usize): v128 {
  const length = lengthOf(text);
  if (length == 0) return text;
  const room = roomInOtherCase(length);
  const target = heapAllocate(block, room);
  if (target == 0) return text;
  const written = copyChangingCase(pointerOf(text), length, isUpper, cases, target);
  heapReturn(block, room - written);
  return makeView(target, written);
}

export function textLower(block: usize, text: v128, cases: usize): v128 {
  return changeCase(block, text, false, cases);
}

export function textUpper(block: usize, text: v128, cases: usize): v128 {
  return changeCase(block, text, true, cases);
}

export function textSubstringFrom(block: usize, text: v128, from: i32): v128 {
  return sliceCharacters(text, from, i64.MAX_VALUE);
}

export function textSubstring(block: usize, text: v128, from: i32, count: i32): v128 {
  if (count < 0) {
    fail(block, NEGATIVE_SUBSTRING);
    return text;
  }
  return sliceCharacters(text, from, <i64>from + count);
}

export function textLeft(text: v128, count: i32): v128 {
  const last: i64 = count >= 0 ? count : <i64>textLength(text) + count;
  return sliceCharacters(text, 1, last + 1);
}

export function textRight(text: v128, count: i32): v128 {
  const first: i64 = count >= 0 ? <i64>textLength(text) - count : -(<i64>count);
  return sliceCharacters(text, first + 1, i64.MAX_VALUE);
}

function trimSpaces(text: v128, leading: bool, trailing: bool): v128 {
  let start = pointerOf(text);
  let end = start + lengthOf(text);
  if (leading) while (start < end && load<u8>(start) == 0x20) start++;
  if (trailing) while (end > start && load<u8>(end - 1) == 0x20) end--;
  return makeView(start, <u32>(end - start));
}

export function textTrimSpaces(text: v128): v128 {
  return trimSpaces(text, true, true);
}

export function textTrimLeadingSpaces(text: v128): v128 {
  return trimSpaces(text, true, false);
}

export function textTrimTrailingSpaces(text: v128): v128 {
  return trimSpaces(text, false, true);
}

/** Counted in characters from 1; 0 when it does not occur. */
export function textPosition(text: v128, needle: v128): i32 {
  const pointer = pointerOf(text);
  const place = find(pointer, lengthOf(text), pointerOf(needle), lengthOf(needle), 0);
  return place < 0 ? 0 : countCharacters(pointer, place) + 1;
}

export function textStartsWith(text: v128, prefix: v128): i32 {
  const length = lengthOf(prefix);
  return i32(length <= lengthOf(text) && bytesEqual(pointerOf(text), pointerOf(prefix), length));
}

export function textEndsWith(text: v128, suffix: v128): i32 {
  const length = lengthOf(suffix);
  const before = lengthOf(text) - length;
  return i32(length <= lengthOf(text) && bytesEqual(pointerOf(text) + before, pointerOf(suffix), length));
}

export function textContains(text: v128, part: v128): i32 {
  return i32(find(pointerOf(text), lengthOf(text), pointerOf(part), lengthOf(part), 0) >= 0);
}
