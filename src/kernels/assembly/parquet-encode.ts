// From rows to the bytes of Parquet pages (https://github.com/apache/parquet-format/blob/master/Encodings.md).

import { copyBytes } from './copy-bytes';

/**
 * Where the values of rows lie: for each row i of `count` (row `from + i`, or selection[i] when `selection` is not 0)
 * that is not NULL, codes[row] (or the row number when `codes` is 0) is appended to `target`. Returns how many.
 */
export function collectPositions(
  codes: usize,
  validity: usize,
  selection: usize,
  from: u32,
  count: u32,
  target: usize,
): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const row = selection ? load<u32>(selection + (i << 2)) : from + i;
    store<u32>(target + (found << 2), codes ? load<u32>(codes + (row << 2)) : row);
    found += validity ? <u32>load<u8>(validity + row) : 1;
  }
  return found;
}

/** How many of `count` bytes are `value`. */
export function countBytes(bytes: usize, count: u32, value: u32): u32 {
  let total: u32 = 0;
  let i: u32 = 0;
  const wanted = i8x16.splat(<i8>value);
  for (; i + 16 <= count; i += 16) {
    total += popcnt(<u32>i8x16.bitmask(i8x16.eq(v128.load(bytes + i), wanted)));
  }
  for (; i < count; i++) total += u32(load<u8>(bytes + i) == <u8>value);
  return total;
}

/** The first of the entries from `from` on that begins a row, as its repetition level is 0; `count` if none does. */
export function nextRowEntry(repetitions: usize, from: u32, count: u32): u32 {
  while (from < count && load<u8>(repetitions + from) != 0) from++;
  return from;
}

/** Bytes that the strings views[positions[i]] take as PLAIN (views[i] when `positions` is 0). */
export function plainStringBytes(views: usize, positions: usize, count: u32): f64 {
  let total: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    total += 4 + load<u32>(views + ((positions ? load<u32>(positions + (i << 2)) : i) << 4));
  }
  return <f64>total;
}

/** Writes the strings views[positions[i]] (views[i] when `positions` is 0) as PLAIN. */
export function writePlainStrings(views: usize, positions: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const view = views + ((positions ? load<u32>(positions + (i << 2)) : i) << 4);
    const byteLength = load<u32>(view);
    store<u32>(target, byteLength);
    copyBytes(target + 4, load<u32>(view, 4), byteLength);
    target += 4 + byteLength;
  }
}

/** Bytes that entries (PLAIN, found by `offsets`) take when written once per code. */
export function plainEntryBytes(entries: usize, offsets: usize, codes: usize, count: u32): f64 {
  let total: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    total += 4 + load<u32>(entries + load<u32>(offsets + (load<u32>(codes + (i << 2)) << 2)));
  }
  return <f64>total;
}

/** Writes the entry (PLAIN, found by `offsets`) of each code. */
export function writePlainEntries(entries: usize, offsets: usize, codes: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const entry = entries + load<u32>(offsets + (load<u32>(codes + (i << 2)) << 2));
    const byteLength = load<u32>(entry);
    store<u32>(target, byteLength);
    copyBytes(target + 4, entry + 4, byteLength);
    target += 4 + byteLength;
  }
}

/**
 * Takes entries for one page from strings as PLAIN: stops after `count` entries, or at the end of the row in which
 * `limit` bytes are reached. `levels` has one byte an entry, that of a value is `definition`; it is 0 when all are
 * values. `repetitions` has one byte an entry, 0 where a row begins, or is 0 when every entry is a row. Writes three u32
 * to `target`: entries, values, bytes.
 */
export function cutPlainStrings(
  source: usize,
  levels: usize,
  definition: u32,
  repetitions: usize,
  count: u32,
  limit: u32,
  target: usize,
): void {
  let bytes: u32 = 0;
  let values: u32 = 0;
  let entry: u32 = 0;
  while (entry < count && (bytes < limit || (repetitions != 0 && load<u8>(repetitions + entry) != 0))) {
    if (levels == 0 || load<u8>(levels + entry) == <u8>definition) {
      bytes += 4 + load<u32>(source + bytes);
      values++;
    }
    entry++;
  }
  store<u32>(target, entry);
  store<u32>(target, values, 4);
  store<u32>(target, bytes, 8);
}

