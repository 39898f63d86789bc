// Columns that are kept in blocks, to be read where they lie. See src/exec/columns/column-layout.ts for the drawn layout.
import { copyExactly } from './copy-bytes';
import { INLINE_BYTES } from './row-access';

/**
 * Views at `target` of the strings data[codes ? codes[i] : i * step]. They are absolute: long strings are copied to where
 * `heap` ends, downwards, short ones lie in their view. NULL is an empty string. Returns the heap after it.
 */
export function keepStrings(data: usize, codes: usize, step: u32, validity: usize, count: u32, target: usize, heap: usize): usize {
  for (let i: u32 = 0; i < count; i++, target += 16) {
    if (validity && !load<u8>(validity + i)) {
      v128.store(target, i64x2.splat(0));
      continue;
    }
    const source = data + ((codes ? <usize>load<u32>(codes + (<usize>i << 2)) : <usize>(i * step)) << 4);
    const view = v128.load(source);
    const length = <u32>i32x4.extract_lane(view, 0);
    let bytes = target + 8;
    if (length > INLINE_BYTES) {
      heap -= length;
      copyExactly(heap, <usize>i32x4.extract_lane(view, 1), length);
      bytes = heap;
    }
    v128.store(target, i32x4.replace_lane(view, 1, <i32>bytes));
  }
  return heap;
}

/** Validity bytes that are 1 or 0; those of a constant have step 0. Returns 1 when a row is NULL. */
export function keepValidity(validity: usize, step: u32, count: u32, target: usize): u32 {
  let all: u8 = 1;
  for (let i: u32 = 0; i < count; i++) {
    const valid = load<u8>(validity + <usize>(i * step));
    store<u8>(target + i, valid);
    all &= valid;
  }
  return all ? 0 : 1;
}

/** The block that views point into, and lie in, is now `distance` bytes further on. */
export function moveViews(views: usize, count: u32, distance: u32): void {
  for (const end = views + (<usize>count << 4); views < end; views += 16) {
    store<u32>(views, load<u32>(views, 4) + distance, 4);
  }
}
