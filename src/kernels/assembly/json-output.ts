// How kernels write JSON into the heap, and how they give it back.
import { decline, heapReturn } from './status';
import { makeView } from './text-view';

// @ts-ignore: decorator
@inline export function declined(block: usize): v128 {
  decline(block);
  return i64x2.splat(0);
}

/** The text written to the last `reserved` bytes of the heap up to `end`; where that is 0, it is not for us. */
export function finished(block: usize, target: usize, reserved: u32, end: usize): v128 {
  const length = end == 0 ? 0 : <u32>(end - target);
  heapReturn(block, reserved - length);
  return length == 0 ? declined(block) : makeView(target, length);
}

/** Bytes as they lie. */
// @ts-ignore: decorator
@inline export function put(to: usize, source: usize, length: usize): usize {
  memory.copy(to, source, length);
  return to + length;
}

/** ", " */
// @ts-ignore: decorator
@inline export function putSeparator(to: usize): usize {
  store<u16>(to, 0x202c);
  return to + 2;
}

/** ": " */
// @ts-ignore: decorator
@inline export function putColon(to: usize): usize {
  store<u16>(to, 0x203a);
  return to + 2;
}
