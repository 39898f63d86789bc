// string_agg: lists of texts, whose items lie in the heap of what outlives the batch.
//
// A list is an i64: the address of its first item, and in the upper half that of its last. An item:
//
//    0  next        address of the next item, or 0
//    4  separator   bytes of the separator that goes before the value
//    8  value       bytes of the value
//   12  key is NULL, or twice the bytes of a key that is bytes
//   16  key         i64, ordered as the values of the ORDER BY are; or as the first 8 bytes of the key
//   24  the separator, the value and the bytes of the key
import { fail, heapAllocate, heapReturn, keepAllocate, TEXT_TOO_LONG } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const ITEM_BYTES: u32 = 24;
/** PostgreSQL's limit. */
// @ts-ignore: decorator
@inline const LONGEST_TEXT: u64 = 0x3fffffff;

/** Bits of `order`: items are ordered; by their keys (else by their values); from last to first; NULLs go first. */
// @ts-ignore: decorator
@inline const ORDERED: i32 = 1;
// @ts-ignore: decorator
@inline const BY_KEY: i32 = 2;
// @ts-ignore: decorator
@inline const DESCENDING: i32 = 4;
// @ts-ignore: decorator
@inline const NULLS_FIRST: i32 = 8;
/** Keys are bytes, which have the direction and the place of NULLs in them. */
// @ts-ignore: decorator
@inline const BY_BYTES: i32 = 16;

/** A new item; 0 when the heap is exhausted. */
export function textListItem(block: usize, value: v128, separator: v128, key: i64, keyIsNull: i32): usize {
  const separatorBytes = lengthOf(separator);
  const valueBytes = lengthOf(value);
  const item = keepAllocate(block, ITEM_BYTES + separatorBytes + valueBytes);
  if (item == 0) return 0;
  store<u32>(item, 0);
  store<u32>(item, separatorBytes, 4);
  store<u32>(item, valueBytes, 8);
  store<i32>(item, keyIsNull, 12);
  store<i64>(item, key, 16);
  memory.copy(item + ITEM_BYTES, pointerOf(separator), separatorBytes);
  memory.copy(item + ITEM_BYTES + separatorBytes, pointerOf(value), valueBytes);
  return item;
}

/** The same with a key of bytes. */
export function textListItemOfBytes(block: usize, value: v128, separator: v128, key: v128): usize {
  const separatorBytes = lengthOf(separator);
  const valueBytes = lengthOf(value);
  const keyBytes = lengthOf(key);
  const item = keepAllocate(block, ITEM_BYTES + separatorBytes + valueBytes + keyBytes);
  if (item == 0) return 0;
  store<u32>(item, 0);
  store<u32>(item, separatorBytes, 4);
  store<u32>(item, valueBytes, 8);
  store<u32>(item, keyBytes << 1, 12);
  store<u64>(item, bswap<u64>(<u64>i64x2.extract_lane(key, 1)) ^ 0x8000000000000000, 16);
  const bytes = item + ITEM_BYTES;
  memory.copy(bytes, pointerOf(separator), separatorBytes);
  memory.copy(bytes + separatorBytes, pointerOf(value), valueBytes);
  memory.copy(bytes + separatorBytes + valueBytes, pointerOf(key), keyBytes);
  return item;
}

/** The list with an item more, or as it is when the item is 0. */
export function textListAppend(list: i64, item: usize): i64 {
  return item == 0 ? list : textListConcat(list, <i64>item | (<i64>item << 32));
}

export function textListConcat(first: i64, second: i64): i64 {
  if (first == 0) return second;
  if (second == 0) return first;
  store<u32>(<usize>(<u64>first >> 32), <u32>second);
  return (first & 0xffffffff) | (second & ~0xffffffff);
}

function compareKeys(left: usize, right: usize): i32 {
  const leftBytes = load<u32>(left, 12) >> 1;
  const rightBytes = load<u32>(right, 12) >> 1;
  const a = left + ITEM_BYTES + load<u32>(left, 4) + load<u32>(left, 8);
  const b = right + ITEM_BYTES + load<u32>(right, 4) + load<u32>(right, 8);
  const comparison = memory.compare(a, b, min(leftBytes, rightBytes));
  return comparison == 0 ? i32(leftBytes > rightBytes) - i32(leftBytes < rightBytes) : comparison;
}

/** Is the second item to go before the first? */
function precedes(second: usize, first: usize, order: i32): bool {
  if (order & BY_BYTES) {
    const a = load<i64>(first, 16);
    const b = load<i64>(second, 16);
    return a == b ? compareKeys(second, first) < 0 : b < a;
  }
  if (order & BY_KEY) {
    const firstIsNull = load<i32>(first, 12) != 0;
    const secondIsNull = load<i32>(second, 12) != 0;
    if (firstIsNull || secondIsNull) {
      return firstIsNull != secondIsNull && secondIsNull == ((order & NULLS_FIRST) != 0);
    }
    const a = load<i64>(first, 16);
    const b = load<i64>(second, 16);
    return order & DESCENDING ? b > a : b < a;
  }
  const a = first + ITEM_BYTES + load<u32>(first, 4);
  const b = second + ITEM_BYTES + load<u32>(second, 4);
  const aBytes = load<u32>(first, 8);
  const bBytes = load<u32>(second, 8);
  let comparison = memory.compare(b, a, min(aBytes, bBytes));
  if (comparison == 0) comparison = bBytes < aBytes ? -1 : i32(bBytes > aBytes);
  return order & DESCENDING ? comparison > 0 : comparison < 0;
}

