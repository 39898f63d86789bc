// LIKE and ILIKE for generated code. What a function declines is left to TypeScript.
import { changedCode, characterBytes, codeOf, copyChangingCase, putCode, roomInOtherCase } from './letter-case';
import { decline, heapAllocate, heapReturn } from './status';
import { bytesEqual, find, isContinuation, lengthOf, makeView, pointerOf } from './text-view';

// An escape character is its bytes, the first in the lowest, 0 of what is no one character. No text has the bytes 0xfe and 0xff.
// @ts-ignore: decorator
@inline const BACKSLASH: u32 = 0x5c;
// @ts-ignore: decorator
@inline const NO_ESCAPE: u32 = 0xff;
// @ts-ignore: decorator
@inline const REWRITTEN_ESCAPE: u32 = 0xfe;
// Of bytes, where any byte may be.
// @ts-ignore: decorator
@inline const NO_ESCAPE_OF_BYTES: u32 = 0x100;
// @ts-ignore: decorator
@inline const INVALID_ESCAPE: u32 = 0;

/** The first place of a byte at or after `from`, else `length`. */
function findByte(pointer: usize, length: u32, byte: u8, from: u32): u32 {
  const wanted = i8x16.splat(byte);
  for (let i = from; i < length; i += 16) {
    const matches: u32 = i8x16.bitmask(i8x16.eq(v128.load(pointer + i), wanted));
    if (matches != 0) return min(i + ctz(matches), length);
  }
  return length;
}

/** How many bytes an escape character has. */
// @ts-ignore: decorator
@inline
function escapeBytes(escape: u32): u32 {
  if (escape == NO_ESCAPE_OF_BYTES) return 1;
  return 4 - (<u32>clz<u32>(escape) >> 3);
}

/**
 * LIKE with an escape character. The classic two-pointer match: on a mismatch, the last % takes one character more.
 * Characters are those of UTF-8, or single bytes. Returns 1, 0, or -1 where the match came to an escape that ends the pattern, or where there is no such escape.
 */
