// What a jsonpath finds, as what is asked for.
import {
  CLOSE_BRACKET,
  isBoolean,
  isOpening,
  LETTER_N,
  LETTER_T,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json-characters';
import { put, putSeparator } from './json-output';
import { putItems } from './json-path';
import { BODY_AT, isFailed as hasFailed, isLost, isStrict, ITEMS_AT, startMachine, topOf } from './json-path-machine';
import { ARGUMENTS_OF_FORM, isWithoutQuotes, isWrapped, returnReaction } from './json-path-forms';
import { hasEscapes, putUnescaped } from './json-strings';
import { allocateNested, argument, isNullArgument, resultOf, returnView, setNullResult } from './memory-call';
import { arrayBytes, beginArray, putElement } from './nested-access';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';
import { JSONB } from './value-tags';

// What is asked for.
// @ts-ignore: decorator
@inline const EXISTS: u32 = 0;
// @ts-ignore: decorator
@inline const MATCH: u32 = 1;
/** Where there is no answer, it is NULL. */
// @ts-ignore: decorator
@inline const MATCH_OR_NULL: u32 = 2;
// @ts-ignore: decorator
@inline const JSON_ARRAY: u32 = 3;
// @ts-ignore: decorator
@inline const FIRST: u32 = 4;
// @ts-ignore: decorator
@inline const ARRAY: u32 = 5;
/** JSON_VALUE as text: the only item, a scalar. */
// @ts-ignore: decorator
@inline const TEXT_VALUE: u32 = 6;
/** JSON_QUERY: the only item, or all in an array. */
// @ts-ignore: decorator
@inline const ONLY: u32 = 7;

/** JSON_VALUE as JSON: the only item, a scalar. */
// @ts-ignore: decorator
@inline const SCALAR: u32 = 8;

/** Of a document, for which there is room. */
// @ts-ignore: decorator
@inline const LONGEST: u32 = 0x04000000;

/** For computed values: what a part of a document takes may become several times as long. */
// @ts-ignore: decorator
@inline const LEAST_ROOM: u32 = 2048;
// @ts-ignore: decorator
@inline const ROOM_FACTOR: u32 = 8;

/** What a path finds in jsonb: of a value, the path, variables and whether errors are silent. `program` 0: there is none. */
export function jsonPath(block: usize, args: usize, count: u32, program: usize): void {
  const json = v128.load(argument(args, 0));
  const start = pointerOf(json);
  const end = start + lengthOf(json);
  let variables: usize = 0;
  let variablesEnd: usize = 0;
  if (isNullArgument(args, count, 0) || isNullArgument(args, count, 1)) return setNullResult(args, count);
  if (program == 0) return decline(block);
  if (count > 2 && !isNullArgument(args, count, 2)) {
    const given = v128.load(argument(args, 2));
    variables = pointerOf(given);
    variablesEnd = variables + lengthOf(given);
    if (lengthOf(given) == 0 || load<u8>(variables) != OPEN_BRACE) return decline(block);
  }
  if (start == end) return decline(block);
  const asked = <u32>load<u8>(program);
  const isList = asked == JSON_ARRAY || asked == ARRAY;
  // A part takes at least two bytes with what separates it. What finds more, as descents in descents do, is declined.
  const mostItems = (lengthOf(json) >> 1) + 64;
  if (lengthOf(json) > LONGEST) return decline(block);
  const roomBytes: u32 = load<u8>(program, 2) == 0 ? 0 : lengthOf(json) * ROOM_FACTOR + LEAST_ROOM;
  const reserved = ITEMS_AT + mostItems * 8 + roomBytes + 16;
  const target = heapAllocate(block, reserved);
  if (target == 0) return;
  const machine = (target + 7) & ~7;
  startMachine(machine, program, start, end, variables, variablesEnd, mostItems, roomBytes);
  putItems(machine, program + BODY_AT, start, end, 0);
  const items = machine + ITEMS_AT;
  const found = <u32>(topOf(machine) - items) >> 3;
  let used: u32 = 0;
  const isForm = count == ARGUMENTS_OF_FORM;
  const isQuiet = asked == MATCH_OR_NULL || isForm || load<u8>(program, 3) != 0;
  const isSilent = isQuiet || (count == 4 && load<u8>(argument(args, 3)) != 0);
  // What lax paths find is enough, whatever comes behind it.
  const isFailed = hasFailed(machine) && (asked != EXISTS || found == 0 || isStrict(machine));
  if (isLost(machine) || (isFailed && !isSilent)) decline(block);
  else if (isForm) {
    used = returnForm(block, args, count, asked, program, items, isFailed ? -1 : <i32>found, target, reserved);
  }
  // Errors are no answer, but of lists what was found before.
  else if (isFailed && !isList && (asked != FIRST || found == 0)) setNullResult(args, count);
  else if (isList) used = returnList(block, args, count, asked, items, found, target, reserved);
  else if (asked != FIRST) answer(block, args, count, asked, items, found, isSilent);
  else if (found == 0) setNullResult(args, count);
  else used = returnBytes(args, count, startOfItem(items, 0), endOfItem(items, 0), target, reserved);
  heapReturn(block, reserved - used);
}

function answer(block: usize, args: usize, count: u32, asked: u32, items: usize, found: u32, isSilent: bool): void {
  if (asked == EXISTS) return store<u32>(resultOf(args, count), u32(found > 0));
  const byte: u8 = found == 1 ? load<u8>(startOfItem(items, 0)) : 0;
  if (isBoolean(byte)) store<u32>(resultOf(args, count), u32(byte == LETTER_T));
  else if (byte == LETTER_N || isSilent) setNullResult(args, count);
  else decline(block);
}

/** Of computed values, the bytes go to where the machine lies, at `target`; returns how many stay there. */
function returnBytes(args: usize, count: u32, start: usize, end: usize, target: usize, reserved: u32): u32 {
  const length = <u32>(end - start);
  if (start - target >= reserved) {
    returnView(args, count, start, length);
    return 0;
  }
  memory.copy(target, start, length);
  returnView(args, count, target, length);
  return length;
}

/** What a form makes of what was found, -1 of an error; returns how many of the bytes at `target` it takes. */
function returnForm(
  block: usize,
  args: usize,
  count: u32,
  asked: u32,
  program: usize,
  items: usize,
  found: i32,
  target: usize,
  reserved: u32,
): u32 {
  if (asked == EXISTS && found >= 0) {
    store<u32>(resultOf(args, count), u32(found > 0));
    return 0;
  }
  const isList = asked == ONLY && isWrapped(program, found);
  if (isList && found > 0) return returnList(block, args, count, JSON_ARRAY, items, <u32>found, target, reserved);
  const start = startOfItem(items, 0);
  const end = endOfItem(items, 0);
  const first: u8 = found == 1 ? load<u8>(start) : 0;
  if (found != 1 || (asked != ONLY && isOpening(first))) {
    returnReaction(block, args, count, program, found != 0);
    return 0;
  }
  if (asked != ONLY && first == LETTER_N) {
    setNullResult(args, count);
    return 0;
  }
  const isText = asked == TEXT_VALUE || (first == QUOTE && isWithoutQuotes(program));
  if (isText) return returnText(block, args, count, start, end, target, reserved);
  return returnBytes(args, count, start, end, target, reserved);
}

/** A scalar as text; returns how many of the bytes at `target`, where the machine lies, it takes. */
function returnText(block: usize, args: usize, count: u32, start: usize, end: usize, target: usize, reserved: u32): u32 {
  const first = load<u8>(start);
  if (isBoolean(first)) returnView(args, count, start, 1);
  else if (first != QUOTE) return returnBytes(args, count, start, end, target, reserved);
  else if (!hasEscapes(start, end)) return returnBytes(args, count, start + 1, end - 1, target, reserved);
  else {
    // A computed string lies behind `target`: what is written does not reach what is still to be read.
    const to: usize = end - start > reserved ? 0 : putUnescaped(start + 1, end - 1, target);
    if (to == 0) decline(block);
    else returnView(args, count, target, <u32>(to - target));
    return to == 0 ? 0 : <u32>(to - target);
  }
  return 0;
}

/**
 * The items as an array of JSON or of SQL, which is written behind the `reserved` bytes of the machine at `target` and then
 * takes their place; returns its bytes.
 */
function returnList(
  block: usize,
  args: usize,
  count: u32,
  asked: u32,
  items: usize,
  found: u32,
  target: usize,
  reserved: u32,
): u32 {
  let total: u64 = 0;
  for (let i: u32 = 0; i < found; i++) total += endOfItem(items, i) - startOfItem(items, i);
  const isJson = asked == JSON_ARRAY;
  const byteLength = isJson ? total + 2 * <u64>max(found, 1) : arrayBytes(found, JSONB, total);
  const list = allocateNested(block, byteLength);
  if (list == 0) return reserved;
  if (isJson) putJsonList(list, items, found);
  else {
    beginArray(list, found, JSONB, 0, <u32>byteLength);
    for (let i: u32 = 0; i < found; i++) {
      putElement(list, i, startOfItem(items, i), <u32>(endOfItem(items, i) - startOfItem(items, i)));
    }
  }
  memory.copy(target, list, <usize>byteLength);
  heapReturn(block, <u32>byteLength);
  returnView(args, count, target, <u32>byteLength);
  return <u32>byteLength;
}

// @ts-ignore: decorator
@inline
function startOfItem(items: usize, index: u32): usize {
  return load<u32>(items + (<usize>index << 3));
}

// @ts-ignore: decorator
@inline
function endOfItem(items: usize, index: u32): usize {
  return load<u32>(items + (<usize>index << 3), 4);
}

function putJsonList(target: usize, items: usize, found: u32): void {
  let to = target;
  store<u8>(to++, OPEN_BRACKET);
  for (let i: u32 = 0; i < found; i++) {
    if (i > 0) to = putSeparator(to);
    to = put(to, startOfItem(items, i), endOfItem(items, i) - startOfItem(items, i));
  }
  store<u8>(to, CLOSE_BRACKET);
}
