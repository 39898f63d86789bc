// Nested values taken apart into the entries of their Parquet leaves (the striping of the Dremel paper, Melnik et al.,
// VLDB 2010), a node of the type's tree at a time. src/types/nested-codec.ts draws the layouts of values.
//
// The entries of a node are parallel arrays:
//   pointers     u32  where the value's bytes lie; 0 where it is NULL, or something above it is NULL or empty
//   lengths      u32  of the value in bytes
//   repetitions  u8   the entry's level, final
//   definitions  u8   the level that is reached so far
import {
  bytesOf,
  countOf,
  elementTagOf,
  endOf,
  HEADER_BYTES,
  isElementValid,
  slotsOf,
} from './nested-access';
import { makeView } from './text-view';
import { isVariable, widthOf } from './value-tags';

// @ts-ignore: decorator
@inline
function shredColumn(
  data: usize,
  codes: usize,
  rowMask: u32,
  validity: usize,
  selection: usize,
  from: u32,
  count: u32,
  definition: u32,
  pointers: usize,
  lengths: usize,
  repetitions: usize,
  definitions: usize,
  isInterval: bool,
): u32 {
  let nulls: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const row = (selection ? load<u32>(selection + (<usize>i << 2)) : from + i) & rowMask;
    const valid = validity == 0 || load<u8>(validity + row) != 0;
    const value = data + (<usize>(codes ? load<u32>(codes + (<usize>row << 2)) : row) << 4);
    store<u32>(pointers + (<usize>i << 2), valid ? (isInterval ? <u32>value : load<u32>(value, 4)) : 0);
    store<u32>(lengths + (<usize>i << 2), valid ? (isInterval ? 16 : load<u32>(value)) : 0);
    store<u8>(repetitions + i, 0);
    store<u8>(definitions + i, <u8>(valid ? definition : definition - 1));
    nulls += u32(!valid);
  }
  return nulls;
}

/**
 * The entries of a column's rows: value i is data[codes ? codes[row] : row] where row is selection[i], or `from + i`
 * when `selection` is 0; a constant has `rowMask` 0, other columns all bits. `definition` is that of values which are
 * there; NULLs have one less. Returns how many are NULL.
 */
export function shredRows(
  data: usize,
  codes: usize,
  rowMask: u32,
  validity: usize,
  selection: usize,
  from: u32,
  count: u32,
  definition: u32,
  pointers: usize,
  lengths: usize,
  repetitions: usize,
  definitions: usize,
): u32 {
  return shredColumn(data, codes, rowMask, validity, selection, from, count, definition, pointers, lengths, repetitions, definitions, false);
}

/** The same for a column of intervals, whose values are the 16 bytes themselves. */
export function shredIntervalRows(
  data: usize,
  codes: usize,
  rowMask: u32,
  validity: usize,
  selection: usize,
  from: u32,
  count: u32,
  definition: u32,
  pointers: usize,
  lengths: usize,
  repetitions: usize,
  definitions: usize,
): u32 {
  return shredColumn(data, codes, rowMask, validity, selection, from, count, definition, pointers, lengths, repetitions, definitions, true);
}

/** The entries of a part of `width` bytes, `offset` bytes behind the beginning of each value; their levels are those above. */
export function shredParts(
  pointers: usize,
  count: u32,
  offset: u32,
  width: u32,
  targetPointers: usize,
  targetLengths: usize,
): void {
  for (let i: usize = 0; i < count; i++) {
    const value = load<u32>(pointers + (i << 2));
    store<u32>(targetPointers + (i << 2), value ? value + offset : 0);
    store<u32>(targetLengths + (i << 2), value ? width : 0);
  }
}

/** How many entries come before `limit` bytes of values are exceeded; at least one. */
export function entriesWithin(lengths: usize, count: u32, limit: u32): u32 {
  let bytes: u64 = 0;
  let i: u32 = 0;
  while (i < count) {
    bytes += load<u32>(lengths + (<usize>i << 2));
    if (bytes > limit && i > 0) break;
    i++;
  }
  return i;
}

/** Entries that the elements of arrays make: one for an array that is NULL or empty. */
export function countElementEntries(pointers: usize, count: u32): f64 {
  let total: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const array: usize = load<u32>(pointers + (<usize>i << 2));
    total += array ? max<u32>(1, countOf(array)) : 1;
  }
  return <f64>total;
}

