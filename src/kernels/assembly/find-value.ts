// The search for a value in an array, for other kernels; not exported from the module.
import {
  bytesOf,
  countOf,
  elementLength,
  elementPointer,
  elementTagOf,
  endOf,
  HEADER_BYTES,
  slotsOf,
} from './nested-access';
import { compareValues } from './nested-compare';
import { DATE, DECIMAL64, INT2, INT4, INT8, TEXT, TIMESTAMPTZ } from './value-tags';

/** Are values of 4 or 8 bytes equal when their bits are? */
// @ts-ignore: decorator
@inline
function hasPlainBits(tag: u32): bool {
  return tag == INT4 || tag == INT2 || tag == INT8 || tag == DECIMAL64 || (tag >= DATE && tag <= TIMESTAMPTZ);
}

/** The first element from `from` on that is not distinct from a value (NULL: pointer 0); the number of elements if none is. */
export function findValue(array: usize, value: usize, length: u32, from: u32): u32 {
  const size = countOf(array);
  const tag = elementTagOf(array);
  const valid = array + HEADER_BYTES;
  let i = min(from, size);
  if (value == 0) {
    while (i < size && load<u8>(valid + i)) i++;
  } else if (hasPlainBits(tag) && length == 4) {
    const slots = slotsOf(array);
    const wanted = load<u32>(value);
    while (i < size && (load<u32>(slots + (<usize>i << 2)) != wanted || !load<u8>(valid + i))) i++;
  } else if (hasPlainBits(tag)) {
    const slots = slotsOf(array);
    const wanted = load<u64>(value);
    while (i < size && (load<u64>(slots + (<usize>i << 3)) != wanted || !load<u8>(valid + i))) i++;
  } else if (tag == TEXT) {
    const bytes = bytesOf(array);
    for (let start = endOf(array, <i32>i - 1); i < size; i++) {
      const end = endOf(array, i);
      const isValue = end - start == length && load<u8>(valid + i) != 0;
      if (isValue && compareValues(TEXT, bytes + start, length, value, length) == 0) break;
      start = end;
    }
  } else {
    for (; i < size; i++) {
      if (!load<u8>(valid + i)) continue;
      if (compareValues(tag, elementPointer(array, i), elementLength(array, i), value, length) == 0) break;
    }
  }
  return i;
}
