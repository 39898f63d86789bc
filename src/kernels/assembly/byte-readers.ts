// Casts of texts to bytes, for generated code. What is malformed is rejected.
import { hexValue } from './hex-digits';
import { heapAllocate, heapReturn, reject } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const BACKSLASH: u8 = 0x5c;

/** `\x` and hexadecimal digits, or bytes with escapes: `\\` and `\ooo`. */
export function textToBytes(block: usize, text: v128): v128 {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  if (length >= 2 && load<u16>(pointer) == 0x785c) return readHexadecimal(block, text);
  for (let i: u32 = 0; i < length; i++) {
    if (load<u8>(pointer + i) == BACKSLASH) return readEscapes(block, text);
  }
  return text;
}

/** What may stand between two bytes. */
// @ts-ignore: decorator
@inline
function isBlank(byte: u8): bool {
  return byte == 0x20 || byte == 0x0a || byte == 0x09 || byte == 0x0d;
}

function readHexadecimal(block: usize, text: v128): v128 {
  // More than what is needed: no room at all could not be told from too little.
  const room = lengthOf(text) >> 1;
  const target = heapAllocate(block, room);
  if (target == 0) return text;
  const end = pointerOf(text) + lengthOf(text);
  let wrong: u32 = 0;
  let to = target;
  for (let at = pointerOf(text) + 2; at < end; ) {
    const byte = load<u8>(at++);
    if (isBlank(byte)) continue;
    const high = hexValue(byte);
    const low = at < end ? hexValue(load<u8>(at++)) : 255;
    wrong |= high | low;
    if (wrong > 15) break;
    store<u8>(to++, <u8>((high << 4) | low));
  }
  if (wrong > 15) reject(block);
  return shrink(block, target, <u32>(to - target), room);
}

function readEscapes(block: usize, text: v128): v128 {
  const room = lengthOf(text);
  const target = heapAllocate(block, room);
  if (target == 0) return text;
  const end = pointerOf(text) + room;
  let to = target;
  for (let at = pointerOf(text); at < end; ) {
    let byte = load<u8>(at++);
    if (byte == BACKSLASH) {
      if (at < end && load<u8>(at) == BACKSLASH) at++;
      else {
        const high = <u32>load<u8>(at) - 0x30;
        const middle = <u32>load<u8>(at, 1) - 0x30;
        const low = <u32>load<u8>(at, 2) - 0x30;
        if (end - at < 3 || high > 3 || middle > 7 || low > 7) {
          reject(block);
          break;
        }
        byte = <u8>((high << 6) | (middle << 3) | low);
        at += 3;
      }
    }
    store<u8>(to++, byte);
  }
  return shrink(block, target, <u32>(to - target), room);
}

/** Gives back what was not needed of `room`. */
function shrink(block: usize, target: usize, length: u32, room: u32): v128 {
  heapReturn(block, room - length);
  return makeView(target, length);
}
