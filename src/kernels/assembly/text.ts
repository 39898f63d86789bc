// Text functions for generated code. A text is the v128 of its view: u32 byteLength, u32 pointer, first 8 bytes zero
// padded. Text is UTF-8; characters are code points. Functions with a `block` take bytes from its string heap.
import { fail, heapAllocate, NEGATIVE_SUBSTRING } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline function isContinuation(byte: u8): bool {
  return (byte & 0xc0) == 0x80;
}

function countCharacters(pointer: usize, length: u32): u32 {
  let count: u32 = 0;
  let i: u32 = 0;
  const limit = i8x16.splat(-65);
  for (; i + 16 <= length; i += 16) {
    // Continuation bytes are -128 … -65 as signed numbers.
    count += popcnt(i8x16.bitmask(i8x16.gt_s(v128.load(pointer + i), limit)));
  }
  for (; i < length; i++) count += u32(!isContinuation(load<u8>(pointer + i)));
  return count;
}

/** Bytes of the first `characters` characters, at most `length`. */
function skipCharacters(pointer: usize, length: u32, characters: u32): u32 {
  let i: u32 = 0;
  let rest = characters;
  while (i < length && rest > 0) {
    i++;
    while (i < length && isContinuation(load<u8>(pointer + i))) i++;
    rest--;
  }
  return i;
}

export function textLength(text: v128): i32 {
  return countCharacters(pointerOf(text), lengthOf(text));
}

export function textConcat(block: usize, a: v128, b: v128): v128 {
  const lengthA = lengthOf(a);
  const lengthB = lengthOf(b);
  if (lengthA == 0) return b;
  if (lengthB == 0) return a;
  const target = heapAllocate(block, lengthA + lengthB + 8);
  if (target == 0) return a;
  memory.copy(target, pointerOf(a), lengthA);
  memory.copy(target + lengthA, pointerOf(b), lengthB);
  return makeView(target, lengthA + lengthB);
}

function isAscii(pointer: usize, length: u32): bool {
  let i: u32 = 0;
  for (; i + 16 <= length; i += 16) {
    if (i8x16.bitmask(v128.load(pointer + i)) != 0) return false;
  }
  for (; i < length; i++) {
    if (load<u8>(pointer + i) >= 0x80) return false;
  }
  return true;
}

/** 1 when the text is ASCII: only then are the two functions below for it. */
export function textIsAscii(text: v128): i32 {
  return i32(isAscii(pointerOf(text), lengthOf(text)));
}

function changeCase(block: usize, text: v128, first: u8): v128 {
  const length = lengthOf(text);
  if (length == 0) return text;
  const target = heapAllocate(block, length + 8);
  if (target == 0) return text;
  const source = pointerOf(text);
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(source + i);
    store<u8>(target + i, u8(byte - first) < 26 ? byte ^ 0x20 : byte);
  }
  return makeView(target, length);
}

export function textLowerAscii(block: usize, text: v128): v128 {
  return changeCase(block, text, 0x41);
}

export function textUpperAscii(block: usize, text: v128): v128 {
  return changeCase(block, text, 0x61);
}

/** Characters `from` (counted from 1) up to, but without, `to`. */
function slice(text: v128, from: i64, to: i64): v128 {
  const start = max<i64>(from, 1);
  if (to <= start) return i64x2.splat(0);
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  const skipped = skipCharacters(pointer, length, <u32>min<i64>(start - 1, length));
  const taken = skipCharacters(pointer + skipped, length - skipped, <u32>min<i64>(to - start, length));
  return makeView(pointer + skipped, taken);
}

export function textSubstringFrom(block: usize, text: v128, from: i32): v128 {
  return slice(text, from, i64.MAX_VALUE);
}

export function textSubstring(block: usize, text: v128, from: i32, count: i32): v128 {
  if (count < 0) {
    fail(block, NEGATIVE_SUBSTRING);
    return text;
  }
  return slice(text, from, <i64>from + count);
}

export function textLeft(text: v128, count: i32): v128 {
  const last: i64 = count >= 0 ? count : <i64>textLength(text) + count;
  return slice(text, 1, last + 1);
}

export function textRight(text: v128, count: i32): v128 {
  const first: i64 = count >= 0 ? <i64>textLength(text) - count : -(<i64>count);
  return slice(text, first + 1, i64.MAX_VALUE);
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

function bytesEqual(a: usize, b: usize, length: u32): bool {
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) {
    if (load<u64>(a + i) != load<u64>(b + i)) return false;
  }
  for (; i < length; i++) {
    if (load<u8>(a + i) != load<u8>(b + i)) return false;
  }
  return true;
}

