// Entries of Parquet leaves put together to nested values (record assembly of the Dremel paper, Melnik et al., VLDB 2010),
// a node of the type's tree at a time: the way back from shred.ts. src/types/nested-codec.ts draws the layouts of values.
//
// The slots of a node are parallel arrays; one for every entry of its first leaf that does not continue a list within it:
//   pointers     u32  where the value's bytes lie; 0 where it is NULL, or something above it is NULL or empty
//   lengths      u32  of the value in bytes; 0 with a pointer of 0
//   repetitions  u8   of that entry
//   definitions  u8   of that entry
// Lengths are measured first, so that the caller can make room for all values of a node at once.
import { makeView } from './text-view';

/** 16 zero bytes in the null page: where texts without bytes lie. */
// @ts-ignore: decorator
@inline const ZEROS: usize = 512;

export const MAX_VALUE_BYTES: u64 = 1 << 30;
export const TOO_LONG: f64 = -1;
export const MALFORMED: f64 = -2;

/**
 * Where the entries of the next `rows` rows end that begin at `from` of `count`; with 0 rows, those that go on with the
 * row before. Levels are u32, `repetitions` is 0 where every entry is a row. `result` gets u32: rows that were begun.
 */
export function entriesOfRows(repetitions: usize, from: u32, count: u32, rows: u32, result: usize): u32 {
  if (!repetitions) {
    const end = min<u64>(count, <u64>from + rows);
    store<u32>(result, <u32>end - from);
    return <u32>end;
  }
  let begun: u32 = 0;
  let entry = from;
  for (; entry < count; entry++) {
    if (load<u32>(repetitions + (<usize>entry << 2)) != 0) continue;
    if (begun == rows) break;
    begun++;
  }
  store<u32>(result, begun);
  return entry;
}

/**
 * The slots of a leaf's entries `from` … `to`, those of the rows of `selection` (0: all), which counts from the row that
 * state had at first. An entry with the level `definition` has a value, of `width` bytes from `data` on; texts are views.
 * Levels are u32, and all 0 where their pointer is 0. `state` is moved on: u32 rows begun, u32 rows of the selection
 * passed, u32 slots written, u32 the next value, u32 whether the row is wanted that is under way.
 */
export function leafSlots(
  entryRepetitions: usize,
  entryDefinitions: usize,
  from: u32,
  to: u32,
  definition: u32,
  data: usize,
  width: u32,
  isText: u32,
  selection: usize,
  selected: u32,
  state: usize,
  pointers: usize,
  lengths: usize,
  repetitions: usize,
  definitions: usize,
): void {
  let row = load<u32>(state);
  let passed = load<u32>(state, 4);
  let slot = load<u32>(state, 8);
  let value = load<u32>(state, 12);
  let wanted = load<u32>(state, 16);
  if (!selection && !isText && entryRepetitions && entryDefinitions) {
    // The common case, without a branch.
    for (let entry = from; entry < to; entry++, slot++) {
      const repetition = load<u32>(entryRepetitions + (<usize>entry << 2));
      const level = load<u32>(entryDefinitions + (<usize>entry << 2));
      const mask: u32 = level == definition ? u32.MAX_VALUE : 0;
      store<u32>(pointers + (<usize>slot << 2), (<u32>data + value * width) & mask);
      store<u32>(lengths + (<usize>slot << 2), width & mask);
      store<u8>(repetitions + slot, <u8>repetition);
      store<u8>(definitions + slot, <u8>level);
      row += u32(repetition == 0);
      value += mask & 1;
    }
    store<u32>(state, row);
    store<u32>(state, slot, 8);
    store<u32>(state, value, 12);
    return;
  }
  for (let entry = from; entry < to; entry++) {
    const repetition = entryRepetitions ? load<u32>(entryRepetitions + (<usize>entry << 2)) : 0;
    const level = entryDefinitions ? load<u32>(entryDefinitions + (<usize>entry << 2)) : 0;
    if (repetition == 0) {
      wanted = 1;
      if (selection) {
        wanted = u32(passed < selected && load<u32>(selection + (<usize>passed << 2)) == row);
        passed += wanted;
      }
      row++;
    }
    const present = level == definition;
    if (wanted) {
      let pointer: usize = 0;
      let length: u32 = 0;
      if (present) {
        pointer = data + <usize>value * <usize>width;
        length = width;
        if (isText) {
          length = load<u32>(pointer);
          pointer = length ? <usize>load<u32>(pointer, 4) : ZEROS;
        }
      }
      store<u32>(pointers + (<usize>slot << 2), <u32>pointer);
      store<u32>(lengths + (<usize>slot << 2), length);
      store<u8>(repetitions + slot, <u8>repetition);
      store<u8>(definitions + slot, <u8>level);
      slot++;
    }
    value += u32(present);
  }
  store<u32>(state, row);
  store<u32>(state, passed, 4);
  store<u32>(state, slot, 8);
  store<u32>(state, value, 12);
  store<u32>(state, wanted, 16);
}

/** How many of `count` u32 are `value`. */
export function countWords(words: usize, count: u32, value: u32): u32 {
  let total: u32 = 0;
  for (let i: u32 = 0; i < count; i++) total += u32(load<u32>(words + (<usize>i << 2)) == value);
  return total;
}

/** Views of the values of slots, and their validity unless `validity` is 0. Returns how many are NULL. */
export function viewsOfSlots(pointers: usize, lengths: usize, count: u32, views: usize, validity: usize): u32 {
  let nulls: u32 = 0;
  for (let slot: u32 = 0; slot < count; slot++) {
    const pointer: usize = load<u32>(pointers + (<usize>slot << 2));
    const view = pointer ? makeView(pointer, load<u32>(lengths + (<usize>slot << 2))) : i64x2.splat(0);
    v128.store(views + (<usize>slot << 4), view);
    if (validity) store<u8>(validity + slot, u8(pointer != 0));
    nulls += u32(pointer == 0);
  }
  return nulls;
}
