// Rows of groups on their way to disk and back: what their states keep of texts goes into the heap of their block.

import { BLOCK_MASK, BLOCK_ROWS, hasRoom, heapOf, INLINE_BYTES, takeHeap, takeRow } from './row-access';

/*
 * Descriptor, u32 fields:
 *   0 partitions (32, see rows.ts)   4 bits by which hashes are shifted left before their top five name a partition
 *   8 row stride                    12 state offset in a row
 *  16 offset of string keys         20 string keys
 *  24 texts                         28 lists
 *  32 heap bytes that the row needs which found no room
 *  40 offsets in a row of the views of texts, then of lists
 *
 * The view of a frozen text has the offset of its bytes from the block's base, 0 for up to 8 bytes, as those of keys do.
 * A frozen list has offsets from the block's base for addresses, and so have the items, one after the other in the heap.
 */
const PARTITIONS: usize = 0;
const SHIFT: usize = 4;
const STRIDE: usize = 8;
const STATE_OFFSET: usize = 12;
const STRING_OFFSET: usize = 16;
const STRING_COUNT: usize = 20;
const TEXT_COUNT: usize = 24;
const LIST_COUNT: usize = 28;
const NEEDED: usize = 32;
const OFFSETS: usize = 40;

/**
 * Copies rows[from..count), whose states are thawed, into blocks of `partitions` as frozen ones. Returns the row for
 * which a partition has no room; call again from there after giving it a block. The rows must not be used any more: one
 * whose lists are longer than a block becomes several, and what is left of it is what has not been copied.
 */
export function freezeRows(descriptor: usize, rows: usize, from: u32, count: u32): u32 {
  const partitions = <usize>load<u32>(descriptor + PARTITIONS);
  const shift = load<u32>(descriptor + SHIFT);
  const stride = load<u32>(descriptor + STRIDE);
  const stringOffset = load<u32>(descriptor + STRING_OFFSET);
  const stringCount = load<u32>(descriptor + STRING_COUNT);
  const textCount = load<u32>(descriptor + TEXT_COUNT);
  const listCount = load<u32>(descriptor + LIST_COUNT);
  const texts = descriptor + OFFSETS;
  const lists = texts + (<usize>textCount << 2);
  let i = from;
  while (i < count) {
    const source = <usize>load<u32>(rows + (<usize>i << 2));
    const partition = partitions + (<usize>((load<u32>(source) << shift) >> 27) << 4);
    let heapBytes: u32 = 0;
    for (let s: u32 = 0; s < stringCount; s++) heapBytes += longBytes(source + stringOffset + (s << 4));
    for (let t: u32 = 0; t < textCount; t++) heapBytes += longBytes(source + load<u32>(texts + (t << 2)));
    const leastItem = firstItemBytes(source, lists, listCount);
    if (!hasRoom(partition, stride + heapBytes + leastItem)) {
      store<u32>(descriptor + NEEDED, heapBytes + leastItem);
      return i;
    }
    const row = takeRow(partition, stride, heapBytes);
    memory.copy(row, source, stride);
    store<u32>(row + 4, 0);
    let heap = heapOf(partition);
    for (let s: u32 = 0; s < stringCount; s++) {
      const view = source + stringOffset + (s << 4);
      heap = copyText(view, (view & BLOCK_MASK) + load<u32>(view + 4), row + stringOffset + (s << 4), heap);
    }
    for (let t: u32 = 0; t < textCount; t++) {
      const offset = load<u32>(texts + (t << 2));
      heap = copyText(source + offset, <usize>load<u32>(source + offset + 4), row + offset, heap);
    }
    let remains = false;
    for (let l: u32 = 0; l < listCount; l++) {
      const offset = load<u32>(lists + (l << 2));
      if (!moveList(partition, source + offset, row + offset)) remains = true;
    }
    if (remains) clearAllBut(source, load<u32>(descriptor + STATE_OFFSET), stride, lists, listCount);
    else i++;
  }
  return i;
}

