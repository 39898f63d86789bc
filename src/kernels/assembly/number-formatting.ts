// to_char of numbers, called by memory (memory-call.ts). What a function declines is left to TypeScript.
import { formatUnsigned128, insertPoint } from './format';
import { argument, argumentScale, argumentTag, resultOf } from './memory-call';
import { EXACT_BYTES, exactDigits, putExponential, putRomanTemplate } from './number-notation';
import {
  ACTIONS,
  ANCHORED_SIGN,
  BRACKET,
  CURRENCY,
  DIGIT,
  DIGITS_BEFORE_SIGN,
  ESCAPED,
  EXPONENT,
  FILL,
  FRACTION,
  GROUP,
  hasAction,
  LITERAL,
  MINUS,
  ORDINAL,
  PLUS,
  POINT,
  putQuoted,
  QUOTED,
  ROMAN,
  SHIFTED,
  SIGN,
  SIGN_BEHIND,
  SUMMARY_BYTES,
  summariseTemplate,
  templateAction,
  WHOLE,
  ZERO,
  ZERO_END,
  ZERO_START,
} from './number-template';
import { decline, heapAllocate, heapReturn } from './status';
import { makeView } from './text-view';
import { DECIMAL128, DECIMAL64, FLOAT4, FLOAT8, INT2, INT4 } from './value-tags';
import { high, low, magnitude, make, multiplyHigh, power64, scaleDown, zero } from './wide-integer';

/** No byte of a template writes more: RN has two for 15 letters. */
// @ts-ignore: decorator
@inline const MOST_FOR_BYTE: u32 = 8;

/** A product of a mantissa and a power of ten, below 2^120, divided by 2^shift; halves go to the even neighbour. */
function shiftedDown(lo: u64, hi: u64, shift: u32): u64 {
  if (shift == 0) return lo;
  let quotient: u64;
  let rest: u64;
  let half: u64;
  let isMore = false;
  if (shift <= 64) {
    quotient = shift == 64 ? hi : (hi << (64 - shift)) | (lo >> shift);
    half = <u64>1 << (shift - 1);
    rest = lo & (half | (half - 1));
  } else {
    if (shift > 121) return 0;
    const upper = shift - 64;
    quotient = hi >> upper;
    half = <u64>1 << (upper - 1);
    rest = hi & (half | (half - 1));
    isMore = lo != 0;
  }
  const isUp = rest > half || (rest == half && (isMore || (quotient & 1) != 0));
  return quotient + u64(isUp);
}

/** A double from 0 up to 2^63 times 10^places (at most 14 for what is not whole), as C's printf rounds it. */
function roundedFloat(value: f64, places: u32): u64 {
  const bits = reinterpret<u64>(value);
  const exponent = <i32>(bits >> 52);
  const mantissa = exponent == 0 ? bits : (bits & 0xfffffffffffff) | 0x10000000000000;
  const shift = 1075 - max(exponent, 1);
  const factor = power64(places);
  if (shift <= 0) return (mantissa << -shift) * factor;
  return shiftedDown(mantissa * factor, multiplyHigh(mantissa, factor), shift);
}

/** How many digits a number has. */
function digitCount(value: u64): u32 {
  let count: u32 = 1;
  for (let power: u64 = 10; count < 19 && value >= power; power *= 10) count++;
  return count;
}

/**
 * Writes the digits of a float, rounded to the template's places, of which only the first 15 (6 of a real) count.
 * Returns their number; 0 where the float is none of those.
 */
function putFloat(target: usize, value: f64, significant: u32, summary: usize): u32 {
  const shifted = load<u32>(summary, SHIFTED);
  if (shifted > 19) return 0;
  const scaled = abs(value) * <f64>power64(shifted);
  // Also NaN.
  if (!(scaled < 9223372036854775808.0)) return 0;
  const wholeLength = digitCount(roundedFloat(scaled, 0));
  const places = wholeLength >= significant ? 0 : min(load<u32>(summary, FRACTION), significant - wholeLength);
  return insertPoint(target, formatUnsigned128(roundedFloat(scaled, places), 0, target), places);
}

