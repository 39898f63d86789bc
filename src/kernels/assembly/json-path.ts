// A jsonpath in lax mode over the text of jsonb. Its program is made by functions/scalar/jsonpath/path-program.ts:
//
//   program   u32 what is asked for, "true", "false", "null" and 3 zeros, a node
//   node      u32 kind, u32 its bytes, then of
//               a literal, a variable   u32 length, text of JSON or a name, zeros up to a multiple of 4
//               a path                  u32 number of steps, the node of its head, the steps
//               a key                   as a literal: its name
//               subscripts              u32 their number, then each: u32 from the end, i32 index, and the same of the last
//               descendants             u32 first and last level, -1 for the last of all
//               a filter                the node of its predicate
//               a comparison            u32 operator, two nodes
//               starts with, and, or    two nodes
//               not, is unknown, exists a node
//
// The machine that runs it lies in the heap while it does:
//
//    0  u32 start and end of the root        8  u32 start and end of the variables, 0 where there are none
//   16  u32 end of the items, and of their room
//   24  u32 are arrays that are found replaced by their elements?
//   28  u32 is the row not for us?
//   32  items, u32 start and end each: a stack
import { BROKEN, CANONICAL, elementIn, MISSING, memberIn, putUnescaped } from './json-access';
import { compareNumbers, MOST_LEVELS } from './json-compare';
import { SEPARATOR } from './json-editing';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  nextPart,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpaces,
  skipValue,
  valueOfKey,
} from './json-scan';
import { argument, isNullArgument, resultOf, returnView, setNullResult } from './memory-call';
import { arrayBytes, beginArray, putElement } from './nested-access';
import { decline, heapAllocate, heapReturn } from './status';
import { findEither } from './text-records';
import { bytesEqual, lengthOf, pointerOf } from './text-view';
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
/** JSON_VALUE as text: the only item, a scalar; else NULL. */
// @ts-ignore: decorator
@inline const TEXT_VALUE: u32 = 6;
/** JSON_QUERY: the only item; else NULL. */
// @ts-ignore: decorator
@inline const ONLY: u32 = 7;

/** Of a document, for which there is room. */
// @ts-ignore: decorator
@inline const LONGEST: u32 = 0x04000000;

// @ts-ignore: decorator
@inline const TRUE_AT: usize = 4;
// @ts-ignore: decorator
@inline const FALSE_AT: usize = 8;
// @ts-ignore: decorator
@inline const NULL_AT: usize = 13;
// @ts-ignore: decorator
@inline const BODY_AT: usize = 20;

// Kinds of nodes.
// @ts-ignore: decorator
@inline const LITERAL: u32 = 0;
// @ts-ignore: decorator
@inline const VARIABLE: u32 = 1;
// @ts-ignore: decorator
@inline const ROOT: u32 = 2;
// @ts-ignore: decorator
@inline const CURRENT: u32 = 3;
// @ts-ignore: decorator
@inline const PATH: u32 = 4;
// @ts-ignore: decorator
@inline const KEY: u32 = 5;
// @ts-ignore: decorator
@inline const ANY_KEY: u32 = 6;
// @ts-ignore: decorator
@inline const ANY_ELEMENT: u32 = 7;
// @ts-ignore: decorator
@inline const SUBSCRIPTS: u32 = 8;
// @ts-ignore: decorator
@inline const DESCENDANTS: u32 = 9;
// @ts-ignore: decorator
@inline const FILTER: u32 = 10;
// @ts-ignore: decorator
@inline const COMPARISON: u32 = 11;
// @ts-ignore: decorator
@inline const STARTS_WITH: u32 = 12;
// @ts-ignore: decorator
@inline const AND: u32 = 13;
// @ts-ignore: decorator
@inline const OR: u32 = 14;
// @ts-ignore: decorator
@inline const NOT: u32 = 15;
// @ts-ignore: decorator
@inline const IS_UNKNOWN: u32 = 16;
// @ts-ignore: decorator
@inline const EXISTS_ANY: u32 = 17;

// Operators: bits of below, equal and above.
// @ts-ignore: decorator
@inline const NOT_EQUAL: u32 = 5;

// @ts-ignore: decorator
@inline const FALSE: u32 = 0;
// @ts-ignore: decorator
@inline const TRUE: u32 = 1;
// @ts-ignore: decorator
@inline const UNKNOWN: u32 = 2;

// @ts-ignore: decorator
@inline const ITEMS_AT: u32 = 32;

// @ts-ignore: decorator
@inline
function giveUp(machine: usize): void {
  store<u32>(machine, 1, 28);
}