/** Makes the states of a block's rows usable where the block lies now. */
export function thawRows(descriptor: usize, block: usize, headerBytes: u32): void {
  const stride = load<u32>(descriptor + STRIDE);
  const textCount = load<u32>(descriptor + TEXT_COUNT);
  const listCount = load<u32>(descriptor + LIST_COUNT);
  const texts = descriptor + OFFSETS;
  const lists = texts + (<usize>textCount << 2);
  let row = block + headerBytes;
  for (let i = load<u32>(block + BLOCK_ROWS); i > 0; i--) {
    for (let t: u32 = 0; t < textCount; t++) {
      const view = row + load<u32>(texts + (t << 2));
      store<u32>(view + 4, load<u32>(view) <= INLINE_BYTES ? <u32>view + 8 : <u32>block + load<u32>(view + 4));
    }
    for (let l: u32 = 0; l < listCount; l++) thawList(block, row + load<u32>(lists + (l << 2)));
    row += stride;
  }
}

// @ts-ignore: decorator
@inline
function longBytes(view: usize): u32 {
  const length = load<u32>(view);
  return length > INLINE_BYTES ? length : 0;
}

/** See the drawing in text-list.ts. */
// @ts-ignore: decorator
@inline
function itemBytes(item: usize): u32 {
  return 24 + load<u32>(item, 4) + load<u32>(item, 8) + (load<u32>(item, 12) >> 1);
}

/** Bytes of one item, if there is one: with them, every row that is copied takes something along. */
function firstItemBytes(row: usize, lists: usize, listCount: u32): u32 {
  for (let l: u32 = 0; l < listCount; l++) {
    const item = load<u32>(row + load<u32>(lists + (l << 2)));
    if (item) return itemBytes(item);
  }
  return 0;
}

/** Returns the heap after it. */
// @ts-ignore: decorator
@inline
function copyText(view: usize, bytes: usize, target: usize, heap: usize): usize {
  const length = load<u32>(view);
  if (length <= INLINE_BYTES) {
    store<u32>(target + 4, 0);
    return heap;
  }
  memory.copy(heap, bytes, length);
  store<u32>(target + 4, <u32>(heap - (target & BLOCK_MASK)));
  return heap + length;
}

/** Moves as many items as the block of the target has room for; answers whether those are all. */
function moveList(partition: usize, source: usize, target: usize): bool {
  const base = target & BLOCK_MASK;
  let item = <usize>load<u32>(source);
  let first: usize = 0;
  let last: usize = 0;
  while (item) {
    const byteLength = itemBytes(item);
    const copy = takeHeap(partition, byteLength);
    if (!copy) break;
    memory.copy(copy, item, byteLength);
    store<u32>(copy, 0);
    if (last) store<u32>(base + last, <u32>(copy - base));
    else first = copy - base;
    last = copy - base;
    item = <usize>load<u32>(item);
  }
  store<u32>(target, <u32>first);
  store<u32>(target + 4, <u32>last);
  store<u32>(source, <u32>item);
  if (!item) store<u32>(source + 4, 0);
  return item == 0;
}

/** What is left of a row is what its lists have left; the rest of its state has been copied. */
function clearAllBut(row: usize, stateOffset: u32, stride: u32, lists: usize, listCount: u32): void {
  for (let offset = stateOffset; offset < stride; offset += 8) {
    let isList = false;
    for (let l: u32 = 0; l < listCount; l++) if (load<u32>(lists + (l << 2)) == offset) isList = true;
    if (!isList) store<u64>(row + offset, 0);
  }
}

function thawList(base: usize, list: usize): void {
  if (load<u64>(list) == 0) return;
  store<u32>(list, <u32>base + load<u32>(list));
  store<u32>(list + 4, <u32>base + load<u32>(list + 4));
  let item = <usize>load<u32>(list);
  for (let next = load<u32>(item); next; next = load<u32>(item)) {
    store<u32>(item, <u32>base + next);
    item = base + next;
  }
}
