// What window kernels share. Rows are in order, and their addresses lie in an array. `ordinals` has the number of each
// row's partition, or group of peers; `starts` has the first row of each, and after the last of them the number of rows.

// @ts-ignore: decorator
@inline
export function at(list: usize, index: u32): u32 {
  return load<u32>(list + (<usize>index << 2));
}

/** An argument that is a constant, or (`offset` not 0) an integer in the row. */
// @ts-ignore: decorator
@inline
export function argument(row: usize, offset: u32, constant: i32): i64 {
  return offset ? <i64>load<i32>(row + offset) : <i64>constant;
}

// @ts-ignore: decorator
@inline
export function isNullArgument(row: usize, offset: u32, validityOffset: u32): bool {
  return offset != 0 && !load<u8>(row + validityOffset);
}