/** Where the digits are shown to with FM: the last behind the point that is not 0, or for which there is a 0. */
function lastRelevantDigit(digits: usize, length: u32, spaces: i32, zeroEnd: i32): i32 {
  let point: u32 = 0;
  while (point < length && load<u8>(digits + point) != 0x2e) point++;
  if (point == length) return -1;
  let last = <i32>point;
  for (let at = point + 1; at < length; at++) if (load<u8>(digits + at) != 0x30) last = <i32>at;
  return zeroEnd <= spaces ? last : max(last, min(<i32>length - 1, zeroEnd - spaces));
}

/** th, st, nd, rd; th also of 11, 12 and 13. */
function ordinalLetters(digits: usize, length: u32): u32 {
  const last = load<u8>(digits + length - 1);
  const isTeen = length > 1 && load<u8>(digits + length - 2) == 0x31;
  if (isTeen || last < 0x31 || last > 0x33) return 0x6874;
  return last == 0x31 ? 0x7473 : last == 0x32 ? 0x646e : 0x6472;
}

/**
 * Lays `length` digits out by a template, after NUM_processor of PostgreSQL (src/backend/utils/adt/formatting.c), and
 * returns where the text ends. The twin, src/functions/formatting/format-number.ts, says it with names.
 */
function layOut(
  target: usize,
  source: usize,
  sourceLength: u32,
  summary: usize,
  digits: usize,
  length: u32,
  spaces: i32,
  isNegative: bool,
): usize {
  const actions = load<u32>(summary, ACTIONS);
  const whole = load<i32>(summary, WHOLE);
  const fraction = load<i32>(summary, FRACTION);
  const zeroStart = load<i32>(summary, ZERO_START) - 1;
  const hasZero = zeroStart >= 0;
  const fill = hasAction(actions, FILL);
  const hasPoint = hasAction(actions, POINT);
  const hasSign = hasAction(actions, ANCHORED_SIGN);
  const isSignBehind = hasSign && (load<u32>(summary, SIGN_BEHIND) != 0 || whole == load<i32>(summary, DIGITS_BEFORE_SIGN));
  const bracket = hasAction(actions, BRACKET) && (isNegative || !fill);
  const plus = hasAction(actions, PLUS) || hasAction(actions, SIGN);
  const minus = hasAction(actions, MINUS) || hasAction(actions, SIGN);
  let signWritten = plus || minus ? minus : !isNegative && fill && !hasSign;
  const last = fill && hasPoint ? lastRelevantDigit(digits, length, spaces, load<i32>(summary, ZERO_END)) : -1;
  const onlyPointIsLeft = last >= 0 && load<u8>(digits + last) == 0x2e;
  const isBelowOne = !hasZero && load<u8>(digits) == 0x30 && fraction != 0;
  const count = fraction + whole + load<i32>(summary, SHIFTED) - 1 + i32(!signWritten && spaces == 0);
  const lastPlace = count + i32(spaces > 0) + i32(hasPoint);
  let place: i32 = 0;
  let at: u32 = 0;
  let inNumber = false;
  let write = target;
  for (let i: u32 = 0; i < sourceLength; ) {
    const action = templateAction(source + i, sourceLength - i);
    switch (action & 0xff) {
      case LITERAL:
        memory.copy(write, source + i, action >> 8);
        write += action >> 8;
        break;
      case QUOTED:
        write = putQuoted(write, source + i, action >> 8);
        break;
      case ESCAPED:
        store<u8>(write++, 0x22);
        break;
      case DIGIT:
      case ZERO:
      case POINT: {
        inNumber = false;
        const isLeadingZero = isBelowOne && at == 0;
        const isReached = place >= spaces || (hasZero && zeroStart == place);
        if (!signWritten && isReached && (!isLeadingZero || onlyPointIsLeft)) {
          if (!hasSign) {
            if (isNegative) store<u8>(write++, bracket ? 0x3c : 0x2d);
            else if (bracket || !fill) store<u8>(write++, 0x20);
            signWritten = true;
          } else if (!isSignBehind) {
            store<u8>(write++, isNegative ? 0x2d : 0x2b);
            signWritten = true;
          }
        }
        if (place < spaces) {
          if (hasZero && zeroStart <= place) {
            store<u8>(write++, 0x30);
            inNumber = true;
          } else if (!fill) store<u8>(write++, 0x20);
        } else {
          if (at < length && load<u8>(digits + at) == 0x2e) store<u8>(write++, 0x2e);
          else if (last < 0 || <i32>at <= last || (action & 0xff) == ZERO) {
            if (isLeadingZero) {
              if (!fill) store<u8>(write++, 0x20);
              else if (onlyPointIsLeft) store<u8>(write++, 0x30);
            } else {
              if (at < length) store<u8>(write++, load<u8>(digits + at));
              inNumber = true;
            }
          }
          if (at < length) at++;
        }
        const end = last >= 0 && last == <i32>at ? place : lastPlace;
        if (place + 1 == end) {
          if (signWritten && bracket) store<u8>(write++, isNegative ? 0x3e : 0x20);
          else if (isSignBehind) store<u8>(write++, isNegative ? 0x2d : 0x2b);
        }
        place++;
        break;
      }
      case GROUP:
        if (inNumber) store<u8>(write++, 0x2c);
        else if (!fill) store<u8>(write++, 0x20);
        break;
      case CURRENCY:
        store<u8>(write++, 0x20);
        break;
      case ORDINAL:
        if (!hasPoint && !isNegative && load<u8>(digits) != 0x23) {
          const isSmall = load<u8>(source + i) >= 0x61;
          store<u16>(write, <u16>(ordinalLetters(digits, length) & (isSmall ? 0xffff : 0xdfdf)));
          write += 2;
        }
        break;
      case MINUS:
        if (isNegative) store<u8>(write++, 0x2d);
        else if (!fill) store<u8>(write++, 0x20);
        break;
      case PLUS:
        if (!isNegative) store<u8>(write++, 0x2b);
        else if (!fill) store<u8>(write++, 0x20);
        break;
      case SIGN:
        store<u8>(write++, isNegative ? 0x2d : 0x2b);
        break;
    }
    i += action >> 8;
  }
  return write;
}

