// left + right over a batch of i64, with overflow unchecked, noted in a sticky flag, or tested at every row.

export function addUnchecked(left: usize, right: usize, count: u32, target: usize): i32 {
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 3;
    store<i64>(target + at, load<i64>(left + at) + load<i64>(right + at));
  }
  return 0;
}

export function addSticky(left: usize, right: usize, count: u32, target: usize): i32 {
  let overflow: i64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 3;
    const a = load<i64>(left + at);
    const b = load<i64>(right + at);
    const sum = a + b;
    overflow |= (a ^ sum) & (b ^ sum);
    store<i64>(target + at, sum);
  }
  return overflow < 0 ? 1 : 0;
}

export function addBranching(left: usize, right: usize, count: u32, target: usize): i32 {
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 3;
    const a = load<i64>(left + at);
    const b = load<i64>(right + at);
    const sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) return 1;
    store<i64>(target + at, sum);
  }
  return 0;
}

export function addTrapping(left: usize, right: usize, count: u32, target: usize): i32 {
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 3;
    const a = load<i64>(left + at);
    const b = load<i64>(right + at);
    const sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) unreachable();
    store<i64>(target + at, sum);
  }
  return 0;
}
