// Arithmetic of jsonpath, as numeric computes: see functions/scalar/jsonpath/path-numbers.ts. What is longer than decimals of
// 38 digits is not for us.
import { decimalAdd, decimalDivide, decimalModulo, decimalMultiply, decimalSubtract } from './decimal';
import { readDecimal128, NO_DECIMAL } from './decimal-readers';
import { formatDecimal128, formatI64 } from './format';
import { isNumber, MINUS, POINT, ZERO } from './json-characters';
import { isZero } from './json-compare';
import { put } from './json-output';
import { failPath, giveUp, isStopped, keepRoom, push, roomFor, topOf } from './json-path-machine';
import { high, low } from './wide-integer';

// Operators.
// @ts-ignore: decorator
@inline const PLUS: u32 = 0;
// @ts-ignore: decorator
@inline const LESS: u32 = 1;
// @ts-ignore: decorator
@inline const TIMES: u32 = 2;
// @ts-ignore: decorator
@inline const OVER: u32 = 3;

/** Digits behind the point. */
// @ts-ignore: decorator
@inline const MOST_SCALE: i32 = 60;
/** Of a number that is written, with what its writer puts beside it. */
// @ts-ignore: decorator
@inline const DECIMAL_BYTES: usize = 160;
/** Significant digits that quotients have at least. */
// @ts-ignore: decorator
@inline const QUOTIENT_DIGITS: i32 = 16;
// @ts-ignore: decorator
@inline const DIGITS_OF_GROUP: i32 = 4;

// @ts-ignore: decorator
@inline function startOf(item: usize): usize {
  return load<u32>(item);
}

// @ts-ignore: decorator
@inline function endOf(item: usize): usize {
  return load<u32>(item, 4);
}

/** The point of a number, or where it ends. */
export function pointOf(start: usize, end: usize): usize {
  let at = start;
  while (at < end && load<u8>(at) != POINT) at++;
  return at;
}

/** Gives a whole number. */
export function giveWhole(machine: usize, value: i64): void {
  const target = roomFor(machine, 24);
  if (target == 0) return;
  const end = target + formatI64(value, target);
  keepRoom(machine, end);
  push(machine, target, end);
}

/** The items from `mark` on with a sign before them, up to one that is no number. */
export function changeSigns(machine: usize, mark: usize, negates: bool): void {
  for (let item = mark; item < topOf(machine); item += 8) {
    const start = startOf(item);
    if (!isNumber(load<u8>(start))) {
      store<u32>(machine, item, 16);
      return failPath(machine);
    }
    if (!negates || isZero(start, endOf(item))) continue;
    if (load<u8>(start) == MINUS) {
      store<u32>(item, start + 1);
      continue;
    }
    const target = roomFor(machine, endOf(item) - start + 1);
    if (target == 0) return;
    store<u8>(target, MINUS);
    const end = put(target + 1, start, endOf(item) - start);
    keepRoom(machine, end);
    store<u32>(item, target);
    store<u32>(item, end, 4);
  }
}

/** The only item from `mark` on as an index, cut towards zero. */
export function wholeIndex(machine: usize, mark: usize): i32 {
  if (topOf(machine) - mark != 8 || !isNumber(load<u8>(startOf(mark)))) {
    failPath(machine);
    return 0;
  }
  const isNegative = load<u8>(startOf(mark)) == MINUS;
  let value: i64 = 0;
  for (let at = startOf(mark) + usize(isNegative); at < endOf(mark) && load<u8>(at) != POINT; at++) {
    value = min<i64>(value * 10 + (load<u8>(at) - ZERO), <i64>1 << 32);
  }
  if (isNegative) value = -value;
  if (value != <i64>(<i32>value)) failPath(machine);
  return <i32>value;
}

/** The number of an item, whose digits behind the point are `scale`. */
// @ts-ignore: decorator
@inline function numberOf(item: usize, scale: i32): v128 {
  return readDecimal128(startOf(item), <u32>(endOf(item) - startOf(item)), 38, scale);
}

function scaleOf(item: usize): i32 {
  const point = pointOf(startOf(item), endOf(item));
  return point == endOf(item) ? 0 : <i32>(endOf(item) - point) - 1;
}

/** In place of the items from `mark` and from `middle` on, one each, puts what the operator makes of them. */
export function calculate(machine: usize, operator: u32, mark: usize, middle: usize): void {
  const behind = topOf(machine);
  store<u32>(machine, mark, 16);
  if (isStopped(machine)) return;
  const isPair = middle - mark == 8 && behind - middle == 8;
  if (!isPair || !isNumber(load<u8>(startOf(mark))) || !isNumber(load<u8>(startOf(middle)))) return failPath(machine);
  if (operator >= OVER && isZero(startOf(middle), endOf(middle))) return failPath(machine);
  const aScale = scaleOf(mark);
  const bScale = scaleOf(middle);
  if (max(aScale, bScale) > MOST_SCALE) return giveUp(machine);
  const a = numberOf(mark, aScale);
  const b = numberOf(middle, bScale);
  if (high(a) == NO_DECIMAL || high(b) == NO_DECIMAL) return giveUp(machine);
  const status = machine + 64;
  let scale = max(aScale, bScale);
  let result = a;
  if (operator == PLUS) result = decimalAdd(status, a, scale - aScale, b, scale - bScale);
  else if (operator == LESS) result = decimalSubtract(status, a, scale - aScale, b, scale - bScale);
  else if (operator == TIMES) {
    scale = aScale + bScale;
    result = decimalMultiply(status, a, b, 0);
  } else if (operator == OVER) {
    scale = scaleOfQuotient(mark, middle, scale);
    if (scale > MOST_SCALE) return giveUp(machine);
    result = decimalDivide(status, a, b, scale + bScale - aScale);
  } else result = decimalModulo(status, a, scale - aScale, b, scale - bScale);
  if (load<i32>(status) != 0) return giveUp(machine);
  const target = roomFor(machine, DECIMAL_BYTES);
  if (target == 0) return;
  const end = target + formatDecimal128(low(result), high(result), <u32>scale, target);
  keepRoom(machine, end);
  push(machine, target, end);
}

/** As numeric's select_div_scale, which counts digits by groups of four. */
function scaleOfQuotient(dividend: usize, divisor: usize, scale: i32): i32 {
  const a = firstGroup(startOf(dividend), endOf(dividend));
  const b = firstGroup(startOf(divisor), endOf(divisor));
  const weight = <i32>(a >> 32) - <i32>(b >> 32) - i32(<i32>a <= <i32>b);
  return max(QUOTIENT_DIGITS - weight * DIGITS_OF_GROUP, scale);
}

/** The first group that is not zero, and in the upper half its place from the point. */
function firstGroup(from: usize, end: usize): i64 {
  const start = load<u8>(from) == MINUS ? from + 1 : from;
  const point = pointOf(start, end);
  let place = <i32>(point - start) - 1;
  for (let at = start; at < end; at++) {
    if (load<u8>(at) == POINT) continue;
    if (load<u8>(at) == ZERO) {
      place--;
      continue;
    }
    const weight = place >> 2;
    let value: i64 = 0;
    for (; place >= weight << 2; place--) {
      if (at < end && load<u8>(at) == POINT) at++;
      value = value * 10 + (at < end ? <i64>load<u8>(at++) - ZERO : 0);
    }
    return (<i64>weight << 32) | value;
  }
  return 0;
}
