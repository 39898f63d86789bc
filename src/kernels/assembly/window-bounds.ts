// Where frames begin and end. window-rows.ts tells how rows are given.
import { compareValues, DESCENDING, NULLS_FIRST } from './row-compare';
import { at } from './window-rows';

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
