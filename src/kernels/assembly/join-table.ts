// The hash table of joins: heads of { u32 row, u32 tags } indexed by the top bits of the hash, rows chained through the
// `next` field of their header. A partition of the rows owns an adjacent range of heads, so that partitions are inserted
// in parallel without atomics. Tags are a 32-bit Bloom filter of the low hash bits: most misses never touch a row.

import { keysEqualRow } from './row-access';

// @ts-ignore: decorator
@inline
function headOffset(hash: u32, shift: u32): usize {
  return shift < 32 ? <usize>(hash >> shift) << 3 : 0;
}

export function insertJoinRows(heads: usize, shift: u32, rows: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + (<usize>i << 2));
    const hash = load<u32>(row);
    const head = heads + headOffset(hash, shift);
    const entry = load<u64>(head);
    store<u32>(row + 4, <u32>entry);
    store<u64>(head, (((entry >> 32) | (<u64>1 << (hash & 31))) << 32) | row);
  }
}

/** First step of a probe: rows whose head may hold a match, with the first row of its chain. */
export function findCandidates(heads: usize, shift: u32, hashes: usize, selection: usize, count: u32, probeRows: usize, chains: usize): u32 {
  let found: u32 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const i = selection ? load<u32>(selection + (<usize>k << 2)) : k;
    const hash = load<u32>(hashes + (<usize>i << 2));
    const entry = load<u64>(heads + headOffset(hash, shift));
    store<u32>(probeRows + (<usize>found << 2), i);
    store<u32>(chains + (<usize>found << 2), <u32>entry);
    found += <u32>(entry >> (32 + <u64>(hash & 31))) & 1;
  }
  return found;
}

/**
 * One step along the chains: pairs whose keys are equal go to matchedProbe/matchedRows; candidates that have a next row
 * stay, compacted in place. Returns the matches; the number of candidates that stay is stored at remaining.
 */
export function matchCandidates(hashes: usize, keys: usize, keyStride: u32, keyOffset: u32, fixedBytes: u32, stringCount: u32, probeRows: usize, chains: usize, count: u32, matchedProbe: usize, matchedRows: usize, remaining: usize): u32 {
  let matches: u32 = 0;
  let staying: u32 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const at = <usize>k << 2;
    const i = load<u32>(probeRows + at);
    const row = <usize>load<u32>(chains + at);
    if (load<u32>(row) == load<u32>(hashes + (<usize>i << 2)) && keysEqualRow(keys + <usize>(i * keyStride), row + keyOffset, fixedBytes, stringCount)) {
      store<u32>(matchedProbe + (<usize>matches << 2), i);
      store<u32>(matchedRows + (<usize>matches << 2), <u32>row);
      matches++;
    }
    const next = load<u32>(row + 4);
    store<u32>(probeRows + (<usize>staying << 2), i);
    store<u32>(chains + (<usize>staying << 2), next);
    staying += next ? 1 : 0;
  }
  store<u32>(remaining, staying);
  return matches;
}

/** Leaves out candidates whose probe row is marked (it has its match); returns how many stay. */
export function dropMarked(probeRows: usize, chains: usize, count: u32, marks: usize): u32 {
  let staying: u32 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const at = <usize>k << 2;
    const i = load<u32>(probeRows + at);
    const chain = load<u32>(chains + at);
    store<u32>(probeRows + (<usize>staying << 2), i);
    store<u32>(chains + (<usize>staying << 2), chain);
    staying += load<u8>(marks + i) ? 0 : 1;
  }
  return staying;
}

/** marks[probeRows[selection ? selection[k] : k]] = 1; returns how many were marked already. */
export function markRows(probeRows: usize, selection: usize, count: u32, marks: usize): u32 {
  let repeated: u32 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const i = load<u32>(probeRows + (<usize>(selection ? load<u32>(selection + (<usize>k << 2)) : k) << 2));
    repeated += load<u8>(marks + i);
    store<u8>(marks + i, 1);
  }
  return repeated;
}

/** selection = rows whose mark equals `wanted`. */
export function selectMarked(marks: usize, wanted: u32, count: u32, selection: usize): u32 {
  let selected: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(selection + (<usize>selected << 2), i);
    selected += <u32>load<u8>(marks + i) == wanted ? 1 : 0;
  }
  return selected;
}

/**
 * Sets a mark byte in build rows; where `marks` is not 0, marks[probeRows[k]] = 1 for those whose byte was set before.
 */
export function markBuildRows(rows: usize, count: u32, offset: u32, probeRows: usize, marks: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const mark = <usize>load<u32>(rows + (<usize>k << 2)) + offset;
    // Written once only: other lanes read it.
    if (load<u8>(mark) == 1) {
      if (marks) store<u8>(marks + load<u32>(probeRows + (<usize>k << 2)), 1);
    } else {
      store<u8>(mark, 1);
    }
  }
}

/** marks[i] = 1 for the rows that `selection` (ascending) leaves out. */
export function markInvalid(selection: usize, selected: u32, count: u32, marks: usize): void {
  let k: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (k < selected && load<u32>(selection + (<usize>k << 2)) == i) k++;
    else store<u8>(marks + i, 1);
  }
}

/** bytes[i] = 0 for the rows that `selection` (ascending) leaves out. */
export function clearInvalid(selection: usize, selected: u32, count: u32, bytes: usize): void {
  let k: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (k < selected && load<u32>(selection + (<usize>k << 2)) == i) k++;
    else store<u8>(bytes + i, 0);
  }
}

/**
 * Tells rows of deferred partitions (bit p of `mask` for hashes whose top five bits are p) from the others: their numbers
 * go to `far` and to `near`. Returns how many are near.
 */
export function splitDeferred(hashes: usize, mask: u32, count: u32, near: usize, far: usize): u32 {
  let nearCount: u32 = 0;
  let farCount: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const isFar = (mask >> (load<u32>(hashes + (<usize>i << 2)) >> 27)) & 1;
    store<u32>(near + (<usize>nearCount << 2), i);
    store<u32>(far + (<usize>farCount << 2), i);
    nearCount += 1 - isFar;
    farCount += isFar;
  }
  return nearCount;
}

/** Turns hashes to the left, so that bits that have not been used yet choose the partition. */
export function rotateHashes(hashes: usize, bits: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = hashes + (<usize>i << 2);
    store<u32>(at, rotl<u32>(load<u32>(at), bits));
  }
}

export function clearBytes(pointer: usize, byteLength: usize): void {
  memory.fill(pointer, 0, byteLength);
}
