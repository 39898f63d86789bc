// A pipeline in miniature, for the choice of the batch size: select, compact, multiply, sum.

export function selectLess(values: usize, bound: i64, count: u32, selection: usize): u32 {
  let selected: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(selection + (<usize>selected << 2), i);
    selected += load<i64>(values + (<usize>i << 3)) < bound ? 1 : 0;
  }
  return selected;
}

export function compact(values: usize, selection: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<i64>(target + (<usize>i << 3), load<i64>(values + (<usize>load<u32>(selection + (<usize>i << 2)) << 3)));
  }
}

export function multiply(left: usize, right: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 3;
    store<i64>(target + at, load<i64>(left + at) * load<i64>(right + at));
  }
}

export function sum(values: usize, count: u32): i32 {
  let total: i64 = 0;
  for (let i: u32 = 0; i < count; i++) total += load<i64>(values + (<usize>i << 3));
  return <i32>total;
}
