// Window functions: over rows in order, whose addresses lie in an array. `ordinals` has the number of each row's
// partition, or group of peers; `starts` has the first row of each, and after the last of them the number of rows.

import { compareRows, compareValues, DESCENDING, exactKeys, NULLS_FIRST, saysAll } from './row-compare';

// @ts-ignore: decorator
@inline
function at(list: usize, index: u32): u32 {
  return load<u32>(list + (<usize>index << 2));
}

/** Do two entries differ in the keys of the descriptor, with which the keys begin that they were sorted by? */
// @ts-ignore: decorator
@inline
function differ(descriptor: usize, exact: u32, left: usize, right: usize): bool {
  const word = load<u64>(left);
  if (word != load<u64>(right)) return true;
  if (exact) {
    const low = load<u32>(left + 12);
    if (exact == 2 && low != load<u32>(right + 12)) return true;
    if (saysAll(exact, word, low)) return false;
  }
  return compareRows(descriptor, <usize>load<u32>(left + 8), <usize>load<u32>(right + 8)) != 0;
}

/**
 * Numbers the partitions, or groups of peers, of rows `from` to `to`, whose sort entries are given, after that of the row
 * before: a row that differs from the one before it in the keys of the descriptor begins a new one. Returns how many
 * there are then; `starts` has room for one more.
 */
export function markPeers(descriptor: usize, entries: usize, from: u32, to: u32, ordinals: usize, starts: usize, known: u32): u32 {
  const exact = exactKeys(descriptor);
  const hasKeys = load<u32>(descriptor) != 0;
  let count = known;
  let entry = entries;
  for (let i = from; i < to; i++, entry += 16) {
    if (i == 0 || (hasKeys && differ(descriptor, exact, entry - 16, entry))) {
      store<u32>(starts + (<usize>count << 2), i);
      count++;
    }
    store<u32>(ordinals + (<usize>i << 2), count - 1);
  }
  store<u32>(starts + (<usize>count << 2), to);
  return count;
}

/** Moves a list of `count` numbers `dropped` places forward and takes `base` from each; what was less becomes 0. */
export function shiftPositions(list: usize, dropped: u32, count: u32, base: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const value = at(list, i + dropped);
    store<u32>(list + (<usize>i << 2), value > base ? value - base : 0);
  }
}

/** values[k] = number of row `from + k` in its partition; `carry` is the number of the row before. */
export function rowNumbers(from: u32, count: u32, ordinals: usize, starts: usize, carry: usize, values: usize): void {
  let number = load<i64>(carry);
  for (let k: u32 = 0; k < count; k++) {
    const i = from + k;
    number = at(starts, at(ordinals, i)) == i ? 1 : number + 1;
    store<i64>(values + (<usize>k << 3), number);
  }
  store<i64>(carry, number);
}

/** Ranks, with gaps or dense. `carry`: i64 number of the row before, i64 its rank. */
export function ranks(from: u32, count: u32, partitions: usize, partitionStarts: usize, groups: usize, groupStarts: usize, isDense: bool, carry: usize, values: usize): void {
  let number = load<i64>(carry);
  let rank = load<i64>(carry + 8);
  for (let k: u32 = 0; k < count; k++) {
    const i = from + k;
    if (at(partitionStarts, at(partitions, i)) == i) {
      number = 1;
      rank = 1;
    } else {
      number++;
      if (at(groupStarts, at(groups, i)) == i) rank = isDense ? rank + 1 : number;
    }
    store<i64>(values + (<usize>k << 3), rank);
  }
  store<i64>(carry, number);
  store<i64>(carry + 8, rank);
}

/** (rank - 1) / (rows of the partition - 1), or 0 where it has one row. */
export function percentRanks(from: u32, count: u32, partitions: usize, partitionStarts: usize, groups: usize, groupStarts: usize, values: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const partition = at(partitions, from + k);
    const first = at(partitionStarts, partition);
    const others = at(partitionStarts, partition + 1) - first - 1;
    const before = at(groupStarts, at(groups, from + k)) - first;
    store<f64>(values + (<usize>k << 3), others == 0 ? 0 : <f64>before / <f64>others);
  }
}

