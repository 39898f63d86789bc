// The v128 of a text, for other kernels; not exported from the module.

// @ts-ignore: decorator
@inline export function lengthOf(view: v128): u32 {
  return <u32>i64x2.extract_lane(view, 0);
}

// @ts-ignore: decorator
@inline export function pointerOf(view: v128): usize {
  return <usize>(<u64>i64x2.extract_lane(view, 0) >> 32);
}

/** The view of bytes in memory; reads up to 8 bytes past their end, which allocations allow for. */
export function makeView(pointer: usize, length: u32): v128 {
  if (length == 0) return i64x2.splat(0);
  let prefix = load<u64>(pointer);
  if (length < 8) prefix &= (<u64>1 << (<u64>length << 3)) - 1;
  return i64x2.replace_lane(i64x2.splat((<i64>pointer << 32) | <i64>length), 1, <i64>prefix);
}
