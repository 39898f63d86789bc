// Texts as generated code has them: the v128 of a view, u32 byteLength, u32 pointer, first 8 bytes zero padded. Text is
// UTF-8; characters are code points.

// @ts-ignore: decorator
@inline export function lengthOf(view: v128): u32 {
  return <u32>i64x2.extract_lane(view, 0);
}

// @ts-ignore: decorator
@inline export function pointerOf(view: v128): usize {
  return <usize>(<u64>i64x2.extract_lane(view, 0) >> 32);
}

/** The view of bytes in memory; reads up to 8 bytes past their end, which allocations allow for. */
export function makeView(pointer: usize, length: u32): v128 {
  if (length == 0) return i64x2.splat(0);
  let prefix = load<u64>(pointer);
  if (length < 8) prefix &= (<u64>1 << (<u64>length << 3)) - 1;
  return i64x2.replace_lane(i64x2.splat((<i64>pointer << 32) | <i64>length), 1, <i64>prefix);
}

// @ts-ignore: decorator
@inline export function isContinuation(byte: u8): bool {
  return (byte & 0xc0) == 0x80;
}

export function countCharacters(pointer: usize, length: u32): u32 {
  let count: u32 = 0;
  let i: u32 = 0;
  const limit = i8x16.splat(-65);
  for (; i + 16 <= length; i += 16) {
    // Continuation bytes are -128 … -65 as signed numbers.
    count += popcnt(i8x16.bitmask(i8x16.gt_s(v128.load(pointer + i), limit)));
  }
  for (; i < length; i++) count += u32(!isContinuation(load<u8>(pointer + i)));
  return count;
}

/** Bytes of the first `characters` characters, at most `length`. */
export function skipCharacters(pointer: usize, length: u32, characters: u32): u32 {
  let i: u32 = 0;
  let rest = characters;
  while (i < length && rest > 0) {
    i++;
    while (i < length && isContinuation(load<u8>(pointer + i))) i++;
    rest--;
  }
  return i;
}

/** Characters `from` (counted from 1) up to, but without, `to`. */
export function sliceCharacters(text: v128, from: i64, to: i64): v128 {
  const start = max<i64>(from, 1);
  if (to <= start) return i64x2.splat(0);
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  const skipped = skipCharacters(pointer, length, <u32>min<i64>(start - 1, length));
  const taken = skipCharacters(pointer + skipped, length - skipped, <u32>min<i64>(to - start, length));
  return makeView(pointer + skipped, taken);
}

export function bytesEqual(a: usize, b: usize, length: u32): bool {
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) {
    if (load<u64>(a + i) != load<u64>(b + i)) return false;
  }
  for (; i < length; i++) {
    if (load<u8>(a + i) != load<u8>(b + i)) return false;
  }
  return true;
}

/**
 * Where the needle first occurs at or after `from`, else -1. Compares the first and last byte of the needle at 16 places
 * at a time (W. Muła, "SIMD-friendly algorithms for substring searching").
 */
export function find(pointer: usize, length: u32, needle: usize, needleLength: u32, from: u32): i32 {
  if (needleLength == 0) return from <= length ? <i32>from : -1;
  if (needleLength > length) return -1;
  const last = length - needleLength;
  const firstByte = i8x16.splat(load<i8>(needle));
  const lastByte = i8x16.splat(load<i8>(needle + needleLength - 1));
  let i = from;
  while (i <= last) {
    // May read past the text; places beyond `last` are ignored.
    let matches: u32 = i8x16.bitmask(
      v128.and(
        i8x16.eq(v128.load(pointer + i), firstByte),
        i8x16.eq(v128.load(pointer + i + needleLength - 1), lastByte),
      ),
    );
    while (matches != 0) {
      const place = i + ctz(matches);
      if (place > last) return -1;
      if (bytesEqual(pointer + place, needle, needleLength)) return <i32>place;
      matches &= matches - 1;
    }
    i += 16;
  }
  return -1;
}

export function isAscii(pointer: usize, length: u32): bool {
  let i: u32 = 0;
  for (; i + 16 <= length; i += 16) {
    if (i8x16.bitmask(v128.load(pointer + i)) != 0) return false;
  }
  for (; i < length; i++) {
    if (load<u8>(pointer + i) >= 0x80) return false;
  }
  return true;
}

/**
 * Copies a text whose bytes from `first` to `first + 25` change case, 16 at a time; writes up to 15 bytes too many. False
 * when it is not all ASCII: then what was written is of no use.
 */
export function copyInCase(source: usize, length: u32, first: u8, target: usize): bool {
  const firsts = i8x16.splat(first);
  const letters = i8x16.splat(26);
  const change = i8x16.splat(0x20);
  for (let i: u32 = 0; i < length; i += 16) {
    const bytes = v128.load(source + i);
    const rest = length - i;
    const high = i8x16.bitmask(bytes);
    if ((rest < 16 ? high & ((1 << rest) - 1) : high) != 0) return false;
    const isLetter = i8x16.lt_u(i8x16.sub(bytes, firsts), letters);
    v128.store(target + i, v128.xor(bytes, v128.and(isLetter, change)));
  }
  return true;
}