/** Rows up to the last peer / rows of the partition. */
export function cumulativeShares(from: u32, count: u32, partitions: usize, partitionStarts: usize, groups: usize, groupStarts: usize, values: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const partition = at(partitions, from + k);
    const first = at(partitionStarts, partition);
    const total = at(partitionStarts, partition + 1) - first;
    const upTo = at(groupStarts, at(groups, from + k) + 1) - first;
    store<f64>(values + (<usize>k << 3), <f64>upTo / <f64>total);
  }
}

/** An argument that is a constant, or (`offset` not 0) an integer in the row. */
// @ts-ignore: decorator
@inline
function argument(row: usize, offset: u32, constant: i32): i64 {
  return offset ? <i64>load<i32>(row + offset) : <i64>constant;
}

// @ts-ignore: decorator
@inline
function isNullArgument(row: usize, offset: u32, validityOffset: u32): bool {
  return offset != 0 && !load<u8>(row + validityOffset);
}

/** The bucket of each row (i32), of as many as the partition's first row says. Returns 1 when that is less than one. */
export function bucketNumbers(from: u32, count: u32, ordinals: usize, starts: usize, rows: usize, offset: u32, validityOffset: u32, constant: i32, values: usize, validity: usize): u32 {
  for (let k: u32 = 0; k < count; k++) {
    const partition = at(ordinals, from + k);
    const first = at(starts, partition);
    const row = <usize>at(rows, first);
    const isNull = isNullArgument(row, offset, validityOffset);
    store<u8>(validity + k, isNull ? 0 : 1);
    if (isNull) {
      store<i32>(values + (<usize>k << 2), 0);
      continue;
    }
    const buckets = argument(row, offset, constant);
    if (buckets <= 0) return 1;
    const total = <i64>(at(starts, partition + 1) - first);
    const index = <i64>(from + k - first);
    const size = total / buckets;
    const larger = (total % buckets) * (size + 1);
    const bucket = index < larger ? index / (size + 1) : (total % buckets) + (index - larger) / size;
    store<i32>(values + (<usize>k << 2), <i32>bucket + 1);
  }
  return 0;
}

/** Instead of a position: there is no such row; the answer is NULL. */
const NO_ROW: u32 = 0xffff_ffff;
const NULL_ROW: u32 = 0xffff_fffe;

/** positions[k] = the row `sign` * argument rows after row `from + k` in its partition. */
export function offsetPositions(from: u32, count: u32, ordinals: usize, starts: usize, rows: usize, offset: u32, validityOffset: u32, constant: i32, sign: i32, positions: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const i = from + k;
    const row = <usize>at(rows, i);
    let position = NULL_ROW;
    if (!isNullArgument(row, offset, validityOffset)) {
      const partition = at(ordinals, i);
      const target = <i64>i + argument(row, offset, constant) * <i64>sign;
      const isInside = target >= <i64>at(starts, partition) && target < <i64>at(starts, partition + 1);
      position = isInside ? <u32>target : NO_ROW;
    }
    store<u32>(positions + (<usize>k << 2), position);
  }
}

const BOUND_UNBOUNDED_PRECEDING: u32 = 0;
const BOUND_OFFSET: u32 = 1;

/** Where frames of ROWS begin or, the row after them, end: bounds[k] for row `from + k`. */
export function rowBounds(from: u32, count: u32, ordinals: usize, starts: usize, kind: u32, distance: i32, isEnd: bool, bounds: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const i = from + k;
    const partition = at(ordinals, i);
    const first = at(starts, partition);
    const end = at(starts, partition + 1);
    let bound = kind == BOUND_UNBOUNDED_PRECEDING ? first : end;
    if (kind == BOUND_OFFSET) {
      const target = <i64>i + <i64>distance + i64(isEnd);
      bound = target < <i64>first ? first : target > <i64>end ? end : <u32>target;
    }
    store<u32>(bounds + (<usize>k << 2), bound);
  }
}

