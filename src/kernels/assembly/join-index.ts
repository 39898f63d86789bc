// The table of a join whose key is one whole number, of a range that is not much larger than the build side: for each
// number of the range a u32, the first row that has it. Rows are chained as in `join-table.ts`. All rows of a chain have the
// same key, so that none is compared, and no hash is computed. Where each key has one row, columns of the build side may lie
// by key as well: value i is that of the row whose key is the least of the range + i, and probe rows take them from there.

import { wholeNumber } from './whole-number';

/**
 * Rows of different partitions have different keys: partitions are inserted in parallel without atomics. Rows whose byte at
 * `validity` is 0 have no key, and are left out; `validity` is 0 where all have one. Returns how many rows have a key that a
 * row before them has.
 */
export function insertIndexedRows(heads: usize, least: i64, offset: u32, width: u32, validity: u32, rows: usize, count: u32): u32 {
  let repeats: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + (<usize>i << 2));
    if (validity && !load<u8>(row + validity)) continue;
    const head = heads + (<usize>(wholeNumber(row + offset, width, 0) - least) << 2);
    const next = load<u32>(head);
    store<u32>(row + 4, next);
    store<u32>(head, <u32>row);
    repeats += next ? 1 : 0;
  }
  return repeats;
}

/**
 * First step of a probe: rows whose key some build row has, with the place of each key in the range; `heads` is 0 where there
 * is a row of every number. Key i is at codes[i], or at i * step where `codes` is 0.
 */
export function findPlaces(heads: usize, least: i64, size: u32, values: usize, codes: usize, step: u32, width: u32, selection: usize, count: u32, probeRows: usize, places: usize): u32 {
  let found: u32 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const i = selection ? load<u32>(selection + (<usize>k << 2)) : k;
    const at = codes ? load<u32>(codes + (<usize>i << 2)) : i * step;
    const number = <u64>(wholeNumber(values, width, at) - least);
    store<u32>(probeRows + (<usize>found << 2), i);
    store<u32>(places + (<usize>found << 2), <u32>number);
    if (number >= <u64>size) continue;
    found += !heads || load<u32>(heads + (<usize>number << 2)) ? 1 : 0;
  }
  return found;
}

/**
 * One step along the chains: all candidates match their rows, and are copied to matchedProbe/matchedRows; those that have
 * a next row stay, compacted in place. The number of candidates that stay is stored at remaining.
 */
export function stepIndexed(probeRows: usize, chains: usize, count: u32, matchedProbe: usize, matchedRows: usize, remaining: usize): void {
  let staying: u32 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const at = <usize>k << 2;
    const i = load<u32>(probeRows + at);
    const row = <usize>load<u32>(chains + at);
    store<u32>(matchedProbe + at, i);
    store<u32>(matchedRows + at, <u32>row);
    const next = load<u32>(row + 4);
    store<u32>(probeRows + (<usize>staying << 2), i);
    store<u32>(chains + (<usize>staying << 2), next);
    staying += next ? 1 : 0;
  }
  store<u32>(remaining, staying);
}
