// format(template, …) and format(template, VARIADIC array), called by memory with the reserved words (quoting.ts); all
// arguments are texts. What is an error is declined.
import { argument, isNullArgument, nestedArgument, returnView, setNullResult } from './memory-call';
import { countOf, elementLength, elementPointer, isElementValid } from './nested-access';
import { putIdentifier, putLiteral, quotedRoom } from './quoting';
import { decline, heapAllocate, heapEnd, heapReturn } from './status';
import { countCharacters, lengthOf, makeView, pointerOf } from './text-view';

/** Digits of a width or a place: more are left to TypeScript. */
const MOST_DIGITS: u32 = 6;
const LARGEST_TEXT: u32 = 0x8000000;

/** A number at a place in a template, and how many digits it has: number × 8 + digits; −1 of more than are read. */
function numberAt(at: usize, end: usize): i32 {
  let number: i32 = 0;
  let digits: u32 = 0;
  while (at < end && u8(load<u8>(at) - 0x30) < 10) {
    if (++digits > MOST_DIGITS) return -1;
    number = number * 10 + <i32>(load<u8>(at++) - 0x30);
  }
  return (number << 3) | <i32>digits;
}

/** A text as a width, with a sign perhaps; i32.MIN_VALUE of what is none. */
function widthOfText(text: v128): i32 {
  const length = lengthOf(text);
  const pointer = pointerOf(text);
  const signed = length > 0 && load<u8>(pointer) == 0x2d;
  const number = numberAt(pointer + usize(signed), pointer + length);
  if (number < 0 || (number & 7) == 0 || <u32>(number & 7) + u32(signed) != length) return i32.MIN_VALUE;
  return signed ? -(number >> 3) : number >> 3;
}

/** Bytes at the end of the text that is being made; false, with the status set, where there is no room. */
function append(block: usize, source: usize, length: u32): bool {
  if (length == 0) return true;
  const target = heapAllocate(block, length);
  if (target == 0) return false;
  memory.copy(target, source, length);
  return true;
}

function appendSpaces(block: usize, count: i32): bool {
  if (count <= 0) return true;
  const target = heapAllocate(block, count);
  if (target == 0) return false;
  memory.fill(target, 0x20, count);
  return true;
}

/** A text as %s, %I or %L says, in a width, from the left if that is negative. */
function appendValue(block: usize, text: v128, isNull: bool, kind: u8, width: i32, words: usize): bool {
  const length: u32 = isNull ? 0 : lengthOf(text);
  // What lies under a NULL is no text.
  const source: usize = isNull ? 0 : pointerOf(text);
  if (length > LARGEST_TEXT) {
    decline(block);
    return false;
  }
  // Quoted, it comes behind the room for spaces on its left, which are known only then.
  const left: u32 = width > 0 ? width : 0;
  const room = left + quotedRoom(length) + 4;
  const start = heapAllocate(block, room);
  if (start == 0) return false;
  const written = start + left;
  let end = written;
  if (kind == 0x73) {
    memory.copy(written, source, length);
    end += length;
  } else if (kind == 0x49) end = putIdentifier(written, source, length, words);
  else if (isNull) {
    store<u32>(written, 0x4c4c554e);
    end += 4;
  } else end = putLiteral(written, source, length);
  const byteLength = <u32>(end - written);
  const missing = <i32>(left > 0 ? left - min(left, countCharacters(written, byteLength)) : 0);
  memory.copy(start + missing, written, byteLength);
  memory.fill(start, 0x20, missing);
  heapReturn(block, room - <u32>missing - byteLength);
  if (width >= 0) return true;
  return appendSpaces(block, -width - <i32>countCharacters(start, byteLength));
}

// What is formatted is the arguments behind the template, or elements of an array where there is one (else 0).

// @ts-ignore: decorator
@inline
function isNullAt(args: usize, count: u32, array: usize, place: u32): bool {
  return array == 0 ? isNullArgument(args, count, place) : !isElementValid(array, place - 1);
}

// @ts-ignore: decorator
@inline
function textAt(args: usize, array: usize, place: u32): v128 {
  if (array == 0) return v128.load(argument(args, place));
  return makeView(elementPointer(array, place - 1), elementLength(array, place - 1));
}

export function textFormat(block: usize, args: usize, count: u32, words: usize): void {
  fillTemplate(block, args, count, count, 0, words);
}

/** (template, array of texts): NULL is an empty one. */
export function textFormatArray(block: usize, args: usize, count: u32, words: usize): void {
  if (isNullArgument(args, count, 1)) return fillTemplate(block, args, count, 1, 0, words);
  const array = nestedArgument(args, 1);
  fillTemplate(block, args, count, 1 + countOf(array), array, words);
}

/** `given`: how many there are, with the template. */
function fillTemplate(block: usize, args: usize, count: u32, given: u32, array: usize, words: usize): void {
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const template = v128.load(argument(args, 0));
  const end = pointerOf(template) + lengthOf(template);
  const start = heapEnd(block);
  let last: u32 = 0;
  let at = pointerOf(template);
  while (at < end) {
    const from = at;
    while (at < end && load<u8>(at) != 0x25) at++;
    if (!append(block, from, <u32>(at - from))) return;
    if (at == end) break;
    at++;
    if (at < end && load<u8>(at) == 0x25) {
      if (!append(block, at, 1)) return;
      at++;
      continue;
    }
    let place: u32 = 0;
    let number = numberAt(at, end);
    if (number > 7 && at + (number & 7) < end && load<u8>(at + (number & 7)) == 0x24) {
      place = number >> 3;
      at += (number & 7) + 1;
    } else if (number >= 0 && (number & 7) > 0 && at + (number & 7) < end && load<u8>(at + (number & 7)) == 0x24) {
      return decline(block);
    }
    let isLeft = false;
    while (at < end && load<u8>(at) == 0x2d) {
      isLeft = true;
      at++;
    }
    number = numberAt(at, end);
    if (number < 0) return decline(block);
    let width = number >> 3;
    at += number & 7;
    if ((number & 7) == 0 && at < end && load<u8>(at) == 0x2a) {
      at++;
      const ofWidth = numberAt(at, end);
      let widthPlace = last + 1;
      if (ofWidth > 7 && at + (ofWidth & 7) < end && load<u8>(at + (ofWidth & 7)) == 0x24) {
        widthPlace = ofWidth >> 3;
        at += (ofWidth & 7) + 1;
      }
      if (widthPlace == 0 || widthPlace >= given) return decline(block);
      last = widthPlace;
      width = isNullAt(args, count, array, widthPlace) ? 0 : widthOfText(textAt(args, array, widthPlace));
      if (width == i32.MIN_VALUE) return decline(block);
    }
    const kind = at < end ? load<u8>(at) : 0;
    if (place == 0) place = last + 1;
    if ((kind != 0x73 && kind != 0x49 && kind != 0x4c) || place >= given) return decline(block);
    last = place;
    const isNull = isNullAt(args, count, array, place);
    if (isNull && kind == 0x49) return decline(block);
    if (isLeft && width > 0) width = -width;
    if (!appendValue(block, isNull ? i64x2.splat(0) : textAt(args, array, place), isNull, kind, width, words)) return;
    at++;
  }
  returnView(args, count, start, <u32>(heapEnd(block) - start));
}
