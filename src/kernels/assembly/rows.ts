// Rows: the one relocatable layout of hash tables and sort, fit to be spilled. See src/exec/rows/row-layout.ts for the
// drawn layout of rows and blocks.
import { finish, hashWord, mix } from './hash';
import { BLOCK_MASK, BLOCK_ROWS, heapOf, INLINE_BYTES, partitionEntry, storeRowString, takeRow, viewInRow } from './row-access';

const DAY_MICROS: i64 = 86_400_000_000;

// @ts-ignore: decorator
@inline
function valueIndex(codes: usize, step: u32, i: u32): usize {
  return codes ? <usize>load<u32>(codes + (<usize>i << 2)) : <usize>(i * step);
}

// @ts-ignore: decorator
@inline
function rowAddress(rows: usize, base: usize, stride: u32, i: u32): usize {
  return rows ? <usize>load<u32>(rows + (<usize>i << 2)) + base : base + <usize>(i * stride);
}

// @ts-ignore: decorator
@inline
function packValues<T>(data: usize, codes: usize, step: u32, validity: usize, rows: usize, base: usize, stride: u32, count: u32): void {
  if (validity) {
    for (let i: u32 = 0; i < count; i++) {
      const value = load<T>(data + valueIndex(codes, step, i) * sizeof<T>());
      store<T>(rowAddress(rows, base, stride, i), load<u8>(validity + i) ? value : <T>0);
    }
    return;
  }
  for (let i: u32 = 0; i < count; i++) {
    store<T>(rowAddress(rows, base, stride, i), load<T>(data + valueIndex(codes, step, i) * sizeof<T>()));
  }
}

/*
 * pack*: writes a column into rows. The value of row i is data[codes ? codes[i] : i * step]; its place is
 * rows[i] + base when `rows` is given (base is then the offset in the row), otherwise base + i * stride.
 * NULL values are written as zero bytes.
 */

export function pack1(data: usize, codes: usize, step: u32, validity: usize, rows: usize, base: usize, stride: u32, count: u32): void {
  packValues<u8>(data, codes, step, validity, rows, base, stride, count);
}

export function pack4(data: usize, codes: usize, step: u32, validity: usize, rows: usize, base: usize, stride: u32, count: u32): void {
  packValues<u32>(data, codes, step, validity, rows, base, stride, count);
}

export function pack8(data: usize, codes: usize, step: u32, validity: usize, rows: usize, base: usize, stride: u32, count: u32): void {
  packValues<u64>(data, codes, step, validity, rows, base, stride, count);
}

export function pack16(data: usize, codes: usize, step: u32, validity: usize, rows: usize, base: usize, stride: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const value = v128.load(data + (valueIndex(codes, step, i) << 4));
    const valid = validity == 0 || load<u8>(validity + i) != 0;
    v128.store(rowAddress(rows, base, stride, i), valid ? value : i64x2(0, 0));
  }
}

/** Like pack4 for f32 keys: -0 becomes 0 and every NaN the same NaN, so that equal keys have equal bytes. */
export function packKeyF32(data: usize, codes: usize, step: u32, validity: usize, rows: usize, base: usize, stride: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    let value = load<f32>(data + (valueIndex(codes, step, i) << 2));
    if (value == 0 || (validity && !load<u8>(validity + i))) value = 0;
    store<u32>(rowAddress(rows, base, stride, i), value != value ? 0x7fc0_0000 : reinterpret<u32>(value));
  }
}

export function packKeyF64(data: usize, codes: usize, step: u32, validity: usize, rows: usize, base: usize, stride: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    let value = load<f64>(data + (valueIndex(codes, step, i) << 3));
    if (value == 0 || (validity && !load<u8>(validity + i))) value = 0;
    store<u64>(rowAddress(rows, base, stride, i), value != value ? 0x7ff8_0000_0000_0000 : reinterpret<u64>(value));
  }
}

/**
 * Intervals are equal when they last equally long, a month being 30 days of 24 hours: as a key, one is what
 * `justify_interval` would make of it, all parts of one sign.
 */
export function packKeyInterval(data: usize, codes: usize, step: u32, validity: usize, rows: usize, base: usize, stride: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const target = rowAddress(rows, base, stride, i);
    if (validity && !load<u8>(validity + i)) {
      v128.store(target, i64x2.splat(0));
      continue;
    }
    const source = data + (valueIndex(codes, step, i) << 4);
    let micros = load<i64>(source, 8);
    let days = <i64>load<i32>(source) * 30 + <i64>load<i32>(source, 4) + micros / DAY_MICROS;
    micros %= DAY_MICROS;
    if (days > 0 && micros < 0) {
      days--;
      micros += DAY_MICROS;
    } else if (days < 0 && micros > 0) {
      days++;
      micros -= DAY_MICROS;
    }
    const months = min<i64>(max<i64>(days / 30, <i64>i32.MIN_VALUE), <i64>i32.MAX_VALUE);
    store<i32>(target, <i32>months);
    store<i32>(target, <i32>(days - months * 30), 4);
    store<i64>(target, micros, 8);
  }
}

