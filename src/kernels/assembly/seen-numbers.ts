// Which whole numbers of a range have been seen: a bit for each, number `least` + i at bit i; and a byte for NULL.

import { wholeNumber } from './whole-number';

/**
 * selection = rows whose number is seen for the first time, of this batch as well; all are marked. Number i is at codes[i], or
 * at i * step where `codes` is 0; a byte at `validity` says NULL (0 = none). Numbers lie within the range. Returns how many.
 */
export function selectUnseenNumbers(
  bits: usize,
  least: i64,
  nullSeen: usize,
  values: usize,
  codes: usize,
  step: u32,
  width: u32,
  validity: usize,
  count: u32,
  selection: usize,
): u32 {
  let selected: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(selection + (<usize>selected << 2), i);
    if (validity && !load<u8>(validity + i)) {
      selected += u32(load<u8>(nullSeen) == 0);
      store<u8>(nullSeen, 1);
      continue;
    }
    const at = codes ? load<u32>(codes + (<usize>i << 2)) : i * step;
    const number = <usize>(wholeNumber(values, width, at) - least);
    const byte = bits + (number >> 3);
    const known = load<u8>(byte);
    const bit = <u8>1 << <u8>(number & 7);
    selected += u32((known & bit) == 0);
    store<u8>(byte, known | bit);
  }
  return selected;
}

/**
 * Writes the numbers that were seen, of `width` bytes each, to `target`, no more than `limit`. Begins with bit `from`, of `size`.
 * Returns the bit to go on with; how many there are is stored at `found`.
 */
export function listSeenNumbers(
  bits: usize,
  least: i64,
  from: u32,
  size: u32,
  width: u32,
  target: usize,
  limit: u32,
  found: usize,
): u32 {
  let count: u32 = 0;
  let place = from;
  for (; place < size && count < limit; place++) {
    if (!((load<u8>(bits + <usize>(place >> 3)) >> <u8>(place & 7)) & 1)) continue;
    const number = least + <i64>place;
    if (width == 8) store<i64>(target + (<usize>count << 3), number);
    else if (width == 4) store<i32>(target + (<usize>count << 2), <i32>number);
    else store<u8>(target + count, <u8>number);
    count++;
  }
  store<u32>(found, count);
  return place;
}
