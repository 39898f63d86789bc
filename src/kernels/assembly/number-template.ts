// Templates of to_char for numbers, read byte by byte for each number: they are short. Not exported from the module.
import { characterWidth } from './datetime-template';

// @ts-ignore: decorator
@inline export const LITERAL: u32 = 0;
// @ts-ignore: decorator
@inline export const DIGIT: u32 = 1;
// @ts-ignore: decorator
@inline export const ZERO: u32 = 2;
// @ts-ignore: decorator
@inline export const POINT: u32 = 3;
// @ts-ignore: decorator
@inline export const GROUP: u32 = 4;
// @ts-ignore: decorator
@inline export const CURRENCY: u32 = 5;
// @ts-ignore: decorator
@inline export const ORDINAL: u32 = 6;
// @ts-ignore: decorator
@inline export const MINUS: u32 = 7;
// @ts-ignore: decorator
@inline export const PLUS: u32 = 8;
// @ts-ignore: decorator
@inline export const SIGN: u32 = 9;
// @ts-ignore: decorator
@inline export const FILL: u32 = 10;
// @ts-ignore: decorator
@inline export const BRACKET: u32 = 11;
// @ts-ignore: decorator
@inline export const ANCHORED_SIGN: u32 = 12;
// @ts-ignore: decorator
@inline export const SHIFT: u32 = 13;
/** It is part of the syntax, and writes nothing. */
// @ts-ignore: decorator
@inline export const SILENT: u32 = 14;
/** RN */
// @ts-ignore: decorator
@inline export const ROMAN: u32 = 15;
/** EEEE */
// @ts-ignore: decorator
@inline export const EXPONENT: u32 = 16;
/** A text between quotes, with them. */
// @ts-ignore: decorator
@inline export const QUOTED: u32 = 17;
/** A quote behind a backslash. */
// @ts-ignore: decorator
@inline export const ESCAPED: u32 = 18;

/** How many bytes a quoted text has from its first quote on, with the last one, if that is there. */
function quotedLength(source: usize, length: u32): u32 {
  let at: u32 = 1;
  while (at < length && load<u8>(source + at) != 0x22) at += load<u8>(source + at) == 0x5c ? 2 : 1;
  return min(at + 1, length);
}

/** Copies what stands between quotes, or before the end; a backslash takes the next character as it is. */
export function putQuoted(target: usize, source: usize, length: u32): usize {
  let write = target;
  for (let at: u32 = 1; at < length; at++) {
    let byte = load<u8>(source + at);
    if (byte == 0x22) break;
    if (byte == 0x5c && at + 1 < length) byte = load<u8>(source + ++at);
    store<u8>(write++, byte);
  }
  return write;
}

/** How many units of UTF-16 that has. */
export function quotedUnits(source: usize, length: u32): u32 {
  let units: u32 = 0;
  for (let at: u32 = 1; at < length; at++) {
    let byte = load<u8>(source + at);
    if (byte == 0x22) break;
    if (byte == 0x5c && at + 1 < length) byte = load<u8>(source + ++at);
    units += u32((byte & 0xc0) != 0x80) + u32(byte >= 0xf0);
  }
  return units;
}

/** What stands at a byte of a template, as one of the numbers above, and how many bytes it has, in bits from 8 on. */
export function templateAction(source: usize, length: u32): u32 {
  const first = load<u8>(source);
  const second: u8 = length > 1 ? load<u8>(source, 1) : 0;
  // Letters of an action are all large or all small.
  const isSmall = first >= 0x61;
  const next = isSmall ? second - 0x20 : second;
  switch (isSmall && first <= 0x7a ? first - 0x20 : isSmall ? 0 : first) {
    case 0x39: // 9
      return DIGIT | 0x100;
    case 0x30: // 0
      return ZERO | 0x100;
    case 0x2e: // .
    case 0x44: // D
      return POINT | 0x100;
    case 0x2c: // ,
    case 0x47: // G
      return GROUP | 0x100;
    case 0x4c: // L
      return CURRENCY | 0x100;
    case 0x42: // B
      return SILENT | 0x100;
    case 0x56: // V
      return SHIFT | 0x100;
    case 0x53: // SG, SP, S
      return next == 0x47 ? SIGN | 0x200 : next == 0x50 ? SILENT | 0x200 : ANCHORED_SIGN | 0x100;
    case 0x46: // FM
      return next == 0x4d ? FILL | 0x200 : LITERAL | 0x100;
    case 0x4d: // MI
      return next == 0x49 ? MINUS | 0x200 : LITERAL | 0x100;
    case 0x50: // PL, PR
      return next == 0x4c ? PLUS | 0x200 : next == 0x52 ? BRACKET | 0x200 : LITERAL | 0x100;
    case 0x54: // TH
      return next == 0x48 ? ORDINAL | 0x200 : LITERAL | 0x100;
    case 0x52: // RN
      return next == 0x4e ? ROMAN | 0x200 : LITERAL | 0x100;
    case 0x45: // EEEE
      return length > 3 && load<u32>(source) == (isSmall ? 0x65656565 : 0x45454545) ? EXPONENT | 0x400 : LITERAL | 0x100;
    case 0x22: // "
      return QUOTED | (quotedLength(source, length) << 8);
    case 0x5c: // \
      return second == 0x22 ? ESCAPED | 0x200 : LITERAL | 0x100;
    default:
      return LITERAL | (characterWidth(first) << 8);
  }
}

