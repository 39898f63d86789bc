// Helpers of other kernels; not exported from the module.

/**
 * Copies; may overshoot source and target by 15 bytes, so several copies must go upwards. `memory.copy` costs tens of
 * nanoseconds to start.
 */
// @ts-ignore: decorator
@inline
export function copyBytes(target: usize, source: usize, byteLength: u32): void {
  if (byteLength > 256) {
    memory.copy(target, source, byteLength);
    return;
  }
  const end = source + byteLength;
  // No load for an empty string: its pointer may be anything.
  while (source < end) {
    v128.store(target, v128.load(source));
    target += 16;
    source += 16;
  }
}
