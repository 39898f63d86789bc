// normalize and is_normalized, for generated code: of texts that are in the form for what characters they have. Others, and
// forms that do not exist, are left to TypeScript, whose host has the tables of Unicode.
import { decline } from './status';
import { lengthOf, pointerOf } from './text-view';

/** Below U+0300 (0xCC 0x80) nothing is composed, and no character is another one in form NFC. */
// @ts-ignore: decorator
@inline const FIRST_BYTE_OF_MARKS: i8 = <i8>0xcc;
// @ts-ignore: decorator
@inline const FIRST_BYTE_BEYOND_ASCII: i8 = <i8>0x80;

/** The least byte that may be changed in a form; 0 where there is no such form. */
function leastByteChanged(form: v128): i8 {
  const length = lengthOf(form);
  if (length != 3 && length != 4) return 0;
  const letters = <u32>i32x4.extract_lane(form, 2) | (length == 3 ? 0x202020 : 0x20202020);
  // nfc; then nfd, nfkc and nfkd, the first letter lowest.
  if (letters == 0x63666e) return FIRST_BYTE_OF_MARKS;
  return letters == 0x64666e || letters == 0x636b666e || letters == 0x646b666e ? FIRST_BYTE_BEYOND_ASCII : 0;
}

/** Are all bytes below one? */
function areBelow(pointer: usize, length: u32, byte: i8): bool {
  const least = i8x16.splat(byte);
  for (let i: u32 = 0; i < length; i += 16) {
    const mask: u32 = i8x16.bitmask(i8x16.ge_u(v128.load(pointer + i), least));
    const rest = length - i;
    if ((rest < 16 ? mask & ((1 << rest) - 1) : mask) != 0) return false;
  }
  return true;
}

export function textIsNormalized(block: usize, text: v128, form: v128): i32 {
  const least = leastByteChanged(form);
  if (least == 0 || !areBelow(pointerOf(text), lengthOf(text), least)) decline(block);
  return 1;
}

export function textNormalize(block: usize, text: v128, form: v128): v128 {
  textIsNormalized(block, text, form);
  return text;
}
