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

/** Copies, and neither reads nor writes further than `byteLength`: for targets with other bytes behind them. */
// @ts-ignore: decorator
@inline
export function copyExactly(target: usize, source: usize, byteLength: u32): void {
  if (byteLength > 256) {
    memory.copy(target, source, byteLength);
  } else if (byteLength >= 16) {
    const last = byteLength - 16;
    for (let at: u32 = 0; at < last; at += 16) v128.store(target + at, v128.load(source + at));
    v128.store(target + last, v128.load(source + last));
  } else if (byteLength >= 8) {
    const head = load<u64>(source);
    const tail = load<u64>(source + byteLength - 8);
    store<u64>(target, head);
    store<u64>(target + byteLength - 8, tail);
  } else if (byteLength >= 4) {
    const head = load<u32>(source);
    const tail = load<u32>(source + byteLength - 4);
    store<u32>(target, head);
    store<u32>(target + byteLength - 4, tail);
  } else {
    for (let at: u32 = 0; at < byteLength; at++) store<u8>(target + at, load<u8>(source + at));
  }
}