// @ts-ignore: decorator
@inline
function isLost(machine: usize): bool {
  return load<u32>(machine, 28) != 0;
}

// @ts-ignore: decorator
@inline
function topOf(machine: usize): usize {
  return load<u32>(machine, 16);
}

function push(machine: usize, start: usize, end: usize): void {
  const top = topOf(machine);
  if (top >= load<u32>(machine, 20)) return giveUp(machine);
  store<u32>(top, start);
  store<u32>(top, end, 4);
  store<u32>(machine, top + 8, 16);
}

/** An item that was found. */
function give(machine: usize, start: usize, end: usize): void {
  if (load<u32>(machine, 24) == 0 || load<u8>(start) != OPEN_BRACKET) return push(machine, start, end);
  let at = skipSpaces(start + 1, end);
  while (at < end && load<u8>(at) != CLOSE_BRACKET) {
    const behind = skipValue(at, end);
    if (behind == 0) return giveUp(machine);
    push(machine, at, behind);
    at = nextPart(behind, end);
  }
}

// @ts-ignore: decorator
@inline
function behindNode(node: usize): usize {
  return node + load<u32>(node, 4);
}

/** Puts the items of an expression on the stack. `unwraps`: the elements of arrays in their place. */
function putItems(machine: usize, node: usize, start: usize, end: usize, unwraps: u32): void {
  const outer = load<u32>(machine, 24);
  store<u32>(machine, unwraps, 24);
  const isPath = load<u32>(node) == PATH;
  const head = isPath ? node + 12 : node;
  const kind = load<u32>(head);
  let from = start;
  let to = end;
  if (kind == ROOT) {
    from = load<u32>(machine);
    to = load<u32>(machine, 4);
  } else if (kind == LITERAL) {
    from = head + 12;
    to = from + load<u32>(head, 8);
  } else if (kind == VARIABLE) {
    const variables: usize = load<u32>(machine, 8);
    const part = variables == 0
      ? MISSING
      : memberIn(variables, load<u32>(machine, 12), head + 12, load<u32>(head, 8), CANONICAL);
    // That there is no such variable is an error.
    if (part == MISSING || part == BROKEN) return giveUp(machine);
    from = <usize>(<u64>part >> 32);
    to = <usize>(part & 0xffffffff);
  }
  apply(machine, behindNode(head), isPath ? load<u32>(node, 8) : 0, from, to, true, MOST_LEVELS);
  store<u32>(machine, outer, 24);
}

/** Gives what the steps find in an item. `unwraps`: an array stands for its elements where the step is not for arrays. */
function apply(machine: usize, step: usize, count: u32, start: usize, end: usize, unwraps: bool, levels: u32): void {
  if (count == 0) return give(machine, start, end);
  if (isLost(machine)) return;
  const kind = load<u32>(step);
  const first = load<u8>(start);
  const isArray = first == OPEN_BRACKET;
  if (unwraps && isArray && (kind == KEY || kind == ANY_KEY || kind == FILTER)) {
    return applyToParts(machine, step, count, start, end, false, levels);
  }
  const next = behindNode(step);
  if (kind == KEY) {
    if (first != OPEN_BRACE) return;
    const part = memberIn(start, end, step + 12, load<u32>(step, 8), CANONICAL);
    if (part == BROKEN) return giveUp(machine);
    if (part == MISSING) return;
    apply(machine, next, count - 1, <usize>(<u64>part >> 32), <usize>(part & 0xffffffff), true, levels);
  } else if (kind == ANY_KEY) {
    if (first == OPEN_BRACE) applyToParts(machine, next, count - 1, start, end, true, levels);
  } else if (kind == ANY_ELEMENT) {
    if (isArray) applyToParts(machine, next, count - 1, start, end, true, levels);
    else apply(machine, next, count - 1, start, end, true, levels);
  } else if (kind == SUBSCRIPTS) {
    for (let i: u32 = 0; i < load<u32>(step, 8); i++) {
      applyToRange(machine, step + 12 + (<usize>i << 4), next, count - 1, start, end, levels);
    }
  } else if (kind == FILTER) {
    if (truthOf(machine, step + 8, start, end) == TRUE) apply(machine, next, count - 1, start, end, true, levels);
  } else if (kind == DESCENDANTS) {
    descend(machine, step, count, start, end, 0, levels);
  }
}

/** To the elements of an array, or to the values of an object. */
function applyToParts(machine: usize, step: usize, count: u32, start: usize, end: usize, unwraps: bool, levels: u32): void {
  const isObject = load<u8>(start) == OPEN_BRACE;
  let at = skipSpaces(start + 1, end);
  while (at < end && load<u8>(at) != CLOSE_BRACE && load<u8>(at) != CLOSE_BRACKET) {
    const value = isObject ? valueOfKey(at, end) : at;
    const behind = skipValue(value, end);
    if (behind == 0) return giveUp(machine);
    apply(machine, step, count, value, behind, unwraps, levels);
    at = nextPart(behind, end);
  }
}