/** The same for GROUPS, and for RANGE without offsets, where the current row stands for its peers. */
export function groupBounds(from: u32, count: u32, partitions: usize, partitionStarts: usize, groups: usize, groupStarts: usize, kind: u32, distance: i32, isEnd: bool, bounds: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const i = from + k;
    const partition = at(partitions, i);
    const first = at(partitionStarts, partition);
    const end = at(partitionStarts, partition + 1);
    let bound = kind == BOUND_UNBOUNDED_PRECEDING ? first : end;
    if (kind == BOUND_OFFSET) {
      const target = <i64>at(groups, i) + <i64>distance + i64(isEnd);
      const least = <i64>at(groups, first);
      const most = <i64>at(groups, end - 1) + 1;
      bound = target <= least ? first : target >= most ? end : at(groupStarts, <u32>target);
    }
    store<u32>(bounds + (<usize>k << 2), bound);
  }
}

/*
 * Descriptor of a bound of RANGE that is a value, u32 each:
 *   0 offset of the key in a row   4 of its validity   8 offset of the bound   12 kind of both   16 flags (sort descriptor)
 *   20 1 when this is the end of frames
 *   24 the row from which the next search starts   28 first row of its partition
 */
export function valueBounds(descriptor: usize, from: u32, count: u32, partitions: usize, partitionStarts: usize, groups: usize, groupStarts: usize, rows: usize, bounds: usize): void {
  const keyOffset = <usize>load<u32>(descriptor);
  const validityOffset = <usize>load<u32>(descriptor + 4);
  const boundOffset = <usize>load<u32>(descriptor + 8);
  const kind = load<u32>(descriptor + 12);
  const flags = load<u32>(descriptor + 16);
  const isEnd = load<u32>(descriptor + 20);
  let next = load<u32>(descriptor + 24);
  let known = load<u32>(descriptor + 28);
  for (let k: u32 = 0; k < count; k++) {
    const i = from + k;
    const partition = at(partitions, i);
    const first = at(partitionStarts, partition);
    const end = at(partitionStarts, partition + 1);
    if (first != known) {
      known = first;
      next = first;
    }
    const row = <usize>at(rows, i);
    let bound = at(groupStarts, at(groups, i) + isEnd); // of rows without a key, their peers
    if (load<u8>(row + validityOffset)) {
      for (; next < end; next++) {
        const other = <usize>at(rows, next);
        if (!load<u8>(other + validityOffset)) {
          if (flags & NULLS_FIRST) continue;
          break;
        }
        let order = compareValues(kind, other + keyOffset, row + boundOffset);
        if (flags & DESCENDING) order = -order;
        if (order > 0 || (order == 0 && !isEnd)) break;
      }
      bound = next;
    }
    store<u32>(bounds + (<usize>k << 2), bound);
  }
  store<u32>(descriptor + 24, next);
  store<u32>(descriptor + 28, known);
}

const EXCLUDE_CURRENT: u32 = 1;
const EXCLUDE_GROUP: u32 = 2;
const EXCLUDE_TIES: u32 = 3;

/** Writes a part of a frame, { u32 from, u32 to, u32 target }, unless it is empty. */
// @ts-ignore: decorator
@inline
function addPart(parts: usize, from: u32, to: u32, target: u32): usize {
  if (from >= to) return parts;
  store<u32>(parts, from);
  store<u32>(parts + 4, to);
  store<u32>(parts + 8, target);
  return parts + 12;
}

/** The parts, three at most, of the frame from `low` to `high` of row i without what is excluded; the end of them. */
// @ts-ignore: decorator
@inline
function addFrame(parts: usize, i: u32, low: u32, high: u32, exclude: u32, groups: usize, groupStarts: usize, target: u32): usize {
  if (!exclude) return addPart(parts, low, high, target);
  let first = i;
  let end = i + 1;
  if (exclude != EXCLUDE_CURRENT) {
    const group = at(groups, i);
    first = at(groupStarts, group);
    end = at(groupStarts, group + 1);
  }
  parts = addPart(parts, low, min(high, first), target);
  if (exclude == EXCLUDE_TIES) parts = addPart(parts, max(low, i), min(high, i + 1), target);
  return addPart(parts, max(low, end), high, target);
}

/**
 * The parts of the frames of rows `from` on, each with the state of its row: state k lies at states + k * stride, but rows
 * with the frame of the row before share its state. rowStates[k] = the state of row `from + k`.
 */
