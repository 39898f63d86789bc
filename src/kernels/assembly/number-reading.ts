// to_number, for generated code. Templates and texts beyond ASCII, templates with quotes or V, more than 18 digits and what is
// an error are declined.
import { scaleDigits } from './decimal-digits';
import {
  ANCHORED_SIGN,
  ACTIONS,
  BRACKET,
  CURRENCY,
  DIGIT,
  GROUP,
  hasAction,
  LITERAL,
  MINUS,
  ORDINAL,
  PLUS,
  POINT,
  SHIFT,
  SIGN,
  SUMMARY_BYTES,
  summariseTemplate,
  templateAction,
  ZERO,
} from './number-template';
import { decline, heapAllocate, heapReturn } from './status';
import { isAscii, lengthOf, pointerOf } from './text-view';
import { make } from './wide-integer';

const MOST_DIGITS: u32 = 18;
/** Digits that are no part of a number which is all right. */
const MALFORMED: i64 = i64.MIN_VALUE;

// @ts-ignore: decorator
@inline
function isDigit(byte: u8): bool {
  return u8(byte - 0x30) < 10;
}

/** What the template has, as bits; 0 where it is not for us. */
function actionsOf(block: usize, template: v128): u32 {
  const summary = heapAllocate(block, SUMMARY_BYTES);
  if (summary == 0) return 0;
  const isFit = summariseTemplate(pointerOf(template), lengthOf(template), summary);
  const actions = load<u32>(summary, ACTIONS);
  heapReturn(block, SUMMARY_BYTES);
  if (isFit && !hasAction(actions, SHIFT)) return actions | (1 << 31);
  decline(block);
  return 0;
}

/** -1 of a minus, or an opening bracket if the template has them; 1 of a plus; 0 of another byte. */
// @ts-ignore: decorator
@inline
function signOf(byte: u8, isBracketed: bool): i32 {
  return byte == 0x2d || (byte == 0x3c && isBracketed) ? -1 : i32(byte == 0x2b);
}

/** The number, with `scale` digits behind the point, which are no fewer than it has; MALFORMED where it is not for us. */
function numberOf(text: v128, template: v128, actions: u32, scale: i32, precision: i32): i64 {
  const isBracketed = hasAction(actions, BRACKET);
  const layout = pointerOf(template);
  const layoutLength = lengthOf(template);
  const source = pointerOf(text);
  const length = lengthOf(text);
  let at: u32 = 0;
  let digits: i64 = 0;
  let count: u32 = 0;
  let places: i32 = 0;
  let hasPoint = false;
  let isNegative = false;
  for (let i: u32 = 0; i < layoutLength && at < length; ) {
    const action = templateAction(layout + i, layoutLength - i);
    i += action >> 8;
    const kind = action & 0xff;
    let byte = load<u8>(source + at);
    if (kind == DIGIT || kind == ZERO) {
      if (count == 0 && !hasPoint) {
        while (at < length && load<u8>(source + at) == 0x20) at++;
        const sign = at < length ? signOf(load<u8>(source + at), isBracketed) : 0;
        if (sign < 0) isNegative = true;
        at += u32(sign != 0);
        while (at < length && load<u8>(source + at) == 0x20) at++;
        if (at == length) break;
        byte = load<u8>(source + at);
      }
      if (isDigit(byte)) {
        if (++count > MOST_DIGITS) return MALFORMED;
        digits = digits * 10 + (byte - 0x30);
        places += i32(hasPoint);
        at++;
      }
    } else if (kind == POINT) {
      if (byte == 0x2e) {
        hasPoint = true;
        at++;
      }
    } else if (kind == GROUP) at += u32(byte == 0x2c);
    else if (kind == LITERAL || kind == CURRENCY) {
      const isPart = isDigit(byte) || byte == 0x2d || byte == 0x2b || byte == 0x2e;
      if (!isPart && (kind == CURRENCY || byte != 0x2c)) at++;
    } else if (kind == ORDINAL) {
      if (u8((byte | 0x20) - 0x61) < 26) at += 2;
    } else if (kind == SIGN || kind == MINUS || kind == PLUS || kind == ANCHORED_SIGN) {
      const sign = signOf(byte, isBracketed);
      if (sign < 0) isNegative = true;
      at += u32(sign != 0);
    }
  }
  if (at < length && signOf(load<u8>(source + at), isBracketed) < 0) isNegative = true;
  if (count == 0 || places > scale) return MALFORMED;
  const value = scaleDigits(digits, scale - places, precision);
  if (value < 0) return MALFORMED;
  return isNegative ? -value : value;
}

export function textToNumber64(block: usize, text: v128, template: v128, precision: i32, scale: i32): i64 {
  if (
    lengthOf(template) == 0 ||
    !isAscii(pointerOf(template), lengthOf(template)) ||
    !isAscii(pointerOf(text), lengthOf(text))
  ) {
    decline(block);
    return 0;
  }
  const actions = actionsOf(block, template);
  if (actions == 0) return 0;
  const value = numberOf(text, template, actions, scale, precision);
  if (value == MALFORMED) decline(block);
  return value;
}

export function textToNumber128(block: usize, text: v128, template: v128, precision: i32, scale: i32): v128 {
  const value = textToNumber64(block, text, template, precision, scale);
  return make(value, value >> 63);
}