// @ts-ignore: decorator
@inline
function indexOf(subscript: usize, size: i32): i32 {
  return load<u32>(subscript) != 0 ? size - 1 + load<i32>(subscript, 4) : load<i32>(subscript, 4);
}

function applyToRange(
  machine: usize,
  subscript: usize,
  step: usize,
  count: u32,
  start: usize,
  end: usize,
  levels: u32,
): void {
  const isArray = load<u8>(start) == OPEN_BRACKET;
  let size: i32 = 1;
  if (isArray && (load<u32>(subscript) | load<u32>(subscript, 8)) != 0) {
    const found = elementIn(start, end, -1);
    if (found == BROKEN) return giveUp(machine);
    size = <i32>found;
  }
  const first = max(indexOf(subscript, size), 0);
  const last = indexOf(subscript + 8, size);
  if (!isArray) {
    if (first == 0 && last >= 0) apply(machine, step, count, start, end, true, levels);
    return;
  }
  let at = skipSpaces(start + 1, end);
  for (let i: i32 = 0; i <= last && at < end && load<u8>(at) != CLOSE_BRACKET; i++) {
    const behind = skipValue(at, end);
    if (behind == 0) return giveUp(machine);
    if (i >= first) apply(machine, step, count, at, behind, true, levels);
    at = nextPart(behind, end);
  }
}

/** The item and what is in it, level by level down each branch. */
function descend(machine: usize, step: usize, count: u32, start: usize, end: usize, level: u32, levels: u32): void {
  if (levels == 0) return giveUp(machine);
  const first = load<u32>(step, 8);
  const last = load<u32>(step, 12);
  const byte = load<u8>(start);
  const isNested = (byte == OPEN_BRACE || byte == OPEN_BRACKET) && !isEmpty(start, end);
  // With the last level as the first, only leaves are meant.
  const isIn = first == u32.MAX_VALUE ? !isNested : level >= first && level <= last;
  if (isIn) apply(machine, behindNode(step), count - 1, start, end, true, levels - 1);
  if (level >= last || !isNested) return;
  const isObject = byte == OPEN_BRACE;
  let at = skipSpaces(start + 1, end);
  while (at < end && load<u8>(at) != CLOSE_BRACE && load<u8>(at) != CLOSE_BRACKET) {
    const value = isObject ? valueOfKey(at, end) : at;
    const behind = skipValue(value, end);
    if (behind == 0) return giveUp(machine);
    descend(machine, step, count, value, behind, level + 1, levels - 1);
    at = nextPart(behind, end);
  }
}

function isEmpty(start: usize, end: usize): bool {
  const at = skipSpaces(start + 1, end);
  return at + 1 == end;
}

function truthOf(machine: usize, node: usize, start: usize, end: usize): u32 {
  const kind = load<u32>(node);
  const mark = topOf(machine);
  if (kind == COMPARISON || kind == STARTS_WITH) {
    const operator = kind == COMPARISON ? load<u32>(node, 8) : 0;
    const left = node + (kind == COMPARISON ? 12 : 8);
    putItems(machine, left, start, end, 1);
    const middle = topOf(machine);
    putItems(machine, behindNode(left), start, end, 1);
    const truth = isLost(machine) ? UNKNOWN : truthOfPairs(machine, mark, middle, kind, operator);
    store<u32>(machine, mark, 16);
    return truth;
  }
  if (kind == EXISTS_ANY) {
    putItems(machine, node + 8, start, end, 0);
    const isFound = topOf(machine) > mark;
    store<u32>(machine, mark, 16);
    return u32(isFound);
  }
  const left = truthOf(machine, node + 8, start, end);
  if (kind == NOT) return left == UNKNOWN ? UNKNOWN : 1 - left;
  if (kind == IS_UNKNOWN) return u32(left == UNKNOWN);
  const deciding: u32 = kind == AND ? FALSE : TRUE;
  if (left == deciding) return left;
  const right = truthOf(machine, behindNode(node + 8), start, end);
  return right == 1 - deciding ? left : right;
}

