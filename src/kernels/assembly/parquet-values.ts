// Parquet's values on their way to vectors: PLAIN strings, NULLs, dictionary look-ups, conversions.
// https://github.com/apache/parquet-format/blob/master/Encodings.md
//
// Sources are read up to 16 bytes past their end, targets written up to 16 bytes past theirs (padding).

// @ts-ignore: decorator
@inline
function storeView(target: usize, bytes: usize, byteLength: u32): void {
  store<u32>(target, byteLength);
  store<u32>(target, <u32>bytes, 4);
  // Shifting by 64 is shifting by 0, so the mask for no bytes at all is made in two steps.
  const shift = <u64>(8 - min(byteLength, 8)) << 3;
  const mask = (~(<u64>0) >> (shift >> 1)) >> (shift - (shift >> 1));
  store<u64>(target, load<u64>(bytes) & mask, 8);
}

/** Views of the next `count` length-prefixed strings. Returns the position after them, or 0 if they pass `end`. */
export function plainStringViews(position: usize, end: usize, count: u32, target: usize): usize {
  let from = position;
  const targetEnd = target + (<usize>count << 4);
  for (let to = target; to < targetEnd; to += 16) {
    if (<u32>(end - from) < 4) return 0;
    const byteLength = load<u32>(from);
    from += 4;
    if (byteLength > <u32>(end - from)) return 0;
    storeView(to, from, byteLength);
    from += byteLength;
  }
  return from;
}

/** As `plainStringViews`, but only of the strings whose number plus `base` is in the ascending selection. */
export function plainStringViewsSelected(
  position: usize,
  end: usize,
  count: u32,
  selection: usize,
  selectedCount: u32,
  base: u32,
  target: usize,
): usize {
  let from = position;
  let selected = selection;
  const selectionEnd = selection + (<usize>selectedCount << 2);
  let to = target;
  let next = selectedCount > 0 ? load<u32>(selected) - base : 0xffffffff;
  for (let row: u32 = 0; row < count; row++) {
    if (<u32>(end - from) < 4) return 0;
    const byteLength = load<u32>(from);
    from += 4;
    if (byteLength > <u32>(end - from)) return 0;
    if (row == next) {
      storeView(to, from, byteLength);
      to += 16;
      selected += 4;
      next = selected < selectionEnd ? load<u32>(selected) - base : 0xffffffff;
    }
    from += byteLength;
  }
  return from;
}

/** The position after the next `count` strings, or 0 if they pass `end`. */
export function plainStringsSkip(position: usize, end: usize, count: u32): usize {
  let from = position;
  for (let row: u32 = 0; row < count; row++) {
    if (<u32>(end - from) < 4) return 0;
    const byteLength = load<u32>(from);
    from += 4;
    if (byteLength > <u32>(end - from)) return 0;
    from += byteLength;
  }
  return from;
}

/** Views of `count` strings of `width` bytes each. */
export function fixedStringViews(source: usize, width: u32, count: u32, target: usize): void {
  let from = source;
  for (let row: u32 = 0; row < count; row++) {
    storeView(target + (<usize>row << 4), from, width);
    from += width;
  }
}

/** Views of adjacent strings whose u32 lengths are at `lengths`. Returns 0, or −1 if they pass `end`. */
export function adjacentStringViews(lengths: usize, count: u32, position: usize, end: usize, target: usize): i32 {
  let from = position;
  for (let row: u32 = 0; row < count; row++) {
    const byteLength = load<u32>(lengths + (<usize>row << 2));
    if (byteLength > <u32>(end - from)) return -1;
    storeView(target + (<usize>row << 4), from, byteLength);
    from += byteLength;
  }
  return 0;
}

/** Bytes that `prefixedStringViews` will write, or −1 if a prefix is longer than the string before it. */
export function prefixedStringBytes(prefixes: usize, suffixes: usize, count: u32): f64 {
  let total: u64 = 0;
  let previous: u64 = 0;
  for (let row: u32 = 0; row < count; row++) {
    const prefix = <u64>load<u32>(prefixes + (<usize>row << 2));
    if (prefix > previous) return -1;
    previous = prefix + load<u32>(suffixes + (<usize>row << 2));
    if (previous > 0x7fffffff) return -1;
    total += previous;
  }
  return <f64>total;
}

/**
 * Builds strings of which each shares a prefix with the one before it (DELTA_BYTE_ARRAY), in `bytes`, and views of
 * them. Returns 0, or −1 if the suffixes pass `end`. Lengths have been checked by `prefixedStringBytes`.
 */
export function prefixedStringViews(
  prefixes: usize,
  suffixes: usize,
  count: u32,
  position: usize,
  end: usize,
  bytes: usize,
  target: usize,
): i32 {
  let from = position;
  let previous = bytes;
  let to = bytes;
  for (let row: u32 = 0; row < count; row++) {
    const prefix = load<u32>(prefixes + (<usize>row << 2));
    const suffix = load<u32>(suffixes + (<usize>row << 2));
    if (suffix > <u32>(end - from)) return -1;
    memory.copy(to, previous, prefix);
    memory.copy(to + prefix, from, suffix);
    storeView(target + (<usize>row << 4), to, prefix + suffix);
    previous = to;
    from += suffix;
    to += prefix + suffix;
  }
  return 0;
}

/** target[i] = valid[i] ? the next value of `source` : any value of `source` or the one after its last. */
export function spread1(source: usize, validity: usize, count: u32, target: usize): void {
  let from = source;
  for (let row: u32 = 0; row < count; row++) {
    store<u8>(target + row, load<u8>(from));
    from += load<u8>(validity + row);
  }
}

