// Methods of the items of a jsonpath: see functions/scalar/jsonpath/path-methods.ts.
import { elementIn, BROKEN, MISSING, partEnd, partOf, partStart } from './json-access';
import {
  CLOSE_BRACE,
  isBoolean,
  isNumber,
  isOpening,
  LETTER_N,
  MINUS,
  OPEN_BRACKET,
  QUOTE,
  ZERO,
} from './json-characters';
import { isZero } from './json-compare';
import { doubleOf, plainNumber, wholeNumber } from './json-path-conversions';
import { failPath, FALSE, giveUp, isStrict, keepRoom, roomFor, textOf, truthPart, TRUE } from './json-path-machine';
import { pointOf } from './json-path-numbers';
import { put } from './json-output';
import { stringEnd } from './json-scan';
import { formatUnsigned } from './format';
import { NO_BOOLEAN, readBoolean } from './word-readers';

// As PATH_METHODS in functions/scalar/jsonpath/path-syntax.ts.
// @ts-ignore: decorator
@inline const ABS: u32 = 0;
// @ts-ignore: decorator
@inline const BIGINT: u32 = 1;
// @ts-ignore: decorator
@inline const BOOLEAN: u32 = 2;
// @ts-ignore: decorator
@inline const CEILING: u32 = 3;
// @ts-ignore: decorator
@inline const DOUBLE: u32 = 4;
// @ts-ignore: decorator
@inline const FLOOR: u32 = 5;
// @ts-ignore: decorator
@inline const INTEGER: u32 = 6;
// @ts-ignore: decorator
@inline export const KEY_VALUE: u32 = 7;
// @ts-ignore: decorator
@inline export const SIZE: u32 = 9;
// @ts-ignore: decorator
@inline const STRING: u32 = 10;
// @ts-ignore: decorator
@inline export const TYPE: u32 = 11;

/** What a method makes of an item; missing where that is an error. */
export function methodOf(machine: usize, step: usize, start: usize, end: usize): i64 {
  const method = load<u32>(step, 8);
  const first = load<u8>(start);
  if (method == TYPE) return typeOf(step + 12, first);
  if (method == SIZE) return sizeOf(machine, start, end);
  if (method == STRING) return stringOf(machine, start, end);
  if (method == BOOLEAN) return booleanOf(machine, start, end);
  if (isNumber(first)) {
    if (method == ABS) return partOf(first == MINUS ? start + 1 : start, end);
    if (method == FLOOR) return roundedTo(machine, start, end, first == MINUS);
    if (method == CEILING) return roundedTo(machine, start, end, first != MINUS);
    return converted(machine, method, start, end, true);
  }
  if (first != QUOTE || method == ABS || method == FLOOR || method == CEILING) return failed(machine);
  const text = textOf(machine, start, end);
  return text == MISSING ? MISSING : converted(machine, method, partStart(text), partEnd(text), false);
}

function converted(machine: usize, method: u32, start: usize, end: usize, isItem: bool): i64 {
  if (method == INTEGER) return wholeNumber(machine, start, end, i32.MAX_VALUE, isItem);
  if (method == BIGINT) return wholeNumber(machine, start, end, i64.MAX_VALUE, isItem);
  if (!isItem) return method == DOUBLE ? doubleOf(machine, start, end) : plainNumber(machine, start, end);
  // It may be no double.
  if (method == DOUBLE && pointOf(start, end) - start > LONGEST_DOUBLE) giveUp(machine);
  return partOf(start, end);
}

/** Digits of a whole number that surely is a double. */
// @ts-ignore: decorator
@inline const LONGEST_DOUBLE: usize = 300;

function failed(machine: usize): i64 {
  failPath(machine);
  return MISSING;
}

/** Of slots of 12 bytes: null, boolean, number, string, array, object. */
function typeOf(names: usize, first: u8): i64 {
  let index: usize = 3;
  if (first == LETTER_N) index = 0;
  else if (isBoolean(first)) index = 1;
  else if (isNumber(first)) index = 2;
  else if (isOpening(first)) index = first == OPEN_BRACKET ? 4 : 5;
  const slot = names + index * 12;
  return partOf(slot + 1, slot + 1 + load<u8>(slot));
}