/** The integer of a float or an exact number that RN shows; 0 of what it does not. */
function wholeOf(float: f64, exact: v128, scale: i32, isFloat: bool): i64 {
  // Also NaN.
  if (isFloat) return float > 0 && float < 4000 ? <i64>roundedFloat(float, 0) : 0;
  const rounded = scaleDown(magnitude(exact), scale, true);
  return high(exact) < 0 || high(rounded) != 0 || low(rounded) > 4000 ? 0 : <i64>low(rounded);
}

/**
 * to_char(number, template): integers, decimals and floats. Declines infinities and floats of more than 18 digits, EEEE of
 * floats beyond 2^256, and errors.
 */
export function numberToChar(block: usize, args: usize, count: u32): void {
  const template = argument(args, 1);
  const length = load<u32>(template);
  const source = <usize>load<u32>(template, 4);
  // The text; the summary; the digits, with a point and the zeros that V and the places behind the point bring.
  const textRoom = (length * MOST_FOR_BYTE + 23) & ~7;
  const room = textRoom + SUMMARY_BYTES + length * 2 + EXACT_BYTES;
  const target = heapAllocate(block, room);
  if (target == 0) return;
  const summary = target + textRoom;
  const digits = summary + SUMMARY_BYTES;
  let end: usize = 0;
  if (summariseTemplate(source, length, summary)) {
    end = putNumber(args, count, target, source, length, summary, digits);
  }
  if (end == 0) {
    heapReturn(block, room);
    decline(block);
    return;
  }
  const textLength = <u32>(end - target);
  heapReturn(block, room - textLength);
  v128.store(resultOf(args, count), makeView(target, textLength));
}

