// Access to rows and blocks for other kernels; not exported from the module. See src/exec/rows/row-layout.ts for the
// drawn layout of rows and blocks.
import { copyExactly } from './copy-bytes';

/** A block is aligned to 64 KiB: its base is found by masking any address in its first chunk. */
export const BLOCK_MASK: usize = 0xffff_0000;

/** Offsets in the header of a block. */
export const BLOCK_ROWS: usize = 4;
export const BLOCK_ROW_TOP: usize = 8;
export const BLOCK_HEAP_BOTTOM: usize = 12;

/** Offsets in an entry of a partition table (16 bytes a partition). */
const PARTITION_CURRENT: usize = 0;
const PARTITION_ROWS: usize = 4;

/** Strings up to this length live in their view alone. */
export const INLINE_BYTES: u32 = 8;

/** The view at `place` in a row, made absolute; short strings point into their row. */
// @ts-ignore: decorator
@inline
export function viewInRow(place: usize): v128 {
  const length = load<u32>(place);
  const pointer = length <= INLINE_BYTES ? <u32>place + 8 : <u32>(place & BLOCK_MASK) + load<u32>(place + 4);
  return i32x4.replace_lane(v128.load(place), 1, pointer);
}

/** Writes a view at `target` in a row; long bytes go to `heap` of the same block. Returns the heap after it. */
// @ts-ignore: decorator
@inline
export function storeRowString(source: usize, target: usize, heap: usize): usize {
  const length = load<u32>(source);
  store<u32>(target, length);
  store<u64>(target + 8, load<u64>(source + 8));
  if (length <= INLINE_BYTES) {
    store<u32>(target + 4, 0);
    return heap;
  }
  copyExactly(heap, <usize>load<u32>(source + 4), length);
  store<u32>(target + 4, <u32>(heap - (target & BLOCK_MASK)));
  return heap + length;
}

// @ts-ignore: decorator
@inline
export function partitionEntry(partitions: usize, partitionMask: u32, hash: u32): usize {
  return partitions + (<usize>((hash >> 27) & partitionMask) << 4);
}

/** One row of `stride` bytes and `heapBytes` of heap from the partition's current block: 0 when it has no room. */
// @ts-ignore: decorator
@inline
export function takeRow(partition: usize, stride: u32, heapBytes: u32): usize {
  const block = <usize>load<u32>(partition + PARTITION_CURRENT);
  if (!block) return 0;
  const top = load<u32>(block + BLOCK_ROW_TOP);
  const bottom = load<u32>(block + BLOCK_HEAP_BOTTOM);
  if (top + stride + heapBytes > bottom) return 0;
  store<u32>(block + BLOCK_ROW_TOP, top + stride);
  store<u32>(block + BLOCK_HEAP_BOTTOM, bottom - heapBytes);
  store<u32>(block + BLOCK_ROWS, load<u32>(block + BLOCK_ROWS) + 1);
  store<u32>(partition + PARTITION_ROWS, load<u32>(partition + PARTITION_ROWS) + 1);
  return block + top;
}

/** Has the partition's current block room for so many bytes of rows and heap? */
// @ts-ignore: decorator
@inline
export function hasRoom(partition: usize, byteLength: u32): bool {
  const block = <usize>load<u32>(partition + PARTITION_CURRENT);
  return block != 0 && load<u32>(block + BLOCK_ROW_TOP) + byteLength <= load<u32>(block + BLOCK_HEAP_BOTTOM);
}

/** Bytes of the current block's heap: 0 when it has no room. */
// @ts-ignore: decorator
@inline
export function takeHeap(partition: usize, byteLength: u32): usize {
  if (!hasRoom(partition, byteLength)) return 0;
  const block = <usize>load<u32>(partition + PARTITION_CURRENT);
  const bottom = load<u32>(block + BLOCK_HEAP_BOTTOM) - byteLength;
  store<u32>(block + BLOCK_HEAP_BOTTOM, bottom);
  return block + bottom;
}

// @ts-ignore: decorator
@inline
export function heapOf(partition: usize): usize {
  const block = <usize>load<u32>(partition + PARTITION_CURRENT);
  return block + load<u32>(block + BLOCK_HEAP_BOTTOM);
}

export function bytesEqual(left: usize, right: usize, length: u32): bool {
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(left + at) != load<u64>(right + at)) return false;
  for (; at < length; at++) if (load<u8>(left + at) != load<u8>(right + at)) return false;
  return true;
}

/** Packed keys (absolute views) against the keys of a row (views relative to its block). */
// @ts-ignore: decorator
@inline
export function keysEqualRow(key: usize, rowKey: usize, fixedBytes: u32, stringCount: u32): bool {
  for (let word: u32 = 0; word < fixedBytes; word += 8) if (load<u64>(key + word) != load<u64>(rowKey + word)) return false;
  if (stringCount) return stringKeysEqual(key + fixedBytes, rowKey + fixedBytes, stringCount, false);
  return true;
}

export function stringKeysEqual(left: usize, right: usize, stringCount: u32, leftIsRow: bool): bool {
  for (let s: u32 = 0; s < stringCount; s++) {
    const length = load<u32>(left);
    if (length != load<u32>(right) || load<u64>(left + 8) != load<u64>(right + 8)) return false;
    if (length > INLINE_BYTES) {
      const leftBytes = <usize>load<u32>(left + 4) + (leftIsRow ? left & BLOCK_MASK : 0);
      const rightBytes = <usize>load<u32>(right + 4) + (right & BLOCK_MASK);
      if (!bytesEqual(leftBytes + 8, rightBytes + 8, length - 8)) return false;
    }
    left += 16;
    right += 16;
  }
  return true;
}

/** Copies the string keys of one packed key into a row whose fixed part is copied already. */
// @ts-ignore: decorator
@inline
export function copyKeyToRow(key: usize, rowKey: usize, fixedBytes: u32, stringCount: u32, heap: usize): void {
  for (let word: u32 = 0; word < fixedBytes; word += 8) store<u64>(rowKey + word, load<u64>(key + word));
  for (let s: u32 = 0; s < stringCount; s++) {
    const at = fixedBytes + (s << 4);
    heap = storeRowString(key + at, rowKey + at, heap);
  }
}

/** Zeroes words of eight bytes: states are few of them, and `memory.fill` costs tens of nanoseconds to start. */
// @ts-ignore: decorator
@inline
export function clearWords(from: usize, to: usize): void {
  for (; from < to; from += 8) store<u64>(from, 0);
}

// @ts-ignore: decorator
@inline
export function keyHeapBytes(key: usize, fixedBytes: u32, stringCount: u32): u32 {
  let bytes: u32 = 0;
  for (let s: u32 = 0; s < stringCount; s++) {
    const length = load<u32>(key + fixedBytes + (s << 4));
    if (length > INLINE_BYTES) bytes += length;
  }
  return bytes;
}
