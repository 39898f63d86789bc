// Arrays of a batch as rows: which rows of the input come, with which of their elements, and the elements themselves.
// Columns are vectors as VectorSource has them: value i is data[codes ? codes[i] : i * step].
import { copyExactly } from './copy-bytes';
import { bytesOf, elementTagOf, endOf, HEADER_BYTES, slotsOf } from './nested-access';
import { makeView } from './text-view';
import { isVariable } from './value-tags';

/** 16 zero bytes in the null page. */
// @ts-ignore: decorator
@inline const ZEROS: usize = 512;
// @ts-ignore: decorator
@inline const COLUMN_BYTES: usize = 20;

// @ts-ignore: decorator
@inline
function viewOf(data: usize, codes: usize, step: u32, row: u32): usize {
  return data + (<usize>(codes ? load<u32>(codes + (<usize>row << 2)) : row * step) << 4);
}

/** lengths[i] = the greater of itself and the elements of array i; NULL has none. */
export function growToArrayLengths(
  data: usize,
  codes: usize,
  step: u32,
  validity: usize,
  validityStep: u32,
  rowCount: u32,
  lengths: usize,
): void {
  for (let row: u32 = 0; row < rowCount; row++) {
    if (validity && !load<u8>(validity + row * validityStep)) continue;
    // The count is the first word of the value, which the view repeats.
    const count = load<u32>(viewOf(data, codes, step, row) + 8);
    const target = lengths + (<usize>row << 2);
    if (count > load<u32>(target)) store<u32>(target, count);
  }
}

/**
 * The next pairs of row and element, at most `capacity`, from where `state` is: u32 row, u32 element; it is moved on.
 * With `outer`, a row without elements comes once, with element u32.MAX_VALUE.
 */
export function nextElements(
  lengths: usize,
  rowCount: u32,
  outer: u32,
  capacity: u32,
  state: usize,
  rows: usize,
  elements: usize,
): u32 {
  let row = load<u32>(state);
  let element = load<u32>(state, 4);
  let count: u32 = 0;
  while (row < rowCount && count < capacity) {
    const length = load<u32>(lengths + (<usize>row << 2));
    if (length == 0 && outer) {
      store<u32>(rows + (<usize>count << 2), row);
      store<u32>(elements + (<usize>count << 2), u32.MAX_VALUE);
      count++;
    }
    const end = min(length, element + (capacity - count));
    for (; element < end; element++) {
      store<u32>(rows + (<usize>count << 2), row);
      store<u32>(elements + (<usize>count << 2), element);
      count++;
    }
    if (element >= length) {
      row++;
      element = 0;
    }
  }
  store<u32>(state, row);
  store<u32>(state, element, 4);
  return count;
}

/**
 * The elements that `nextElements` chose, of one array column; validity is 0 where an array has no such element. Pairs of
 * a row come together and in order.
 */
export function takeElements(
  data: usize,
  codes: usize,
  step: u32,
  validity: usize,
  validityStep: u32,
  rows: usize,
  elements: usize,
  count: u32,
  width: u32,
  target: usize,
  targetValidity: usize,
): void {
  for (let from: u32 = 0; from < count; ) {
    const row = load<u32>(rows + (<usize>from << 2));
    let to = from + 1;
    while (to < count && load<u32>(rows + (<usize>to << 2)) == row) to++;
    const first = load<u32>(elements + (<usize>from << 2));
    let taken: u32 = 0;
    if (!validity || load<u8>(validity + row * validityStep)) {
      const view = viewOf(data, codes, step, row);
      const size = load<u32>(view, 8);
      // `first` is u32.MAX_VALUE for a row without elements.
      if (first < size) {
        taken = min(size - first, to - from);
        const values = target + <usize>from * <usize>width;
        takeRun(<usize>load<u32>(view, 4), first, taken, width, values, targetValidity + from);
      }
    }
    const missing = to - from - taken;
    if (missing > 0) {
      memory.fill(target + <usize>(from + taken) * <usize>width, 0, <usize>missing * <usize>width);
      memory.fill(targetValidity + from + taken, 0, missing);
    }
    from = to;
  }
}

/** `count` elements of an array; the slots of NULL ones are zeros. */
// @ts-ignore: decorator
@inline
function takeRun(array: usize, first: u32, count: u32, width: u32, target: usize, validity: usize): void {
  copyExactly(validity, array + HEADER_BYTES + first, count);
  if (width != 16 || !isVariable(elementTagOf(array))) {
    copyExactly(target, slotsOf(array) + <usize>first * <usize>width, count * width);
    return;
  }
  const bytes = bytesOf(array);
  const ends = slotsOf(array) + (<usize>first << 2);
  let start = endOf(array, <i32>first - 1);
  for (let i: u32 = 0; i < count; i++) {
    const end = load<u32>(ends + (<usize>i << 2));
    // A NULL has no bytes, and so an empty view, as an empty text has.
    v128.store(target + (<usize>i << 4), makeView(bytes + start, end - start));
    start = end;
  }
}

/**
 * The same of arrays that are not made: element k of row i is value i of column k. A column is 5 u32 of `columns`: data,
 * codes, step, validity, validityStep.
 */
export function takeFromColumns(
  columns: usize,
  columnCount: u32,
  rows: usize,
  elements: usize,
  count: u32,
  width: u32,
  target: usize,
  targetValidity: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const element = load<u32>(elements + (<usize>i << 2));
    const row = load<u32>(rows + (<usize>i << 2));
    let source: usize = ZEROS;
    let valid = false;
    if (element < columnCount) {
      const column = columns + <usize>element * COLUMN_BYTES;
      const validity = <usize>load<u32>(column, 12);
      valid = !validity || load<u8>(validity + row * load<u32>(column, 16)) != 0;
      if (valid) {
        const codes = <usize>load<u32>(column, 4);
        const index = codes ? load<u32>(codes + (<usize>row << 2)) : row * load<u32>(column, 8);
        source = <usize>load<u32>(column) + <usize>index * <usize>width;
      }
    }
    const slot = target + <usize>i * <usize>width;
    store<u8>(targetValidity + i, u8(valid));
    if (width == 4) store<u32>(slot, load<u32>(source));
    else if (width == 8) store<u64>(slot, load<u64>(source));
    else if (width == 16) v128.store(slot, v128.load(source));
    else store<u8>(slot, load<u8>(source));
  }
}

/** The places of elements, from 1; 0 where there is none. */
export function elementNumbers(elements: usize, count: u32, target: usize, targetValidity: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const element = load<u32>(elements + (<usize>i << 2));
    const present = element != u32.MAX_VALUE;
    store<i64>(target + (<usize>i << 3), present ? <i64>element + 1 : 0);
    store<u8>(targetValidity + i, u8(present));
  }
}
