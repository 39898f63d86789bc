// Building a dictionary: each value becomes the number of its first appearance. Values are compared by their bytes.
//
// State, eight u32 words that the caller owns and grows:
//
//   0   table      slots of 8 bytes: u32 code + 1 (0 = empty), u32 hash; open addressing, linear probing
//   4   mask       number of slots - 1
//   8   entries    fixed width: the values; strings: u32 byteLength and bytes, one after another (Parquet's PLAIN)
//   12  entryCount
//   16  entryCapacity   of the table (half its slots), the entries and the offsets
//   20  byteLength      strings only: bytes used at `entries`
//   24  byteCapacity    strings only
//   28  offsets         strings only: u32 per entry, its offset from `entries`
//
// An encode kernel returns how many values it encoded: fewer than asked when a new entry does not fit. The caller then
// makes room and goes on from there.

import { copyBytes } from './copy-bytes';

// @ts-ignore: decorator
@inline
function finish(x: u64): u32 {
  x ^= x >>> 32;
  x *= 0x9e3779b97f4a7c15;
  x ^= x >>> 29;
  x *= 0xbf58476d1ce4e5b9;
  return <u32>(x >>> 32);
}

/** Loads 1..8 bytes, zero padded; reads up to 8. */
// @ts-ignore: decorator
@inline
function loadTail(pointer: usize, byteLength: u32): u64 {
  return load<u64>(pointer) & (0xffffffffffffffff >>> ((8 - byteLength) << 3));
}

/** More than eight bytes. */
function hashBytes(pointer: usize, byteLength: u32): u32 {
  let x: u64 = <u64>byteLength * 0x9e3779b97f4a7c15;
  while (byteLength > 8) {
    x = (x ^ load<u64>(pointer)) * 0x9e3779b97f4a7c15;
    x ^= x >>> 32;
    pointer += 8;
    byteLength -= 8;
  }
  return finish((x ^ loadTail(pointer, byteLength)) * 0x9e3779b97f4a7c15);
}

// @ts-ignore: decorator
@inline
function hashShort(prefix: u64, byteLength: u32): u32 {
  return finish(((<u64>byteLength * 0x9e3779b97f4a7c15) ^ prefix) * 0x9e3779b97f4a7c15);
}

// @ts-ignore: decorator
@inline
function equalsShort(entry: usize, prefix: u64, byteLength: u32): bool {
  return byteLength == 0 || loadTail(entry, byteLength) == prefix;
}

/** More than eight bytes. */
function equalBytes(left: usize, right: usize, byteLength: u32): bool {
  while (byteLength > 8) {
    if (load<u64>(left) != load<u64>(right)) return false;
    left += 8;
    right += 8;
    byteLength -= 8;
  }
  return loadTail(left, byteLength) == loadTail(right, byteLength);
}

/** data[positions[i]] (or data[i] when `positions` is 0), 4 bytes a value → codes[i]. */
export function dictionaryEncode4(state: usize, data: usize, positions: usize, count: u32, codes: usize): u32 {
  const table = load<u32>(state);
  const mask = load<u32>(state, 4);
  const entries = load<u32>(state, 8);
  let entryCount = load<u32>(state, 12);
  const entryCapacity = load<u32>(state, 16);
  let i: u32 = 0;
  for (; i < count; i++) {
    const value = load<u32>(data + ((positions ? load<u32>(positions + (i << 2)) : i) << 2));
    const hash = finish(<u64>value);
    let index = hash & mask;
    let code: u32;
    for (;;) {
      code = load<u32>(table + (index << 3));
      if (code == 0) break;
      if (load<u32>(entries + ((code - 1) << 2)) == value) break;
      index = (index + 1) & mask;
    }
    if (code == 0) {
      if (entryCount == entryCapacity) break;
      store<u32>(entries + (entryCount << 2), value);
      code = ++entryCount;
      store<u64>(table + (index << 3), (<u64>hash << 32) | code);
    }
    store<u32>(codes + (i << 2), code - 1);
  }
  store<u32>(state, entryCount, 12);
  return i;
}

/** As `dictionaryEncode4`, 8 bytes a value. */
export function dictionaryEncode8(state: usize, data: usize, positions: usize, count: u32, codes: usize): u32 {
  const table = load<u32>(state);
  const mask = load<u32>(state, 4);
  const entries = load<u32>(state, 8);
  let entryCount = load<u32>(state, 12);
  const entryCapacity = load<u32>(state, 16);
  let i: u32 = 0;
  for (; i < count; i++) {
    const value = load<u64>(data + ((positions ? load<u32>(positions + (i << 2)) : i) << 3));
    const hash = finish(value);
    let index = hash & mask;
    let code: u32;
    for (;;) {
      code = load<u32>(table + (index << 3));
      if (code == 0) break;
      if (load<u64>(entries + ((code - 1) << 3)) == value) break;
      index = (index + 1) & mask;
    }
    if (code == 0) {
      if (entryCount == entryCapacity) break;
      store<u64>(entries + (entryCount << 3), value);
      code = ++entryCount;
      store<u64>(table + (index << 3), (<u64>hash << 32) | code);
    }
    store<u32>(codes + (i << 2), code - 1);
  }
  store<u32>(state, entryCount, 12);
  return i;
}

