// to_number, for generated code: the twin of src/functions/formatting/read-number.ts. Declined are empty templates, more than
// 38 digits, what leads between the halves of a character of UTF-16, and what is an error.
import { scaleDigits } from './decimal-digits';
import { characterWidth } from './datetime-template';
import {
  ANCHORED_SIGN,
  ACTIONS,
  BRACKET,
  CURRENCY,
  DIGIT,
  ESCAPED,
  EXPONENT,
  GROUP,
  hasAction,
  LITERAL,
  MINUS,
  ORDINAL,
  PLUS,
  POINT,
  QUOTED,
  quotedUnits,
  SHIFTED,
  SIGN,
  SUMMARY_BYTES,
  summariseTemplate,
  templateAction,
  ZERO,
} from './number-template';
import { decline, heapAllocate, heapReturn, widen } from './status';
import { lengthOf, pointerOf } from './text-view';
import { add, isOverflow, make, negate, scaleDown, scaleUp, zero } from './wide-integer';

/** As many as a decimal of 64 bits has, and half of what one of 128 has. */
// @ts-ignore: decorator
@inline const DIGITS_OF_64: u32 = 18;
// @ts-ignore: decorator
@inline const DIGITS_OF_HALF: u32 = 19;
// @ts-ignore: decorator
@inline const NOWHERE: u32 = 0xffffffff;

/** What was read: digits, without zeros before them. They are `first` and, behind 19 of them, `second`. */
@unmanaged
class ReadNumber {
  first: u64;
  second: u64;
  count: u32;
  places: i32;
  isNegative: bool;
}

// @ts-ignore: decorator
@inline
function isDigit(byte: u8): bool {
  return u8(byte - 0x30) < 10;
}

/** -1 of a minus, or an opening bracket if the template has them; 1 of a plus; 0 of another byte. */
// @ts-ignore: decorator
@inline
function signOf(byte: u8, isBracketed: bool): i32 {
  return byte == 0x2d || (byte == 0x3c && isBracketed) ? -1 : i32(byte == 0x2b);
}

/** Behind so many units of UTF-16, or behind the end; NOWHERE between the halves of a character. */
function skipUnits(source: usize, length: u32, from: u32, units: u32): u32 {
  let at = from;
  for (let left = units; left > 0 && at < length; left--) {
    const width = characterWidth(load<u8>(source + at));
    if (width == 4 && --left == 0) return NOWHERE;
    at += width;
  }
  return at;
}

/** Reads a text; false where it is none, or not for us. */
function readNumber(text: v128, template: v128, summary: usize, result: ReadNumber): bool {
  const isBracketed = hasAction(load<u32>(summary, ACTIONS), BRACKET);
  const layout = pointerOf(template);
  const layoutLength = lengthOf(template);
  const source = pointerOf(text);
  const length = lengthOf(text);
  let at: u32 = 0;
  let first: u64 = 0;
  let second: u64 = 0;
  let count: u32 = 0;
  let places: i32 = 0;
  let hasPoint = false;
  let hasDigits = false;
  let isNegative = false;
  for (let i: u32 = 0; i < layoutLength && at < length; ) {
    const action = templateAction(layout + i, layoutLength - i);
    const piece = layout + i;
    i += action >> 8;
    const kind = action & 0xff;
    let byte = load<u8>(source + at);
    if (kind == DIGIT || kind == ZERO) {
      if (!hasDigits && !hasPoint) {
        while (at < length && load<u8>(source + at) == 0x20) at++;
        const sign = at < length ? signOf(load<u8>(source + at), isBracketed) : 0;
        if (sign < 0) isNegative = true;
        at += u32(sign != 0);
        while (at < length && load<u8>(source + at) == 0x20) at++;
        if (at == length) break;
        byte = load<u8>(source + at);
      }
      if (isDigit(byte)) {
        hasDigits = true;
        count += u32(count > 0 || byte != 0x30);
        if (count <= DIGITS_OF_HALF) first = first * 10 + (byte - 0x30);
        else if (count <= 2 * DIGITS_OF_HALF) second = second * 10 + (byte - 0x30);
        else return false;
        places += i32(hasPoint);
        at++;
      }
    } else if (kind == POINT) {
      if (byte == 0x2e) {
        hasPoint = true;
        at++;
      }
    } else if (kind == GROUP) at += u32(byte == 0x2c);
    else if (kind == LITERAL || kind == CURRENCY || kind == QUOTED || kind == ESCAPED) {
      const isPart = isDigit(byte) || byte == 0x2d || byte == 0x2b || byte == 0x2e || (byte == 0x2c && kind != CURRENCY);
      if (!isPart) at = skipUnits(source, length, at, kind == QUOTED ? quotedUnits(piece, action >> 8) : 1);
      // A character of four bytes is two for UTF-16.
      if (kind == LITERAL && action >> 8 == 4 && !isPart) return false;
    } else if (kind == ORDINAL) {
      if (u8((byte | 0x20) - 0x61) < 26) at = skipUnits(source, length, at, 2);
    } else if (kind == SIGN || kind == MINUS || kind == PLUS || kind == ANCHORED_SIGN) {
      const sign = signOf(byte, isBracketed);
      if (sign < 0) isNegative = true;
      at += u32(sign != 0);
    }
    if (at == NOWHERE) return false;
  }
  if (at < length && signOf(load<u8>(source + at), isBracketed) < 0) isNegative = true;
  result.first = first;
  result.second = second;
  result.count = count;
  // Of digits behind V, too.
  result.places = places + load<i32>(summary, SHIFTED);
  result.isNegative = isNegative;
  return hasDigits;
}

/** What a text holds; null, with the status set, where it is not to be read. */
function numberOf(block: usize, text: v128, template: v128): ReadNumber | null {
  const byteLength = SUMMARY_BYTES + <u32>offsetof<ReadNumber>();
  const summary = heapAllocate(block, byteLength);
  if (summary == 0) return null;
  const result = changetype<ReadNumber>(summary + SUMMARY_BYTES);
  const isRead =
    lengthOf(template) > 0 &&
    summariseTemplate(pointerOf(template), lengthOf(template), summary) &&
    !hasAction(load<u32>(summary, ACTIONS), EXPONENT) &&
    readNumber(text, template, summary, result);
  // What lies there stays until something else is written to the heap.
  heapReturn(block, byteLength);
  if (isRead) return result;
  decline(block);
  return null;
}

/** With `scale` digits behind the point; more are left out. */
export function textToNumber64(block: usize, text: v128, template: v128, precision: i32, scale: i32): i64 {
  const number = numberOf(block, text, template);
  if (number == null) return 0;
  if (number.count > DIGITS_OF_64) {
    widen(block);
    return 0;
  }
  const power = scale - number.places;
  let value: i64;
  if (power >= 0) value = scaleDigits(number.first, power, precision);
  else {
    value = number.first;
    for (let i = power; i < 0 && value > 0; i++) value /= 10;
  }
  if (value < 0) {
    widen(block);
    return 0;
  }
  return number.isNegative ? -value : value;
}

export function textToNumber128(block: usize, text: v128, template: v128, precision: i32, scale: i32): v128 {
  const number = numberOf(block, text, template);
  if (number == null) return zero();
  const behind = max(number.count, DIGITS_OF_HALF) - DIGITS_OF_HALF;
  let value = add(scaleUp(make(number.first, 0), <i32>behind), make(number.second, 0));
  const power = scale - number.places;
  value = power >= 0 ? scaleUp(value, power) : scaleDown(value, -power, false);
  if (isOverflow(value)) {
    decline(block);
    return zero();
  }
  return number.isNegative ? negate(value) : value;
}