export function frameParts(from: u32, count: u32, lows: usize, highs: usize, exclude: u32, groups: usize, groupStarts: usize, states: u32, stride: u32, parts: usize, rowStates: usize): u32 {
  let end = parts;
  for (let k: u32 = 0; k < count; k++) {
    if (!exclude && k > 0 && at(lows, k) == at(lows, k - 1) && at(highs, k) == at(highs, k - 1)) {
      store<u32>(rowStates + (<usize>k << 2), at(rowStates, k - 1));
      continue;
    }
    store<u32>(rowStates + (<usize>k << 2), states + k * stride);
    end = addFrame(end, from + k, at(lows, k), at(highs, k), exclude, groups, groupStarts, states + k * stride);
  }
  return <u32>(end - parts) / 12;
}

/**
 * positions[k] = the row with a number, from 1, in the frame of row `from + k`, or counted from its end when `sign` is
 * -1. `scratch` has room for three parts. Returns 1 when a number is less than one.
 */
export function framePositions(from: u32, count: u32, lows: usize, highs: usize, exclude: u32, groups: usize, groupStarts: usize, rows: usize, offset: u32, validityOffset: u32, constant: i32, sign: i32, scratch: usize, positions: usize): u32 {
  for (let k: u32 = 0; k < count; k++) {
    const i = from + k;
    const row = <usize>at(rows, i);
    let position = NULL_ROW;
    if (!isNullArgument(row, offset, validityOffset)) {
      const end = addFrame(scratch, i, at(lows, k), at(highs, k), exclude, groups, groupStarts, 0);
      let left = argument(row, offset, constant);
      if (left <= 0) return 1;
      if (sign > 0) {
        for (let part = scratch; part < end; part += 12) {
          const length = <i64>(load<u32>(part + 4) - load<u32>(part));
          if (left <= length) {
            position = load<u32>(part) + <u32>(left - 1);
            break;
          }
          left -= length;
        }
      } else if (end > scratch) position = load<u32>(end - 8) - 1;
    }
    store<u32>(positions + (<usize>k << 2), position);
  }
  return 0;
}

/*
 * IGNORE NULLS: `filled` has the positions of rows whose value is not NULL, `counts` for each row how many of them come
 * before it, and behind the last row how many there are.
 */
/** Goes on with these lists for rows `from` to `to`; `known` are filled before. Returns how many there are then. */
export function listFilled(from: u32, to: u32, rows: usize, validityOffset: u32, counts: usize, filled: usize, known: u32): u32 {
  let total = known;
  for (let i = from; i < to; i++) {
    store<u32>(counts + (<usize>i << 2), total);
    store<u32>(filled + (<usize>total << 2), i);
    total += u32(load<u8>(<usize>at(rows, i) + validityOffset) != 0);
  }
  store<u32>(counts + (<usize>to << 2), total);
  return total;
}

/** The same as `offsetPositions`, counting filled rows; an argument of 0 means the row itself. */
export function filledOffsetPositions(from: u32, count: u32, ordinals: usize, starts: usize, rows: usize, offset: u32, validityOffset: u32, constant: i32, sign: i32, counts: usize, filled: usize, positions: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const i = from + k;
    const row = <usize>at(rows, i);
    let position = NULL_ROW;
    if (!isNullArgument(row, offset, validityOffset)) {
      const partition = at(ordinals, i);
      const distance = argument(row, offset, constant) * <i64>sign;
      if (distance == 0) position = i;
      else {
        const index = distance > 0 ? <i64>at(counts, i + 1) - 1 + distance : <i64>at(counts, i) + distance;
        const isInside = index >= <i64>at(counts, at(starts, partition)) && index < <i64>at(counts, at(starts, partition + 1));
        position = isInside ? at(filled, <u32>index) : NO_ROW;
      }
    }
    store<u32>(positions + (<usize>k << 2), position);
  }
}

