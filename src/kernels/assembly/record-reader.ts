// The fields of a row that is written as text, as an array of texts; called by memory (memory-call.ts). What is not well
// formed is declined. The constant behind the arguments is the number of fields, as u32.
import { skipSpaces } from './array-reader';
import { allocateArray, argument, isNullArgument, returnView, setNullResult } from './memory-call';
import { arrayBytes, beginArray, bytesOf, HEADER_BYTES, putNull, slotsOf } from './nested-access';
import { decline, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';
import { TEXT } from './value-tags';

// @ts-ignore: decorator
@inline const QUOTE: u8 = 0x22;
// @ts-ignore: decorator
@inline const OPEN: u8 = 0x28;
// @ts-ignore: decorator
@inline const CLOSE: u8 = 0x29;
// @ts-ignore: decorator
@inline const COMMA: u8 = 0x2c;
// @ts-ignore: decorator
@inline const BACKSLASH: u8 = 0x5c;

/** Where the next byte of a field goes. */
let target: usize = 0;

/** Reads a field that is not empty; where it ends, which may be behind the text. */
function readField(from: usize, end: usize): usize {
  let to = target;
  let isQuoted = false;
  let at = from;
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (!isQuoted && (byte == COMMA || byte == CLOSE)) break;
    if (byte == BACKSLASH) {
      if (++at < end) store<u8>(to++, load<u8>(at));
    } else if (byte != QUOTE) store<u8>(to++, byte);
    else if (isQuoted && at + 1 < end && load<u8>(at, 1) == QUOTE) store<u8>(to++, load<u8>(++at));
    else isQuoted = !isQuoted;
  }
  target = to;
  return at;
}

/** Reads `count` fields; where they end, or 0. */
function readFields(array: usize, start: usize, end: usize, count: u32): usize {
  if (start >= end || load<u8>(start) != OPEN) return 0;
  const bytes = bytesOf(array);
  target = bytes;
  let at = start;
  for (let i: u32 = 0; i < count; i++) {
    if (at >= end || load<u8>(at) != (i == 0 ? OPEN : COMMA)) return 0;
    at++;
    const next: u8 = at < end ? load<u8>(at) : 0;
    if (next == COMMA || next == CLOSE) putNull(array, i);
    else {
      at = readField(at, end);
      store<u8>(array + i, 1, HEADER_BYTES);
      store<u32>(slotsOf(array) + (<usize>i << 2), <u32>(target - bytes));
    }
  }
  return at < end && load<u8>(at) == CLOSE ? at + 1 : 0;
}

/** record_fields(row, text): an array of texts, NULL where nothing is written. */
export function recordFields(block: usize, args: usize, count: u32, constant: usize): void {
  if (isNullArgument(args, count, 1)) {
    setNullResult(args, count);
    return;
  }
  const text = v128.load(argument(args, 1));
  const length = lengthOf(text);
  const end = pointerOf(text) + length;
  const fields = load<u32>(constant);
  const array = allocateArray(block, fields, TEXT, length);
  if (array == 0) return;
  const room = <u32>arrayBytes(fields, TEXT, length);
  beginArray(array, fields, TEXT, 0, room);
  const at = readFields(array, skipSpaces(pointerOf(text), end), end, fields);
  if (at == 0 || skipSpaces(at, end) != end) {
    heapReturn(block, room);
    return decline(block);
  }
  const byteLength = <u32>arrayBytes(fields, TEXT, <u32>(target - bytesOf(array)));
  heapReturn(block, room - byteLength);
  returnView(args, count, array, byteLength);
}
