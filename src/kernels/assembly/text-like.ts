// LIKE and ILIKE for generated code. What a function declines is left to TypeScript.
import { copyChangingCase, roomInOtherCase } from './letter-case';
import { decline, heapAllocate, heapReturn } from './status';
import { bytesEqual, find, isContinuation, lengthOf, makeView, pointerOf } from './text-view';

/** The first place of a byte at or after `from`, else `length`. */
function findByte(pointer: usize, length: u32, byte: u8, from: u32): u32 {
  const wanted = i8x16.splat(byte);
  for (let i = from; i < length; i += 16) {
    const matches: u32 = i8x16.bitmask(i8x16.eq(v128.load(pointer + i), wanted));
    if (matches != 0) return min(i + ctz(matches), length);
  }
  return length;
}

/**
 * LIKE with backslash (or another byte, or 0 for none) as the escape. The classic two-pointer match: on a mismatch, the
 * last % takes one character more. Returns 1, 0, or -1 where the match came to an escape that ends the pattern.
 */
function like(text: v128, pattern: v128, escape: i32): i32 {
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
      } else if (<i32>byte == escape && escape != 0 && j + 1 == pEnd) {
        return -1;
      }
    } else if (i == tEnd) {
      return 1;
    }
    if (!hasStar || starText >= tEnd) return 0;
    starText++;
    const next = load<u8>(p + starPattern);
    if (next != 0x25 && next != 0x5f && <i32>next != escape) {
      // What follows the % is a plain character: only where it occurs can the text go on.
      starText = findByte(t, tEnd, next, starText);
      if (starText == tEnd) return 0;
    } else {
      while (starText < tEnd && isContinuation(load<u8>(t + starText))) starText++;
    }
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

/** The byte of an ESCAPE that is empty (0) or one ASCII character; else -1. */
function escapeByte(escape: v128): i32 {
  const length = lengthOf(escape);
  if (length == 0) return 0;
  const byte = <u32>i64x2.extract_lane(escape, 1) & 0xff;
  return length == 1 && byte != 0 ? <i32>byte : -1;
}

/** text LIKE pattern. Declines patterns that end with the escape. */
export function textLikePattern(block: usize, text: v128, pattern: v128): i32 {
  const result = like(text, pattern, 0x5c);
  if (result < 0) decline(block);
  return result;
}

/** text LIKE pattern ESCAPE escape. Declines other escapes, and patterns that end with theirs. */
export function textLikePatternEscape(block: usize, text: v128, pattern: v128, escape: v128): i32 {
  const byte = escapeByte(escape);
  const result = byte < 0 ? -1 : like(text, pattern, byte);
  if (result < 0) decline(block);
  return result;
}

/** Declines escapes that are letters or not ASCII, and patterns that end with the escape. */
function likeIgnoreCase(block: usize, text: v128, pattern: v128, escape: i32, cases: usize): i32 {
  const textRoom = (roomInOtherCase(lengthOf(text)) + 15) & ~15;
  const room = textRoom + roomInOtherCase(lengthOf(pattern));
  const scratch = heapAllocate(block, room);
  if (scratch == 0) return 0;
  const isLetter = u32((escape | 0x20) - 0x61) < 26;
  let result: i32 = -1;
  if (escape >= 0 && !isLetter) {
    const small = inLowerCase(text, cases, scratch);
    result = like(small, inLowerCase(pattern, cases, scratch + textRoom), escape);
  }
  heapReturn(block, room);
  if (result < 0) decline(block);
  return result;
}

// @ts-ignore: decorator
@inline
function inLowerCase(text: v128, cases: usize, target: usize): v128 {
  return makeView(target, copyChangingCase(pointerOf(text), lengthOf(text), false, cases, target));
}

export function textLikeIgnoreCase(block: usize, text: v128, pattern: v128, cases: usize): i32 {
  return likeIgnoreCase(block, text, pattern, 0x5c, cases);
}

export function textLikeIgnoreCaseEscape(block: usize, text: v128, pattern: v128, escape: v128, cases: usize): i32 {
  return likeIgnoreCase(block, text, pattern, escapeByte(escape), cases);
}

/** As `textLikeSegments`, with segments in lower case; bit 2 of `anchors`: the one segment is the whole text. */
export function textLikeSegmentsIgnoreCase(
  block: usize,
  text: v128,
  segments: usize,
  count: u32,
  anchors: u32,
  cases: usize,
): i32 {
  const room = roomInOtherCase(lengthOf(text));
  const scratch = heapAllocate(block, room);
  if (scratch == 0) return 0;
  const small = inLowerCase(text, cases, scratch);
  let result: i32;
  if (anchors & 4) {
    const wanted = v128.load(segments);
    const length = lengthOf(wanted);
    result = i32(length == lengthOf(small) && bytesEqual(scratch, pointerOf(wanted), length));
  } else {
    result = textLikeSegments(small, segments, count, anchors);
  }
  heapReturn(block, room);
  return result;
}
