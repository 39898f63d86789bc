// JSON of the arguments of a call, called by memory (memory-call.ts).
//
//   constant   u32 form (below), u32 address of the powers of ten, then the shapes of the arguments (json-writing.ts)
import { canonicalText } from './json-canonical';
import { CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, OPEN_BRACKET } from './json-characters';
import { putSeparator } from './json-output';
import { keysIn, NO_ROOM, REPEATED, UNIQUE } from './json-unique';
import {
  boundOf,
  isKey,
  LARGEST_TEXT,
  putArray,
  putKey,
  putNull,
  putStruct,
  putValue,
  shapeEnd,
  SLACK_BYTES,
} from './json-writing';
import {
  argument,
  argumentScale,
  argumentTag,
  isNullArgument,
  resultOf,
  returnView,
  valuePointer,
} from './memory-call';
import { countOf } from './nested-access';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';
import { ARRAY, isVariable, JSONB, STRUCT } from './value-tags';

// Forms. Of the last two, the first argument says what becomes of NULLs.
// @ts-ignore: decorator
@inline const ONE_VALUE: u32 = 0;
// @ts-ignore: decorator
@inline const ARRAY_OF_ALL: u32 = 1;
// @ts-ignore: decorator
@inline const OBJECT_OF_ALL: u32 = 2;
// @ts-ignore: decorator
@inline const ENTRY: u32 = 3;
// @ts-ignore: decorator
@inline const ARRAY_BY_FLAGS: u32 = 4;
// @ts-ignore: decorator
@inline const OBJECT_BY_FLAGS: u32 = 5;

// @ts-ignore: decorator
@inline
function argumentLength(args: usize, index: u32, tag: u32): u32 {
  return isVariable(tag) ? load<u32>(argument(args, index)) : 0;
}

function boundArgument(args: usize, count: u32, index: u32, shape: usize): u64 {
  if (isNullArgument(args, count, index)) return 4;
  const tag = argumentTag(args, count, index);
  const pointer = valuePointer(argument(args, index), tag);
  // Each part of an array or a row may get a line.
  const lines: u64 = tag == ARRAY || tag == STRUCT ? 2 * <u64>countOf(pointer) : 0;
  return lines + boundOf(tag, pointer, argumentLength(args, index, tag), shape);
}

function putArgument(args: usize, count: u32, index: u32, shape: usize, powers: usize, to: usize): usize {
  if (isNullArgument(args, count, index)) return putNull(to);
  const tag = argumentTag(args, count, index);
  const pointer = valuePointer(argument(args, index), tag);
  return putValue(tag, argumentScale(args, count, index), pointer, argumentLength(args, index, tag), shape, powers, to);
}

/** An array or a row with a line for each of its parts. */
function putLines(args: usize, count: u32, shape: usize, powers: usize, to: usize): usize {
  const pointer = valuePointer(argument(args, 0), argumentTag(args, count, 0));
  if (argumentTag(args, count, 0) == STRUCT) return putStruct(pointer, shape, powers, to, true);
  return putArray(pointer, shape + 4, powers, to, true);
}

/** `"key" : value`. Returns 0 where the key is none. */
function putEntry(args: usize, count: u32, index: u32, ofValue: usize, powers: usize, to: usize): usize {
  const tag = argumentTag(args, count, index);
  if (isNullArgument(args, count, index) || !isKey(tag)) return 0;
  const pointer = valuePointer(argument(args, index), tag);
  to = putKey(tag, argumentScale(args, count, index), pointer, argumentLength(args, index, tag), powers, to);
  store<u32>(to, 0x203a20);
  return putArgument(args, count, index + 1, ofValue, powers, to + 3);
}

/** `absent …`: what is NULL is left out. */
// @ts-ignore: decorator
@inline
function leavesOut(flags: v128): bool {
  return lengthOf(flags) >= 6 && load<u8>(pointerOf(flags)) == 0x61;
}

/** `… unique`: keys must differ. */
// @ts-ignore: decorator
@inline
function needsUnique(flags: v128): bool {
  return lengthOf(flags) >= 6 && load<u8>(pointerOf(flags) + lengthOf(flags) - 6) == 0x75;
}