// The RLE / bit-packed hybrid: runs `varint(length << 1), value` of repeated values, and literals
// `varint(groups << 1 | 1), bits` in groups of eight values.

// @ts-ignore: decorator
@inline
function writeVarint(target: usize, value: u32): usize {
  while (value >= 0x80) {
    store<u8>(target++, <u8>(value | 0x80));
    value >>>= 7;
  }
  store<u8>(target++, <u8>value);
  return target;
}

/** Literal groups in one run: their header takes at most two bytes, reserved before the groups are counted. */
const MAX_LITERAL_GROUPS: u32 = 8191;

/**
 * Fills in the two bytes at `header` of a run of literals that ends at `target`; moves a run whose header takes one
 * byte. (A padded varint would be legal, but some readers take every varint to be as short as can be.) Returns the end.
 */
function endLiterals(header: usize, groups: u32, target: usize): usize {
  const value = (groups << 1) | 1;
  if (value < 0x80) {
    store<u8>(header, <u8>value);
    memory.copy(header + 1, header + 2, target - header - 2);
    return target - 1;
  }
  store<u8>(header, <u8>(value | 0x80));
  store<u8>(header + 1, <u8>(value >>> 7));
  return target;
}

/** Runs shorter than this cost more, or decode slower, as runs than as literals. */
// @ts-ignore: decorator
@inline
function minimumRun(bitWidth: u32): u32 {
  return max<u32>(16, 128 / bitWidth);
}

/** Eight u32 at `source`, `bitWidth` bits each; stores up to seven bytes beyond them. */
// @ts-ignore: decorator
@inline
function packGroup(source: usize, bitWidth: u32, target: usize): void {
  let bits: u64 = 0;
  let filled: u32 = 0;
  for (let k: u32 = 0; k < 8; k++) {
    bits |= <u64>load<u32>(source + (k << 2)) << filled;
    filled += bitWidth;
    if (filled >= 32) {
      store<u32>(target, <u32>bits);
      target += 4;
      bits >>>= 32;
      filled -= 32;
    }
  }
  store<u32>(target, <u32>bits);
}

/**
 * Encodes `count` codes of `bitWidth` (1..32) bits. Returns the byte length, at most
 * `count * bitWidth / 8 + count / 8 + 64`. The 32 bytes beyond the last code are cleared for the time of the call.
 */
export function encodeHybrid32(source: usize, count: u32, bitWidth: u32, target: usize): u32 {
  const start = target;
  const end = source + (count << 2);
  const valueBytes = (bitWidth + 7) >>> 3;
  const shortestRun = minimumRun(bitWidth);
  const beyond0 = v128.load(end);
  const beyond1 = v128.load(end, 16);
  v128.store(end, i32x4.splat(0));
  v128.store(end, i32x4.splat(0), 16);
  let header: usize = 0;
  let groups: u32 = 0;
  let input = source;
  while (input < end) {
    const first = load<u32>(input);
    const splat = i32x4.splat(first);
    const different = v128.or(v128.xor(v128.load(input), splat), v128.xor(v128.load(input, 16), splat));
    if (!v128.any_true(different) && input + 32 <= end) {
      let probe = input + 32;
      while (probe < end && load<u32>(probe) == first) probe += 4;
      const length = <u32>(probe - input) >>> 2;
      if (length >= shortestRun) {
        if (groups > 0) target = endLiterals(header, groups, target);
        groups = 0;
        target = writeVarint(target, length << 1);
        store<u32>(target, first);
        target += valueBytes;
        input = probe;
        continue;
      }
    }
    if (groups == 0) {
      header = target;
      target += 2;
    }
    packGroup(input, bitWidth, target);
    target += bitWidth;
    input += 32;
    groups++;
    if (groups == MAX_LITERAL_GROUPS) {
      target = endLiterals(header, groups, target);
      groups = 0;
    }
  }
  if (groups > 0) target = endLiterals(header, groups, target);
  v128.store(end, beyond0);
  v128.store(end, beyond1, 16);
  return <u32>(target - start);
}

/** Eight bytes, each 0 or 1, as one byte, the first one lowest. */
// @ts-ignore: decorator
@inline
function packOctet(bytes: u64): u8 {
  return <u8>((bytes * 0x0102040810204080) >>> 56);
}

