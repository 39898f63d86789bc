// Functions of bytea for generated code; what text.ts does by characters, these do by bytes.
import { fail, NEGATIVE_SUBSTRING } from './status';
import { find, lengthOf, makeView, pointerOf } from './text-view';

/** Bytes `from` (the first is 1) to before `to`; places before the first count, but are empty. */
function slice(bytes: v128, from: i64, to: i64): v128 {
  const length = <i64>lengthOf(bytes);
  const start = min(max(from - 1, 0), length);
  const end = max(min(to - 1, length), start);
  return makeView(pointerOf(bytes) + <usize>start, <u32>(end - start));
}

export function bytesSubstringFrom(bytes: v128, from: i32): v128 {
  return slice(bytes, from, i64.MAX_VALUE);
}

export function bytesSubstring(block: usize, bytes: v128, from: i32, count: i32): v128 {
  if (count < 0) {
    fail(block, NEGATIVE_SUBSTRING);
    return bytes;
  }
  return slice(bytes, from, <i64>from + count);
}

/** Counted from 1; 0 when it does not occur. */
export function bytesPosition(bytes: v128, needle: v128): i32 {
  return find(pointerOf(bytes), lengthOf(bytes), pointerOf(needle), lengthOf(needle), 0) + 1;
}

function contains(set: v128, byte: u8): bool {
  const pointer = pointerOf(set);
  const count = lengthOf(set);
  for (let i: u32 = 0; i < count; i++) {
    if (load<u8>(pointer + i) == byte) return true;
  }
  return false;
}

/** `ends`: 1 the start, 2 the end, 3 both. */
export function bytesTrim(bytes: v128, set: v128, ends: i32): v128 {
  let start = pointerOf(bytes);
  let end = start + lengthOf(bytes);
  if (ends & 1) while (start < end && contains(set, load<u8>(start))) start++;
  if (ends & 2) while (end > start && contains(set, load<u8>(end - 1))) end--;
  return makeView(start, <u32>(end - start));
}
