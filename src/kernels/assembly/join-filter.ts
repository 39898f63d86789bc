// The filter that a join's build side publishes for scans of its probe side: a Bloom filter of words, two bits a key
// within one word, and the bounds of its keys. Words are indexed by the top bits of the hash, so that a partition of the
// rows owns an adjacent range of them and partitions are added in parallel without atomics.

import { hashWord } from './hash';

// @ts-ignore: decorator
@inline
function wordOf(words: usize, shift: u32, hash: u32): usize {
  return words + (<usize>(hash >> shift) << 3);
}

// @ts-ignore: decorator
@inline
function bitsOf(hash: u32): u64 {
  return (<u64>1 << (hash & 63)) | (<u64>1 << ((hash >> 6) & 63));
}

/** Adds the hashes of rows, which are listed by their pointers. `shift` is below 32. */
export function addToJoinFilter(words: usize, shift: u32, rows: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const hash = load<u32>(<usize>load<u32>(rows + (<usize>i << 2)));
    const word = wordOf(words, shift, hash);
    store<u64>(word, load<u64>(word) | bitsOf(hash));
  }
}

/**
 * Lists at `target` the rows, of those at `selection` (0 = all), that may have a match: their hash is in the filter, or
 * belongs to a partition of `deferred`, which the filter does not know. Returns how many.
 */
export function selectByJoinFilter(words: usize, shift: u32, hashes: usize, selection: usize, count: u32, deferred: u32, target: usize): u32 {
  let selected: u32 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const i = selection ? load<u32>(selection + (<usize>k << 2)) : k;
    const hash = load<u32>(hashes + (<usize>i << 2));
    const bits = bitsOf(hash);
    const isKnown: u32 = (load<u64>(wordOf(words, shift, hash)) & bits) == bits ? 1 : 0;
    store<u32>(target + (<usize>selected << 2), i);
    selected += isKnown | ((deferred >> (hash >> 27)) & 1);
  }
  return selected;
}

/** Widens { i64 least, i64 greatest } at `bounds` by the keys of 4 or 8 bytes at `offset` of rows. */
export function boundRowKeys(rows: usize, offset: u32, byteWidth: u32, count: u32, bounds: usize): void {
  let least = load<i64>(bounds);
  let greatest = load<i64>(bounds, 8);
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>load<u32>(rows + (<usize>i << 2)) + offset;
    const value = byteWidth == 4 ? <i64>load<i32>(at) : load<i64>(at);
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  store<i64>(bounds, least);
  store<i64>(bounds, greatest, 8);
}

/**
 * As `selectByJoinFilter`, for a key that is one integer of 4 or 8 bytes a row: the hash is that of the key packed alone
 * (`hashKeys`). NULLs (validity 0; pointer 0 = none) have no match.
 */
export function selectIntegersByJoinFilter(words: usize, shift: u32, values: usize, byteWidth: u32, validity: usize, count: u32, deferred: u32, target: usize): u32 {
  let selected: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const key = byteWidth == 4 ? <u64>load<u32>(values + (<usize>i << 2)) : load<u64>(values + (<usize>i << 3));
    const hash = hashWord(key);
    const bits = bitsOf(hash);
    const isKnown: u32 = (load<u64>(wordOf(words, shift, hash)) & bits) == bits ? 1 : 0;
    const isValid: u32 = validity ? <u32>load<u8>(validity + i) : 1;
    store<u32>(target + (<usize>selected << 2), i);
    selected += (isKnown | ((deferred >> (hash >> 27)) & 1)) & isValid;
  }
  return selected;
}

/** flags[rows[k]] = 1, and 0 for all other of `count` rows. */
export function flagRows(rows: usize, selected: u32, count: u32, flags: usize): void {
  memory.fill(flags, 0, count);
  for (let k: u32 = 0; k < selected; k++) store<u8>(flags + load<u32>(rows + (<usize>k << 2)), 1);
}

// @ts-ignore: decorator
@inline
function flagOf(codes: usize, flags: usize, i: u32): u32 {
  return <u32>load<u8>(flags + load<u32>(codes + (<usize>i << 2)));
}

/** Lists at `target` the valid rows whose code has its flag set. Returns how many. */
export function selectFlaggedCodes(codes: usize, validity: usize, flags: usize, count: u32, target: usize): u32 {
  let to = target;
  let i: u32 = 0;
  // Four rows at a time, whose flags are together one word: most words are 0 where few rows pass.
  for (const blocksEnd = count & ~3; i < blocksEnd; i += 4) {
    let word =
      flagOf(codes, flags, i) |
      (flagOf(codes, flags, i + 1) << 8) |
      (flagOf(codes, flags, i + 2) << 16) |
      (flagOf(codes, flags, i + 3) << 24);
    if (validity) word &= load<u32>(validity + i);
    if (word == 0) continue;
    store<u32>(to, i);
    to += <usize>(word & 1) << 2;
    store<u32>(to, i + 1);
    to += <usize>((word >> 8) & 1) << 2;
    store<u32>(to, i + 2);
    to += <usize>((word >> 16) & 1) << 2;
    store<u32>(to, i + 3);
    to += <usize>(word >> 24) << 2;
  }
  for (; i < count; i++) {
    store<u32>(to, i);
    const isValid: u32 = validity ? <u32>load<u8>(validity + i) : 1;
    to += <usize>(flagOf(codes, flags, i) & isValid) << 2;
  }
  return <u32>((to - target) >> 2);
}
