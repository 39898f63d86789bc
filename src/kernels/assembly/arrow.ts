// From vectors to Arrow's layouts, for results that leave the engine.

// @ts-ignore: decorator
@inline
function view(data: usize, codes: usize, step: u32, i: u32): usize {
  return data + ((codes ? <usize>load<u32>(codes + (<usize>i << 2)) : <usize>(i * step)) << 4);
}

/** Bytes of all strings of a column together. */
export function sumStringBytes(data: usize, codes: usize, step: u32, validity: usize, count: u32): f64 {
  let total: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (validity == 0 || load<u8>(validity + i)) total += load<u32>(view(data, codes, step, i));
  }
  return <f64>total;
}

/** Appends the bytes of all strings at bytes + used, and their ends to offsets[1..count]; returns the bytes used then. */
export function appendStrings(data: usize, codes: usize, step: u32, validity: usize, count: u32, offsets: usize, bytes: usize, used: u32): u32 {
  for (let i: u32 = 0; i < count; i++) {
    if (validity == 0 || load<u8>(validity + i)) {
      const string = view(data, codes, step, i);
      const length = load<u32>(string);
      memory.copy(bytes + used, <usize>load<u32>(string + 4), length);
      used += length;
    }
    store<u32>(offsets + (<usize>(i + 1) << 2), used);
  }
  return used;
}

/** An Arrow bitmap (least significant bit first) of bytes that are 0 or 1. */
export function packBits(bytes: usize, count: u32, target: usize): void {
  const zero = i8x16.splat(0);
  for (let i: u32 = 0; i < count; i += 16) {
    store<u16>(target + (i >> 3), <u16>i8x16.bitmask(i8x16.ne(v128.load(bytes + i), zero)));
  }
}
