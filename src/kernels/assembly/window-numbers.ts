// Numbers of rows in their partitions: peers, ranks, shares and buckets. window-rows.ts tells how rows are given.
import { compareRows, exactKeys, saysAll } from './row-compare';
import { argument, at, isNullArgument } from './window-rows';

/**
 * Do two entries differ in the keys of the descriptor, with which the keys begin that they were sorted by? All of an image
 * is about the first two keys: where it is not about the first alone, it tells nothing of one key.
 */
// @ts-ignore: decorator
@inline
function differ(descriptor: usize, keyCount: u32, exact: u32, left: usize, right: usize): bool {
  const word = load<u64>(left);
  if (word != load<u64>(right)) return true;
  const low = load<u32>(left + 12);
  if (keyCount > 1 && low != load<u32>(right + 12)) return true;
  if (saysAll(exact, word, low)) return false;
  return compareRows(descriptor, <usize>load<u32>(left + 8), <usize>load<u32>(right + 8)) != 0;
}

/**
 * Numbers the partitions, or groups of peers, of rows `from` to `to`, whose sort entries are given, after that of the row
 * before: a row that differs from the one before it in the keys of the descriptor begins a new one. Returns how many
 * there are then; `starts` has room for one more.
 */
export function markPeers(descriptor: usize, entries: usize, from: u32, to: u32, ordinals: usize, starts: usize, known: u32): u32 {
  const exact = exactKeys(descriptor);
  const keyCount = load<u32>(descriptor);
  let count = known;
  let entry = entries;
  for (let i = from; i < to; i++, entry += 16) {
    if (i == 0 || (keyCount != 0 && differ(descriptor, keyCount, exact, entry - 16, entry))) {
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

/** selection = rows whose value is not greater than `most`; returns how many. */
export function selectAtMost(values: usize, count: u32, most: i64, selection: usize): u32 {
  let selected: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(selection + (<usize>selected << 2), i);
    selected += u32(load<i64>(values + (<usize>i << 3)) <= most);
  }
  return selected;
}
