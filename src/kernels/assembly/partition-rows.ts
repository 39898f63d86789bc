// Numbering the partitions of rows, and grouping rows by partition.

import { copyBytes } from './copy-bytes';

/** Codes of the valid rows (dense) spread over all rows, plus one: 0 = NULL. `validity` 0 = all rows are valid. */
export function spreadCodes(codes: usize, validity: usize, count: u32, target: usize): void {
  let next: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const valid = validity ? <u32>load<u8>(validity + i) : 1;
    store<u32>(target + (i << 2), valid ? load<u32>(codes + (next << 2)) + 1 : 0);
    next += valid;
  }
}

/** target[i] = low[i] | high[i] << 32, to number pairs by one more dictionary. */
export function zipCodes(low: usize, high: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(target + (i << 3), load<u32>(low + (i << 2)));
    store<u32>(target + (i << 3), load<u32>(high + (i << 2)), 4);
  }
}

/**
 * Groups row numbers `from + i` by partitions[i] (u32), keeping their order within a partition.
 *
 * `counts` has one u32 a partition, all zero before and after. `selection` receives the row numbers, `groups` two u32 a
 * partition that occurs, in order of appearance: its number and the end of its rows in `selection`. Returns how many
 * partitions occur.
 */
export function groupRows(
  partitions: usize,
  from: u32,
  count: u32,
  counts: usize,
  selection: usize,
  groups: usize,
): u32 {
  let groupCount: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const partition = load<u32>(partitions + (i << 2));
    const slot = counts + (partition << 2);
    const before = load<u32>(slot);
    if (before == 0) {
      store<u32>(groups + (groupCount << 3), partition);
      groupCount++;
    }
    store<u32>(slot, before + 1);
  }
  let start: u32 = 0;
  for (let g: u32 = 0; g < groupCount; g++) {
    const slot = counts + (load<u32>(groups + (g << 3)) << 2);
    const rows = load<u32>(slot);
    store<u32>(slot, start);
    start += rows;
    store<u32>(groups + (g << 3), start, 4);
  }
  for (let i: u32 = 0; i < count; i++) {
    const slot = counts + (load<u32>(partitions + (i << 2)) << 2);
    const at = load<u32>(slot);
    store<u32>(selection + (at << 2), from + i);
    store<u32>(slot, at + 1);
  }
  for (let g: u32 = 0; g < groupCount; g++) store<u32>(counts + (load<u32>(groups + (g << 3)) << 2), 0);
  return groupCount;
}

/** target[i] = source[positions[i]], a byte widened to u32. */
export function widenBytes(source: usize, positions: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(target + (i << 2), <u32>load<u8>(source + load<u32>(positions + (i << 2))));
  }
}

/** Bytes that the strings views[positions[i]] of rows with validity[i] = 1 take; `validity` 0 = all rows. */
export function stringBytes(views: usize, positions: usize, validity: usize, count: u32): f64 {
  let total: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (validity && load<u8>(validity + i) == 0) continue;
    total += load<u32>(views + (load<u32>(positions + (i << 2)) << 4));
  }
  return <f64>total;
}

/**
 * Copies the strings views[positions[i]] to `heap` and writes views of them to `target`; NULL rows become empty
 * strings, since their views may be anything.
 */
export function copyStrings(
  views: usize,
  positions: usize,
  validity: usize,
  count: u32,
  heap: usize,
  target: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const output = target + (i << 4);
    if (validity && load<u8>(validity + i) == 0) {
      v128.store(output, i64x2.splat(0));
      continue;
    }
    const view = views + (load<u32>(positions + (i << 2)) << 4);
    const byteLength = load<u32>(view);
    store<u32>(output, byteLength);
    store<u32>(output, <u32>heap, 4);
    store<u64>(output, load<u64>(view, 8), 8);
    copyBytes(heap, load<u32>(view, 4), byteLength);
    heap += byteLength;
  }
}
