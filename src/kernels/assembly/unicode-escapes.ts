// unistr, for generated code. What is an error is left to TypeScript.
import { putCode } from './letter-case';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const BACKSLASH: u8 = 0x5c;

/** So many hexadecimal digits; -1 where there are other characters. */
function hexadecimalOf(from: usize, end: usize, count: usize): i64 {
  if (from + count > end) return -1;
  let value: i64 = 0;
  for (let at = from; at < from + count; at++) {
    const byte = load<u8>(at);
    const letter = u8((byte | 0x20) - 0x61);
    if (u8(byte - 0x30) < 10) value = (value << 4) | (byte - 0x30);
    else if (letter < 6) value = (value << 4) | (letter + 10);
    else return -1;
  }
  return value;
}

/** How many digits an escape has whose first byte behind the backslash is given, and in the next byte what goes before them. */
// @ts-ignore: decorator
@inline
function digitsOf(first: u8): usize {
  return first == 0x2b ? 0x106 : first == 0x75 ? 0x104 : first == 0x55 ? 0x108 : 4;
}

/** Where a backslash is; the end where there is none. */
function backslashIn(from: usize, end: usize): usize {
  const wanted = i8x16.splat(BACKSLASH);
  for (let at = from; at < end; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (mask != 0) return min(at + ctz(mask), end);
  }
  return end;
}

/** The second half of a pair of surrogates whose escape is at `from`, above it how long that is; 0 where there is none. */
function lowAt(from: usize, end: usize): u64 {
  if (from + 1 >= end || load<u8>(from) != BACKSLASH) return 0;
  const digits = digitsOf(load<u8>(from, 1));
  const before: usize = 1 + (digits >> 8);
  const code = hexadecimalOf(from + before, end, digits & 0xff);
  if (code < 0xdc00 || code >= 0xe000) return 0;
  return (<u64>(before + (digits & 0xff)) << 32) | <u64>code;
}

export function textUnescape(block: usize, text: v128): v128 {
  const end = pointerOf(text) + lengthOf(text);
  let at = pointerOf(text);
  let next = backslashIn(at, end);
  if (next == end) return text;
  const room = lengthOf(text);
  const target = heapAllocate(block, room);
  if (target == 0) return text;
  let write = target;
  for (;;) {
    memory.copy(write, at, next - at);
    write += next - at;
    if (next == end) break;
    at = next + 1;
    if (at < end && load<u8>(at) == BACKSLASH) {
      store<u8>(write++, BACKSLASH);
      at++;
    } else {
      let digits = digitsOf(at < end ? load<u8>(at) : 0);
      at += digits >> 8;
      let code = hexadecimalOf(at, end, digits & 0xff);
      const low = code >= 0xd800 && code < 0xdc00 ? lowAt(at + (digits & 0xff), end) : 0;
      if (low != 0) {
        code = 0x10000 + ((code - 0xd800) << 10) + <i64>(<u32>low - 0xdc00);
        at += (digits & 0xff) + <usize>(low >> 32);
        digits = 0;
      }
      if (code <= 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        heapReturn(block, room);
        decline(block);
        return text;
      }
      write = putCode(write, <u32>code);
      at += digits & 0xff;
    }
    next = backslashIn(at, end);
  }
  heapReturn(block, room - <u32>(write - target));
  return makeView(target, <u32>(write - target));
}
