// pg_size_bytes, for generated code. What is an error, or has an exponent or more than 18 digits, is left to TypeScript.
import { decline } from './status';
import { lengthOf, pointerOf } from './text-view';
import { high, low, make, scaleDown } from './wide-integer';

// @ts-ignore: decorator
@inline const MOST_DIGITS: u32 = 18;

function skipBlanks(from: usize, end: usize): usize {
  let at = from;
  while (at < end && (load<u8>(at) == 0x20 || u8(load<u8>(at) - 9) < 5)) at++;
  return at;
}

/** How many bits a unit, its letters the first lowest, shifts a number by; -1 of what is none. */
function unitBits(letters: u64): i64 {
  if (letters == 0 || letters == 0x62 || letters == 0x7365747962) return 0;
  // A letter, and a b behind it.
  if (letters >> 8 != 0x62) return -1;
  switch (<u32>letters & 0xff) {
    case 0x6b:
      return 10;
    case 0x6d:
      return 20;
    case 0x67:
      return 30;
    case 0x74:
      return 40;
    case 0x70:
      return 50;
    default:
      return -1;
  }
}

export function textToSize(block: usize, text: v128): i64 {
  const end = pointerOf(text) + lengthOf(text);
  let at = skipBlanks(pointerOf(text), end);
  const isNegative = at < end && load<u8>(at) == 0x2d;
  if (isNegative || (at < end && load<u8>(at) == 0x2b)) at++;
  let number: u64 = 0;
  let digits: u32 = 0;
  let fraction: u32 = 0;
  let hasPoint = false;
  for (; at < end; at++) {
    const digit = u8(load<u8>(at) - 0x30);
    if (digit < 10) {
      number = number * 10 + digit;
      digits++;
      fraction += u32(hasPoint);
    } else if (load<u8>(at) == 0x2e && !hasPoint) hasPoint = true;
    else break;
    if (digits > MOST_DIGITS) break;
  }
  at = skipBlanks(at, end);
  let letters: u64 = 0;
  for (let place: u64 = 0; at < end && u8((load<u8>(at) | 0x20) - 0x61) < 26 && place < 64; at++) {
    letters |= <u64>(load<u8>(at) | 0x20) << place;
    place += 8;
  }
  const bits = unitBits(letters);
  if (digits == 0 || digits > MOST_DIGITS || bits < 0 || skipBlanks(at, end) != end) {
    decline(block);
    return 0;
  }
  const product = make(number << bits, bits == 0 ? 0 : <i64>(number >> (64 - bits)));
  const size = scaleDown(product, fraction, true);
  if (high(size) != 0 || <i64>low(size) < 0) {
    decline(block);
    return 0;
  }
  return isNegative ? -(<i64>low(size)) : <i64>low(size);
}