/** One validity byte a row (1 = valid); pointer 0 stands for all valid. A constant has step 0. */
export function packValidity(validity: usize, step: u32, rows: usize, base: usize, stride: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u8>(rowAddress(rows, base, stride, i), validity ? load<u8>(validity + i * step) : 1);
  }
}

const ALL_VALID: u64 = 0x0101_0101_0101_0101;

/** Marks `columnCount` values that have their validity bytes side by side, from `offset` of a row on, as valid. */
export function packAllValid(rows: usize, offset: u32, columnCount: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    let at = <usize>load<u32>(rows + (<usize>i << 2)) + offset;
    let left = columnCount;
    for (; left >= 8; left -= 8, at += 8) store<u64>(at, ALL_VALID);
    if (left & 4) {
      store<u32>(at, <u32>ALL_VALID);
      at += 4;
    }
    if (left & 2) {
      store<u16>(at, <u16>ALL_VALID);
      at += 2;
    }
    if (left & 1) store<u8>(at, 1);
  }
}

/** Is one of `columnCount` validity bytes, which lie side by side from `offset` of a row on, not 1? */
export function hasNulls(rows: usize, offset: u32, columnCount: u32, count: u32): u32 {
  const rest = columnCount & 7;
  const restMask: u64 = rest ? u64.MAX_VALUE >> (64 - (rest << 3)) : 0;
  let differing: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    let at = <usize>load<u32>(rows + (<usize>i << 2)) + offset;
    for (const end = at + (columnCount & ~7); at < end; at += 8) differing |= load<u64>(at) ^ ALL_VALID;
    differing |= (load<u64>(at) ^ ALL_VALID) & restMask;
  }
  return differing ? 1 : 0;
}

/** sizes[i] += bytes that string i needs outside its view. Returns their sum. */
export function addStringSizes(data: usize, codes: usize, step: u32, validity: usize, sizes: usize, count: u32): f64 {
  let sum: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (validity && !load<u8>(validity + i)) continue;
    const length = load<u32>(data + (valueIndex(codes, step, i) << 4));
    if (length > INLINE_BYTES) {
      const slot = sizes + (<usize>i << 2);
      store<u32>(slot, load<u32>(slot) + length);
      sum += length;
    }
  }
  return <f64>sum;
}

/** Like addStringSizes for the string keys of packed keys. */
export function addKeyStringSizes(keys: usize, keyStride: u32, stringOffset: u32, sizes: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const length = load<u32>(keys + <usize>(i * keyStride) + stringOffset);
    if (length > INLINE_BYTES) {
      const slot = sizes + (<usize>i << 2);
      store<u32>(slot, load<u32>(slot) + length);
    }
  }
}

/** Writes a string column into rows; heaps[i] is where row i's next long string goes, and is advanced. */
export function packStrings(data: usize, codes: usize, step: u32, validity: usize, rows: usize, offset: u32, heaps: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const target = <usize>load<u32>(rows + (<usize>i << 2)) + offset;
    if (validity && !load<u8>(validity + i)) {
      v128.store(target, i64x2(0, 0));
      continue;
    }
    const slot = heaps + (<usize>i << 2);
    store<u32>(slot, <u32>storeRowString(data + (valueIndex(codes, step, i) << 4), target, <usize>load<u32>(slot)));
  }
}

/** rows[i].keys = keys[i]: `fixedBytes` bytes, then `stringCount` views whose long bytes move to heaps[i]. */
export function copyKeysToRows(keys: usize, keyStride: u32, fixedBytes: u32, stringCount: u32, rows: usize, offset: u32, heaps: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const source = keys + <usize>(i * keyStride);
    const target = <usize>load<u32>(rows + (<usize>i << 2)) + offset;
    for (let word: u32 = 0; word < fixedBytes; word += 8) store<u64>(target + word, load<u64>(source + word));
    if (stringCount) {
      const slot = heaps + (<usize>i << 2);
      let heap = <usize>load<u32>(slot);
      for (let s: u32 = 0; s < stringCount; s++) {
        const at = fixedBytes + (s << 4);
        heap = storeRowString(source + at, target + at, heap);
      }
      store<u32>(slot, <u32>heap);
    }
  }
}


function hashLongString(hash: u64, bytes: usize, length: u32): u64 {
  let at: u32 = 8; // the prefix is hashed already
  for (; at + 8 <= length; at += 8) hash = mix(hash, load<u64>(bytes + at));
  if (at < length) hash = mix(hash, load<u64>(bytes + length - 8));
  return hash;
}

