// Sorting of rows: entries of { u64 word, u32 row, u32 low }, where `word`, then `low`, is a monotone image of the keys, so
// that most comparisons never touch a row; ties compare the rows, key by key.

import { compareRows, DESCENDING, exactKeys, KIND_I128, NULLS_FIRST, saysAll } from './row-compare';
import { furtherBits, imageOf, shortImage } from './sort-image';
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

// @ts-ignore: decorator
@inline
function entryBefore(descriptor: usize, exact: u32, left: usize, right: usize): bool {
  const l = load<u64>(left);
  const r = load<u64>(right);
  if (l != r) return l < r;
  const leftLow = load<u32>(left + 12);
  const rightLow = load<u32>(right + 12);
  if (leftLow != rightLow) return leftLow < rightLow;
  if (saysAll(exact, l, leftLow)) return false;
  return compareRows(descriptor, <usize>load<u32>(left + 8), <usize>load<u32>(right + 8)) < 0;
}

const RUN: u32 = 16;

/** Stable. Returns which of the two buffers holds the result. */
function mergeSort(descriptor: usize, entries: usize, scratch: usize, count: u32): usize {
  const exact = exactKeys(descriptor);
  for (let start: u32 = 0; start < count; start += RUN) {
    const end = min(start + RUN, count);
    for (let i = start + 1; i < end; i++) {
      const moving = v128.load(entries + (<usize>i << 4));
      v128.store(scratch, moving);
      let j = i;
      while (j > start && entryBefore(descriptor, exact, scratch, entries + (<usize>(j - 1) << 4))) {
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
      mergeRuns(descriptor, exact, from, start, middle, end, to);
      start = end;
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

function mergeRuns(descriptor: usize, exact: u32, from: usize, start: u32, middle: u32, end: u32, to: usize): void {
  let left = from + (<usize>start << 4);
  const leftEnd = from + (<usize>middle << 4);
  let right = leftEnd;
  const rightEnd = from + (<usize>end << 4);
  let target = to + (<usize>start << 4);
  if (left < leftEnd && right < rightEnd && !entryBefore(descriptor, exact, right, leftEnd - 16)) {
    memory.copy(target, left, rightEnd - left); // in order already
    return;
  }
  while (left < leftEnd && right < rightEnd) {
    if (entryBefore(descriptor, exact, right, left)) {
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

/** Fewer entries than this are merged, and those of which few come before the one before them. */
const MIN_RADIX_ENTRIES: u32 = 1024;
const MOST_DESCENTS: u32 = 64;
const RADIX_COUNTS: usize = 256;

/**
 * Sorts entries, stable: by the bytes in which their images differ, the lowest first; then those with equal images by
 * their rows. Returns which of the two buffers holds the result: of count * 16 bytes, and 1024 more of `scratch`.
 */
export function sortEntries(descriptor: usize, entries: usize, scratch: usize, count: u32): usize {
  if (count < MIN_RADIX_ENTRIES) return mergeSort(descriptor, entries, scratch, count);
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
  if (descents < count / MOST_DESCENTS) return mergeSort(descriptor, entries, scratch, count);
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
  sortTies(descriptor, from, to, count);
  return from;
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

/** Entries with equal images are in the order of their rows afterwards. */
function sortTies(descriptor: usize, entries: usize, scratch: usize, count: u32): void {
  if (load<u32>(descriptor) == 0) return;
  const exact = exactKeys(descriptor);
  for (let start: u32 = 0; start < count; ) {
    const first = entries + (<usize>start << 4);
    const word = load<u64>(first);
    const low = load<u32>(first + 12);
    let end = start + 1;
    for (; end < count; end++) {
      const entry = entries + (<usize>end << 4);
      if (load<u64>(entry) != word || load<u32>(entry + 12) != low) break;
    }
    if (end - start > 1 && !saysAll(exact, word, low)) {
      const sorted = mergeSort(descriptor, first, scratch, end - start);
      if (sorted != first) memory.copy(first, sorted, <usize>(end - start) << 4);
    }
    start = end;
  }
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