/** The same as `framePositions`, counting filled rows. */
export function filledFramePositions(from: u32, count: u32, lows: usize, highs: usize, exclude: u32, groups: usize, groupStarts: usize, rows: usize, offset: u32, validityOffset: u32, constant: i32, sign: i32, counts: usize, filled: usize, scratch: usize, positions: usize): u32 {
  for (let k: u32 = 0; k < count; k++) {
    const i = from + k;
    const row = <usize>at(rows, i);
    let position = NULL_ROW;
    if (!isNullArgument(row, offset, validityOffset)) {
      const end = addFrame(scratch, i, at(lows, k), at(highs, k), exclude, groups, groupStarts, 0);
      let left = argument(row, offset, constant);
      if (left <= 0) return 1;
      for (let part = scratch; part < end; part += 12) {
        const first = at(counts, load<u32>(part));
        const last = at(counts, load<u32>(part + 4));
        if (sign < 0) {
          if (last > first) position = at(filled, last - 1);
          continue;
        }
        if (left <= <i64>(last - first)) {
          position = at(filled, first + <u32>(left - 1));
          break;
        }
        left -= <i64>(last - first);
      }
    }
    store<u32>(positions + (<usize>k << 2), position);
  }
  return 0;
}

/**
 * pointers[k] = the row at positions[k]; `nullRow` where the answer is NULL. Where there is no row: the current one plus
 * `other`, by which its default lies beside its value, or `nullRow` if it has none.
 */
export function positionRows(positions: usize, from: u32, count: u32, rows: usize, nullRow: u32, hasOther: bool, other: i32, pointers: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const position = at(positions, k);
    let pointer = nullRow;
    if (position < NULL_ROW) pointer = at(rows, position);
    else if (position == NO_ROW && hasOther) pointer = <u32>(<i32>at(rows, from + k) + other);
    store<u32>(pointers + (<usize>k << 2), pointer);
  }
}

/**
 * Rows of parts with the states they belong to, `limit` at most; returns how many. `cursor` is { u32 part, u32 rows of it
 * that are done }, from which the next call goes on.
 */
export function expandParts(parts: usize, partCount: u32, cursor: usize, rows: usize, limit: u32, pointers: usize, targets: usize): u32 {
  let part = load<u32>(cursor);
  let done = load<u32>(cursor + 4);
  let filled: u32 = 0;
  while (part < partCount && filled < limit) {
    const entry = parts + <usize>part * 12;
    const length = load<u32>(entry + 4) - load<u32>(entry);
    const target = load<u32>(entry + 8);
    const taken = min(length - done, limit - filled);
    const first = load<u32>(entry) + done;
    for (let k: u32 = 0; k < taken; k++) {
      const slot = <usize>(filled + k) << 2;
      store<u32>(pointers + slot, at(rows, first + k));
      store<u32>(targets + slot, target);
    }
    filled += taken;
    done += taken;
    if (done == length) {
      part++;
      done = 0;
    }
  }
  store<u32>(cursor, part);
  store<u32>(cursor + 4, done);
  return filled;
}

/*
 * State of a running aggregate, u32 each:
 *   0 rows that are in the current state   4 first row of its partition   8 the current state
 *   12 parts that were written             16 links that were written
 */
/**
 * For frames that begin with their partition and end at highs[k]: a state for each end, to which the rows of a part are
 * to be added, and then (`targets`, `sources`) the state before it. rowStates[k] = the state of row `from + k`; `empty` is
 * the one of an empty frame. New states are those from `states` on, `stride` apart.
 */
export function runningParts(from: u32, count: u32, highs: usize, ordinals: usize, starts: usize, carry: usize, empty: u32, states: u32, stride: u32, parts: usize, targets: usize, sources: usize, rowStates: usize): void {
  let consumed = load<u32>(carry);
  let known = load<u32>(carry + 4);
  let current = load<u32>(carry + 8);
  let end = parts;
  let links: u32 = 0;
  let fresh = states;
  for (let k: u32 = 0; k < count; k++) {
    const first = at(starts, at(ordinals, from + k));
    if (first != known || current == 0) {
      known = first;
      consumed = first;
      current = empty;
    }
    const high = at(highs, k);
    if (high > consumed) {
      end = addPart(end, consumed, high, fresh);
      if (current != empty) {
        store<u32>(targets + (<usize>links << 2), fresh);
        store<u32>(sources + (<usize>links << 2), current);
        links++;
      }
      consumed = high;
      current = fresh;
      fresh += stride;
    }
    store<u32>(rowStates + (<usize>k << 2), current);
  }
  store<u32>(carry, consumed);
  store<u32>(carry + 4, known);
  store<u32>(carry + 8, current);
  store<u32>(carry + 12, <u32>(end - parts) / 12);
  store<u32>(carry + 16, links);
}

