// Entries with equal images (see sort.ts) in the order of their rows; for sort kernels, not exported from the module.
//
// Comparing rows two by two waits for both of them, and for their texts, again and again. Here the entries of a tie are
// given the image of what comes next in their keys, are sorted by it, and those that still tie go on with what comes
// after: a radix sort from the front, each row being looked at once for eight bytes of its keys, many at a time.
//
// How far keys were looked at is a key's number and the offset of the next byte of it.

import {
  DESCENDING,
  exactKeys,
  intervalRest,
  KIND_I128,
  KIND_INTERVAL,
  KIND_NESTED,
  KIND_STRING,
  KIND_UUID,
  NULLS_FIRST,
  saysAll,
} from './row-compare';
import { BLOCK_MASK, INLINE_BYTES } from './row-access';
import { mergeSort, sortByImages } from './sort-by-images';
import { imageOf } from './sort-image';

/** Ties of fewer rows are sorted by comparing them. */
const MIN_REFINED: u32 = 4;
/** Ties within ties beyond which rows are compared: each takes a place of the stack. */
const MAX_DEPTH: u32 = 64;
/** Rows that are touched together. */
const TOUCHED_ROWS: u32 = 512;
/** Bytes of a text that an entry's image tells. */
const TOLD_BYTES: u32 = 12;

/** Entries with equal images are in the order of their rows afterwards; `scratch` has room for all and 1024 bytes more. */
export function sortTies(descriptor: usize, entries: usize, scratch: usize, count: u32): void {
  if (load<u32>(descriptor) == 0) return;
  const exact = exactKeys(descriptor);
  let touched: u32 = 0;
  for (let start: u32 = 0; start < count; ) {
    if (!exact && start >= touched) touched = touchTies(descriptor, entries, start, min(start + TOUCHED_ROWS, count));
    const first = entries + (<usize>start << 4);
    const word = load<u64>(first);
    const low = load<u32>(first + 12);
    const end = endOfTie(entries, start, count);
    if (end - start > 1 && !saysAll(exact, word, low)) {
      sortTie(descriptor, first, scratch, end - start, word == 0 || word == u64.MAX_VALUE);
      for (let entry = first; entry < entries + (<usize>end << 4); entry += 16) {
        store<u64>(entry, word);
        store<u32>(entry + 12, low);
      }
    }
    start = end;
  }
}

/**
 * Loads the rows of ties, and the beginnings of their texts, into the cache: a loop that does nothing else waits for many
 * of them at a time. Returns `to`, by way of what was loaded, so that no compiler leaves the loads out.
 */
function touchTies(descriptor: usize, entries: usize, from: u32, to: u32): u32 {
  const keyOffset = <usize>load<u32>(descriptor + 4);
  const isText = load<u32>(descriptor + 12) == KIND_STRING;
  let loaded: u32 = 1;
  let wasTied = false;
  for (let i = from + 1; i < to; i++) {
    const entry = entries + (<usize>i << 4);
    const word = load<u64>(entry);
    // The bytes of a NULL mean nothing.
    const isValue = word != 0 && word != u64.MAX_VALUE;
    const isTied = isValue && word == load<u64>(entry - 16) && load<u32>(entry + 12) == load<u32>(entry - 4);
    if (isTied && !wasTied) loaded |= touchKey(isText, <usize>load<u32>(entry - 8) + keyOffset);
    if (isTied) loaded |= touchKey(isText, <usize>load<u32>(entry + 8) + keyOffset);
    wasTied = isTied;
  }
  return loaded ? to : from + 1;
}

// @ts-ignore: decorator
@inline
function touchKey(isText: bool, at: usize): u32 {
  const length = load<u32>(at);
  return isText && length > INLINE_BYTES ? length | load<u8>((at & BLOCK_MASK) + load<u32>(at + 4) + TOLD_BYTES) : length;
}

// @ts-ignore: decorator
@inline
function endOfTie(entries: usize, start: u32, count: u32): u32 {
  const word = load<u64>(entries + (<usize>start << 4));
  const low = load<u32>(entries + (<usize>start << 4) + 12);
  let end = start + 1;
  for (; end < count; end++) {
    const entry = entries + (<usize>end << 4);
    if (load<u64>(entry) != word || load<u32>(entry + 12) != low) break;
  }
  return end;
}

/** An extreme is the image of NULL as well as of values, and says nothing. */
// @ts-ignore: decorator
@inline
function sortTie(descriptor: usize, entries: usize, scratch: usize, count: u32, isExtreme: bool): void {
  const kind = load<u32>(descriptor + 12);
  let key: u32 = 0;
  let offset: u32 = 0;
  if (!isExtreme) {
    if (kind == KIND_STRING) offset = TOLD_BYTES;
    else if (kind == KIND_UUID || kind == KIND_INTERVAL) offset = 8;
    else if (kind != KIND_NESTED) key = 1;
  }
  refine(descriptor, entries, scratch, count, key, offset, 0);
}

