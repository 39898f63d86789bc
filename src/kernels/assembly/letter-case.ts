// The other case of letters, by the tables of src/kernels/constant-tables.ts, which also draws them; for other kernels.
import { copyInCase } from './text-view';

// @ts-ignore: decorator
@inline const PAGES: usize = 1024;

/** What `copyChangingCase` may write for so many bytes: two bytes may become three. */
// @ts-ignore: decorator
@inline
export function roomInOtherCase(byteLength: u32): u32 {
  return byteLength + (byteLength >> 1) + 16;
}

/** What becomes of a code point. */
// @ts-ignore: decorator
@inline
export function changedCode(code: u32, isUpper: bool, cases: usize): u32 {
  if (code >= 0x20000) return code;
  const page = <usize>load<u8>(cases + (isUpper ? PAGES : 0) + (code >> 7));
  if (page == 0) return code;
  const change = load<u16>(cases + 2 * PAGES + (page << 8) + ((code & 127) << 1));
  return (code & 0x10000) | ((code + change) & 0xffff);
}

/** Bytes of the character that begins with a byte. */
// @ts-ignore: decorator
@inline
export function characterBytes(first: u8): u32 {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** The code point of a character of so many bytes. */
// @ts-ignore: decorator
@inline
export function codeOf(pointer: usize, bytes: u32): u32 {
  const first = <u32>load<u8>(pointer);
  if (bytes == 1) return first;
  const second = <u32>load<u8>(pointer, 1) & 0x3f;
  if (bytes == 2) return ((first & 0x1f) << 6) | second;
  const third = <u32>load<u8>(pointer, 2) & 0x3f;
  if (bytes == 3) return ((first & 0x0f) << 12) | (second << 6) | third;
  return ((first & 0x07) << 18) | (second << 12) | (third << 6) | (<u32>load<u8>(pointer, 3) & 0x3f);
}

/** Writes a character, and returns where the next one goes. */
// @ts-ignore: decorator
@inline
export function putCode(target: usize, code: u32): usize {
  if (code < 0x80) {
    store<u8>(target, <u8>code);
    return target + 1;
  }
  if (code < 0x800) {
    store<u16>(target, <u16>(0x80c0 | (code >> 6) | ((code & 0x3f) << 8)));
    return target + 2;
  }
  if (code < 0x10000) {
    store<u8>(target, <u8>(0xe0 | (code >> 12)));
    store<u16>(target, <u16>(0x8080 | ((code >> 6) & 0x3f) | ((code & 0x3f) << 8)), 1);
    return target + 3;
  }
  store<u32>(
    target,
    0x808080f0 | (code >> 18) | (((code >> 12) & 0x3f) << 8) | (((code >> 6) & 0x3f) << 16) | ((code & 0x3f) << 24),
  );
  return target + 4;
}

/** Copies a text in lower or upper case; returns the number of bytes, for which `roomInOtherCase` is enough. */
export function copyChangingCase(source: usize, length: u32, isUpper: bool, cases: usize, target: usize): u32 {
  if (copyInCase(source, length, isUpper ? 0x61 : 0x41, target)) return length;
  const firstLetter: u8 = isUpper ? 0x61 : 0x41;
  let write = target;
  for (let i: u32 = 0; i < length; ) {
    const byte = load<u8>(source + i);
    if (byte < 0x80) {
      store<u8>(write++, u8(byte - firstLetter) < 26 ? byte ^ 0x20 : byte);
      i++;
      continue;
    }
    const bytes = min(characterBytes(byte), length - i);
    write = putCode(write, changedCode(codeOf(source + i, bytes), isUpper, cases));
    i += bytes;
  }
  return <u32>(write - target);
}