/** hashes[i] = hash of the packed keys i: fixed words, then strings (views with absolute pointers). */
export function hashKeys(keys: usize, keyStride: u32, fixedBytes: u32, stringCount: u32, hashes: usize, count: u32): void {
  if (stringCount == 0 && fixedBytes == 8) {
    for (let i: u32 = 0; i < count; i++) {
      store<u32>(hashes + (<usize>i << 2), hashWord(load<u64>(keys + <usize>(i * keyStride))));
    }
    return;
  }
  for (let i: u32 = 0; i < count; i++) {
    const key = keys + <usize>(i * keyStride);
    let hash: u64 = 0;
    for (let word: u32 = 0; word < fixedBytes; word += 8) hash = mix(hash, load<u64>(key + word));
    for (let s: u32 = 0; s < stringCount; s++) {
      const view = key + fixedBytes + (s << 4);
      const length = load<u32>(view);
      hash = mix(hash, load<u64>(view + 8));
      hash = mix(hash, length);
      if (length > INLINE_BYTES) hash = hashLongString(hash, <usize>load<u32>(view + 4), length);
    }
    store<u32>(hashes + (<usize>i << 2), finish(hash));
  }
}

/**
 * A row for each of hashes[from..count): its address goes to rows[i], its heap to heaps[i] (sizes[i] bytes, when sizes
 * is given). Returns the row at which a partition had no room; call again from there after giving it a block.
 */
export function allocateRows(partitions: usize, partitionMask: u32, hashes: usize, sizes: usize, stride: u32, from: u32, count: u32, rows: usize, heaps: usize): u32 {
  for (let i = from; i < count; i++) {
    const at = <usize>i << 2;
    const hash = load<u32>(hashes + at);
    const partition = partitionEntry(partitions, partitionMask, hash);
    const row = takeRow(partition, stride, sizes ? load<u32>(sizes + at) : 0);
    if (!row) return i;
    store<u32>(row, hash);
    store<u32>(row + 4, 0);
    store<u32>(rows + at, <u32>row);
    if (sizes) store<u32>(heaps + at, <u32>heapOf(partition));
  }
  return count;
}

/** pointers[from + k] = address of the k-th row of a block; returns the number of rows. */
export function listRows(block: usize, headerBytes: u32, stride: u32, firstRow: u32, limit: u32, pointers: usize): u32 {
  const rows = load<u32>(block + BLOCK_ROWS);
  if (firstRow >= rows) return 0;
  const count = min(rows - firstRow, limit);
  let row = block + headerBytes + <usize>(firstRow * stride);
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(pointers + (<usize>i << 2), <u32>row);
    row += stride;
  }
  return count;
}

// unpack*: target[i] = the column at `offset` of the row at rows[i].

export function unpack1(rows: usize, offset: u32, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) store<u8>(target + i, load<u8>(<usize>load<u32>(rows + (<usize>i << 2)) + offset));
}

export function unpack4(rows: usize, offset: u32, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(target + (<usize>i << 2), load<u32>(<usize>load<u32>(rows + (<usize>i << 2)) + offset));
  }
}

export function unpack8(rows: usize, offset: u32, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u64>(target + (<usize>i << 3), load<u64>(<usize>load<u32>(rows + (<usize>i << 2)) + offset));
  }
}

export function unpack16(rows: usize, offset: u32, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    v128.store(target + (<usize>i << 4), v128.load(<usize>load<u32>(rows + (<usize>i << 2)) + offset));
  }
}

/** Views become absolute; short strings point into their row. */
export function unpackStrings(rows: usize, offset: u32, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    v128.store(target + (<usize>i << 4), viewInRow(<usize>load<u32>(rows + (<usize>i << 2)) + offset));
  }
}

/** Returns 1 when a row is NULL. */
export function unpackValidity(rows: usize, offset: u32, count: u32, target: usize): u32 {
  let all: u8 = 1;
  for (let i: u32 = 0; i < count; i++) {
    const valid = load<u8>(<usize>load<u32>(rows + (<usize>i << 2)) + offset);
    store<u8>(target + i, valid);
    all &= valid;
  }
  return all ? 0 : 1;
}

/** selection = rows whose validity bytes in all of the `columnCount` pointers at `validities` are set (0 = no NULLs). */
export function selectValid(validities: usize, columnCount: u32, count: u32, selection: usize): u32 {
  let selected: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    let valid: u32 = 1;
    for (let column: u32 = 0; column < columnCount; column++) {
      const validity = <usize>load<u32>(validities + (<usize>column << 2));
      if (validity) valid &= load<u8>(validity + i);
    }
    store<u32>(selection + (<usize>selected << 2), i);
    selected += valid;
  }
  return selected;
}

/** target[i] = pointers[i] + offset. */
export function offsetPointers(pointers: usize, offset: u32, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 2;
    store<u32>(target + at, load<u32>(pointers + at) + offset);
  }
}