/** Sorts entries of equal images, whose rows are equal in what comes before a place in their keys. */
function refine(descriptor: usize, entries: usize, scratch: usize, count: u32, key: u32, offset: u32, depth: u32): void {
  const keyCount = load<u32>(descriptor);
  while (key < keyCount && count > 1) {
    const at = descriptor + 4 + (<usize>key << 4);
    const kind = load<u32>(at + 8);
    if (count < MIN_REFINED || depth == MAX_DEPTH || kind == KIND_NESTED) {
      moveBack(mergeSort(descriptor, entries, scratch, count), entries, count);
      return;
    }
    if (offset == 0) {
      const nulls = separateNulls(at, entries, scratch, count);
      if (nulls == count) {
        key++;
        continue;
      }
      if (nulls) {
        const nullsFirst = (load<u32>(at + 12) & NULLS_FIRST) != 0;
        const first = nullsFirst ? entries : entries + (<usize>(count - nulls) << 4);
        refine(descriptor, first, scratch, nulls, key + 1, 0, depth + 1);
        if (nullsFirst) entries += <usize>nulls << 4;
        count -= nulls;
        if (count < 2) return;
      }
    }
    const isDescending = (load<u32>(at + 12) & DESCENDING) != 0;
    makeImages(kind, load<u32>(at), entries, count, offset, isDescending);
    moveBack(sortByImages(entries, scratch, count), entries, count);
    const end = endOfTie(entries, 0, count);
    if (end < count) {
      for (let start: u32 = 0; start < count; ) {
        const first = entries + (<usize>start << 4);
        const endOfThis = endOfTie(entries, start, count);
        if (endOfThis - start > 1) {
          const next = nextOffset(kind, first, offset, isDescending);
          refine(descriptor, first, scratch, endOfThis - start, next ? key : key + 1, next, depth + 1);
        }
        start = endOfThis;
      }
      return;
    }
    offset = nextOffset(kind, entries, offset, isDescending);
    if (offset == 0) key++;
  }
}

// @ts-ignore: decorator
@inline
function moveBack(sorted: usize, entries: usize, count: u32): void {
  if (sorted != entries) memory.copy(entries, sorted, <usize>count << 4);
}

/** Moves the entries of rows that have no value of a key to where they belong, in their order; returns how many there are. */
function separateNulls(key: usize, entries: usize, scratch: usize, count: u32): u32 {
  const validityOffset = <usize>load<u32>(key + 4);
  let valid: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    valid += load<u8>(<usize>load<u32>(entries + (<usize>i << 4) + 8) + validityOffset);
  }
  if (valid == count || valid == 0) return count - valid;
  const nullsFirst = (load<u32>(key + 12) & NULLS_FIRST) != 0;
  let values = scratch + (nullsFirst ? <usize>(count - valid) << 4 : 0);
  let nulls = scratch + (nullsFirst ? 0 : <usize>valid << 4);
  for (let i: u32 = 0; i < count; i++) {
    const entry = entries + (<usize>i << 4);
    const isValid = load<u8>(<usize>load<u32>(entry + 8) + validityOffset);
    v128.store(isValid ? values : nulls, v128.load(entry));
    values += isValid ? 16 : 0;
    nulls += isValid ? 0 : 16;
  }
  memory.copy(entries, scratch, <usize>count << 4);
  return count - valid;
}

/** The images of the keys at `keyOffset` in the rows, none of them NULL, from a byte of theirs on. */
function makeImages(kind: u32, keyOffset: u32, entries: usize, count: u32, offset: u32, isDescending: bool): void {
  const wordMask: u64 = isDescending ? u64.MAX_VALUE : 0;
  const lowMask: u32 = isDescending ? u32.MAX_VALUE : 0;
  for (let entry = entries; entry < entries + (<usize>count << 4); entry += 16) {
    const at = <usize>load<u32>(entry + 8) + <usize>keyOffset;
    const isText = kind == KIND_STRING;
    const word = isText ? textWord(at, offset) : offset ? secondWord(kind, at) : firstWord(kind, at);
    store<u64>(entry, word ^ wordMask);
    // Of texts that agree in these bytes the shorter comes first; how much longer than these they are, says nothing.
    store<u32>(entry + 12, (isText ? min(load<u32>(at), offset + 9) : 0) ^ lowMask);
  }
}

/** From which byte on keys of equal images may differ; 0 when they do not. */
// @ts-ignore: decorator
@inline
function nextOffset(kind: u32, entry: usize, offset: u32, isDescending: bool): u32 {
  if (kind == KIND_STRING) {
    const low = load<u32>(entry + 12);
    return (isDescending ? ~low : low) == offset + 9 ? offset + 8 : 0;
  }
  return offset == 0 && (kind == KIND_I128 || kind == KIND_UUID || kind == KIND_INTERVAL) ? 8 : 0;
}

/** Eight bytes of a text, the first the highest, zeros beyond its end. */
// @ts-ignore: decorator
@inline
function textWord(at: usize, offset: u32): u64 {
  const length = load<u32>(at);
  if (length <= offset) return 0;
  if (length <= INLINE_BYTES) return bswap<u64>(load<u64>(at + 8));
  const bytes = bswap<u64>(load<u64>((at & BLOCK_MASK) + load<u32>(at + 4) + offset));
  const left = length - offset;
  return left >= 8 ? bytes : bytes & ~(u64.MAX_VALUE >> (<u64>left << 3));
}

// @ts-ignore: decorator
@inline
function firstWord(kind: u32, at: usize): u64 {
  return kind == KIND_I128 ? load<u64>(at + 8) ^ 0x8000_0000_0000_0000 : imageOf(kind, at);
}

// @ts-ignore: decorator
@inline
function secondWord(kind: u32, at: usize): u64 {
  if (kind == KIND_UUID) return bswap<u64>(load<u64>(at + 8));
  return kind == KIND_I128 ? load<u64>(at) : <u64>intervalRest(at);
}