/** The first pair of items for which it is true decides. */
function truthOfPairs(machine: usize, from: usize, middle: usize, kind: u32, operator: u32): u32 {
  let truth: u32 = FALSE;
  for (let left = from; left < middle; left += 8) {
    for (let right = middle; right < topOf(machine); right += 8) {
      const a: usize = load<u32>(left);
      const aEnd: usize = load<u32>(left, 4);
      const b: usize = load<u32>(right);
      const bEnd: usize = load<u32>(right, 4);
      const one = kind == COMPARISON ? compare(machine, operator, a, aEnd, b, bEnd) : startsWith(a, aEnd, b, bEnd);
      if (one == TRUE) return TRUE;
      if (one == UNKNOWN) truth = UNKNOWN;
    }
  }
  return truth;
}

/** Escapes begin and end at the same places in both, so that the texts can be compared as they are. */
function startsWith(a: usize, aEnd: usize, b: usize, bEnd: usize): u32 {
  if (load<u8>(a) != QUOTE || load<u8>(b) != QUOTE) return UNKNOWN;
  const length = bEnd - b - 1;
  return u32(length < aEnd - a && bytesEqual(a, b, <u32>length));
}

/** What the first byte of a value says of its kind: that of the digits, n, t, the quote or the bracket or brace. */
// @ts-ignore: decorator
@inline
function kindOf(first: u8): u8 {
  if (first == 0x2d || first - 0x30 < 10) return 0x30;
  return first == 0x66 ? 0x74 : first;
}

function compare(machine: usize, operator: u32, a: usize, aEnd: usize, b: usize, bEnd: usize): u32 {
  const kind = kindOf(load<u8>(a));
  const other = kindOf(load<u8>(b));
  // null differs from everything else, and is in no order with it.
  if (kind != other) return kind == 0x6e || other == 0x6e ? u32(operator == NOT_EQUAL) : UNKNOWN;
  if (kind == OPEN_BRACE || kind == OPEN_BRACKET) return UNKNOWN;
  let order: i32 = 0;
  if (kind == 0x30) order = compareNumbers(a, aEnd, b, bEnd);
  else if (kind == 0x74) order = i32(load<u8>(a) == 0x74) - i32(load<u8>(b) == 0x74);
  else if (kind == QUOTE) order = compareStrings(machine, operator, a + 1, aEnd - 1, b + 1, bEnd - 1);
  const bit: u32 = order < 0 ? 1 : order == 0 ? 2 : 4;
  return u32((operator & bit) != 0);
}

function compareStrings(machine: usize, operator: u32, a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  const shorter = min(aEnd - a, bEnd - b);
  const order = memory.compare(a, b, shorter);
  if (order == 0 && aEnd - a == bEnd - b) return 0;
  // Which of two strings with escapes is the greater is not seen by them.
  const isOrdered = operator != 2 && operator != NOT_EQUAL;
  if (isOrdered && (findEither(a, aEnd, BACKSLASH, BACKSLASH) < aEnd || findEither(b, bEnd, BACKSLASH, BACKSLASH) < bEnd)) {
    giveUp(machine);
  }
  return order != 0 ? order : aEnd - a < bEnd - b ? -1 : 1;
}

/** What a path finds in jsonb: of a value, the path, variables and whether errors are silent. */
export function jsonPath(block: usize, args: usize, count: u32, program: usize): void {
  const json = v128.load(argument(args, 0));
  const start = pointerOf(json);
  const end = start + lengthOf(json);
  let variables: usize = 0;
  let variablesEnd: usize = 0;
  if (isNullArgument(args, count, 0)) return setNullResult(args, count);
  if (count > 2 && !isNullArgument(args, count, 2)) {
    const given = v128.load(argument(args, 2));
    variables = pointerOf(given);
    variablesEnd = variables + lengthOf(given);
    if (lengthOf(given) == 0 || load<u8>(variables) != OPEN_BRACE) return decline(block);
  }
  if (start == end) return decline(block);
  const asked = load<u32>(program);
  const isList = asked == JSON_ARRAY || asked == ARRAY;
  // A part takes at least two bytes with what separates it. What finds more, as some descents do, is declined.
  const mostItems = (lengthOf(json) >> 1) + 64;
  let listBytes: u32 = isList ? 5 * mostItems + 2 * lengthOf(json) + 256 : 0;
  if (asked == TEXT_VALUE) listBytes = lengthOf(json);
  const reserved = listBytes + ITEMS_AT + mostItems * 8 + 16;
  if (lengthOf(json) > LONGEST) return decline(block);
  const target = heapAllocate(block, reserved);
  if (target == 0) return;
  const machine = (target + listBytes + 7) & ~7;
  store<u32>(machine, start);
  store<u32>(machine, end, 4);
  store<u32>(machine, variables, 8);
  store<u32>(machine, variablesEnd, 12);
  store<u32>(machine, machine + ITEMS_AT, 16);
  store<u32>(machine, machine + ITEMS_AT + mostItems * 8, 20);
  store<u64>(machine, 0, 24);
  const body = program + BODY_AT;
  if (load<u32>(body) < COMPARISON) putItems(machine, body, start, end, 0);
  else {
    const truth = truthOf(machine, body, start, end);
    if (truth == TRUE) push(machine, program + TRUE_AT, program + TRUE_AT + 4);
    else if (truth == FALSE) push(machine, program + FALSE_AT, program + FALSE_AT + 5);
    else push(machine, program + NULL_AT, program + NULL_AT + 4);
  }
  const items = machine + ITEMS_AT;
  const found = <u32>(topOf(machine) - items) >> 3;
  let used: u32 = 0;
  if (isLost(machine)) decline(block);
  else if (isList) used = returnList(block, args, count, asked, items, found, target, listBytes);
  else if (asked == TEXT_VALUE) used = returnText(block, args, count, items, found, target, listBytes);
  else answer(block, args, count, asked, items, found);
  heapReturn(block, reserved - used);
}

