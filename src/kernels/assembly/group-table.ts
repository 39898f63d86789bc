// The hash table of aggregation: open addressing over slots of { u32 hash, u32 row }, linear probing; rows lie in
// radix partitions (see rows.ts) and never move, so that pointers to them may be cached.

import { clearWords, copyKeyToRow, heapOf, keyHeapBytes, keysEqualRow, partitionEntry, stringKeysEqual, takeRow } from './row-access';

/*
 * Descriptor of a table, u32 fields:
 *   0 slots            8 mask (slots - 1)      4 used slots         12 most slots that may be used
 *  16 partitions      20 partition mask       24 key bytes (fixed)  28 string keys
 *  32 row stride      36 key offset in a row  40 state offset in a row  48 (u64) unused
 */
const SLOTS: usize = 0;
const USED: usize = 4;
const MASK: usize = 8;
const LIMIT: usize = 12;
const PARTITIONS: usize = 16;
const PARTITION_MASK: usize = 20;
const FIXED_BYTES: usize = 24;
const STRING_COUNT: usize = 28;
const STRIDE: usize = 32;
const KEY_OFFSET: usize = 36;
const STATE_OFFSET: usize = 40;
/** Written, never read. */
const TOUCHED: usize = 48;

/**
 * groups[i] = address of the state of the group of packed keys i, for i in from..count; new groups get a row whose
 * state is zeroed. Stops early, and returns where, when the table is full or a partition needs a block.
 */
export function findOrInsertGroups(table: usize, keys: usize, keyStride: u32, hashes: usize, from: u32, count: u32, groups: usize): u32 {
  const slots = <usize>load<u32>(table + SLOTS);
  const mask = load<u32>(table + MASK);
  const limit = load<u32>(table + LIMIT);
  const partitions = <usize>load<u32>(table + PARTITIONS);
  const partitionMask = load<u32>(table + PARTITION_MASK);
  const fixedBytes = load<u32>(table + FIXED_BYTES);
  const stringCount = load<u32>(table + STRING_COUNT);
  const stride = load<u32>(table + STRIDE);
  const keyOffset = load<u32>(table + KEY_OFFSET);
  const stateOffset = load<u32>(table + STATE_OFFSET);
  let used = load<u32>(table + USED);
  let touchedTo = from;
  let i = from;
  for (; i < count; i++) {
    if (i == touchedTo && mask >= TOUCHED_SLOTS) {
      touchedTo = min(i + TOUCHED_ROWS, count);
      touch(table, hashes + (<usize>i << 2), touchedTo - i, slots, mask, keyOffset, stateOffset, false);
    }
    const hash = load<u32>(hashes + (<usize>i << 2));
    const key = keys + <usize>(i * keyStride);
    const place = placeOf(slots, mask, hash, key, keyOffset, fixedBytes, stringCount, false);
    let row: usize = load<u32>(place, 4);
    if (!row) {
      if (used >= limit) break;
      const partition = partitionEntry(partitions, partitionMask, hash);
      row = takeRow(partition, stride, stringCount ? keyHeapBytes(key, fixedBytes, stringCount) : 0);
      if (!row) break;
      store<u32>(row, hash);
      store<u32>(row + 4, 0);
      copyKeyToRow(key, row + keyOffset, fixedBytes, stringCount, heapOf(partition));
      clearWords(row + stateOffset, row + stride);
      store<u64>(place, (<u64>row << 32) | hash);
      used++;
    }
    store<u32>(groups + (<usize>i << 2), <u32>row + stateOffset);
  }
  store<u32>(table + USED, used);
  return i;
}

