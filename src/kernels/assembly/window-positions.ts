// Which row a value comes from: lag, lead, first_value, last_value and nth_value. window-rows.ts tells how rows are given.
import { addFrame } from './frame-part';
import { argument, at, isNullArgument } from './window-rows';

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