/**
 * Where the needle first occurs at or after `from`, else -1. Compares the first and last byte of the needle at 16 places
 * at a time (W. Muła, "SIMD-friendly algorithms for substring searching").
 */
function find(pointer: usize, length: u32, needle: usize, needleLength: u32, from: u32): i32 {
  if (needleLength == 0) return from <= length ? <i32>from : -1;
  if (needleLength > length) return -1;
  const last = length - needleLength;
  const firstByte = i8x16.splat(load<i8>(needle));
  const lastByte = i8x16.splat(load<i8>(needle + needleLength - 1));
  let i = from;
  while (i <= last) {
    // May read past the text; places beyond `last` are ignored.
    let matches: u32 = i8x16.bitmask(
      v128.and(
        i8x16.eq(v128.load(pointer + i), firstByte),
        i8x16.eq(v128.load(pointer + i + needleLength - 1), lastByte),
      ),
    );
    while (matches != 0) {
      const place = i + ctz(matches);
      if (place > last) return -1;
      if (bytesEqual(pointer + place, needle, needleLength)) return <i32>place;
      matches &= matches - 1;
    }
    i += 16;
  }
  return -1;
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

/**
 * LIKE with backslash (or another byte, or 0 for none) as the escape. The classic two-pointer match: on a mismatch, the
 * last % takes one character more. Returns 1, 0, or -1 when it comes to an escape that ends the pattern, as PostgreSQL does:
 * not when the text ends before.
 */
export function textLike(text: v128, pattern: v128, escape: i32): i32 {
  const t = pointerOf(text);
  const tEnd = lengthOf(text);
  const p = pointerOf(pattern);
  const pEnd = lengthOf(pattern);
  let i: u32 = 0;
  let j: u32 = 0;
  let starPattern: u32 = 0;
  let starText: u32 = 0;
  let hasStar = false;
  while (true) {
    if (j < pEnd) {
      const byte = load<u8>(p + j);
      if (byte == 0x25 && escape != 0x25) {
        hasStar = true;
        j++;
        starPattern = j;
        starText = i;
        if (j == pEnd) return 1;
        continue;
      }
      if (i < tEnd) {
        if (byte == 0x5f && escape != 0x5f) {
          i++;
          while (i < tEnd && isContinuation(load<u8>(t + i))) i++;
          j++;
          continue;
        }
        let wanted = byte;
        let step: u32 = 1;
        if (<i32>byte == escape && escape != 0) {
          if (j + 1 == pEnd) return -1;
          wanted = load<u8>(p + j + 1);
          step = 2;
        }
        if (load<u8>(t + i) == wanted) {
          i++;
          j += step;
          continue;
        }
      }
    } else if (i == tEnd) {
      return 1;
    }
    if (!hasStar || starText >= tEnd) return 0;
    starText++;
    while (starText < tEnd && isContinuation(load<u8>(t + starText))) starText++;
    i = starText;
    j = starPattern;
  }
}

/**
 * A LIKE pattern made of plain texts between %: `segments` lists `count` string views; the first must start the text
 * when `anchors` has bit 0, the last must end it when it has bit 1, and the others occur in order between.
 */
export function textLikeSegments(text: v128, segments: usize, count: u32, anchors: u32): i32 {
  const t = pointerOf(text);
  let end = lengthOf(text);
  let from: u32 = 0;
  let index: u32 = 0;
  let last = count;
  if (anchors & 1) {
    const view = v128.load(segments);
    if (lengthOf(view) > end || !bytesEqual(t, pointerOf(view), lengthOf(view))) return 0;
    from = lengthOf(view);
    index = 1;
  }
  if (anchors & 2) {
    last--;
    const view = v128.load(segments + (<usize>last << 4));
    const length = lengthOf(view);
    if (length > end - from || !bytesEqual(t + (end - length), pointerOf(view), length)) return 0;
    end -= length;
  }
  for (; index < last; index++) {
    const view = v128.load(segments + (<usize>index << 4));
    const place = find(t, end, pointerOf(view), lengthOf(view), from);
    if (place < 0) return 0;
    from = <u32>place + lengthOf(view);
  }
  return 1;
}
