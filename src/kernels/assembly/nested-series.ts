// Series as arrays, called by memory (memory-call.ts), for generate_series over columns; and arrays of arrays in one.
import {
  allocateArray,
  argument,
  argumentScale,
  argumentTag,
  isNullArgument,
  nestedArgument,
  returnView,
  setNullResult,
} from './memory-call';
import {
  arrayBytes,
  beginArray,
  countOf,
  elementPointer,
  tagOf,
  isElementValid,
  putElement,
  putElements,
  variableBytes,
} from './nested-access';
import { days, months, time } from './calendar';
import { timestampAddInterval } from './dates';
import { decline } from './status';
import { DECIMAL128, INT4, widthOf } from './value-tags';
import { zoneAddInterval } from './zones';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
/** Beyond these, steps are left to TypeScript, which looks out for the ends of time. */
// @ts-ignore: decorator
@inline const FIRST_INSTANT: i64 = -200000000000000000;
// @ts-ignore: decorator
@inline const LAST_INSTANT: i64 = 4000000000000000000;
// @ts-ignore: decorator
@inline const MOST_DAYS: i64 = 50000000;
// @ts-ignore: decorator
@inline const MOST_ELEMENTS: u64 = 134217727;

/** An integer, or what a decimal is by its scale: of 128 bits only if 64 are enough. */
// @ts-ignore: decorator
@inline
function integer(args: usize, count: u32, place: u32): i64 {
  const value = argument(args, place);
  return argumentTag(args, count, place) == INT4 ? <i64>load<i32>(value) : load<i64>(value);
}

// @ts-ignore: decorator
@inline
function isWide(args: usize, count: u32, place: u32): bool {
  if (argumentTag(args, count, place) != DECIMAL128) return false;
  const value = argument(args, place);
  return load<i64>(value, 8) != load<i64>(value) >> 63;
}

function wholeStep(scale: u32): i64 {
  let step: i64 = 1;
  for (let i: u32 = 0; i < scale; i++) step *= 10;
  return step;
}

/**
 * From the first argument to the second, by the third, or by 1. Left to TypeScript where the step is 0, an error, and
 * where decimals need more than 64 bits.
 */
export function seriesArray(block: usize, args: usize, count: u32): void {
  const scale = argumentScale(args, count, 0);
  let isBeyond = count == 2 && scale > 18;
  for (let place: u32 = 0; place < count; place++) isBeyond = isBeyond || isWide(args, count, place);
  const step: i64 = isBeyond ? 0 : count > 2 ? integer(args, count, 2) : wholeStep(scale);
  if (step == 0) {
    decline(block);
    return;
  }
  evenSeries(block, args, count, integer(args, count, 0), integer(args, count, 1), step);
}

/** The result is an array of what the first argument is. */
function evenSeries(block: usize, args: usize, count: u32, start: i64, stop: i64, step: i64): void {
  const tag = argumentTag(args, count, 0);
  // The distance of two i64 fits a u64.
  let size: u64 = 0;
  if (step > 0 && start <= stop) size = (<u64>stop - <u64>start) / <u64>step + 1;
  if (step < 0 && start >= stop) size = (<u64>start - <u64>stop) / (0 - <u64>step) + 1;
  const length = <u32>min<u64>(size, 0x3fffffff);
  const scale = argumentScale(args, count, 0);
  const target = allocateArray(block, length, tag, 0);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(length, tag, 0);
  beginArray(target, length, tag, scale, byteLength);
  const scratch = argument(args, count);
  let value = start;
  for (let i: u32 = 0; i < length; i++) {
    store<i64>(scratch, value);
    store<i64>(scratch, value >> 63, 8);
    putElement(target, i, scratch, widthOf(tag));
    value += step;
  }
  returnView(args, count, target, byteLength);
}

// @ts-ignore: decorator
@inline
function isWithin(instant: i64): bool {
  return instant >= FIRST_INSTANT && instant <= LAST_INSTANT;
}

/** Points in time, each the one before plus an interval. Left to TypeScript where the interval is 0, and far from today. */
export function instantSeries(block: usize, args: usize, count: u32): void {
  seriesOfInstants(block, args, count, 0);
}

/** By the clocks of a zone, a table of zone-table.ts. */
export function zonedInstantSeries(block: usize, args: usize, count: u32, zone: usize): void {
  seriesOfInstants(block, args, count, zone);
}

function seriesOfInstants(block: usize, args: usize, count: u32, zone: usize): void {
  const start = load<i64>(argument(args, 0));
  const stop = load<i64>(argument(args, 1));
  const interval = v128.load(argument(args, 2));
  const wholeDays = <i64>months(interval) * 30 + <i64>days(interval) + time(interval) / DAY;
  if (!isWithin(start) || !isWithin(stop) || abs(wholeDays) > MOST_DAYS) {
    decline(block);
    return;
  }
  const step = (<i64>months(interval) * 30 + <i64>days(interval)) * DAY + time(interval);
  if (step == 0) {
    decline(block);
    return;
  }
  if (months(interval) == 0 && (days(interval) == 0 || zone == 0)) {
    if (isWithin(stop + step)) evenSeries(block, args, count, start, stop, step);
    else decline(block);
    return;
  }
  // How many there are is known only when all are.
  let length: u64 = 0;
  for (let value = start; step > 0 ? value <= stop : value >= stop; value = stepped(block, value, interval, zone)) {
    if (load<i32>(block) != 0) return;
    if (length++ >= MOST_ELEMENTS) {
      decline(block);
      return;
    }
  }
  if (load<i32>(block) != 0) return;
  const tag = argumentTag(args, count, 0);
  const target = allocateArray(block, <u32>length, tag, 0);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(<u32>length, tag, 0);
  beginArray(target, <u32>length, tag, 0, byteLength);
  const scratch = argument(args, count);
  let value = start;
  for (let i: u32 = 0; i < <u32>length; i++) {
    store<i64>(scratch, value);
    putElement(target, i, scratch, widthOf(tag));
    value = stepped(block, value, interval, zone);
  }
  returnView(args, count, target, byteLength);
}

// @ts-ignore: decorator
@inline
function stepped(block: usize, value: i64, interval: v128, zone: usize): i64 {
  return zone == 0 ? timestampAddInterval(block, value, interval, 1) : zoneAddInterval(block, value, interval, zone, 1);
}

/** The elements of all arrays of an array, in one. */
export function arrayFlatten(block: usize, args: usize, count: u32): void {
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const outer = nestedArgument(args, 0);
  const size = countOf(outer);
  const tag = argumentTag(args, count, 1);
  let length: u32 = 0;
  let variable: u64 = 0;
  const scale = argumentScale(args, count, 1);
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(outer, i)) continue;
    const inner = elementPointer(outer, i);
    length += countOf(inner);
    variable += variableBytes(inner, 0, countOf(inner));
  }
  const target = allocateArray(block, length, tag, variable);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(length, tag, variable);
  beginArray(target, length, tag, scale, byteLength);
  let next: u32 = 0;
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(outer, i)) continue;
    const inner = elementPointer(outer, i);
    putElements(target, next, inner, 0, countOf(inner));
    next += countOf(inner);
  }
  returnView(args, count, target, byteLength);
}
