// DELTA_BINARY_PACKED: https://github.com/apache/parquet-format/blob/master/Encodings.md#delta-encoding-delta_binary_packed--5

/**
 * Decodes a whole stream to i32 (`wide` 0) or i64 (`wide` 1) values. `result` receives u32 count and u32 position after
 * the stream. Returns 0, or −1 if the stream is malformed or holds more than `capacity` values.
 */
export function deltaDecode(
  position: usize,
  end: usize,
  capacity: u32,
  wide: u32,
  target: usize,
  result: usize,
): i32 {
  // `result` is the cursor of the variable-length integers meanwhile.
  store<u32>(result, <u32>position, 4);
  const blockValues = readVarint(result, end);
  const miniblocks = readVarint(result, end);
  const count = readVarint(result, end);
  const first = readVarint(result, end);
  let from = <usize>load<u32>(result, 4);
  if (from == 0) return -1;
  if (count > <u64>capacity || blockValues == 0 || blockValues > 0x1000000) return -1;
  if (miniblocks == 0 || miniblocks > blockValues || blockValues % miniblocks != 0) return -1;
  const perMiniblock = <u32>(blockValues / miniblocks);
  if ((perMiniblock & 7) != 0) return -1;
  store<u32>(result, <u32>count);
  if (count == 0) return 0;
  const shift: usize = wide != 0 ? 3 : 2;
  let value: u64 = (first >> 1) ^ -(first & 1);
  let to = target;
  if (wide != 0) store<u64>(to, value);
  else store<u32>(to, <u32>value);
  to += <usize>1 << shift;
  let left = <u32>count - 1;
  while (left > 0) {
    store<u32>(result, <u32>from, 4);
    const zigzag = readVarint(result, end);
    from = <usize>load<u32>(result, 4);
    if (from == 0 || <u64>(end - from) < miniblocks) return -1;
    const minimum = (zigzag >> 1) ^ -(zigzag & 1);
    const widths = from;
    from += <usize>miniblocks;
    for (let miniblock: usize = 0; miniblock < <usize>miniblocks && left > 0; miniblock++) {
      const bitWidth = <u32>load<u8>(widths + miniblock);
      if (bitWidth > 64) return -1;
      const taken = min(left, perMiniblock);
      const available = <u32>(end - from);
      if ((<u64>taken * bitWidth + 7) >> 3 > <u64>available) return -1;
      const mask: u64 = bitWidth == 64 ? ~(<u64>0) : (<u64>1 << bitWidth) - 1;
      for (let index: u32 = 0; index < taken; index++) {
        const bit = <u64>index * bitWidth;
        const byte = from + <usize>(bit >> 3);
        const low = bit & 7;
        let delta = load<u64>(byte) >> low;
        if (bitWidth > 56 && low != 0) delta |= load<u64>(byte, 8) << (64 - low);
        value += minimum + (delta & mask);
        if (wide != 0) store<u64>(to, value);
        else store<u32>(to, <u32>value);
        to += <usize>1 << shift;
      }
      left -= taken;
      from += <usize>min((<u64>perMiniblock * bitWidth) >> 3, <u64>available);
    }
  }
  store<u32>(result, <u32>from, 4);
  return 0;
}

/** Reads an unsigned LEB128 at the cursor (u32 at cursor + 4) and moves it on; the cursor becomes 0 on failure. */
function readVarint(cursor: usize, end: usize): u64 {
  let position = <usize>load<u32>(cursor, 4);
  if (position == 0) return 0;
  let value: u64 = 0;
  let shift: u64 = 0;
  for (;;) {
    if (position >= end || shift > 63) {
      store<u32>(cursor, 0, 4);
      return 0;
    }
    const byte = <u64>load<u8>(position++);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
    shift += 7;
  }
  store<u32>(cursor, <u32>position, 4);
  return value;
}
