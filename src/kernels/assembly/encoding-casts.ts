// Texts as bytes of UTF-8 and back, for generated code: convert_from and convert_to. Other encodings, and what is no text, are
// declined.
import { decline } from './status';
import { lengthOf, pointerOf } from './text-view';
import { isUtf8 } from './utf8';

/** `utf8`, the first letter in the lowest byte. */
// @ts-ignore: decorator
@inline const UTF8: u64 = 0x38667475;

/** Letters and digits of a name count, whatever their case. */
function namesUtf8(name: v128): bool {
  const pointer = pointerOf(name);
  let word: u64 = 0;
  let count: u32 = 0;
  for (let i: u32 = 0; i < lengthOf(name); i++) {
    const byte = load<u8>(pointer + i);
    const letter = byte | 0x20;
    const isLetter = u8(letter - 0x61) < 26;
    if (!isLetter && u8(byte - 0x30) > 9) {
      if (byte >= 0x80) return false;
      continue;
    }
    if (count == 8) return false;
    word |= <u64>(isLetter ? letter : byte) << (<u64>count << 3);
    count++;
  }
  return word == UTF8;
}

/** Bytes that are a text in UTF-8, none of them 0. */
export function bytesToUtf8(block: usize, bytes: v128, encoding: v128): v128 {
  const pointer = pointerOf(bytes);
  const length = lengthOf(bytes);
  let isText = namesUtf8(encoding) && isUtf8(pointer, length);
  for (let i: u32 = 0; isText && i < length; i++) isText = load<u8>(pointer + i) != 0;
  if (!isText) decline(block);
  return bytes;
}

export function utf8ToBytes(block: usize, text: v128, encoding: v128): v128 {
  if (!namesUtf8(encoding)) decline(block);
  return text;
}
