// Sorting of entries { u64 word, u32 row, u32 low } by their images, `word`, then `low`; for sort kernels, not exported from
// the module. All sorts are stable, and return which of two buffers holds the result.

import { compareRows } from './row-compare';

// @ts-ignore: decorator
@inline
function entryBefore(descriptor: usize, left: usize, right: usize): bool {
  const l = load<u64>(left);
  const r = load<u64>(right);
  if (l != r) return l < r;
  const leftLow = load<u32>(left + 12);
  const rightLow = load<u32>(right + 12);
  if (leftLow != rightLow) return leftLow < rightLow;
  return descriptor != 0 && compareRows(descriptor, <usize>load<u32>(left + 8), <usize>load<u32>(right + 8)) < 0;
}

const RUN: u32 = 16;

/** Sorts by images, and where they are equal by the keys of `descriptor`, unless that is 0. */
export function mergeSort(descriptor: usize, entries: usize, scratch: usize, count: u32): usize {
  for (let start: u32 = 0; start < count; start += RUN) {
    const end = min(start + RUN, count);
    for (let i = start + 1; i < end; i++) {
      const moving = v128.load(entries + (<usize>i << 4));
      v128.store(scratch, moving);
      let j = i;
      while (j > start && entryBefore(descriptor, scratch, entries + (<usize>(j - 1) << 4))) {
        v128.store(entries + (<usize>j << 4), v128.load(entries + (<usize>(j - 1) << 4)));
        j--;
      }
      v128.store(entries + (<usize>j << 4), moving);
    }
  }
  let from = entries;
  let to = scratch;
  for (let width: u32 = RUN; width < count && width != 0; width <<= 1) {
    for (let start: u32 = 0; start < count; ) {
      const middle = count - start > width ? start + width : count;
      const end = count - middle > width ? middle + width : count;
      mergeRuns(descriptor, from, start, middle, end, to);
      start = end;
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

function mergeRuns(descriptor: usize, from: usize, start: u32, middle: u32, end: u32, to: usize): void {
  let left = from + (<usize>start << 4);
  const leftEnd = from + (<usize>middle << 4);
  let right = leftEnd;
  const rightEnd = from + (<usize>end << 4);
  let target = to + (<usize>start << 4);
  if (left < leftEnd && right < rightEnd && !entryBefore(descriptor, right, leftEnd - 16)) {
    memory.copy(target, left, rightEnd - left); // in order already
    return;
  }
  while (left < leftEnd && right < rightEnd) {
    if (entryBefore(descriptor, right, left)) {
      v128.store(target, v128.load(right));
      right += 16;
    } else {
      v128.store(target, v128.load(left));
      left += 16;
    }
    target += 16;
  }
  if (left < leftEnd) memory.copy(target, left, leftEnd - left);
  else if (right < rightEnd) memory.copy(target, right, rightEnd - right);
}

/** Fewer entries than this are merged. */
const MIN_RADIX_ENTRIES: u32 = 1024;
/** So are those that come in so few ascending stretches that merging these takes fewer passes, of this cost, than bytes do. */
const MERGE_COST: u32 = 2;
const RADIX_COUNTS: usize = 256;

/**
 * Sorts by the bytes in which images differ, the lowest first. The buffers have count * 16 bytes, and `scratch` 1024 more.
 */
export function sortByImages(entries: usize, scratch: usize, count: u32): usize {
  if (count < MIN_RADIX_ENTRIES) return mergeSort(0, entries, scratch, count);
  const firstWord = load<u64>(entries);
  const firstLow = load<u32>(entries + 12);
  let wordBits: u64 = 0;
  let lowBits: u32 = 0;
  let descents: u32 = 0;
  let previous = firstWord;
  let previousLow = firstLow;
  const bytes = <usize>count << 4;
  for (let entry = entries; entry < entries + bytes; entry += 16) {
    const word = load<u64>(entry);
    const low = load<u32>(entry + 12);
    wordBits |= word ^ firstWord;
    lowBits |= low ^ firstLow;
    descents += u32(word < previous || (word == previous && low < previousLow));
    previous = word;
    previousLow = low;
  }
  if (descents == 0) return entries;
  const mergePasses: u32 = 32 - clz<u32>(descents);
  if (mergePasses * MERGE_COST < differingBytes(wordBits) + differingBytes(<u64>lowBits)) {
    return mergeSort(0, entries, scratch, count);
  }
  const counts = scratch + bytes;
  let from = entries;
  let to = scratch;
  for (let byte: u32 = 0; byte < 12; byte++) {
    const bits = byte < 4 ? lowBits >> (byte << 3) : <u32>(wordBits >> ((byte - 4) << 3));
    if (!(bits & 0xff)) continue;
    // The low image lies in bytes 12 to 15 of an entry, the word before it in bytes 0 to 7.
    scatterEntries(from, to, bytes, byte < 4 ? 12 + byte : byte - 4, counts);
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

function differingBytes(bits: u64): u32 {
  let bytes: u32 = 0;
  for (; bits != 0; bits >>= 8) bytes += u32((bits & 0xff) != 0);
  return bytes;
}

/** Moves entries to where they come by one byte, those that agree in it in their order. */
function scatterEntries(from: usize, to: usize, bytes: usize, offset: usize, counts: usize): void {
  memory.fill(counts, 0, RADIX_COUNTS << 2);
  for (let entry = from; entry < from + bytes; entry += 16) {
    const slot = counts + (<usize>load<u8>(entry + offset) << 2);
    store<u32>(slot, load<u32>(slot) + 16);
  }
  let next = <u32>to;
  for (let slot = counts; slot < counts + (RADIX_COUNTS << 2); slot += 4) {
    const length = load<u32>(slot);
    store<u32>(slot, next);
    next += length;
  }
  for (let entry = from; entry < from + bytes; entry += 16) {
    const slot = counts + (<usize>load<u8>(entry + offset) << 2);
    const target = load<u32>(slot);
    v128.store(<usize>target, v128.load(entry));
    store<u32>(slot, target + 16);
  }
}