/** The values of the arguments from `first` on, those that are NULL left out where `omits` says so. */
function putValues(args: usize, count: u32, first: u32, shapes: usize, omits: bool, powers: usize, to: usize): usize {
  const start = to;
  let shape = shapes;
  for (let i = first; i < count; i++) {
    if (!omits || !isNullArgument(args, count, i)) {
      if (to != start) to = putSeparator(to);
      to = putArgument(args, count, i, shape, powers, to);
    }
    shape = shapeEnd(shape);
  }
  return to;
}

/** The same of keys and values by turns. Returns 0 where a key is none. */
function putEntries(args: usize, count: u32, first: u32, shapes: usize, omits: bool, powers: usize, to: usize): usize {
  const start = to;
  let shape = shapes;
  for (let i = first; i < count; i += 2) {
    const ofValue = shapeEnd(shape);
    // Also the key of what is left out must be one.
    if (!omits || !isNullArgument(args, count, i + 1) || isNullArgument(args, count, i)) {
      if (to != start) to = putSeparator(to);
      to = putEntry(args, count, i, ofValue, powers, to);
      if (to == 0) return 0;
    }
    shape = shapeEnd(ofValue);
  }
  return to;
}

/** What the form makes of the arguments, written to `target`; returns its end, or 0 where a key is none. */
function putForm(form: u32, args: usize, count: u32, shapes: usize, powers: usize, target: usize): usize {
  if (form == ONE_VALUE) {
    const isBroken = count == 2 && load<u8>(argument(args, 1)) != 0;
    return isBroken ? putLines(args, count, shapes, powers, target) : putArgument(args, count, 0, shapes, powers, target);
  }
  if (form == ENTRY) return putEntries(args, count, 0, shapes, false, powers, target);
  const byFlags = form >= ARRAY_BY_FLAGS;
  const omits = byFlags && leavesOut(v128.load(argument(args, 0)));
  const first: u32 = byFlags ? 1 : 0;
  const from = byFlags ? shapeEnd(shapes) : shapes;
  const isObject = isObjectForm(form);
  store<u8>(target, isObject ? OPEN_BRACE : OPEN_BRACKET);
  const to = isObject
    ? putEntries(args, count, first, from, omits, powers, target + 1)
    : putValues(args, count, first, from, omits, powers, target + 1);
  if (to == 0) return 0;
  store<u8>(to, isObject ? CLOSE_BRACE : CLOSE_BRACKET);
  return to + 1;
}

// @ts-ignore: decorator
@inline
function isObjectForm(form: u32): bool {
  return form == OBJECT_OF_ALL || form == OBJECT_BY_FLAGS;
}

/** to_json, and what builds arrays and objects of its arguments. Keys that are none, or without a value, are declined. */
export function jsonOfArguments(block: usize, args: usize, count: u32, constant: usize): void {
  const form = load<u32>(constant);
  const powers = <usize>load<u32>(constant, 4);
  const shapes = constant + 8;
  let bound: u64 = SLACK_BYTES;
  let shape = shapes;
  for (let i: u32 = 0; i < count; i++) {
    bound += 4 + boundArgument(args, count, i, shape);
    shape = shapeEnd(shape);
  }
  if (bound > LARGEST_TEXT || (form == OBJECT_OF_ALL && (count & 1) != 0)) return decline(block);
  const target = heapAllocate(block, <u32>bound);
  if (target == 0) return;
  const end = putForm(form, args, count, shapes, powers, target);
  let keys = end == 0 ? REPEATED : UNIQUE;
  if (end != 0 && form == OBJECT_BY_FLAGS && needsUnique(v128.load(argument(args, 0)))) {
    keys = keysIn(block, target, end, false);
    if (keys == NO_ROOM) return;
  }
  if (keys != UNIQUE) {
    heapReturn(block, <u32>bound);
    return decline(block);
  }
  const length = <u32>(end - target);
  // The next text may not lie in what is read 16 bytes at a time.
  heapReturn(block, <u32>bound - ((length + 31) & ~15));
  if (argumentTag(args, count, count) == JSONB) v128.store(resultOf(args, count), canonicalText(block, target, length));
  else returnView(args, count, target, length);
}
