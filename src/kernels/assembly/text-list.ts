// string_agg and array_agg: lists of texts, whose items lie in the heap of what outlives the batch.
//
// A list is an i64: the address of its first item, and in the upper half that of its last. An item:
//
//    0  next        address of the next item, or 0
//    4  separator   bytes of the separator that goes before the value
//    8  value       bytes of the value
//   12  key is NULL, or twice the bytes of a key that is bytes
//   16  key         i64, ordered as the values of the ORDER BY are; or as the first 8 bytes of the key
//   24  the separator, the value and the bytes of the key
import { arrayBytes, beginArray, elementScaleOf, elementTagOf, putElements, variableBytes } from './nested-access';
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

/**
 * Loads the ends of the lists, at `offset` in each state, that are about to be appended to: nothing depends on what is
 * loaded, so that misses overlap, as they do not when each row waits for its own.
 */
export function touchListEnds(states: usize, offset: u32, count: u32): u32 {
  let sum: u32 = 0; // so that the loads are not left out
  for (let i: u32 = 0; i < count; i++) sum += load<u32>(<usize>(load<u32>(states + (<usize>i << 2)) + offset), 4);
  for (let i: u32 = 0; i < count; i++) {
    const last = <usize>load<u32>(<usize>(load<u32>(states + (<usize>i << 2)) + offset), 4);
    if (last != 0) sum += load<u32>(last, 16);
  }
  return sum;
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

/** Entries of a sort: i64 that is ordered as the items are, but for ties; u32 address of the item; u32 place of NULLs. */
// @ts-ignore: decorator
@inline const ENTRY_BYTES: u32 = 16;
/** Room that `sortItems` needs for an item. */
// @ts-ignore: decorator
@inline const SORT_BYTES: u32 = 32;

function writeEntry(entry: usize, item: usize, order: i32): void {
  let image: i64;
  let place: u32 = 1;
  if (order & BY_BYTES) image = load<i64>(item, 16);
  else if (order & BY_KEY) {
    image = load<i64>(item, 16);
    if (order & DESCENDING) image = ~image;
    if (load<i32>(item, 12) != 0) {
      image = 0;
      place = order & NULLS_FIRST ? 0 : 2;
    }
  } else {
    const length = load<u32>(item, 8);
    const bytes = item + ITEM_BYTES + load<u32>(item, 4);
    let prefix: u64 = 0;
    // What lies beyond the item may be read, and is masked.
    if (length > 0) prefix = bswap<u64>(load<u64>(bytes));
    if (length < 8) prefix &= length == 0 ? 0 : ~(~(<u64>0) >> (<u64>length << 3));
    image = <i64>(prefix ^ 0x8000000000000000);
    if (order & DESCENDING) image = ~image;
  }
  store<i64>(entry, image);
  store<u32>(entry, <u32>item, 8);
  store<u32>(entry, place, 12);
}

/** Is the second entry to go before the first? */
// @ts-ignore: decorator
@inline
function entryPrecedes(second: usize, first: usize, order: i32): bool {
  const a = load<i64>(first);
  const b = load<i64>(second);
  if (order & BY_KEY) {
    const firstPlace = load<u32>(first, 12);
    const secondPlace = load<u32>(second, 12);
    return firstPlace == secondPlace ? b < a : secondPlace < firstPlace;
  }
  return a == b ? precedes(<usize>load<u32>(second, 8), <usize>load<u32>(first, 8), order) : b < a;
}

/** Writes the addresses of the items in order to `items`, equal ones staying as they are; it has SORT_BYTES an item. */
function sortItems(list: i64, items: usize, count: u32, order: i32): void {
  let source = items;
  let target = items + <usize>count * ENTRY_BYTES;
  let at = source;
  for (let item = <usize>(list & 0xffffffff); item != 0; item = load<u32>(item)) {
    writeEntry(at, item, order);
    at += ENTRY_BYTES;
  }
  for (let width: u32 = 1; width < count; width <<= 1) {
    for (let start: u32 = 0; start < count; start += width << 1) {
      mergeEntries(source, target, start, min(start + width, count), min(start + (width << 1), count), order);
    }
    const swapped = source;
    source = target;
    target = swapped;
  }
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(items + (<usize>i << 2), load<u32>(source + <usize>i * ENTRY_BYTES, 8));
  }
}

