// Columns and selection vectors (u32 row numbers): gathers compact a column to the rows of one, scatters write to them.

/** target[i] = source[selection[i]], 1 byte a value. */
export function gather1(source: usize, selection: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u8>(target + i, load<u8>(source + load<u32>(selection + (i << 2))));
  }
}

/** target[i] = source[selection[i]], 4 bytes a value. */
export function gather4(source: usize, selection: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(target + (i << 2), load<u32>(source + (load<u32>(selection + (i << 2)) << 2)));
  }
}

/** target[i] = source[selection[i]], 8 bytes a value. */
export function gather8(source: usize, selection: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u64>(target + (i << 3), load<u64>(source + (load<u32>(selection + (i << 2)) << 3)));
  }
}

/** target[i] = source[selection[i]], 16 bytes a value. */
export function gather16(source: usize, selection: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    v128.store(target + (i << 4), v128.load(source + (load<u32>(selection + (i << 2)) << 4)));
  }
}

/** target[selection[i]] = source[i], `width` bytes a value: 1, 4, 8 or 16. */
export function scatter(source: usize, width: u32, selection: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const place = <usize>load<u32>(selection + (<usize>i << 2));
    if (width == 4) store<u32>(target + (place << 2), load<u32>(source + (<usize>i << 2)));
    else if (width == 8) store<u64>(target + (place << 3), load<u64>(source + (<usize>i << 3)));
    else if (width == 16) v128.store(target + (place << 4), v128.load(source + (<usize>i << 4)));
    else store<u8>(target + place, load<u8>(source + i));
  }
}

/** target[i] = first + i * step. */
export function fillSeries32(first: i32, step: i32, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) store<i32>(target + (<usize>i << 2), first + <i32>i * step);
}

/** target[i] = first + i * step. */
export function fillSeries64(first: i64, step: i64, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) store<i64>(target + (<usize>i << 3), first + <i64>i * step);
}