/** groups[i] = address of the state of the group of packed keys i, or 0 where there is no such group; returns how many there are. */
export function findGroups(table: usize, keys: usize, keyStride: u32, hashes: usize, count: u32, groups: usize): u32 {
  const slots = <usize>load<u32>(table + SLOTS);
  const mask = load<u32>(table + MASK);
  const fixedBytes = load<u32>(table + FIXED_BYTES);
  const stringCount = load<u32>(table + STRING_COUNT);
  const keyOffset = load<u32>(table + KEY_OFFSET);
  const stateOffset = load<u32>(table + STATE_OFFSET);
  let found: u32 = 0;
  let touchedTo: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (i == touchedTo && mask >= TOUCHED_SLOTS) {
      touchedTo = min(i + TOUCHED_ROWS, count);
      touch(table, hashes + (<usize>i << 2), touchedTo - i, slots, mask, keyOffset, stateOffset, false);
    }
    const hash = load<u32>(hashes + (<usize>i << 2));
    const key = keys + <usize>(i * keyStride);
    const row = load<u32>(placeOf(slots, mask, hash, key, keyOffset, fixedBytes, stringCount, false), 4);
    found += u32(row != 0);
    store<u32>(groups + (<usize>i << 2), row ? row + stateOffset : 0);
  }
  return found;
}

/** Tables with fewer slots stay in the cache by themselves. */
const TOUCHED_SLOTS: u32 = 16_384;
const TOUCHED_ROWS: u32 = 128;
/** A merge does little else than look slots up, and is slowed down by loads that it does not need. */
const TOUCHED_MERGE_SLOTS: u32 = 262_144;

/** The hash of a look-up: of the hashes at `source`, or of the rows that are named there. */
// @ts-ignore: decorator
@inline
function hashAt(source: usize, index: u32, ofRows: bool): u32 {
  const word = load<u32>(source + (<usize>index << 2));
  return ofRows ? load<u32>(<usize>word) : word;
}

/**
 * Loads the slots, and then the rows, that a few look-ups are about to need. Nothing depends on what is loaded, so that
 * the misses overlap; in the look-up itself, a branch that waits for a miss is often mispredicted. Rows that are looked up
 * do not need the state of those they find.
 */
// @ts-ignore: decorator
@inline
function touch(
  table: usize,
  source: usize,
  count: u32,
  slots: usize,
  mask: u32,
  keyOffset: u32,
  stateOffset: u32,
  ofRows: bool,
): void {
  let sum: u64 = 0;
  for (let i: u32 = 0; i < count; i++) sum += load<u64>(slots + (<usize>(hashAt(source, i, ofRows) & mask) << 3));
  for (let i: u32 = 0; i < count; i++) {
    const hash = hashAt(source, i, ofRows);
    const slot = load<u64>(slots + (<usize>(hash & mask) << 3));
    // Without a branch, which would be mispredicted: of other rows, what lies at the beginning of memory.
    const row = <usize>(slot >> 32) & -usize(<u32>slot == hash);
    sum += load<u64>(row + keyOffset);
    if (!ofRows) sum += load<u8>(row + stateOffset);
  }
  store<u64>(table + TOUCHED, sum); // so that the loads are not left out
}

/**
 * The slot that names the row of a key, or the free one where it would. The key is a packed one, or
 * that of another row.
 */
// @ts-ignore: decorator
@inline
function placeOf(
  slots: usize,
  mask: u32,
  hash: u32,
  key: usize,
  keyOffset: u32,
  fixedBytes: u32,
  stringCount: u32,
  ofRow: bool,
): usize {
  let index = hash & mask;
  let place = slots + (<usize>index << 3);
  for (;;) {
    const slot = load<u64>(place);
    const row = <usize>(slot >> 32);
    if (!row) break;
    if (<u32>slot == hash) {
      const isSame = ofRow
        ? rowKeysEqual(key, row + keyOffset, fixedBytes, stringCount)
        : keysEqualRow(key, row + keyOffset, fixedBytes, stringCount);
      if (isSame) break;
    }
    index = (index + 1) & mask;
    place = slots + (<usize>index << 3);
  }
  return place;
}

/** The first free slot of a hash. */
// @ts-ignore: decorator
@inline
function freePlace(slots: usize, mask: u32, hash: u32): usize {
  let index = hash & mask;
  while (load<u64>(slots + (<usize>index << 3)) != 0) index = (index + 1) & mask;
  return slots + (<usize>index << 3);
}

