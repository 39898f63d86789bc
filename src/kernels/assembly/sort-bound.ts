// The bound of a top-N: the image of the first key of a row that is known to have enough rows before it. What has a
// greater image is not among the first.
//
// It is one u64 that lanes share, inverted, so that memory of zeros says that all rows may be wanted.

import {
  DESCENDING,
  KIND_F32,
  KIND_F64,
  KIND_I128,
  KIND_I32,
  KIND_I64,
  KIND_INTERVAL,
  KIND_STRING,
  KIND_U8,
  KIND_UUID,
  NULLS_FIRST,
} from './row-compare';
import { imageOf } from './sort-image';

/** Lets the bound be the image of an entry (sort.ts), unless it is lower already. */
export function lowerSortBound(bound: usize, entry: usize): void {
  const inverted = ~load<u64>(entry);
  let before = atomic.load<u64>(bound);
  while (inverted > before) {
    const found = atomic.cmpxchg<u64>(bound, before, inverted);
    if (found == before) return;
    before = found;
  }
}

// @ts-ignore: decorator
@inline
function selectKind(
  kind: u32, width: usize, bound: u64, flags: u32,
  data: usize, codes: usize, step: usize, validity: usize, validityStep: usize, count: u32, selection: usize,
): u32 {
  const mask: u64 = flags & DESCENDING ? ~0 : 0;
  const takesNulls = u32(bound == u64.MAX_VALUE || (flags & NULLS_FIRST) != 0);
  let selected: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const at = data + (codes ? <usize>load<u32>(codes + (<usize>i << 2)) : <usize>i * step) * width;
    store<u32>(selection + (<usize>selected << 2), i);
    const isNull = validity != 0 && load<u8>(validity + <usize>i * validityStep) == 0;
    selected += isNull ? takesNulls : u32((imageOf(kind, at) ^ mask) <= bound);
  }
  return selected;
}

/**
 * Lists the rows that the bound does not exclude; returns how many. Value i is data[codes ? codes[i] : i * step], of a
 * kind and with flags of row-compare.ts, and NULL where validity[i * validityStep] is 0, unless there is no validity.
 */
export function selectBySortBound(
  bound: usize, kind: u32, flags: u32,
  data: usize, codes: usize, step: usize, validity: usize, validityStep: usize, count: u32, selection: usize,
): u32 {
  const word = ~atomic.load<u64>(bound);
  switch (kind) {
    case KIND_U8:
      return selectKind(KIND_U8, 1, word, flags, data, codes, step, validity, validityStep, count, selection);
    case KIND_I32:
      return selectKind(KIND_I32, 4, word, flags, data, codes, step, validity, validityStep, count, selection);
    case KIND_I64:
      return selectKind(KIND_I64, 8, word, flags, data, codes, step, validity, validityStep, count, selection);
    case KIND_F32:
      return selectKind(KIND_F32, 4, word, flags, data, codes, step, validity, validityStep, count, selection);
    case KIND_F64:
      return selectKind(KIND_F64, 8, word, flags, data, codes, step, validity, validityStep, count, selection);
    case KIND_I128:
      return selectKind(KIND_I128, 16, word, flags, data, codes, step, validity, validityStep, count, selection);
    case KIND_STRING:
      return selectKind(KIND_STRING, 16, word, flags, data, codes, step, validity, validityStep, count, selection);
    case KIND_UUID:
      return selectKind(KIND_UUID, 16, word, flags, data, codes, step, validity, validityStep, count, selection);
    default:
      return selectKind(KIND_INTERVAL, 16, word, flags, data, codes, step, validity, validityStep, count, selection);
  }
}