/**
 * The entries of the elements of `count` arrays. `definition` is that of elements which are not NULL, and NULL ones have
 * one less; `repetition` is the level of every element of an array but the first.
 */
export function shredArrays(
  pointers: usize,
  repetitions: usize,
  definitions: usize,
  count: u32,
  definition: u32,
  repetition: u32,
  targetPointers: usize,
  targetLengths: usize,
  targetRepetitions: usize,
  targetDefinitions: usize,
): void {
  let target: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const array: usize = load<u32>(pointers + (<usize>i << 2));
    const elements = array ? countOf(array) : 0;
    store<u8>(targetRepetitions + target, load<u8>(repetitions + i));
    if (elements == 0) {
      store<u32>(targetPointers + (<usize>target << 2), 0);
      store<u32>(targetLengths + (<usize>target << 2), 0);
      store<u8>(targetDefinitions + target, load<u8>(definitions + i));
      target++;
      continue;
    }
    if (elements > 1) memory.fill(targetRepetitions + target + 1, <u8>repetition, elements - 1);
    const tag = elementTagOf(array);
    const variable = isVariable(tag);
    const width: u32 = variable ? 0 : widthOf(tag);
    let source: usize = variable ? bytesOf(array) : slotsOf(array);
    const bytes = source;
    for (let element: u32 = 0; element < elements; element++) {
      const valid = isElementValid(array, element);
      let length = width;
      if (variable) length = <u32>(bytes + endOf(array, element) - source);
      store<u32>(targetPointers + (<usize>target << 2), valid ? <u32>source : 0);
      store<u32>(targetLengths + (<usize>target << 2), valid ? length : 0);
      store<u8>(targetDefinitions + target, <u8>(definition - u32(!valid)));
      source += length;
      target++;
    }
  }
}

/** The entries of one field of `count` structs; repetition levels are theirs. Levels as with `shredArrays`. */
export function shredFields(
  pointers: usize,
  definitions: usize,
  count: u32,
  field: u32,
  definition: u32,
  targetPointers: usize,
  targetLengths: usize,
  targetDefinitions: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const struct: usize = load<u32>(pointers + (<usize>i << 2));
    let pointer: usize = 0;
    let length: u32 = 0;
    let level: u32 = load<u8>(definitions + i);
    if (struct) {
      const header = struct + HEADER_BYTES + (<usize>field << 3);
      level = definition - 1;
      if (load<u8>(header, 2)) {
        const start = field == 0 ? 0 : load<u32>(header - 4);
        pointer = struct + HEADER_BYTES + (<usize>countOf(struct) << 3) + start;
        length = load<u32>(header, 4) - start;
        level = definition;
      }
    }
    store<u32>(targetPointers + (<usize>i << 2), <u32>pointer);
    store<u32>(targetLengths + (<usize>i << 2), length);
    store<u8>(targetDefinitions + i, <u8>level);
  }
}

/** The arrays of keys and of values of `count` maps. */
export function shredMaps(pointers: usize, count: u32, keys: usize, values: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const map: usize = load<u32>(pointers + (<usize>i << 2));
    store<u32>(keys + (<usize>i << 2), map ? <u32>(map + 16) : 0);
    store<u32>(values + (<usize>i << 2), map ? <u32>(map + 16 + load<u32>(map, 8)) : 0);
  }
}

/** The values of a leaf of `width` bytes that are there, one after the other. Returns how many. */
export function gatherLeafValues(pointers: usize, count: u32, width: u32, target: usize): u32 {
  const start = target;
  for (let i: u32 = 0; i < count; i++) {
    const source: usize = load<u32>(pointers + (<usize>i << 2));
    if (!source) continue;
    if (width == 4) store<u32>(target, load<u32>(source));
    else if (width == 8) store<u64>(target, load<u64>(source));
    else if (width == 16) v128.store(target, v128.load(source));
    else store<u8>(target, load<u8>(source));
    target += width;
  }
  return <u32>(target - start) / width;
}

/** The texts of a leaf that are there, as views. Returns how many. */
export function gatherLeafViews(pointers: usize, lengths: usize, count: u32, target: usize): u32 {
  const start = target;
  for (let i: u32 = 0; i < count; i++) {
    const source: usize = load<u32>(pointers + (<usize>i << 2));
    if (!source) continue;
    v128.store(target, makeView(source, load<u32>(lengths + (<usize>i << 2))));
    target += 16;
  }
  return <u32>(target - start) >>> 4;
}