/** Sorts addresses of items, equal ones staying as they are; `scratch` is as long. */
function sortItems(items: usize, scratch: usize, count: u32, order: i32): void {
  let source = items;
  let target = scratch;
  for (let width: u32 = 1; width < count; width <<= 1) {
    for (let start: u32 = 0; start < count; start += width << 1) {
      const middle = min(start + width, count);
      const end = min(middle + width, count);
      let left = start;
      let right = middle;
      for (let i = start; i < end; i++) {
        const takeRight =
          right < end &&
          (left == middle || precedes(load<u32>(source + (<usize>right << 2)), load<u32>(source + (<usize>left << 2)), order));
        const taken = takeRight ? right++ : left++;
        store<u32>(target + (<usize>i << 2), load<u32>(source + (<usize>taken << 2)));
      }
    }
    const swapped = source;
    source = target;
    target = swapped;
  }
  if (source != items) memory.copy(items, source, <usize>count << 2);
}

/** The items in order, in the heap: 8 bytes an item, which the caller returns. 0: exhausted. */
function sortedItems(block: usize, list: i64, count: u32, order: i32): usize {
  const items = heapAllocate(block, count << 3);
  if (items == 0) return 0;
  let at = items;
  for (let item = <usize>(list & 0xffffffff); item != 0; item = load<u32>(item)) {
    store<u32>(at, <u32>item);
    at += 4;
  }
  sortItems(items, items + (<usize>count << 2), count, order);
  return items;
}

function countItems(list: i64): u32 {
  let count: u32 = 0;
  for (let item = <usize>(list & 0xffffffff); item != 0; item = load<u32>(item)) count++;
  return count;
}

// @ts-ignore: decorator
@inline
function valueOf(item: usize): v128 {
  return makeView(item + ITEM_BYTES + load<u32>(item, 4), load<u32>(item, 8));
}

/** percentile_disc of texts: the first of the ordered values whose cumulative share reaches the fraction. */
export function textListDiscrete(block: usize, list: i64, fraction: f64, order: i32): v128 {
  const count = countItems(list);
  const items = sortedItems(block, list, count, order);
  if (items == 0) return i64x2.splat(0);
  const rank = <u32>max<f64>(ceil<f64>(fraction * <f64>count), 1) - 1;
  const item = <usize>load<u32>(items + (<usize>rank << 2));
  heapReturn(block, count << 3);
  return valueOf(item);
}

/** The most frequent text, of several the first in order. */
export function textListMode(block: usize, list: i64, order: i32): v128 {
  const count = countItems(list);
  const items = sortedItems(block, list, count, order);
  if (items == 0) return i64x2.splat(0);
  let mode = <usize>load<u32>(items);
  let most: u32 = 0;
  for (let from: u32 = 0; from < count; ) {
    const item = <usize>load<u32>(items + (<usize>from << 2));
    let to = from + 1;
    while (to < count && !precedes(item, <usize>load<u32>(items + (<usize>to << 2)), order)) to++;
    if (to - from > most) {
      most = to - from;
      mode = item;
    }
    from = to;
  }
  heapReturn(block, count << 3);
  return valueOf(mode);
}

/** All values of a list that is not empty, each but the first after its separator. */
export function textListJoin(block: usize, list: i64, order: i32): v128 {
  let count: u32 = 0;
  let byteLength: u64 = 0;
  for (let item = <usize>(list & 0xffffffff); item != 0; item = load<u32>(item)) {
    count++;
    byteLength += load<u32>(item, 4) + load<u32>(item, 8);
  }
  if (byteLength > LONGEST_TEXT) {
    fail(block, TEXT_TOO_LONG);
    return i64x2.splat(0);
  }
  const room = (<u32>byteLength + 19) & ~3;
  const scratchBytes = count << 3;
  const target = heapAllocate(block, room + scratchBytes);
  if (target == 0) return i64x2.splat(0);
  const items = target + room;
  let at = items;
  for (let item = <usize>(list & 0xffffffff); item != 0; item = load<u32>(item)) {
    store<u32>(at, <u32>item);
    at += 4;
  }
  if (order & ORDERED) sortItems(items, items + (<usize>count << 2), count, order);
  let write = target;
  for (let i: u32 = 0; i < count; i++) {
    const item = <usize>load<u32>(items + (<usize>i << 2));
    const skipped = i == 0 ? load<u32>(item, 4) : 0;
    const copied = load<u32>(item, 4) + load<u32>(item, 8) - skipped;
    memory.copy(write, item + ITEM_BYTES + skipped, copied);
    write += copied;
  }
  heapReturn(block, scratchBytes);
  return makeView(target, <u32>(write - target));
}