function like(text: v128, pattern: v128, escape: u32, ofBytes: boolean): i32 {
  if (escape == INVALID_ESCAPE) return -1;
  const t = pointerOf(text);
  const tEnd = lengthOf(text);
  const p = pointerOf(pattern);
  const pEnd = lengthOf(pattern);
  const escapeLength = escapeBytes(escape);
  const escapeMask: u32 = 0xffffffff >> ((4 - escapeLength) << 3);
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
      const isEscape = (load<u32>(p + j) & escapeMask) == escape;
      if (isEscape && j + escapeLength >= pEnd) return -1;
      if (i < tEnd) {
        if (byte == 0x5f && !isEscape) {
          i++;
          while (!ofBytes && i < tEnd && isContinuation(load<u8>(t + i))) i++;
          j++;
          continue;
        }
        const step = isEscape ? escapeLength : 0;
        if (load<u8>(t + i) == load<u8>(p + j + step)) {
          i++;
          j += step + 1;
          continue;
        }
      }
    } else if (i == tEnd) {
      return 1;
    }
    if (!hasStar || starText >= tEnd) return 0;
    starText++;
    const next = load<u8>(p + starPattern);
    if (next != 0x25 && next != 0x5f && next != <u8>escape) {
      // What follows the % is a plain character: only where it occurs can the text go on.
      starText = findByte(t, tEnd, next, starText);
      if (starText == tEnd) return 0;
    } else {
      while (!ofBytes && starText < tEnd && isContinuation(load<u8>(t + starText))) starText++;
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

/** The character of an ESCAPE, which is empty for none. */
function escapeOf(escape: v128): u32 {
  const length = lengthOf(escape);
  if (length == 0) return NO_ESCAPE;
  const bytes = <u64>i64x2.extract_lane(escape, 1);
  return length == characterBytes(<u8>bytes) ? <u32>bytes : INVALID_ESCAPE;
}

/** text LIKE pattern. Declines patterns that end with the escape. */
export function textLikePattern(block: usize, text: v128, pattern: v128): i32 {
  const result = like(text, pattern, BACKSLASH, false);
  if (result < 0) decline(block);
  return result;
}

/** text LIKE pattern ESCAPE escape. Declines escapes of several characters, and patterns that end with theirs. */
export function textLikePatternEscape(block: usize, text: v128, pattern: v128, escape: v128): i32 {
  const result = like(text, pattern, escapeOf(escape), false);
  if (result < 0) decline(block);
  return result;
}

/** bytea LIKE pattern: _ is any one byte. Declines as LIKE of text does. */
export function bytesLike(block: usize, bytes: v128, pattern: v128): i32 {
  const result = like(bytes, pattern, BACKSLASH, true);
  if (result < 0) decline(block);
  return result;
}

/** The escape is one byte, or none; zero is left to TypeScript. */
export function bytesLikeEscape(block: usize, bytes: v128, pattern: v128, escape: v128): i32 {
  const length = lengthOf(escape);
  const byte: u32 = length == 0 ? NO_ESCAPE_OF_BYTES : length == 1 ? load<u8>(pointerOf(escape)) : INVALID_ESCAPE;
  const result = like(bytes, pattern, byte, true);
  if (result < 0) decline(block);
  return result;
}

/** Declines as LIKE does. */
function likeIgnoreCase(block: usize, text: v128, pattern: v128, escape: u32, cases: usize): i32 {
  if (escape == INVALID_ESCAPE) {
    decline(block);
    return 0;
  }
  const textRoom = (roomInOtherCase(lengthOf(text)) + 15) & ~15;
  const room = textRoom + roomInOtherCase(lengthOf(pattern));
  const scratch = heapAllocate(block, room);
  if (scratch == 0) return 0;
  const small = inLowerCase(text, cases, scratch);
  const isPlain = escape < 0x80 ? u32((escape | 0x20) - 0x61) > 25 : escape == NO_ESCAPE;
  const result = isPlain
    ? like(small, inLowerCase(pattern, cases, scratch + textRoom), escape, false)
    : like(small, patternInLowerCase(pattern, escape, cases, scratch + textRoom), REWRITTEN_ESCAPE, false);
  heapReturn(block, room);
  if (result < 0) decline(block);
  return result;
}

// @ts-ignore: decorator
@inline
function inLowerCase(text: v128, cases: usize, target: usize): v128 {
  return makeView(target, copyChangingCase(pointerOf(text), lengthOf(text), false, cases, target));
}

/** A pattern whose escape, which may be a letter, becomes another byte. */
function patternInLowerCase(pattern: v128, escape: u32, cases: usize, target: usize): v128 {
  const source = pointerOf(pattern);
  const length = lengthOf(pattern);
  const escapeLength = escapeBytes(escape);
  const escapeMask: u32 = 0xffffffff >> ((4 - escapeLength) << 3);
  let write = target;
  for (let i: u32 = 0; i < length; ) {
    if ((load<u32>(source + i) & escapeMask) == escape) {
      store<u8>(write++, <u8>REWRITTEN_ESCAPE);
      i += escapeLength;
      if (i >= length) break;
    }
    const bytes = min(characterBytes(load<u8>(source + i)), length - i);
    write = putCode(write, changedCode(codeOf(source + i, bytes), false, cases));
    i += bytes;
  }
  return makeView(target, <u32>(write - target));
}

export function textLikeIgnoreCase(block: usize, text: v128, pattern: v128, cases: usize): i32 {
  return likeIgnoreCase(block, text, pattern, BACKSLASH, cases);
}

export function textLikeIgnoreCaseEscape(block: usize, text: v128, pattern: v128, escape: v128, cases: usize): i32 {
  return likeIgnoreCase(block, text, pattern, escapeOf(escape), cases);
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
