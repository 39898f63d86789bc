// Strings of JSON as they are written, with and without escapes.
import { BACKSLASH, QUOTE } from './json-characters';
import { characterOf, escapeAt, lengthOfEscape, NO_CHARACTER, putCharacter } from './json-escapes';
import { putCode } from './letter-case';
import { findEither } from './text-records';

// @ts-ignore: decorator
@inline export function hasEscapes(start: usize, end: usize): bool {
  return findEither(start, end, BACKSLASH, BACKSLASH) < end;
}

/** Writes a string without its escapes; returns where it ends, or 0 where \u0000 or half a pair is in it. */
export function putUnescaped(start: usize, end: usize, target: usize): usize {
  let at = findEither(start, end, BACKSLASH, BACKSLASH);
  memory.copy(target, start, at - start);
  let to = target + (at - start);
  while (at < end) {
    const escape = escapeAt(at, end);
    const code = characterOf(escape);
    if (code == 0 || code == NO_CHARACTER) return 0;
    to = putCode(to, code);
    at += lengthOfEscape(escape);
    while (at < end && load<u8>(at) != BACKSLASH) store<u8>(to++, load<u8>(at++));
  }
  return to;
}

/** Writes a string with the escapes that it must have only; returns where it ends, or 0 as above. Up to 15 bytes too many. */
export function putCanonical(start: usize, end: usize, target: usize): usize {
  let at = start;
  let to = target;
  while (true) {
    const next = findEither(at, end, BACKSLASH, BACKSLASH);
    for (let from = at; from < next; from += 16) v128.store(to + (from - at), v128.load(from));
    to += next - at;
    if (next >= end) return to;
    const escape = escapeAt(next, end);
    const code = characterOf(escape);
    if (code == 0 || code == NO_CHARACTER) return 0;
    to = putCharacter(code, to);
    at = next + lengthOfEscape(escape);
  }
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

/** A bound of the string of a text, with its quotes. */
export function boundString(source: usize, length: u32): u64 {
  let specials: u32 = 0;
  for (let i: u32 = 0; i < length; i += 16) specials += popcnt(specialBytesOf(source + i, length - i));
  return <u64>length + <u64>specials * 5 + 2;
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
    if (plain < 16 && plain < rest) to = putCharacter(load<u8>(at++), to);
  }
  store<u8>(to++, QUOTE);
  return to;
}
