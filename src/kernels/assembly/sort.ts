// Sorting of rows: entries of { u64 word, u32 row, u32 low }, where `word`, then `low`, is a monotone image of the keys, so
// that most comparisons never touch a row; ties compare the rows, key by key.

import { compareRows, DESCENDING, exactKeys, KIND_I128, NULLS_FIRST, saysAll } from './row-compare';
import { sortByImages } from './sort-by-images';
import { furtherBits, imageOf, shortImage } from './sort-image';
import { sortTies } from './sort-ties';
import { BLOCK_HEAP_BOTTOM, BLOCK_MASK, BLOCK_ROW_TOP, BLOCK_ROWS, INLINE_BYTES } from './row-access';

// Sort descriptors are drawn in row-compare.ts.

// @ts-ignore: decorator
@inline
function wordOfRow(descriptor: usize, row: usize): u64 {
  if (!load<u32>(descriptor)) return 0; // no keys: rows stay in their order
  const flags = load<u32>(descriptor + 16);
  if (!load<u8>(row + <usize>load<u32>(descriptor + 8))) return flags & NULLS_FIRST ? 0 : u64.MAX_VALUE;
  const word = imageOf(load<u32>(descriptor + 12), row + <usize>load<u32>(descriptor + 4));
  return flags & DESCENDING ? ~word : word;
}

/**
 * What follows the word: more of the first key, or where its word says all, of the second. Nothing where the word is an
 * extreme, since then it is NULL's as well as a value's.
 */
// @ts-ignore: decorator
@inline
function lowOfRow(descriptor: usize, row: usize, word: u64): u32 {
  if (word == 0 || word == u64.MAX_VALUE) return 0;
  let key = descriptor + 4;
  const kind = load<u32>(key + 8);
  if (kind >= KIND_I128) {
    const bits = furtherBits(kind, row + <usize>load<u32>(key));
    return load<u32>(key + 12) & DESCENDING ? ~bits : bits;
  }
  if (load<u32>(descriptor) == 1) return 0;
  key += 16;
  const flags = load<u32>(key + 12);
  if (!load<u8>(row + <usize>load<u32>(key + 4))) return flags & NULLS_FIRST ? 0 : u32.MAX_VALUE;
  const image = shortImage(load<u32>(key + 8), row + <usize>load<u32>(key));
  return flags & DESCENDING ? ~image : image;
}

/** entries[i] = { image of the keys of rows[i], rows[i] }. */
export function makeSortEntries(descriptor: usize, rows: usize, count: u32, entries: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + (<usize>i << 2));
    const entry = entries + (<usize>i << 4);
    const word = wordOfRow(descriptor, row);
    store<u64>(entry, word);
    store<u32>(entry + 8, <u32>row);
    store<u32>(entry + 12, lowOfRow(descriptor, row, word));
  }
}

/**
 * Sorts entries, stable: by their images, then those with equal images by their rows. Returns which of the two buffers holds
 * the result: of count * 16 bytes, and 1024 more of `scratch`.
 */
export function sortEntries(descriptor: usize, entries: usize, scratch: usize, count: u32): usize {
  const sorted = sortByImages(entries, scratch, count);
  sortTies(descriptor, sorted, sorted == entries ? scratch : entries, count);
  return sorted;
}

/** rows[i] = row of entry i. */
export function entryRows(entries: usize, count: u32, rows: usize): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(rows + (<usize>i << 2), load<u32>(entries + (<usize>i << 4) + 8));
}

/*
 * A merge of sorted inputs by a tree of losers (Knuth, The Art of Computer Programming, volume 3, section 5.4.1):
 *
 *   0   u32 inputs   4  u32 input that has run out and is to be given more, or NONE   8  unused
 *   16  16 bytes an input: u32 next, u32 end, u32 stride when these are rows (0: entries), u32 unused
 *       32 bytes an input: the tree. Heads { entry (row 0: the input has ended), u32 input, unused }: head 0 is the first
 *       of all, head n the one that lost at node n, whose children are 2n and 2n + 1; input i is node inputs + i
 */
const NONE: u32 = 0xffff_ffff;
const MERGE_WAITING: usize = 4;
const MERGE_HEADER: usize = 16;

