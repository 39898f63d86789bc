// The members of an object that a row has fields for, in one pass over its text; called by memory (memory-call.ts). What is
// no object, or broken, is declined. The constant behind the arguments:
//
//    u32        number of fields
//    12 a field u32 where its name begins in the constant, u32 byteLength, u32 1 where the value is taken as it is written
//    names
import { CLOSE_BRACE, COLON, COMMA, LETTER_N, OPEN_BRACE, QUOTE } from './json-characters';
import { holdsText } from './json-escapes';
import { closingQuote, firstPart, skipSpaces, skipValue } from './json-scan';
import { putUnescaped } from './json-strings';
import { allocateNested, argument, isNullArgument, returnView, setNullResult } from './memory-call';
import { arrayBytes, beginArray, bytesOf, endOf, HEADER_BYTES, putElement, putNull, slotsOf } from './nested-access';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';
import { TEXT } from './value-tags';

/** Bytes of a field in the constant, and of a value that was found: u32 where it begins, u32 where it ends. */
const FIELD_BYTES: usize = 12;
const FOUND_BYTES: u32 = 8;

// @ts-ignore: decorator
@inline
function isField(constant: usize, field: u32, name: usize, closing: u64): bool {
  const entry = constant + 4 + <usize>field * FIELD_BYTES;
  return holdsText(name, closing, constant + load<u32>(entry), load<u32>(entry, 4));
}

/** The field of a name; members mostly come in the order of fields, so that the one behind the last is tried first. */
function fieldOf(constant: usize, count: u32, next: u32, name: usize, closing: u64): u32 {
  if (next < count && isField(constant, next, name, closing)) return next;
  for (let field: u32 = 0; field < count; field++) {
    if (isField(constant, field, name, closing)) return field;
  }
  return count;
}

/** Notes where the values of fields lie; of repeated names the last. False where the text is not for us. */
function findFields(start: usize, end: usize, constant: usize, found: usize): bool {
  const count = load<u32>(constant);
  let next: u32 = 0;
  let at = firstPart(start, end);
  if (at < end && load<u8>(at) == CLOSE_BRACE) return true;
  while (at < end && load<u8>(at) == QUOTE) {
    const name = at + 1;
    const closing = closingQuote(name, end);
    const nameEnd = <usize>(closing & 0xffffffff);
    if (nameEnd >= end) return false;
    at = skipSpaces(nameEnd + 1, end);
    if (at >= end || load<u8>(at) != COLON) return false;
    const value = skipSpaces(at + 1, end);
    at = skipValue(value, end);
    if (at == 0) return false;
    const field = fieldOf(constant, count, next, name, closing);
    if (field < count) {
      store<u32>(found + field * FOUND_BYTES, <u32>value);
      store<u32>(found + field * FOUND_BYTES, <u32>at, 4);
      next = field + 1;
    }
    at = skipSpaces(at, end);
    if (at >= end) return false;
    const byte = load<u8>(at);
    if (byte == CLOSE_BRACE) return true;
    if (byte != COMMA) return false;
    at = skipSpaces(at + 1, end);
  }
  return false;
}

/** Element `index` of a value: strings without quotes, unless it is taken as it is written. False where it is not for us. */
function putValue(array: usize, index: u32, start: usize, end: usize, isRaw: bool): bool {
  const first = start == 0 ? LETTER_N : load<u8>(start);
  if (first == LETTER_N) putNull(array, index);
  else if (isRaw || first != QUOTE) putElement(array, index, start, <u32>(end - start));
  else {
    const bytes = bytesOf(array);
    const to = putUnescaped(start + 1, end - 1, bytes + endOf(array, <i32>index - 1));
    if (to == 0) return false;
    store<u8>(array + index, 1, HEADER_BYTES);
    store<u32>(slotsOf(array) + (<usize>index << 2), <u32>(to - bytes));
  }
  return true;
}

/** json_fields(row, json): an array of texts, NULL where the object lacks a field or has null. */
export function jsonFields(block: usize, args: usize, count: u32, constant: usize): void {
  if (isNullArgument(args, count, 1)) {
    setNullResult(args, count);
    return;
  }
  const json = v128.load(argument(args, 1));
  const end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  if (start >= end || load<u8>(start) != OPEN_BRACE) return decline(block);
  const fields = load<u32>(constant);
  const reserved = arrayBytes(fields, TEXT, end - start);
  const target = allocateNested(block, reserved);
  if (target == 0) return;
  const foundBytes = fields * FOUND_BYTES;
  // Behind the array, so that both are given back together.
  const found = heapAllocate(block, foundBytes);
  if (found == 0) return;
  memory.fill(found, 0, foundBytes);
  beginArray(target, fields, TEXT, 0, <u32>reserved);
  let isRead = findFields(start, end, constant, found);
  for (let i: u32 = 0; isRead && i < fields; i++) {
    const isRaw = load<u32>(constant + 4 + <usize>i * FIELD_BYTES, 8) != 0;
    const value = found + i * FOUND_BYTES;
    isRead = putValue(target, i, load<u32>(value), load<u32>(value, 4), isRaw);
  }
  if (!isRead) {
    heapReturn(block, <u32>reserved + foundBytes);
    decline(block);
    return;
  }
  const byteLength = <u32>arrayBytes(fields, TEXT, endOf(target, <i32>fields - 1));
  heapReturn(block, <u32>reserved + foundBytes - byteLength);
  returnView(args, count, target, byteLength);
}
