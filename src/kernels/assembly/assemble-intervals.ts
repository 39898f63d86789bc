// Intervals from the leaves they are stored as: see assemble.ts for slots.

/**
 * Intervals of 16 bytes from the slots of their months, days and microseconds, to `target` one after the other. Returns -1
 * where a part is missing.
 */
export function assembleIntervals(
  months: usize,
  days: usize,
  microseconds: usize,
  count: u32,
  target: usize,
  pointers: usize,
  lengths: usize,
): i32 {
  for (let slot: usize = 0; slot < count; slot++) {
    const first: usize = load<u32>(months + (slot << 2));
    const second: usize = load<u32>(days + (slot << 2));
    const third: usize = load<u32>(microseconds + (slot << 2));
    if ((first == 0) != (second == 0) || (first == 0) != (third == 0)) return -1;
    store<u32>(pointers + (slot << 2), first ? <u32>target : 0);
    store<u32>(lengths + (slot << 2), first ? 16 : 0);
    if (!first) continue;
    store<i32>(target, load<i32>(first));
    store<i32>(target, load<i32>(second), 4);
    store<i64>(target, load<i64>(third), 8);
    target += 16;
  }
  return 0;
}

/** The intervals of slots, and their validity unless `validity` is 0. Returns how many are NULL. */
export function intervalsOfSlots(pointers: usize, count: u32, target: usize, validity: usize): u32 {
  let nulls: u32 = 0;
  for (let slot: usize = 0; slot < count; slot++) {
    const pointer: usize = load<u32>(pointers + (slot << 2));
    v128.store(target + (slot << 4), pointer ? v128.load(pointer) : i64x2.splat(0));
    if (validity) store<u8>(validity + slot, u8(pointer != 0));
    nulls += u32(pointer == 0);
  }
  return nulls;
}
