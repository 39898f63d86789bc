// Functions of Spark that make texts of texts, for generated code.
import { decline, heapAllocate } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

/** The length by which a kernel gives NULL: see `nullsByLength`. */
// @ts-ignore: decorator
@inline const NULL_LENGTH: i64 = 0xffffffff;

/** The code of letters that do not part equal codes: H and W. */
const PASSED_OVER: u32 = 7;

/** The code of a letter, 0 of vowels. */
// @ts-ignore: decorator
@inline
function codeOf(letter: u32): u32 {
  switch (letter) {
    case 1: // B
    case 5: // F
    case 15: // P
    case 21: // V
      return 1;
    case 2: // C
    case 6: // G
    case 9: // J
    case 10: // K
    case 16: // Q
    case 18: // S
    case 23: // X
    case 25: // Z
      return 2;
    case 3: // D
    case 19: // T
      return 3;
    case 11: // L
      return 4;
    case 12: // M
    case 13: // N
      return 5;
    case 17: // R
      return 6;
    case 7: // H
    case 22: // W
      return PASSED_OVER;
    default:
      return 0;
  }
}

/** The place of a letter in the alphabet, whatever its case; more than 25 of what is none. */
// @ts-ignore: decorator
@inline
function letterAt(pointer: usize): u32 {
  return u8((load<u8>(pointer) & 0xdf) - 0x41);
}

/** A letter and three digits; a text that does not begin with a letter stays as it is. */
export function textSoundex(block: usize, text: v128): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  if (length == 0) return text;
  const first = letterAt(source);
  if (first > 25) return text;
  const target = heapAllocate(block, 4);
  if (target == 0) return text;
  store<u32>(target, 0x30303000 | (first + 0x41));
  let last = codeOf(first);
  let written: u32 = 1;
  for (let i: u32 = 1; i < length && written < 4; i++) {
    const letter = letterAt(source + i);
    if (letter > 25) {
      last = 0;
      continue;
    }
    const code = codeOf(letter);
    if (code == PASSED_OVER) continue;
    if (code != 0 && code != last) store<u8>(target + written++, <u8>(0x30 + code));
    last = code;
  }
  return makeView(target, 4);
}

// @ts-ignore: decorator
@inline
function capitalDigit(value: u32): u8 {
  return <u8>(value < 10 ? 0x30 + value : 0x37 + value);
}

/** Two hexadecimal digits a byte, in capitals. */
export function textHex(block: usize, bytes: v128): v128 {
  const length = lengthOf(bytes);
  const source = pointerOf(bytes);
  if (length > 0x10000000) {
    decline(block);
    return bytes;
  }
  const target = heapAllocate(block, length << 1);
  if (target == 0) return bytes;
  for (let i: u32 = 0; i < length; i++) {
    const byte = <u32>load<u8>(source + i);
    store<u8>(target + (i << 1), capitalDigit(byte >> 4));
    store<u8>(target + (i << 1), capitalDigit(byte & 15), 1);
  }
  return makeView(target, length << 1);
}

/** Digits of a number without a sign, the last of them before `end`; returns where they begin. */
function putDigits(value: u64, base: u64, end: usize): usize {
  let at = end;
  let rest = value;
  do {
    store<u8>(--at, capitalDigit(<u32>(rest % base)));
    rest /= base;
  } while (rest != 0);
  return at;
}

export function bigintHex(block: usize, value: i64): v128 {
  const target = heapAllocate(block, 16);
  if (target == 0) return i64x2.splat(0);
  const start = putDigits(value, 16, target + 16);
  return makeView(start, <u32>(target + 16 - start));
}

// @ts-ignore: decorator
@inline
function digitValue(byte: u8): u32 {
  if (u8(byte - 0x30) < 10) return byte - 0x30;
  const letter = u8((byte & 0xdf) - 0x41);
  return letter < 26 ? 10 + letter : 255;
}

/** The most digits that 64 bits have, in base 2, and a sign. */
const MOST_DIGITS: u32 = 65;

/**
 * A number of one base in another, by way of 64 bits without a sign, all of them set where the number needs more; with a
 * negative base to write it in, they have a sign. NULL of a base beyond 2 to 36, and of an empty text.
 */
export function textInBase(block: usize, text: v128, from: i32, to: i32): v128 {
  const source = pointerOf(text);
  const absolute = abs(to);
  let start: u32 = 0;
  let length = lengthOf(text);
  while (start < length && load<u8>(source + start) <= 0x20) start++;
  while (length > start && load<u8>(source + length - 1) <= 0x20) length--;
  if (from < 2 || from > 36 || absolute < 2 || absolute > 36 || start == length) return i64x2.splat(NULL_LENGTH);
  let isNegative = load<u8>(source + start) == 0x2d;
  const base = <u64>from;
  let value: u64 = 0;
  let isBeyond = false;
  for (let i = start + u32(isNegative); i < length; i++) {
    const digit = digitValue(load<u8>(source + i));
    if (digit >= <u32>from) break;
    // Would the next digit go beyond 64 bits?
    if (value > (u64.MAX_VALUE - <u64>digit) / base) isBeyond = true;
    value = value * base + <u64>digit;
  }
  if (isBeyond) value = u64.MAX_VALUE;
  if (isNegative && to > 0) value = <i64>value < 0 ? u64.MAX_VALUE : 0 - value;
  if (to < 0 && <i64>value < 0) {
    value = 0 - value;
    isNegative = true;
  }
  const target = heapAllocate(block, MOST_DIGITS);
  if (target == 0) return text;
  let at = putDigits(value, absolute, target + MOST_DIGITS);
  if (isNegative && to < 0) store<u8>(--at, 0x2d);
  return makeView(at, <u32>(target + MOST_DIGITS - at));
}

/** Is the last digit the check digit of Luhn's formula (ISO/IEC 7812-1)? */
export function textLuhnCheck(block: usize, text: v128): i32 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  let sum: u32 = 0;
  let isDoubled = false;
  for (let i = length; i > 0; i--) {
    const digit = <u32>load<u8>(source + i - 1) - 0x30;
    if (digit > 9) return 0;
    const counted = isDoubled ? digit << 1 : digit;
    sum += counted > 9 ? counted - 9 : counted;
    isDoubled = !isDoubled;
  }
  return i32(length > 0 && sum % 10 == 0);
}