function answer(block: usize, args: usize, count: u32, asked: u32, items: usize, found: u32): void {
  const first: usize = load<u32>(items);
  if (asked == EXISTS) store<u32>(resultOf(args, count), u32(found > 0));
  else if (asked == FIRST || asked == ONLY) {
    // What null is depends on the type of the result.
    if (asked == ONLY && found == 1 && load<u8>(first) == 0x6e) decline(block);
    else if (found == 0 || (asked == ONLY && found > 1)) setNullResult(args, count);
    else returnView(args, count, first, load<u32>(items, 4) - <u32>first);
  } else {
    const byte: u8 = found == 1 ? load<u8>(first) : 0;
    if (byte == 0x74 || byte == 0x66) store<u32>(resultOf(args, count), u32(byte == 0x74));
    else if (byte == 0x6e || asked == MATCH_OR_NULL) setNullResult(args, count);
    else decline(block);
  }
}

/** The only item as text; returns how many of the bytes at `target` it takes. */
function returnText(block: usize, args: usize, count: u32, items: usize, found: u32, target: usize, room: u32): u32 {
  const start: usize = load<u32>(items);
  const end: usize = load<u32>(items, 4);
  const first: u8 = found == 1 ? load<u8>(start) : 0x6e;
  if (first == 0x6e || first == OPEN_BRACE || first == OPEN_BRACKET) setNullResult(args, count);
  else if (first == 0x74 || first == 0x66) decline(block);
  else if (first != QUOTE) returnView(args, count, start, <u32>(end - start));
  else if (findEither(start, end, BACKSLASH, BACKSLASH) >= end) returnView(args, count, start + 1, <u32>(end - start - 2));
  else {
    const to = end - start > room ? 0 : putUnescaped(start + 1, end - 1, target);
    if (to == 0) decline(block);
    else returnView(args, count, target, <u32>(to - target));
    return to == 0 ? 0 : <u32>(to - target);
  }
  return 0;
}

/** The items as an array of JSON or of SQL; returns its bytes. */
function returnList(
  block: usize,
  args: usize,
  count: u32,
  asked: u32,
  items: usize,
  found: u32,
  target: usize,
  room: u32,
): u32 {
  let total: u64 = 0;
  for (let i: u32 = 0; i < found; i++) {
    const item = items + (<usize>i << 3);
    total += load<u32>(item, 4) - load<u32>(item);
  }
  const isJson = asked == JSON_ARRAY;
  const needed = isJson ? total + 2 * <u64>found + 2 : arrayBytes(found, JSONB, total);
  if (needed > room) {
    decline(block);
    return 0;
  }
  if (!isJson) {
    beginArray(target, found, JSONB, 0, <u32>needed);
    for (let i: u32 = 0; i < found; i++) {
      const item = items + (<usize>i << 3);
      putElement(target, i, load<u32>(item), load<u32>(item, 4) - load<u32>(item));
    }
    returnView(args, count, target, <u32>needed);
    return <u32>needed;
  }
  let to = target;
  store<u8>(to++, OPEN_BRACKET);
  for (let i: u32 = 0; i < found; i++) {
    const item = items + (<usize>i << 3);
    if (i > 0) {
      store<u16>(to, SEPARATOR);
      to += 2;
    }
    const length = load<u32>(item, 4) - load<u32>(item);
    memory.copy(to, load<u32>(item), length);
    to += length;
  }
  store<u8>(to, CLOSE_BRACKET);
  const length = <u32>(to + 1 - target);
  returnView(args, count, target, length);
  return length;
}