/** As `dictionaryEncode4`, 16 bytes a value. */
export function dictionaryEncode16(state: usize, data: usize, positions: usize, count: u32, codes: usize): u32 {
  const table = load<u32>(state);
  const mask = load<u32>(state, 4);
  const entries = load<u32>(state, 8);
  let entryCount = load<u32>(state, 12);
  const entryCapacity = load<u32>(state, 16);
  let i: u32 = 0;
  for (; i < count; i++) {
    const value = data + ((positions ? load<u32>(positions + (i << 2)) : i) << 4);
    const low = load<u64>(value);
    const high = load<u64>(value, 8);
    const hash = finish(low ^ (high * 0x9e3779b97f4a7c15));
    let index = hash & mask;
    let code: u32;
    for (;;) {
      code = load<u32>(table + (index << 3));
      if (code == 0) break;
      const entry = entries + ((code - 1) << 4);
      if (load<u64>(entry) == low && load<u64>(entry, 8) == high) break;
      index = (index + 1) & mask;
    }
    if (code == 0) {
      if (entryCount == entryCapacity) break;
      const entry = entries + (entryCount << 4);
      store<u64>(entry, low);
      store<u64>(entry, high, 8);
      code = ++entryCount;
      store<u64>(table + (index << 3), (<u64>hash << 32) | code);
    }
    store<u32>(codes + (i << 2), code - 1);
  }
  store<u32>(state, entryCount, 12);
  return i;
}

/** As `dictionaryEncode4`, string views. */
export function dictionaryEncodeStrings(state: usize, views: usize, positions: usize, count: u32, codes: usize): u32 {
  const table = load<u32>(state);
  const mask = load<u32>(state, 4);
  const entries = load<u32>(state, 8);
  let entryCount = load<u32>(state, 12);
  const entryCapacity = load<u32>(state, 16);
  let used = load<u32>(state, 20);
  const byteCapacity = load<u32>(state, 24);
  const offsets = load<u32>(state, 28);
  let i: u32 = 0;
  for (; i < count; i++) {
    const view = views + ((positions ? load<u32>(positions + (i << 2)) : i) << 4);
    const byteLength = load<u32>(view);
    const pointer = <usize>load<u32>(view, 4);
    // Up to eight bytes are in the view already.
    const prefix = load<u64>(view, 8);
    const isShort = byteLength <= 8;
    const hash = isShort ? hashShort(prefix, byteLength) : hashBytes(pointer, byteLength);
    let index = hash & mask;
    let code: u32;
    for (;;) {
      const slot = load<u64>(table + (index << 3));
      code = <u32>slot;
      if (code == 0) break;
      if (<u32>(slot >>> 32) == hash) {
        const entry = entries + load<u32>(offsets + ((code - 1) << 2));
        if (load<u32>(entry) == byteLength) {
          if (isShort ? equalsShort(entry + 4, prefix, byteLength) : equalBytes(entry + 4, pointer, byteLength)) break;
        }
      }
      index = (index + 1) & mask;
    }
    if (code == 0) {
      if (entryCount == entryCapacity) break;
      if (<u64>used + 4 + byteLength > <u64>byteCapacity) break;
      store<u32>(entries + used, byteLength);
      copyBytes(entries + used + 4, pointer, byteLength);
      store<u32>(offsets + (entryCount << 2), used);
      used += 4 + byteLength;
      code = ++entryCount;
      store<u64>(table + (index << 3), (<u64>hash << 32) | code);
    }
    store<u32>(codes + (i << 2), code - 1);
  }
  store<u32>(state, entryCount, 12);
  store<u32>(state, used, 20);
  return i;
}

/** Moves all slots of `source` into the larger, cleared table at `target`. */
export function dictionaryRehash(source: usize, slotCount: u32, target: usize, mask: u32): void {
  for (let i: u32 = 0; i < slotCount; i++) {
    const slot = load<u64>(source + (i << 3));
    if (<u32>slot == 0) continue;
    let index = <u32>(slot >>> 32) & mask;
    while (load<u32>(target + (index << 3)) != 0) index = (index + 1) & mask;
    store<u64>(target + (index << 3), slot);
  }
}

const UNSEEN: u32 = 0xffffffff;
const PENDING: u32 = 0xfffffffe;

/**
 * Writes to `target` each code among codes[0..count) whose translation is still unseen (all bits set), once, and marks
 * it as pending. Returns how many there are.
 */
export function collectUntranslated(translation: usize, codes: usize, count: u32, target: usize): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const code = load<u32>(codes + (i << 2));
    const slot = translation + (code << 2);
    if (load<u32>(slot) == UNSEEN) {
      store<u32>(slot, PENDING);
      store<u32>(target + (found << 2), code);
      found++;
    }
  }
  return found;
}