/** The entries from `start` to `middle` and from there to `end`, in order. */
function mergeEntries(source: usize, target: usize, start: u32, middle: u32, end: u32, order: i32): void {
  let left = source + <usize>start * ENTRY_BYTES;
  let right = source + <usize>middle * ENTRY_BYTES;
  let to = target + <usize>start * ENTRY_BYTES;
  const leftEnd = right;
  const rightEnd = source + <usize>end * ENTRY_BYTES;
  if (right < rightEnd && entryPrecedes(right, right - ENTRY_BYTES, order)) {
    while (left < leftEnd && right < rightEnd) {
      const takeRight = entryPrecedes(right, left, order);
      v128.store(to, v128.load(takeRight ? right : left));
      to += ENTRY_BYTES;
      if (takeRight) right += ENTRY_BYTES;
      else left += ENTRY_BYTES;
    }
  }
  memory.copy(to, left, leftEnd - left);
  memory.copy(to + (leftEnd - left), right, rightEnd - right);
}

/** The items in order, in the heap: SORT_BYTES an item, which the caller returns. 0: exhausted. */
function sortedItems(block: usize, list: i64, count: u32, order: i32): usize {
  const items = heapAllocate(block, count * SORT_BYTES);
  if (items != 0) sortItems(list, items, count, order);
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
  heapReturn(block, count * SORT_BYTES);
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
  heapReturn(block, count * SORT_BYTES);
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
  const scratchBytes = order & ORDERED ? count * SORT_BYTES : 0;
  const target = heapAllocate(block, room + scratchBytes);
  if (target == 0) return i64x2.splat(0);
  let write = target;
  if (order & ORDERED) {
    const items = target + room;
    sortItems(list, items, count, order);
    for (let i: u32 = 0; i < count; i++) write = copyItem(<usize>load<u32>(items + (<usize>i << 2)), write, i == 0);
  } else {
    for (let item = <usize>(list & 0xffffffff); item != 0; item = load<u32>(item)) {
      write = copyItem(item, write, item == <usize>(list & 0xffffffff));
    }
  }
  heapReturn(block, scratchBytes);
  return makeView(target, <u32>(write - target));
}

/** The array of a list that is not empty, whose values are arrays of one element. */
export function textListArray(block: usize, list: i64, order: i32): v128 {
  const first = <usize>(list & 0xffffffff);
  const sample = arrayOfItem(first);
  const tag = elementTagOf(sample);
  let count: u32 = 0;
  let variable: u64 = 0;
  for (let item = first; item != 0; item = load<u32>(item)) {
    count++;
    variable += variableBytes(arrayOfItem(item), 0, 1);
  }
  const byteLength = arrayBytes(count, tag, variable);
  if (byteLength > LONGEST_TEXT) {
    fail(block, TEXT_TOO_LONG);
    return i64x2.splat(0);
  }
  const scratchBytes = order & ORDERED ? count * SORT_BYTES : 0;
  const target = heapAllocate(block, <u32>byteLength + scratchBytes);
  if (target == 0) return i64x2.splat(0);
  beginArray(target, count, tag, elementScaleOf(sample), <u32>byteLength);
  if (order & ORDERED) {
    const items = target + <u32>byteLength;
    sortItems(list, items, count, order);
    for (let i: u32 = 0; i < count; i++) {
      putElements(target, i, arrayOfItem(<usize>load<u32>(items + (<usize>i << 2))), 0, 1);
    }
  } else {
    let index: u32 = 0;
    for (let item = first; item != 0; item = load<u32>(item)) putElements(target, index++, arrayOfItem(item), 0, 1);
  }
  heapReturn(block, scratchBytes);
  return makeView(target, <u32>byteLength);
}

// @ts-ignore: decorator
@inline
function arrayOfItem(item: usize): usize {
  return item + ITEM_BYTES + load<u32>(item, 4);
}

/** The separator, unless the item is the first, and the value; answers where they end. */
// @ts-ignore: decorator
@inline
function copyItem(item: usize, target: usize, isFirst: bool): usize {
  const skipped = isFirst ? load<u32>(item, 4) : 0;
  const copied = load<u32>(item, 4) + load<u32>(item, 8) - skipped;
  memory.copy(target, item + ITEM_BYTES + skipped, copied);
  return target + copied;
}