/** Does the head at `other` come before one with the same word? Of equal rows the earlier input's comes first. */
// @ts-ignore: decorator
@inline
function breakTie(descriptor: usize, exact: u32, other: usize, word: u64, row: u32, low: u32, input: u32): bool {
  const otherRow = load<u32>(other + 8);
  if (!otherRow) return false;
  if (!row) return true;
  const otherLow = load<u32>(other + 12);
  if (otherLow != low) return otherLow < low;
  if (saysAll(exact, word, low)) return load<u32>(other + 16) < input;
  const order = compareRows(descriptor, <usize>otherRow, <usize>row);
  return order < 0 || (order == 0 && load<u32>(other + 16) < input);
}

/**
 * Takes the next head of an input, and plays it against those that lost before, up to the root. While the tree is built,
 * whoever comes to a node first waits there: its input is NONE till then.
 */
// @ts-ignore: decorator
@inline
function replay(descriptor: usize, exact: u32, merge: usize, inputs: u32, tree: usize, drawn: u32, isBuilding: bool): void {
  const at = merge + MERGE_HEADER + (<usize>drawn << 4);
  const next = <usize>load<u32>(at);
  let input = drawn;
  let word = u64.MAX_VALUE;
  let row: u32 = 0;
  let low: u32 = 0;
  if (next != <usize>load<u32>(at + 4)) {
    const stride = load<u32>(at + 8);
    if (stride) {
      row = <u32>next;
      word = wordOfRow(descriptor, next);
      low = lowOfRow(descriptor, next, word);
      store<u32>(at, <u32>next + stride);
    } else {
      row = load<u32>(next + 8);
      word = load<u64>(next);
      low = load<u32>(next + 12);
      store<u32>(at, <u32>next + 16);
    }
  }
  let node = (drawn + inputs) >> 1;
  for (; node != 0; node >>= 1) {
    const other = tree + (<usize>node << 5);
    if (isBuilding && load<u32>(other + 16) == NONE) break;
    const otherWord = load<u64>(other);
    if (otherWord < word || (otherWord == word && breakTie(descriptor, exact, other, word, row, low, input))) {
      const otherRow = load<u32>(other + 8);
      const otherLow = load<u32>(other + 12);
      const otherInput = load<u32>(other + 16);
      store<u64>(other, word);
      store<u32>(other + 8, row);
      store<u32>(other + 12, low);
      store<u32>(other + 16, input);
      word = otherWord;
      row = otherRow;
      low = otherLow;
      input = otherInput;
    }
  }
  const place = tree + (<usize>node << 5);
  store<u64>(place, word);
  store<u32>(place + 8, row);
  store<u32>(place + 12, low);
  store<u32>(place + 16, input);
}

/** Builds the tree, once every input that is not empty has been given its first entries or rows. */
export function startMerge(descriptor: usize, merge: usize): void {
  const exact = exactKeys(descriptor);
  const inputs = load<u32>(merge);
  const tree = merge + MERGE_HEADER + (<usize>inputs << 4);
  for (let node: u32 = 0; node < inputs; node++) store<u32>(tree + (<usize>node << 5) + 16, NONE);
  for (let input: u32 = 0; input < inputs; input++) replay(descriptor, exact, merge, inputs, tree, input, true);
}

/**
 * Writes up to `limit` entries in order; returns how many. There are fewer when an input has run out: then it is WAITING,
 * and the next call goes on with what it has been given by then (nothing: it has ended); or when all have ended.
 */
export function mergeRows(descriptor: usize, merge: usize, target: usize, limit: u32): u32 {
  const exact = exactKeys(descriptor);
  const inputs = load<u32>(merge);
  const tree = merge + MERGE_HEADER + (<usize>inputs << 4);
  const waiting = load<u32>(merge + MERGE_WAITING);
  if (waiting != NONE) {
    store<u32>(merge + MERGE_WAITING, NONE);
    replay(descriptor, exact, merge, inputs, tree, waiting, false);
  }
  let count: u32 = 0;
  while (count < limit && load<u32>(tree + 8) != 0) {
    v128.store(target, v128.load(tree));
    target += 16;
    count++;
    const input = load<u32>(tree + 16);
    const at = merge + MERGE_HEADER + (<usize>input << 4);
    if (load<u32>(at) == load<u32>(at + 4)) {
      store<u32>(merge + MERGE_WAITING, input);
      break;
    }
    replay(descriptor, exact, merge, inputs, tree, input, false);
  }
  return count;
}

