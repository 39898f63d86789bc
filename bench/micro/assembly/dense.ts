// What follows a filter: reading columns through its selection, or compacting them first and reading them as they lie.

export function compactTwo(left: usize, right: usize, selection: usize, count: u32, denseLeft: usize, denseRight: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const row = <usize>load<u32>(selection + (<usize>i << 2)) << 3;
    store<i64>(denseLeft + (<usize>i << 3), load<i64>(left + row));
    store<i64>(denseRight + (<usize>i << 3), load<i64>(right + row));
  }
}

/** One operator behind the filter: product[i] = left[i] * (factor + right[i]). */
export function multiplyDense(left: usize, right: usize, factor: i64, count: u32, product: usize): i32 {
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 3;
    store<i64>(product + at, load<i64>(left + at) * (factor + load<i64>(right + at)));
  }
  return <i32>load<i64>(product);
}

/** The same where the rows are listed. */
export function multiplySelected(left: usize, right: usize, factor: i64, selection: usize, count: u32, product: usize): i32 {
  for (let i: u32 = 0; i < count; i++) {
    const row = <usize>load<u32>(selection + (<usize>i << 2)) << 3;
    store<i64>(product + (<usize>i << 3), load<i64>(left + row) * (factor + load<i64>(right + row)));
  }
  return <i32>load<i64>(product);
}