export function spread4(source: usize, validity: usize, count: u32, target: usize): void {
  let from = source;
  for (let row: u32 = 0; row < count; row++) {
    store<u32>(target + (<usize>row << 2), load<u32>(from));
    from += <usize>load<u8>(validity + row) << 2;
  }
}

export function spread8(source: usize, validity: usize, count: u32, target: usize): void {
  let from = source;
  for (let row: u32 = 0; row < count; row++) {
    store<u64>(target + (<usize>row << 3), load<u64>(from));
    from += <usize>load<u8>(validity + row) << 3;
  }
}

export function spread16(source: usize, validity: usize, count: u32, target: usize): void {
  let from = source;
  for (let row: u32 = 0; row < count; row++) {
    v128.store(target + (<usize>row << 4), v128.load(from));
    from += <usize>load<u8>(validity + row) << 4;
  }
}

/**
 * For values that lie adjacent without their NULLs: lists at `ranks` which of them each selected row has (u32), and at
 * `target` whether it has one. `validity` holds a 1 for each of the `present` values, at least one; `selection` (u32,
 * ascending) counts rows from `base` on. A NULL is given the value of a row near it. Returns how many rows have a value.
 */
export function rankSelected(validity: usize, present: u32, selection: usize, count: u32, base: u32, ranks: usize, target: usize): u32 {
  const last = present - 1;
  let block: u32 = 0;
  let before: u32 = 0;
  let valid: u32 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const row = load<u32>(selection + (<usize>k << 2)) - base;
    for (; row - block >= 8; block += 8) before += <u32>popcnt(load<u64>(validity + block));
    const bytes = load<u64>(validity + block);
    const shift = <u64>(row - block) << 3;
    const isValid = <u32>(bytes >> shift) & 1;
    store<u32>(ranks + (<usize>k << 2), min(before + <u32>popcnt(bytes & ((<u64>1 << shift) - 1)), last));
    store<u8>(target + k, isValid);
    valid += isValid;
  }
  return valid;
}

/** target[i] = dictionary[codes[i]], 4 bytes a value. Codes are known to be in range. */
export function lookUp4(dictionary: usize, codes: usize, count: u32, target: usize): void {
  let code = codes;
  let to = target;
  const blocksEnd = target + (<usize>(count & ~3) << 2);
  for (; to < blocksEnd; to += 16, code += 16) {
    const a = load<u32>(dictionary + (<usize>load<u32>(code) << 2));
    const b = load<u32>(dictionary + (<usize>load<u32>(code, 4) << 2));
    const c = load<u32>(dictionary + (<usize>load<u32>(code, 8) << 2));
    const d = load<u32>(dictionary + (<usize>load<u32>(code, 12) << 2));
    store<u32>(to, a);
    store<u32>(to, b, 4);
    store<u32>(to, c, 8);
    store<u32>(to, d, 12);
  }
  for (const end = target + (<usize>count << 2); to < end; to += 4, code += 4) {
    store<u32>(to, load<u32>(dictionary + (<usize>load<u32>(code) << 2)));
  }
}

export function lookUp8(dictionary: usize, codes: usize, count: u32, target: usize): void {
  let code = codes;
  let to = target;
  const blocksEnd = target + (<usize>(count & ~3) << 3);
  for (; to < blocksEnd; to += 32, code += 16) {
    const a = load<u64>(dictionary + (<usize>load<u32>(code) << 3));
    const b = load<u64>(dictionary + (<usize>load<u32>(code, 4) << 3));
    const c = load<u64>(dictionary + (<usize>load<u32>(code, 8) << 3));
    const d = load<u64>(dictionary + (<usize>load<u32>(code, 12) << 3));
    store<u64>(to, a);
    store<u64>(to, b, 8);
    store<u64>(to, c, 16);
    store<u64>(to, d, 24);
  }
  for (const end = target + (<usize>count << 3); to < end; to += 8, code += 4) {
    store<u64>(to, load<u64>(dictionary + (<usize>load<u32>(code) << 3)));
  }
}

export function lookUp16(dictionary: usize, codes: usize, count: u32, target: usize): void {
  let code = codes;
  let to = target;
  for (const end = target + (<usize>count << 4); to < end; to += 16, code += 4) {
    v128.store(to, v128.load(dictionary + (<usize>load<u32>(code) << 4)));
  }
}

/** target[i] = dictionary[codes[selection[i]]]. */
export function lookUpSelected4(
  dictionary: usize,
  codes: usize,
  selection: usize,
  count: u32,
  target: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const code = <usize>load<u32>(codes + (<usize>load<u32>(selection + (<usize>i << 2)) << 2));
    store<u32>(target + (<usize>i << 2), load<u32>(dictionary + (code << 2)));
  }
}

export function lookUpSelected8(
  dictionary: usize,
  codes: usize,
  selection: usize,
  count: u32,
  target: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const code = <usize>load<u32>(codes + (<usize>load<u32>(selection + (<usize>i << 2)) << 2));
    store<u64>(target + (<usize>i << 3), load<u64>(dictionary + (code << 3)));
  }
}

export function lookUpSelected16(
  dictionary: usize,
  codes: usize,
  selection: usize,
  count: u32,
  target: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const code = <usize>load<u32>(codes + (<usize>load<u32>(selection + (<usize>i << 2)) << 2));
    v128.store(target + (<usize>i << 4), v128.load(dictionary + (code << 4)));
  }
}

export function copyBytes(source: usize, byteLength: u32, target: usize): void {
  memory.copy(target, source, byteLength);
}

export function fillBytes(target: usize, byte: u32, byteLength: u32): void {
  memory.fill(target, <u8>byte, byteLength);
}