/** Rows that are touched together. */
const TOUCHED_ROWS: u32 = 64;

/**
 * Loads the beginnings of rows into the cache: a loop that does nothing else waits for many of them at a time. Returns
 * `to`, by way of what was loaded, so that no compiler leaves the loads out.
 */
function touchRows(entries: usize, from: u32, to: u32): u32 {
  let chains: u32 = 0;
  for (let i = from; i < to; i++) chains |= load<u32>(<usize>load<u32>(entries + (<usize>i << 4) + 8) + 4);
  return chains ? from + 1 : to;
}

/**
 * Copies the rows of entries into a block, until it is full, and lets the entries point to the copies; returns how many.
 * `strings` is { u32 number of text columns, u32 offset of each in the row }.
 */
export function copySortedRows(entries: usize, count: u32, stride: u32, strings: usize, block: usize): u32 {
  const stringCount = load<u32>(strings);
  let top = load<u32>(block + BLOCK_ROW_TOP);
  let bottom = load<u32>(block + BLOCK_HEAP_BOTTOM);
  let copied: u32 = 0;
  let touched: u32 = 0;
  while (copied < count) {
    if (copied == touched) touched = touchRows(entries, touched, min(touched + TOUCHED_ROWS, count));
    const entry = entries + (<usize>copied << 4);
    const row = <usize>load<u32>(entry + 8);
    let heapBytes: u32 = 0;
    for (let s: u32 = 0; s < stringCount; s++) {
      const length = load<u32>(row + <usize>load<u32>(strings + 4 + (<usize>s << 2)));
      if (length > INLINE_BYTES) heapBytes += length;
    }
    if (<u64>top + stride + heapBytes > <u64>bottom) break;
    const target = block + top;
    for (let at: usize = 0; at < <usize>stride; at += 8) store<u64>(target + at, load<u64>(row + at));
    bottom -= heapBytes;
    if (heapBytes) {
      let heap = bottom;
      for (let s: u32 = 0; s < stringCount; s++) {
        const offset = <usize>load<u32>(strings + 4 + (<usize>s << 2));
        const length = load<u32>(row + offset);
        if (length <= INLINE_BYTES) continue;
        memory.copy(block + heap, (row & BLOCK_MASK) + load<u32>(row + offset + 4), length);
        store<u32>(target + offset + 4, heap);
        heap += length;
      }
    }
    store<u32>(entry + 8, <u32>target);
    top += stride;
    copied++;
  }
  store<u32>(block + BLOCK_ROW_TOP, top);
  store<u32>(block + BLOCK_HEAP_BOTTOM, bottom);
  store<u32>(block + BLOCK_ROWS, load<u32>(block + BLOCK_ROWS) + copied);
  return copied;
}

/** Entries in a chunk of a list. */
const CHUNK_SHIFT: u32 = 12;

/**
 * How many entries of a list come before another entry: those that are equal to it, too, if `withEqual`. The list is
 * { u32 entries, u32 chunk each }, its chunks have 4,096 entries.
 */
export function countBefore(descriptor: usize, list: usize, entry: usize, withEqual: bool): u32 {
  const exact = exactKeys(descriptor);
  const word = load<u64>(entry);
  const low = load<u32>(entry + 12);
  const row = <usize>load<u32>(entry + 8);
  let before: u32 = 0;
  let end = load<u32>(list);
  while (before < end) {
    const middle = (before + end) >> 1;
    const chunk = <usize>load<u32>(list + 4 + (<usize>(middle >> CHUNK_SHIFT) << 2));
    const other = chunk + (<usize>(middle & ((1 << CHUNK_SHIFT) - 1)) << 4);
    const otherWord = load<u64>(other);
    const otherLow = load<u32>(other + 12);
    let isBefore = otherWord < word;
    if (otherWord == word) {
      isBefore = otherLow < low;
      if (otherLow == low) {
        const order = saysAll(exact, word, low) ? 0 : compareRows(descriptor, <usize>load<u32>(other + 8), row);
        isBefore = order < 0 || (order == 0 && withEqual);
      }
    }
    if (isBefore) before = middle + 1;
    else end = middle;
  }
  return before;
}