/** selection = rows whose value is not greater than `most`; returns how many. */
export function selectAtMost(values: usize, count: u32, most: i64, selection: usize): u32 {
  let selected: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(selection + (<usize>selected << 2), i);
    selected += u32(load<i64>(values + (<usize>i << 3)) <= most);
  }
  return selected;
}

/*
 * A tree of states over the rows of a segment: state k of level 0 has rows 16k to 16k + 15, state k of each level above
 * it states 16k to 16k + 15 of the one below. Descriptor, u32 each:
 *   0 bytes of a state   4 levels   8 the states of level 0   12 those of level 1 …
 */
const TREE_STATES: usize = 8;
/** Shorter parts are not worth looking into the tree. */
const LEAST_TREE_PART: u32 = 64;
/** No part of a frame is made of more states. */
const MOST_PART_STATES: u32 = 256;

export function longestPart(parts: usize, partCount: u32): u32 {
  let longest: u32 = 0;
  for (let p: u32 = 0; p < partCount; p++) {
    const part = parts + <usize>p * 12;
    longest = max(longest, load<u32>(part + 4) - load<u32>(part));
  }
  return longest;
}

/**
 * Divides parts into states of a tree and rows beside them. `cursor` is { u32 part to go on with, u32 parts of rows that
 * were written to `rest`, u32 pairs that were written to `targets` and `sources` }, of which there are `limit` at most.
 */
export function divideParts(tree: usize, parts: usize, partCount: u32, cursor: usize, limit: u32, rest: usize, targets: usize, sources: usize): void {
  const stride = load<u32>(tree);
  const levels = load<u32>(tree + 4);
  let part = load<u32>(cursor);
  let end = rest;
  let pairs: u32 = 0;
  for (; part < partCount && pairs + MOST_PART_STATES <= limit; part++) {
    const entry = parts + <usize>part * 12;
    const from = load<u32>(entry);
    const to = load<u32>(entry + 4);
    const target = load<u32>(entry + 8);
    if (to - from < LEAST_TREE_PART) {
      end = addPart(end, from, to, target);
      continue;
    }
    let first = (from + 15) >> 4;
    let last = to >> 4;
    end = addPart(end, from, first << 4, target);
    end = addPart(end, last << 4, to, target);
    for (let level: u32 = 0; first < last; level++) {
      const states = load<u32>(tree + TREE_STATES + (<usize>level << 2));
      const isTop = level + 1 == levels;
      const nextFirst = isTop ? last : (first + 15) >> 4;
      const nextLast = isTop ? last : last >> 4;
      const isShort = !isTop && nextFirst >= nextLast;
      const leftEnd = isTop || isShort ? last : nextFirst << 4;
      for (let node = first; node < leftEnd; node++, pairs++) {
        store<u32>(targets + (<usize>pairs << 2), target);
        store<u32>(sources + (<usize>pairs << 2), states + node * stride);
      }
      if (isTop || isShort) break;
      for (let node = nextLast << 4; node < last; node++, pairs++) {
        store<u32>(targets + (<usize>pairs << 2), target);
        store<u32>(sources + (<usize>pairs << 2), states + node * stride);
      }
      first = nextFirst;
      last = nextLast;
    }
  }
  store<u32>(cursor, part);
  store<u32>(cursor + 4, <u32>(end - rest) / 12);
  store<u32>(cursor + 8, pairs);
}

/** The 16 states below of each of the states `from` to `to` of a level, and these as what they are added to. */
export function treeLinks(below: u32, states: u32, stride: u32, from: u32, to: u32, targets: usize, sources: usize): void {
  let pair: usize = 0;
  for (let node = from; node < to; node++) {
    for (let child: u32 = 0; child < 16; child++, pair += 4) {
      store<u32>(targets + pair, states + node * stride);
      store<u32>(sources + pair, below + ((node << 4) + child) * stride);
    }
  }
}

/** parts[k] = rows 16 (from + k) to the 16th after it, of state `from + k`. */
export function treeParts(states: u32, stride: u32, from: u32, to: u32, parts: usize): void {
  let end = parts;
  for (let node = from; node < to; node++) end = addPart(end, node << 4, (node + 1) << 4, states + node * stride);
}