/** Moves all slots of a table to cleared slots of another size. */
export function rehashGroups(oldSlots: usize, oldCount: u32, newSlots: usize, newMask: u32): void {
  for (let i: u32 = 0; i < oldCount; i++) {
    const slot = load<u64>(oldSlots + (<usize>i << 3));
    if (!(slot >> 32)) continue;
    store<u64>(freePlace(newSlots, newMask, <u32>slot), slot);
  }
}

/** Names rows in the slots of a table that has room for them; none of their keys is in it yet. */
export function insertGroups(table: usize, rows: usize, count: u32): void {
  const slots = <usize>load<u32>(table + SLOTS);
  const mask = load<u32>(table + MASK);
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(rows + (<usize>i << 2));
    const hash = load<u32>(row);
    store<u64>(freePlace(slots, mask, hash), (<u64>row << 32) | hash);
  }
  store<u32>(table + USED, load<u32>(table + USED) + count);
}

/**
 * Merges rows of other tables into cleared slots with room for all: a row whose keys are new goes to `survivors`, others
 * are listed as pairs (states) to be combined. Returns the survivors; the number of pairs is stored at pairCount.
 */
export function mergeGroups(table: usize, rows: usize, count: u32, survivors: usize, targets: usize, sources: usize, pairCount: usize): u32 {
  const slots = <usize>load<u32>(table + SLOTS);
  const mask = load<u32>(table + MASK);
  const fixedBytes = load<u32>(table + FIXED_BYTES);
  const stringCount = load<u32>(table + STRING_COUNT);
  const keyOffset = load<u32>(table + KEY_OFFSET);
  const stateOffset = load<u32>(table + STATE_OFFSET);
  let surviving: u32 = 0;
  let pairs: u32 = 0;
  let touchedTo: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (i == touchedTo && mask >= TOUCHED_MERGE_SLOTS) {
      touchedTo = min(i + TOUCHED_ROWS, count);
      touch(table, rows + (<usize>i << 2), touchedTo - i, slots, mask, keyOffset, stateOffset, true);
    }
    const source = <usize>load<u32>(rows + (<usize>i << 2));
    const hash = load<u32>(source);
    const place = placeOf(slots, mask, hash, source + keyOffset, keyOffset, fixedBytes, stringCount, true);
    const row = load<u32>(place, 4);
    if (row) {
      store<u32>(targets + (<usize>pairs << 2), row + stateOffset);
      store<u32>(sources + (<usize>pairs << 2), <u32>source + stateOffset);
      pairs++;
    } else {
      store<u64>(place, (<u64>source << 32) | hash);
      store<u32>(survivors + (<usize>surviving << 2), <u32>source);
      surviving++;
    }
  }
  store<u32>(pairCount, pairs);
  return surviving;
}

// @ts-ignore: decorator
@inline
function rowKeysEqual(left: usize, right: usize, fixedBytes: u32, stringCount: u32): bool {
  for (let word: u32 = 0; word < fixedBytes; word += 8) if (load<u64>(left + word) != load<u64>(right + word)) return false;
  return stringCount == 0 || stringKeysEqual(left + fixedBytes, right + fixedBytes, stringCount, true);
}

/*
 * The direct path: when all group keys are small dictionaries, a combination of codes is an index into a cache of group
 * addresses. Entry (size) of each column stands for NULL.
 */

/**
 * numbers[i] = how many distinct values come before the first that has the same bytes as value i; returns how many there
 * are. `slots` are u32, cleared, mask + 1 of them (a power of two), more than values.
 */
