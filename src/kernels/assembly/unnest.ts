// Arrays of a batch as rows: which rows of the input come, with which of their elements, and the elements themselves.
// Columns are vectors as VectorSource has them: value i is data[codes ? codes[i] : i * step].
import { bytesOf, elementLength, elementTagOf, endOf, HEADER_BYTES, slotsOf } from './nested-access';
import { makeView } from './text-view';
import { isVariable } from './value-tags';

/** 16 zero bytes in the null page. */
// @ts-ignore: decorator
@inline const ZEROS: usize = 512;

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

/** The elements that `nextElements` chose, of one array column; validity is 0 where an array has no such element. */
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
  let last: u32 = u32.MAX_VALUE;
  let array: usize = 0;
  let size: u32 = 0;
  let variable = false;
  let slots: usize = 0;
  let bytes: usize = 0;
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(rows + (<usize>i << 2));
    if (row != last) {
      last = row;
      size = 0;
      if (!validity || load<u8>(validity + row * validityStep)) {
        const view = viewOf(data, codes, step, row);
        size = load<u32>(view, 8);
        array = load<u32>(view, 4);
        if (size > 0) {
          variable = isVariable(elementTagOf(array));
          slots = slotsOf(array);
          bytes = bytesOf(array);
        }
      }
    }
    const element = load<u32>(elements + (<usize>i << 2));
    const slot = target + <usize>i * <usize>width;
    const isThere = element < size;
    // The slots of NULL elements are zeros.
    const valid = isThere ? <u32>load<u8>(array + HEADER_BYTES + element) : 0;
    store<u8>(targetValidity + i, <u8>valid);
    const source = isThere ? slots + <usize>element * <usize>width : ZEROS;
    if (width == 4) store<u32>(slot, load<u32>(source));
    else if (width == 8) store<u64>(slot, load<u64>(source));
    else if (width == 1) store<u8>(slot, load<u8>(source));
    else if (!valid) v128.store(slot, i64x2.splat(0));
    else if (!variable) v128.store(slot, v128.load(source));
    else v128.store(slot, makeView(bytes + endOf(array, <i32>element - 1), elementLength(array, element)));
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