function sizeOf(machine: usize, start: usize, end: usize): i64 {
  let size: i64 = 1;
  if (load<u8>(start) == OPEN_BRACKET) {
    size = elementIn(start, end, -1);
    if (size == BROKEN) giveUp(machine);
  } else if (isStrict(machine)) return failed(machine);
  const target = roomFor(machine, 24);
  if (target == 0) return MISSING;
  const to = target + formatUnsigned(<u64>size, target);
  keepRoom(machine, to);
  return partOf(target, to);
}

function stringOf(machine: usize, start: usize, end: usize): i64 {
  const first = load<u8>(start);
  if (first == QUOTE) return partOf(start, end);
  if (first == LETTER_N || isOpening(first)) return failed(machine);
  const target = roomFor(machine, end - start + 2);
  if (target == 0) return MISSING;
  store<u8>(target, QUOTE);
  const to = put(target + 1, start, end - start);
  store<u8>(to, QUOTE);
  keepRoom(machine, to + 1);
  return partOf(target, to + 1);
}

function booleanOf(machine: usize, start: usize, end: usize): i64 {
  const first = load<u8>(start);
  if (isBoolean(first)) return partOf(start, end);
  if (first == LETTER_N || isOpening(first)) return failed(machine);
  const text = first == QUOTE ? textOf(machine, start, end) : partOf(start, end);
  if (text == MISSING) return MISSING;
  const from = partStart(text);
  const to = partEnd(text);
  let at = from < to && load<u8>(from) == MINUS ? from + 1 : from;
  const isEmpty = at == to;
  while (at < to && load<u8>(at) - ZERO < 10) at++;
  if (at == to && !isEmpty) return truthPart(machine, isZero(from, to) ? FALSE : TRUE);
  const value = readBoolean(from, <u32>(to - from));
  return value == NO_BOOLEAN ? failed(machine) : truthPart(machine, <u32>value);
}

/** The whole number next to a number, away from zero or not. */
function roundedTo(machine: usize, start: usize, end: usize, isAway: bool): i64 {
  const point = pointOf(start, end);
  if (point == end) return partOf(start, end);
  const isNegative = load<u8>(start) == MINUS;
  if (!isAway || isZero(point, end)) {
    return partOf(isNegative && isZero(start, point) ? start + 1 : start, point);
  }
  const length = point - start;
  const target = roomFor(machine, length + 1);
  if (target == 0) return MISSING;
  // One more, with a zero in front.
  const digits = target + usize(isNegative);
  store<u8>(digits, ZERO);
  memory.copy(digits + 1, start + usize(isNegative), length - usize(isNegative));
  let at = target + length;
  while (load<u8>(at) == ZERO + 9) store<u8>(at--, ZERO);
  store<u8>(at, load<u8>(at) + 1);
  keepRoom(machine, target + length + 1);
  const from = load<u8>(digits) == ZERO ? target + 1 : target;
  if (isNegative) store<u8>(from, MINUS);
  return partOf(from, target + length + 1);
}

/** The object of a member whose key is at `key`: {"id": 0, "key": …, "value": …}. */
export function entryOf(machine: usize, key: usize, value: usize, valueEnd: usize): i64 {
  const keyEnd = stringEnd(key + 1, value) + 1;
  const target = roomFor(machine, keyEnd - key + (valueEnd - value) + 40);
  if (target == 0) return MISSING;
  store<u64>(target, 0x203a226469227b); // {"id":␣
  let to = target + 7;
  store<u64>(to, 0x22202c30); // 0,␣"
  store<u64>(to + 4, 0x203a2279656b); // key":␣
  to = put(to + 10, key, keyEnd - key);
  store<u64>(to, 0x756c617622202c); // ,␣"valu
  store<u32>(to + 7, 0x203a2265); // e":␣
  to = put(to + 11, value, valueEnd - value);
  store<u8>(to, CLOSE_BRACE);
  keepRoom(machine, to + 1);
  return partOf(target, to + 1);
}