export function numberDistinct(
  values: usize,
  width: u32,
  count: u32,
  slots: usize,
  mask: u32,
  numbers: usize,
): u32 {
  let distinct: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const at = values + <usize>i * width;
    const low: u64 = width == 4 ? load<u32>(at) : load<u64>(at);
    const high: u64 = width == 16 ? load<u64>(at, 8) : 0;
    let slot = <u32>(((low ^ rotl<u64>(high, 29)) * 0x9e3779b97f4a7c15) >> 32) & mask;
    for (;;) {
      const place = slots + (<usize>slot << 2);
      const entry = load<u32>(place);
      if (entry == 0) {
        store<u32>(place, i + 1);
        store<u32>(numbers + (<usize>i << 2), distinct++);
        break;
      }
      const other = values + <usize>(entry - 1) * width;
      const isSame =
        width == 4 ? load<u32>(other) == <u32>low : load<u64>(other) == low && (width == 8 || load<u64>(other, 8) == high);
      if (isSame) {
        store<u32>(numbers + (<usize>i << 2), load<u32>(numbers + (<usize>(entry - 1) << 2)));
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return distinct;
}

/** The four words at `table[index]` of four indexes. */
// @ts-ignore: decorator
@inline
function gatherFour(table: usize, indexes: usize): v128 {
  const low = load<u64>(indexes);
  const high = load<u64>(indexes, 8);
  let words = v128.load32_zero(table + (<usize>(<u32>low) << 2));
  words = v128.load_lane<u32>(table + (<usize>(low >> 32) << 2), words, 1);
  words = v128.load_lane<u32>(table + (<usize>(<u32>high) << 2), words, 2);
  return v128.load_lane<u32>(table + (<usize>(high >> 32) << 2), words, 3);
}

/**
 * indexes[i] = (first ? 0 : indexes[i]) * (size + 1) + code of row i, or the number of its code where `numbers` is not 0.
 * NULL is `size`.
 */
export function combineCodes(
  codes: usize,
  validity: usize,
  numbers: usize,
  size: u32,
  indexes: usize,
  first: bool,
  count: u32,
): void {
  const factor: u32 = first ? 0 : size + 1;
  const factors = i32x4.splat(factor);
  let i: u32 = 0;
  if (!validity) {
    for (; i + 4 <= count; i += 4) {
      const at = <usize>i << 2;
      const scaled = i32x4.mul(v128.load(indexes + at), factors);
      const words = numbers ? gatherFour(numbers, codes + at) : v128.load(codes + at);
      v128.store(indexes + at, i32x4.add(scaled, words));
    }
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    let code = size;
    if (!validity || load<u8>(validity + i)) {
      code = load<u32>(codes + at);
      if (numbers) code = load<u32>(numbers + (<usize>code << 2));
    }
    store<u32>(indexes + at, load<u32>(indexes + at) * factor + code);
  }
}

/** In the cache: the group is being looked for. */
const SOUGHT: u32 = 1;

/**
 * groups[i] = cache[indexes[i]]. Of the rows with an index whose entry is still empty, the first is written to `missing`;
 * returns how many there are. These entries are marked, and to be given to `cacheGroups` before the next call.
 */
export function lookUpGroups(indexes: usize, cache: usize, groups: usize, count: u32, missing: usize): u32 {
  let found: u32 = 0;
  let i: u32 = 0;
  while (i < count) {
    for (; i + 4 <= count; i += 4) {
      const four = gatherFour(cache, indexes + (<usize>i << 2));
      if (!i32x4.all_true(four)) break;
      v128.store(groups + (<usize>i << 2), four);
    }
    for (const end = min<u32>(i + 4, count); i < end; i++) {
      const at = <usize>i << 2;
      const entry = cache + (<usize>load<u32>(indexes + at) << 2);
      const group = load<u32>(entry);
      store<u32>(groups + at, group);
      if (group == 0) {
        store<u32>(entry, SOUGHT);
        store<u32>(missing + (<usize>found << 2), i);
        found++;
      }
    }
  }
  return found;
}

/** cache[indexes[missing[i]]] = groups[i]. */
export function cacheGroups(indexes: usize, missing: usize, cache: usize, groups: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 2;
    const row = <usize>load<u32>(missing + at);
    store<u32>(cache + (<usize>load<u32>(indexes + (row << 2)) << 2), load<u32>(groups + at));
  }
}

/**
 * The rows whose group has not been seen before: `states` are the addresses of the states of their groups, which begin
 * with a u32 that is 0 until then. Returns how many were written to `selection`.
 */
export function selectUnseen(states: usize, count: u32, selection: usize): u32 {
  let selected: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const state = <usize>load<u32>(states + (<usize>i << 2));
    store<u32>(selection + (<usize>selected << 2), i);
    selected += u32(load<u32>(state) == 0);
    store<u32>(state, 1);
  }
  return selected;
}