/** Where the text of a number ends; 0 of what is declined. */
function putNumber(
  args: usize,
  count: u32,
  target: usize,
  source: usize,
  length: u32,
  summary: usize,
  digits: usize,
): usize {
  const tag = argumentTag(args, count, 0);
  const value = argument(args, 0);
  const actions = load<u32>(summary, ACTIONS);
  const fraction = load<u32>(summary, FRACTION);
  const isFloat = tag == FLOAT8 || tag == FLOAT4;
  const isDecimal = tag == DECIMAL64 || tag == DECIMAL128;
  const scale: i32 = isDecimal ? argumentScale(args, count, 0) : 0;
  let float: f64 = 0;
  let exact = zero();
  if (isFloat) float = tag == FLOAT8 ? load<f64>(value) : <f64>load<f32>(value);
  else if (tag == DECIMAL128) exact = v128.load(value);
  else {
    const whole = tag == INT4 || tag == INT2 ? <i64>load<i32>(value) : load<i64>(value);
    exact = make(whole, whole >> 63);
  }
  if (hasAction(actions, EXPONENT)) {
    if (isFloat || tag == INT4 || tag == INT2) {
      // Integers are printed as doubles, and bigints are not.
      const double = isFloat ? float : <f64>(<i64>low(exact));
      const exactly = exactDigits(double, digits);
      if (exactly == 0) return 0;
      return putExponential(target, digits, <u32>exactly, <i32>(exactly >> 32), fraction, double < 0, true);
    }
    const size = magnitude(exact);
    const digitsLength = formatUnsigned128(low(size), high(size), digits);
    return putExponential(target, digits, digitsLength, scale, fraction, high(exact) < 0, false);
  }
  if (hasAction(actions, ROMAN)) {
    return putRomanTemplate(target, source, length, actions, wholeOf(float, exact, scale, isFloat));
  }
  let digitsLength: u32 = 0;
  let isNegative = false;
  if (isFloat) {
    isNegative = float < 0;
    digitsLength = putFloat(digits, float, tag == FLOAT8 ? 15 : 6, summary);
    if (digitsLength == 0) return 0;
  } else {
    // 10^zeros times the number, if that is positive; else it is rounded, halves away from zero.
    const zeros = <i32>fraction + load<i32>(summary, SHIFTED) - scale;
    const rounded = scaleDown(magnitude(exact), max(-zeros, 0), true);
    const isZero = low(rounded) == 0 && high(rounded) == 0;
    isNegative = high(exact) < 0 && !isZero;
    digitsLength = formatUnsigned128(low(rounded), high(rounded), digits);
    if (zeros > 0 && !isZero) {
      memory.fill(digits + digitsLength, 0x30, zeros);
      digitsLength += zeros;
    }
    digitsLength = insertPoint(digits, digitsLength, fraction);
  }
  return fitted(target, source, length, summary, digits, digitsLength, isNegative);
}

/** Lays digits out, or as many `#` where those before the point have no room; 0 for TH behind no digit, an error. */
function fitted(
  target: usize,
  source: usize,
  sourceLength: u32,
  summary: usize,
  digits: usize,
  length: u32,
  isNegative: bool,
): usize {
  let wholeLength: u32 = 0;
  while (wholeLength < length && load<u8>(digits + wholeLength) != 0x2e) wholeLength++;
  const room = load<u32>(summary, WHOLE) + load<u32>(summary, SHIFTED);
  if (wholeLength <= room) {
    return layOut(target, source, sourceLength, summary, digits, length, room - wholeLength, isNegative);
  }
  const actions = load<u32>(summary, ACTIONS);
  if (room == 0 && !isNegative && hasAction(actions, ORDINAL) && !hasAction(actions, POINT)) return 0;
  const fraction = load<u32>(summary, FRACTION);
  memory.fill(digits, 0x23, room + 1 + fraction);
  store<u8>(digits + room, 0x2e);
  return layOut(target, source, sourceLength, summary, digits, room + 1 + fraction, 0, isNegative);
}
