/** The whole number number i of a column whose values are 1, 4 or 8 bytes wide. */
// @ts-ignore: decorator
@inline
export function wholeNumber(values: usize, width: u32, i: u32): i64 {
  if (width == 8) return load<i64>(values + (<usize>i << 3));
  return width == 4 ? <i64>load<i32>(values + (<usize>i << 2)) : <i64>load<u8>(values + i);
}
