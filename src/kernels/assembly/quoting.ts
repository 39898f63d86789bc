// Texts as literals and identifiers of SQL, for generated code.
//
// The words that stand for a name only in double quotes (src/functions/scalar/text/quoting.ts):
//
//    33 × u32   where the words of each length begin, 0 to 31, and where the last of them end
//    words      one after the other, those of a length together
import { argument, returnView } from './memory-call';
import { decline, heapAllocate, heapReturn } from './status';
import { bytesEqual, lengthOf, makeView, pointerOf } from './text-view';

/** More than any text that doubled is one. */
// @ts-ignore: decorator
@inline const LARGEST_TEXT: u32 = 0x10000000;

// @ts-ignore: decorator
@inline
function isReserved(pointer: usize, length: u32, words: usize): bool {
  if (length > 31) return false;
  const end = words + load<u32>(words + (<usize>length << 2), 4);
  for (let at = words + load<u32>(words + (<usize>length << 2)); at < end; at += length) {
    if (bytesEqual(at, pointer, length)) return true;
  }
  return false;
}

/** Small letters, digits and underscores, no digit first, and no word of the grammar. */
function isPlain(pointer: usize, length: u32, words: usize): bool {
  if (length == 0 || u8(load<u8>(pointer) - 0x30) < 10) return false;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (u8(byte - 0x61) >= 26 && u8(byte - 0x30) >= 10 && byte != 0x5f) return false;
  }
  return !isReserved(pointer, length, words);
}

/** Copies bytes, writing those that are one of two twice; returns the end. */
function putDoubled(target: usize, source: usize, length: u32, one: u8, other: u8): usize {
  let at = target;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(source + i);
    store<u8>(at++, byte);
    if (byte == one || byte == other) store<u8>(at++, byte);
  }
  return at;
}

/** What a literal or an identifier of a text needs at most. */
// @ts-ignore: decorator
@inline
export function quotedRoom(length: u32): u32 {
  return (length << 1) + 3;
}

/** With E before it where there are backslashes; returns the end. */
export function putLiteral(target: usize, source: usize, length: u32): usize {
  let at = target;
  for (let i: u32 = 0; i < length; i++) {
    if (load<u8>(source + i) == 0x5c) {
      store<u8>(at++, 0x45);
      break;
    }
  }
  store<u8>(at++, 0x27);
  at = putDoubled(at, source, length, 0x27, 0x5c);
  store<u8>(at++, 0x27);
  return at;
}

/** In double quotes where it needs them; returns the end. */
export function putIdentifier(target: usize, source: usize, length: u32, words: usize): usize {
  if (isPlain(source, length, words)) {
    memory.copy(target, source, length);
    return target + length;
  }
  store<u8>(target, 0x22);
  const end = putDoubled(target + 1, source, length, 0x22, 0x22);
  store<u8>(end, 0x22);
  return end + 1;
}

export function textQuoteLiteral(block: usize, text: v128): v128 {
  const length = lengthOf(text);
  if (length > LARGEST_TEXT) {
    decline(block);
    return text;
  }
  const target = heapAllocate(block, quotedRoom(length));
  if (target == 0) return text;
  const written = <u32>(putLiteral(target, pointerOf(text), length) - target);
  heapReturn(block, quotedRoom(length) - written);
  return makeView(target, written);
}

/** Called by memory, with the reserved words. */
export function textQuoteIdentifier(block: usize, args: usize, count: u32, words: usize): void {
  const text = v128.load(argument(args, 0));
  const length = lengthOf(text);
  if (length > LARGEST_TEXT) {
    decline(block);
    return;
  }
  const target = heapAllocate(block, quotedRoom(length));
  if (target == 0) return;
  const written = <u32>(putIdentifier(target, pointerOf(text), length, words) - target);
  heapReturn(block, quotedRoom(length) - written);
  returnView(args, count, target, written);
}