/** What a template says as a whole: u32 each, at these offsets. */
// @ts-ignore: decorator
@inline export const WHOLE: usize = 0;
// @ts-ignore: decorator
@inline export const FRACTION: usize = 4;
/** Digits behind V. */
// @ts-ignore: decorator
@inline export const SHIFTED: usize = 8;
/** Where the first 0 stands, from 1, and how far digits are shown for one; 0 without any. */
// @ts-ignore: decorator
@inline export const ZERO_START: usize = 12;
// @ts-ignore: decorator
@inline export const ZERO_END: usize = 16;
/** Digits before S. */
// @ts-ignore: decorator
@inline export const DIGITS_BEFORE_SIGN: usize = 20;
/** Bits of `1 << action`, of those that the template has. */
// @ts-ignore: decorator
@inline export const ACTIONS: usize = 24;
/** Is S behind the point? */
// @ts-ignore: decorator
@inline export const SIGN_BEHIND: usize = 28;
// @ts-ignore: decorator
@inline export const SUMMARY_BYTES: u32 = 32;

// @ts-ignore: decorator
@inline
export function hasAction(actions: u32, action: u32): bool {
  return (actions & (1 << action)) != 0;
}

/** Sums a template up; false where it is an error. */
export function summariseTemplate(source: usize, length: u32, summary: usize): bool {
  let whole: u32 = 0;
  let fraction: u32 = 0;
  let shifted: u32 = 0;
  let zeroStart: u32 = 0;
  let zeroEnd: u32 = 0;
  let digitsBeforeSign: u32 = 0;
  let actions: u32 = 0;
  let isBehind = false;
  const signs: u32 = (1 << MINUS) | (1 << PLUS) | (1 << SIGN) | (1 << BRACKET);
  for (let at: u32 = 0; at < length; ) {
    const action = templateAction(source + at, length - at);
    const kind = action & 0xff;
    if (hasAction(actions, EXPONENT) && kind != LITERAL && kind != QUOTED && kind != ESCAPED) return false;
    switch (kind) {
      case EXPONENT:
        if ((actions & (signs | (1 << ANCHORED_SIGN) | (1 << SHIFT) | (1 << FILL) | (1 << ROMAN))) != 0) return false;
        break;
      case DIGIT:
        if (hasAction(actions, BRACKET)) return false;
        if (hasAction(actions, SHIFT)) shifted++;
        else if (hasAction(actions, POINT)) fraction++;
        else whole++;
        break;
      case ZERO:
        if (hasAction(actions, BRACKET)) return false;
        if (zeroStart == 0 && !hasAction(actions, POINT)) zeroStart = whole + 1;
        if (hasAction(actions, POINT)) fraction++;
        else whole++;
        zeroEnd = whole + fraction;
        break;
      case POINT:
      case SHIFT:
        if (hasAction(actions, POINT) || (kind == POINT && hasAction(actions, SHIFT))) return false;
        break;
      case ANCHORED_SIGN:
        if ((actions & (signs | (1 << ANCHORED_SIGN))) != 0) return false;
        isBehind = hasAction(actions, POINT);
        if (!isBehind) digitsBeforeSign = whole;
        break;
      case MINUS:
      case PLUS:
      case SIGN:
        if (hasAction(actions, ANCHORED_SIGN)) return false;
        break;
      case BRACKET:
        if ((actions & ((1 << ANCHORED_SIGN) | (1 << PLUS) | (1 << MINUS) | (1 << SIGN))) != 0) return false;
        break;
    }
    actions |= 1 << kind;
    at += action >> 8;
  }
  store<u32>(summary, whole, WHOLE);
  store<u32>(summary, fraction, FRACTION);
  store<u32>(summary, shifted, SHIFTED);
  store<u32>(summary, zeroStart, ZERO_START);
  store<u32>(summary, zeroEnd, ZERO_END);
  store<u32>(summary, digitsBeforeSign, DIGITS_BEFORE_SIGN);
  store<u32>(summary, actions, ACTIONS);
  store<u32>(summary, u32(isBehind), SIGN_BEHIND);
  return true;
}
