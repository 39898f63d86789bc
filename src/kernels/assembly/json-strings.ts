// Strings of JSON and their escapes.
import { BACKSLASH, LETTER_U, QUOTE, ZERO } from './json-characters';
import { putCode } from './letter-case';
import { findEither } from './text-records';

/** Four hexadecimal digits, or -1. */
export function hexadecimal(at: usize): i32 {
  let value: i32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte: i32 = load<u8>(at + i);
    const letter = (byte | 0x20) - 0x61;
    if (byte >= 0x30 && byte <= 0x39) value = (value << 4) | (byte - 0x30);
    else if (letter >= 0 && letter < 6) value = (value << 4) | (letter + 10);
    else return -1;
  }
  return value;
}

/** The letter behind a backslash of a byte that has one, else 0; the other way round `escapedByte`. */
// @ts-ignore: decorator
@inline function escapeLetter(byte: u8): u8 {
  if (byte == QUOTE || byte == BACKSLASH) return byte;
  if (byte == 8) return 0x62;
  if (byte == 9) return 0x74;
  if (byte == 10) return 0x6e;
  if (byte == 12) return 0x66;
  return byte == 13 ? 0x72 : 0;
}

// @ts-ignore: decorator
@inline export function escapedByte(letter: u8): u8 {
  if (letter == 0x6e) return 10;
  if (letter == 0x74) return 9;
  if (letter == 0x72) return 13;
  if (letter == 0x62) return 8;
  return letter == 0x66 ? 12 : letter;
}

// @ts-ignore: decorator
@inline export function hasEscapes(start: usize, end: usize): bool {
  return findEither(start, end, BACKSLASH, BACKSLASH) < end;
}

/** Writes a string without its escapes; returns where it ends, or 0 where \u0000, half a pair or no number is in it. */
export function putUnescaped(start: usize, end: usize, target: usize): usize {
  let at = findEither(start, end, BACKSLASH, BACKSLASH);
  memory.copy(target, start, at - start);
  let to = target + (at - start);
  while (at < end) {
    const byte: u8 = at + 1 < end ? load<u8>(at, 1) : 0;
    at += 2;
    if (byte == LETTER_U) {
      let point = at + 4 <= end ? hexadecimal(at) : -1;
      at += 4;
      if (point >= 0xd800 && point < 0xdc00 && at + 6 <= end && load<u16>(at) == 0x755c) {
        const low = hexadecimal(at + 2);
        point = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00) : -1;
        at += 6;
      }
      if (point <= 0 || (point >= 0xd800 && point < 0xe000)) return 0;
      to = putCode(to, point);
    } else store<u8>(to++, escapedByte(byte));
    while (at < end && load<u8>(at) != BACKSLASH) store<u8>(to++, load<u8>(at++));
  }
  return to;
}

/** Of 16 bytes, a bit for each that JSON does not have in strings as it is: quotes, backslashes and control characters. */
// @ts-ignore: decorator
@inline export function specialBytes(at: usize): u32 {
  const bytes = v128.load(at);
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(BACKSLASH))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    ),
  );
}

/** The same of fewer than 16 bytes of a text of which `rest` are left. */
// @ts-ignore: decorator
@inline function specialBytesOf(at: usize, rest: u32): u32 {
  const mask = specialBytes(at);
  return rest < 16 ? mask & ((1 << rest) - 1) : mask;
}

/** Is the text a string of JSON as it is? */
export function isPlain(source: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i += 16) if (specialBytesOf(source + i, length - i) != 0) return false;
  return true;
}

/** A bound of the string of a text, with its quotes. */
export function boundString(source: usize, length: u32): u64 {
  let specials: u32 = 0;
  for (let i: u32 = 0; i < length; i += 16) specials += popcnt(specialBytesOf(source + i, length - i));
  return <u64>length + <u64>specials * 5 + 2;
}

function putEscape(byte: u8, to: usize): usize {
  const letter = escapeLetter(byte);
  store<u8>(to, BACKSLASH);
  if (letter != 0) {
    store<u8>(to, letter, 1);
    return to + 2;
  }
  store<u32>(to, 0x30303075, 1); // u000
  store<u8>(to, ZERO + (byte >> 4), 4);
  const low: u8 = byte & 15;
  store<u8>(to, low < 10 ? ZERO + low : 0x57 + low, 5);
  return to + 6;
}

/** Writes a text as a string, and up to 15 bytes too many. */
export function putString(source: usize, length: u32, target: usize): usize {
  const end = source + length;
  let at = source;
  let to = target;
  store<u8>(to++, QUOTE);
  while (at < end) {
    v128.store(to, v128.load(at));
    const rest = end - at;
    const plain: usize = min<usize>(min<usize>(ctz(specialBytes(at)), 16), rest);
    at += plain;
    to += plain;
    if (plain < 16 && plain < rest) to = putEscape(load<u8>(at++), to);
  }
  store<u8>(to++, QUOTE);
  return to;
}
