// Functions of a text and a set of characters, for generated code: trim and translate. Sets of ASCII are looked up by the
// byte, others by the bytes of a character.
import { characterBytes } from './letter-case';
import { decline, heapAllocate, heapReturn } from './status';
import { isAscii, isContinuation, lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const LARGEST_RESULT: u64 = 1 << 28;

function contains(set: usize, count: u32, byte: u8): bool {
  for (let i: u32 = 0; i < count; i++) {
    if (load<u8>(set + i) == byte) return true;
  }
  return false;
}

/** The bytes of the character at a place. */
// @ts-ignore: decorator
@inline function widthAt(at: usize, end: usize): u32 {
  return min(characterBytes(load<u8>(at)), <u32>(end - at));
}

/** A character as a number that no other has. */
// @ts-ignore: decorator
@inline function characterAt(at: usize, width: u32): u32 {
  return width == 1 ? load<u8>(at) : load<u32>(at) & (<u32>0xffffffff >> ((4 - width) << 3));
}

/** The place of a character among those of a text; -1 where it is not. */
function placeOf(character: u32, set: usize, setEnd: usize): i32 {
  let place = 0;
  for (let at = set; at < setEnd; place++) {
    const width = widthAt(at, setEnd);
    if (characterAt(at, width) == character) return place;
    at += width;
  }
  return -1;
}

function trimSet(text: v128, set: v128, leading: bool, trailing: bool): v128 {
  const characters = pointerOf(set);
  const count = lengthOf(set);
  let start = pointerOf(text);
  let end = start + lengthOf(text);
  if (isAscii(characters, count)) {
    if (leading) while (start < end && contains(characters, count, load<u8>(start))) start++;
    if (trailing) while (end > start && contains(characters, count, load<u8>(end - 1))) end--;
    return makeView(start, <u32>(end - start));
  }
  const setEnd = characters + count;
  while (leading && start < end) {
    const width = widthAt(start, end);
    if (placeOf(characterAt(start, width), characters, setEnd) < 0) break;
    start += width;
  }
  while (trailing && end > start) {
    let last = end - 1;
    while (last > start && isContinuation(load<u8>(last))) last--;
    if (placeOf(characterAt(last, <u32>(end - last)), characters, setEnd) < 0) break;
    end = last;
  }
  return makeView(start, <u32>(end - start));
}

/** The block is not needed. */
export function textTrimSet(_block: usize, text: v128, set: v128): v128 {
  return trimSet(text, set, true, true);
}

export function textTrimLeadingSet(_block: usize, text: v128, set: v128): v128 {
  return trimSet(text, set, true, false);
}

export function textTrimTrailingSet(_block: usize, text: v128, set: v128): v128 {
  return trimSet(text, set, false, true);
}

export function textTranslate(block: usize, text: v128, from: v128, to: v128): v128 {
  if (!isAscii(pointerOf(from), lengthOf(from)) || !isAscii(pointerOf(to), lengthOf(to))) {
    return translateCharacters(block, text, from, to);
  }
  const source = pointerOf(text);
  const length = lengthOf(text);
  const fromLength = lengthOf(from);
  const toLength = lengthOf(to);
  const target = heapAllocate(block, length + 16);
  if (target == 0) return text;
  let written: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(source + i);
    let k: u32 = 0;
    while (k < fromLength && load<u8>(pointerOf(from) + k) != byte) k++;
    if (k < fromLength) {
      if (k >= toLength) continue;
      store<u8>(target + written, load<u8>(pointerOf(to) + k));
    } else {
      store<u8>(target + written, byte);
    }
    written++;
  }
  return makeView(target, written);
}

function translateCharacters(block: usize, text: v128, from: v128, to: v128): v128 {
  const length = lengthOf(text);
  // A byte may become a character of four.
  const room = isAscii(pointerOf(to), lengthOf(to)) ? <u64>length + 16 : (<u64>length << 2) + 16;
  if (room > LARGEST_RESULT) {
    decline(block);
    return text;
  }
  const target = heapAllocate(block, <u32>room);
  if (target == 0) return text;
  const end = pointerOf(text) + length;
  const set = pointerOf(from);
  const setEnd = set + lengthOf(from);
  let write = target;
  for (let at = pointerOf(text); at < end; ) {
    const width = widthAt(at, end);
    const character = characterAt(at, width);
    const place = placeOf(character, set, setEnd);
    if (place < 0) {
      for (let i: u32 = 0; i < width; i++) store<u8>(write++, load<u8>(at + i));
    } else write = putNth(write, to, place);
    at += width;
  }
  const written = <u32>(write - target);
  heapReturn(block, <u32>room - ((written + 15) & ~15));
  return makeView(target, written);
}

/** The n-th character of a text, where it has so many. */
function putNth(target: usize, text: v128, n: u32): usize {
  const end = pointerOf(text) + lengthOf(text);
  let at = pointerOf(text);
  for (let i: u32 = 0; i < n && at < end; i++) at += widthAt(at, end);
  if (at >= end) return target;
  const width = widthAt(at, end);
  for (let i: u32 = 0; i < width; i++) store<u8>(target + i, load<u8>(at + i));
  return target + width;
}