/** `byteLength` (1..8) bytes, zero padded. */
// @ts-ignore: decorator
@inline
function loadOctet(pointer: usize, byteLength: u32): u64 {
  return load<u64>(pointer) & (0xffffffffffffffff >>> ((8 - byteLength) << 3));
}

/**
 * Encodes `count` bytes, each 0 or 1, with one bit each: definition levels. Returns the byte length, at most
 * `count / 4 + 64`.
 */
export function encodeHybridBits(source: usize, count: u32, target: usize): u32 {
  const start = target;
  const end = source + count;
  const shortestRun = minimumRun(1);
  let header: usize = 0;
  let groups: u32 = 0;
  let input = source;
  while (input < end) {
    const left = <u32>(end - input);
    const octet = left >= 8 ? load<u64>(input) : loadOctet(input, left);
    if (left >= 8 && (octet == 0 || octet == 0x0101010101010101)) {
      let probe = input + 8;
      while (probe + 8 <= end && load<u64>(probe) == octet) probe += 8;
      while (probe < end && load<u8>(probe) == <u8>octet) probe++;
      const length = <u32>(probe - input);
      if (length >= shortestRun) {
        if (groups > 0) target = endLiterals(header, groups, target);
        groups = 0;
        target = writeVarint(target, length << 1);
        store<u8>(target++, <u8>octet);
        input = probe;
        continue;
      }
    }
    if (groups == 0) {
      header = target;
      target += 2;
    }
    store<u8>(target++, packOctet(octet));
    input += 8;
    groups++;
    if (groups == MAX_LITERAL_GROUPS) {
      target = endLiterals(header, groups, target);
      groups = 0;
    }
  }
  if (groups > 0) target = endLiterals(header, groups, target);
  return <u32>(target - start);
}

/**
 * Encodes `count` bytes of `bitWidth` (1..8) bits: levels of nested columns. Returns the byte length, at most
 * `count * bitWidth / 8 + count / 8 + 64`.
 */
export function encodeHybridBytes(source: usize, count: u32, bitWidth: u32, target: usize): u32 {
  const start = target;
  const end = source + count;
  const shortestRun = minimumRun(bitWidth);
  let header: usize = 0;
  let groups: u32 = 0;
  let input = source;
  while (input < end) {
    const left = <u32>(end - input);
    const first = load<u8>(input);
    let octet = left >= 8 ? load<u64>(input) : loadOctet(input, left);
    if (left >= 8 && octet == <u64>first * 0x0101010101010101) {
      let probe = input + 8;
      while (probe + 8 <= end && load<u64>(probe) == octet) probe += 8;
      while (probe < end && load<u8>(probe) == first) probe++;
      const length = <u32>(probe - input);
      if (length >= shortestRun) {
        if (groups > 0) target = endLiterals(header, groups, target);
        groups = 0;
        target = writeVarint(target, length << 1);
        store<u8>(target++, first);
        input = probe;
        continue;
      }
    }
    if (groups == 0) {
      header = target;
      target += 2;
    }
    let bits: u64 = 0;
    for (let k: u32 = 0; k < 8; k++) {
      bits |= (octet & 0xff) << (k * bitWidth);
      octet >>>= 8;
    }
    store<u64>(target, bits);
    target += bitWidth;
    input += 8;
    groups++;
    if (groups == MAX_LITERAL_GROUPS) {
      target = endLiterals(header, groups, target);
      groups = 0;
    }
  }
  if (groups > 0) target = endLiterals(header, groups, target);
  return <u32>(target - start);
}

/** PLAIN booleans: one bit each from one byte each. Returns the byte length. */
export function packBooleans(source: usize, count: u32, target: usize): u32 {
  const start = target;
  for (let i: u32 = 0; i < count; i += 8) {
    const left = count - i;
    store<u8>(target++, packOctet(left >= 8 ? load<u64>(source + i) : loadOctet(source + i, left)));
  }
  return <u32>(target - start);
}

/** 64-bit integers known to fit as 32-bit ones. */
export function narrowI64(source: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) store<i32>(target + (i << 2), load<i32>(source + (i << 3)));
}

/** 16-byte values with their bytes reversed: i128 to big-endian. */
export function reverseBytes16(source: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const low = load<u64>(source + (i << 4));
    const high = load<u64>(source + (i << 4), 8);
    store<u64>(target + (i << 4), bswap(high));
    store<u64>(target + (i << 4), bswap(low), 8);
  }
}
