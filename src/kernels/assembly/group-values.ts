// Group keys that are whole numbers of a small range: a row's combination of values is an index into a cache of group
// addresses, as a combination of codes is (group-table.ts).

import { wholeNumber } from './whole-number';

/** The least and the greatest of the values that are not NULL, i64 each, at `target`; returns how many there are. */
export function boundsOfKeys(values: usize, width: u32, validity: usize, count: u32, target: usize): u32 {
  let least = i64.MAX_VALUE;
  let greatest = i64.MIN_VALUE;
  let valid: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (validity && !load<u8>(validity + i)) continue;
    const value = wholeNumber(values, width, i);
    least = value < least ? value : least;
    greatest = value > greatest ? value : greatest;
    valid++;
  }
  store<i64>(target, least);
  store<i64>(target, greatest, 8);
  return valid;
}

/**
 * indexes[i] = (first ? 0 : indexes[i]) * (size + 1) + values[i] - least; NULL is `size`. Returns 1, and writes nothing of
 * use, where a value is not one of the `size` from `least` on.
 */
export function combineValues(
  values: usize,
  width: u32,
  validity: usize,
  least: i64,
  size: u32,
  indexes: usize,
  first: bool,
  count: u32,
): u32 {
  const factor = first ? 0 : size + 1;
  let outside: u32 = 0;
  if (validity) {
    for (let i: u32 = 0; i < count; i++) {
      const at = indexes + (<usize>i << 2);
      const isValid = load<u8>(validity + i);
      const place = <u64>(wholeNumber(values, width, i) - least);
      outside |= u32(place >= size) & isValid;
      store<u32>(at, load<u32>(at) * factor + (isValid ? <u32>place : size));
    }
  } else if (width == 8) {
    for (let i: u32 = 0; i < count; i++) {
      const at = indexes + (<usize>i << 2);
      const place = <u64>(load<i64>(values + (<usize>i << 3)) - least);
      outside |= u32(place >= size);
      store<u32>(at, load<u32>(at) * factor + <u32>place);
    }
  } else {
    for (let i: u32 = 0; i < count; i++) {
      const at = indexes + (<usize>i << 2);
      const place = <u64>(wholeNumber(values, width, i) - least);
      outside |= u32(place >= size);
      store<u32>(at, load<u32>(at) * factor + <u32>place);
    }
  }
  return outside;
}
