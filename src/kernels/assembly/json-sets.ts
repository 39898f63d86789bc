// Elements and members of JSON as arrays, called by memory (memory-call.ts); the constant behind the arguments is a u32:
// AS_TEXT where values are texts (json-access.ts). What is no array or object, or broken, is declined.
import { AS_TEXT, UNCHECKED } from './json-access';
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, LETTER_N, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './json-characters';
import { firstPart, nextPart, skipSpaces, skipValue, stringEnd, valueOf, valueOfKey } from './json-scan';
import { putUnescaped } from './json-strings';
import { isValid } from './json-validation';
import { allocateNested, argument, argumentTag, returnView } from './memory-call';
import {
  arrayBytes,
  beginArray,
  bytesOf,
  endOf,
  fieldEntry,
  fieldStart,
  HEADER_BYTES,
  padded,
  putElement,
  putNull,
  slotsOf,
} from './nested-access';
import { decline, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';
import { STRUCT, TEXT } from './value-tags';

/** Head of a row of a key and a value. */
// @ts-ignore: decorator
@inline const ROW_BYTES: u32 = HEADER_BYTES + 16;

/** Elements of the array, or members of the object, that begins at `start`; -1 where it is none, or broken. */
function countParts(start: usize, end: usize, isObject: bool): i32 {
  if (start >= end || load<u8>(start) != (isObject ? OPEN_BRACE : OPEN_BRACKET)) return -1;
  const close = isObject ? CLOSE_BRACE : CLOSE_BRACKET;
  let count = 0;
  let at = firstPart(start, end);
  if (at < end && load<u8>(at) == close) return 0;
  while (at < end) {
    at = skipValue(valueOf(at, end, isObject), end);
    if (at == 0) return -1;
    count++;
    at = skipSpaces(at, end);
    if (at >= end) return -1;
    const byte = load<u8>(at);
    if (byte == close) return count;
    if (byte != COMMA) return -1;
    at = skipSpaces(at + 1, end);
  }
  return -1;
}

/** Element `index` of the bytes of a string without its escapes; false where that is no text. */
function putText(array: usize, index: u32, start: usize, end: usize): bool {
  const bytes = bytesOf(array);
  const to = putUnescaped(start, end, bytes + endOf(array, <i32>index - 1));
  if (to == 0) return false;
  store<u8>(array + index, 1, HEADER_BYTES);
  store<u32>(slotsOf(array) + (<usize>index << 2), <u32>(to - bytes));
  return true;
}

/** Leaves the row to TypeScript. */
function giveUp(block: usize, reserved: u64): void {
  heapReturn(block, <u32>reserved);
  decline(block);
}

function finish(block: usize, args: usize, count: u32, target: usize, reserved: u32, byteLength: u32): void {
  heapReturn(block, reserved - byteLength);
  returnView(args, count, target, byteLength);
}

/** json_array_elements(json), with _text. */
export function jsonElements(block: usize, args: usize, count: u32, constant: usize): void {
  const json = v128.load(argument(args, 0));
  const end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  const parts = countParts(start, end, false);
  if (parts < 0) return decline(block);
  const asText = (load<u32>(constant) & AS_TEXT) != 0;
  const tag = asText ? TEXT : argumentTag(args, count, 0);
  const reserved = arrayBytes(parts, tag, end - start);
  const target = allocateNested(block, reserved);
  if (target == 0) return;
  beginArray(target, parts, tag, 0, <u32>reserved);
  let at = firstPart(start, end);
  for (let i: u32 = 0; i < <u32>parts; i++) {
    const behind = skipValue(at, end);
    const first = load<u8>(at);
    if (asText && first == LETTER_N) putNull(target, i);
    else if (asText && first == QUOTE) {
      if (!putText(target, i, at + 1, behind - 1)) return giveUp(block, reserved);
    } else putElement(target, i, at, <u32>(behind - at));
    at = nextPart(behind, end);
  }
  finish(block, args, count, target, <u32>reserved, <u32>arrayBytes(parts, tag, endOf(target, parts - 1)));
}

/** json_object_keys(json); the constant says whether the text may be no JSON. */
export function jsonKeys(block: usize, args: usize, count: u32, constant: usize): void {
  const json = v128.load(argument(args, 0));
  const end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  const isFit = (load<u32>(constant) & UNCHECKED) == 0 || isValid(start, end);
  const parts = isFit ? countParts(start, end, true) : -1;
  if (parts < 0) return decline(block);
  const reserved = arrayBytes(parts, TEXT, end - start);
  const target = allocateNested(block, reserved);
  if (target == 0) return;
  beginArray(target, parts, TEXT, 0, <u32>reserved);
  let at = firstPart(start, end);
  for (let i: u32 = 0; i < <u32>parts; i++) {
    const closing = stringEnd(at + 1, end);
    if (!putText(target, i, at + 1, closing)) return giveUp(block, reserved);
    at = nextPart(skipValue(valueOfKey(at, end), end), end);
  }
  finish(block, args, count, target, <u32>reserved, <u32>arrayBytes(parts, TEXT, endOf(target, parts - 1)));
}

/** Field `index` of the row, a string without its escapes; false where that is no text. */
function putField(row: usize, index: u32, tag: u32, start: usize, end: usize, isString: bool): bool {
  const entry = fieldEntry(row, index);
  const target = row + ROW_BYTES + fieldStart(row, index);
  let to = target + (end - start);
  if (isString) to = putUnescaped(start, end, target);
  else memory.copy(target, start, end - start);
  if (to == 0) return false;
  store<u8>(entry, <u8>tag);
  store<u8>(entry, 1, 2);
  store<u32>(entry, <u32>(to - row - ROW_BYTES), 4);
  return true;
}

/** json_each(json), with _text: rows of key and value. */
export function jsonMembers(block: usize, args: usize, count: u32, constant: usize): void {
  const json = v128.load(argument(args, 0));
  const end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  const parts = countParts(start, end, true);
  if (parts < 0) return decline(block);
  const asText = (load<u32>(constant) & AS_TEXT) != 0;
  const tag = asText ? TEXT : argumentTag(args, count, 0);
  const reserved = arrayBytes(parts, STRUCT, <u64>(end - start) + <u64>parts * <u64>(ROW_BYTES + 7));
  const target = allocateNested(block, reserved);
  if (target == 0) return;
  beginArray(target, parts, STRUCT, 0, <u32>reserved);
  const bytes = bytesOf(target);
  let used: u32 = 0;
  let at = firstPart(start, end);
  for (let i: u32 = 0; i < <u32>parts; i++) {
    const row = bytes + used;
    store<u32>(row, 2);
    store<u8>(row, <u8>STRUCT, 4);
    const closing = stringEnd(at + 1, end);
    if (!putField(row, 0, TEXT, at + 1, closing, true)) return giveUp(block, reserved);
    const value = valueOfKey(at, end);
    const behind = skipValue(value, end);
    const first = load<u8>(value);
    const isString = asText && first == QUOTE;
    const isNull = asText && first == LETTER_N;
    if (isNull) {
      store<u8>(fieldEntry(row, 1), <u8>tag);
      store<u32>(fieldEntry(row, 1), fieldStart(row, 1), 4);
    } else if (!putField(row, 1, tag, isString ? value + 1 : value, isString ? behind - 1 : behind, isString)) {
      return giveUp(block, reserved);
    }
    used += padded(ROW_BYTES + load<u32>(fieldEntry(row, 1), 4));
    store<u8>(target + HEADER_BYTES + i, 1);
    store<u32>(slotsOf(target) + (<usize>i << 2), used);
    at = nextPart(behind, end);
  }
  finish(block, args, count, target, <u32>reserved, <u32>arrayBytes(parts, STRUCT, used));
}
