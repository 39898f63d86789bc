// Escapes in strings of JSON, read where they lie: what a backslash and the letters behind it stand for.
import { BACKSLASH, LETTER_U, QUOTE } from './json-characters';
import { putCode } from './letter-case';
import { bytesEqual } from './text-view';

/** What half a pair of surrogates stands for. */
// @ts-ignore: decorator
@inline export const NO_CHARACTER: u32 = 0xffffffff;

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

// @ts-ignore: decorator
@inline export function escapedByte(letter: u8): u8 {
  if (letter == 0x6e) return 10;
  if (letter == 0x74) return 9;
  if (letter == 0x72) return 13;
  if (letter == 0x62) return 8;
  return letter == 0x66 ? 12 : letter;
}

/** The character that the escape stands for whose backslash is at `at`; in the upper half, how many bytes it takes. */
export function escapeAt(at: usize, end: usize): u64 {
  const letter: u8 = at + 1 < end ? load<u8>(at, 1) : 0;
  if (letter != LETTER_U) return ((<u64>2) << 32) | <u64>escapedByte(letter);
  const code = at + 6 <= end ? hexadecimal(at + 2) : -1;
  if (code >= 0 && (code & 0xf800) != 0xd800) return ((<u64>6) << 32) | <u64>code;
  if (code >= 0 && code < 0xdc00 && at + 12 <= end && load<u16>(at, 6) == 0x755c) {
    const low = hexadecimal(at + 8);
    if (low >= 0xdc00 && low < 0xe000) {
      return ((<u64>12) << 32) | <u64>(0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00));
    }
  }
  return ((<u64>6) << 32) | <u64>NO_CHARACTER;
}

// @ts-ignore: decorator
@inline export function characterOf(escape: u64): u32 {
  return <u32>escape;
}

// @ts-ignore: decorator
@inline export function lengthOfEscape(escape: u64): usize {
  return <usize>(escape >> 32);
}

/** Bytes of a character in UTF-8. */
// @ts-ignore: decorator
@inline function bytesOf(code: u32): u32 {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** One of those bytes. */
function byteOf(code: u32, index: u32, bytes: u32): u8 {
  if (bytes == 1) return <u8>code;
  const bits = <u8>(code >> (6 * (bytes - 1 - index)));
  return index > 0 ? 0x80 | (bits & 0x3f) : <u8>(0xf00 >> bytes) | bits;
}

/** How many bytes a string holds that has escapes. */
export function unescapedLength(from: usize, end: usize): u32 {
  let length: u32 = 0;
  let at = from;
  while (at < end) {
    if (load<u8>(at) != BACKSLASH) {
      at++;
      length++;
      continue;
    }
    const escape = escapeAt(at, end);
    at += lengthOfEscape(escape);
    length += bytesOf(characterOf(escape));
  }
  return length;
}

function holdsEscaped(from: usize, end: usize, text: usize, length: u32): bool {
  const textEnd = text + length;
  let at = from;
  let other = text;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte != BACKSLASH) {
      if (other == textEnd || load<u8>(other) != byte) return false;
      at++;
      other++;
      continue;
    }
    const escape = escapeAt(at, end);
    const code = characterOf(escape);
    const bytes = bytesOf(code);
    if (code == NO_CHARACTER || textEnd - other < bytes) return false;
    for (let i: u32 = 0; i < bytes; i++) if (load<u8>(other++) != byteOf(code, i, bytes)) return false;
    at += lengthOfEscape(escape);
  }
  return other == textEnd;
}

/** Does the string whose first byte is at `from` hold the text? `closing` is what `closingQuote` gives of it. */
export function holdsText(from: usize, closing: u64, text: usize, length: u32): bool {
  const end = <usize>(closing & 0xffffffff);
  if (<i64>closing < 0) return holdsEscaped(from, end, text, length);
  return <u32>(end - from) == length && bytesEqual(from, text, length);
}

/** How many bytes such a string holds. */
// @ts-ignore: decorator
@inline export function heldLength(from: usize, closing: u64): u32 {
  const end = <usize>(closing & 0xffffffff);
  return <i64>closing < 0 ? unescapedLength(from, end) : <u32>(end - from);
}

/** The byte at `at` of a string of jsonb, whose escapes are all of ASCII. */
// @ts-ignore: decorator
@inline function heldByte(at: usize, end: usize, isEscaped: bool): u32 {
  return isEscaped && load<u8>(at) == BACKSLASH ? characterOf(escapeAt(at, end)) : load<u8>(at);
}

// @ts-ignore: decorator
@inline function behindByte(at: usize, end: usize, isEscaped: bool): usize {
  return isEscaped && load<u8>(at) == BACKSLASH ? at + lengthOfEscape(escapeAt(at, end)) : at + 1;
}

/** Keys of jsonb as it orders them, by length and then by their bytes. Of a text, `closing` is its end. */
export function compareHeld(a: usize, aClosing: u64, b: usize, bClosing: u64): i32 {
  const aLength = heldLength(a, aClosing);
  const bLength = heldLength(b, bClosing);
  if (aLength != bLength) return aLength < bLength ? -1 : 1;
  const aEscaped = <i64>aClosing < 0;
  const bEscaped = <i64>bClosing < 0;
  if (!aEscaped && !bEscaped) return memory.compare(a, b, aLength);
  const aEnd = <usize>(aClosing & 0xffffffff);
  const bEnd = <usize>(bClosing & 0xffffffff);
  for (let i: u32 = 0; i < aLength; i++) {
    const one = heldByte(a, aEnd, aEscaped);
    const other = heldByte(b, bEnd, bEscaped);
    if (one != other) return one < other ? -1 : 1;
    a = behindByte(a, aEnd, aEscaped);
    b = behindByte(b, bEnd, bEscaped);
  }
  return 0;
}

/** A character as jsonb writes it in a string. */
export function putCharacter(code: u32, to: usize): usize {
  if (code >= 0x20 && code != QUOTE && code != BACKSLASH) return putCode(to, code);
  const letter = escapeLetter(<u8>code);
  store<u8>(to, BACKSLASH);
  if (letter != 0) {
    store<u8>(to, letter, 1);
    return to + 2;
  }
  store<u32>(to, 0x30303075, 1); // u000
  store<u8>(to, 0x30 + <u8>(code >> 4), 4);
  const low: u8 = <u8>code & 15;
  store<u8>(to, low < 10 ? 0x30 + low : 0x57 + low, 5);
  return to + 6;
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
