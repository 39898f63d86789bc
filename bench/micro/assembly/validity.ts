// Validity as one byte a row against one bit a row: the three things that engines do with it.

/** The sum of the valid rows, a row at a time. */
export function sumWithBytes(values: usize, validity: usize, rowCount: i32): f64 {
  let sum: i64 = 0;
  for (let row = 0; row < rowCount; row++) {
    sum += load<i64>(values + (<usize>row << 3)) & -(<i64>load<u8>(validity + row));
  }
  return <f64>sum;
}

export function sumWithBits(values: usize, validity: usize, rowCount: i32): f64 {
  let sum: i64 = 0;
  for (let row = 0; row < rowCount; row++) {
    const bit = (load<u8>(validity + (row >> 3)) >> (<u8>row & 7)) & 1;
    sum += load<i64>(values + (<usize>row << 3)) & -(<i64>bit);
  }
  return <f64>sum;
}

/** The same a word of 64 bits at a time: full words have a loop without tests. */
export function sumWithBitWords(values: usize, validity: usize, rowCount: i32): f64 {
  let sum: i64 = 0;
  for (let first = 0; first < rowCount; first += 64) {
    let word = load<u64>(validity + (<usize>first >> 3));
    const base = values + (<usize>first << 3);
    if (word == u64.MAX_VALUE) {
      for (let row: usize = 0; row < 64; row++) sum += load<i64>(base + (row << 3));
    } else {
      while (word != 0) {
        sum += load<i64>(base + (<usize>ctz(word) << 3));
        word &= word - 1;
      }
    }
  }
  return <f64>sum;
}

/** left + right, valid where both are. */
export function addWithBytes(left: usize, right: usize, leftValidity: usize, rightValidity: usize, output: usize, outputValidity: usize, rowCount: i32): f64 {
  for (let row = 0; row < rowCount; row += 2) {
    const offset = <usize>row << 3;
    v128.store(output + offset, i64x2.add(v128.load(left + offset), v128.load(right + offset)));
  }
  for (let row = 0; row < rowCount; row += 16) {
    v128.store(outputValidity + row, v128.and(v128.load(leftValidity + row), v128.load(rightValidity + row)));
  }
  return <f64>load<u8>(outputValidity);
}

export function addWithBits(left: usize, right: usize, leftValidity: usize, rightValidity: usize, output: usize, outputValidity: usize, rowCount: i32): f64 {
  for (let row = 0; row < rowCount; row += 2) {
    const offset = <usize>row << 3;
    v128.store(output + offset, i64x2.add(v128.load(left + offset), v128.load(right + offset)));
  }
  for (let byte = 0; byte < rowCount >> 3; byte += 16) {
    v128.store(outputValidity + byte, v128.and(v128.load(leftValidity + byte), v128.load(rightValidity + byte)));
  }
  return <f64>load<u8>(outputValidity);
}

/** Writes the numbers of the rows that are valid and less than `bound`; how many they are. */
export function selectWithBytes(values: usize, validity: usize, bound: i64, selection: usize, rowCount: i32): f64 {
  let count: usize = 0;
  for (let row = 0; row < rowCount; row++) {
    store<u32>(selection + (count << 2), row);
    count += <usize>(i32(load<i64>(values + (<usize>row << 3)) < bound) & load<u8>(validity + row));
  }
  return <f64>count;
}

export function selectWithBits(values: usize, validity: usize, bound: i64, selection: usize, rowCount: i32): f64 {
  let count: usize = 0;
  for (let row = 0; row < rowCount; row++) {
    const bit = (load<u8>(validity + (row >> 3)) >> (<u8>row & 7)) & 1;
    store<u32>(selection + (count << 2), row);
    count += <usize>(i32(load<i64>(values + (<usize>row << 3)) < bound) & bit);
  }
  return <f64>count;
}

/** Moves the validity of the selected rows together, as a filter does that gives dense batches. */
export function compactBytes(validity: usize, selection: usize, output: usize, count: i32): f64 {
  for (let index = 0; index < count; index++) {
    store<u8>(output + index, load<u8>(validity + load<u32>(selection + (<usize>index << 2))));
  }
  return <f64>load<u8>(output);
}

export function compactBits(validity: usize, selection: usize, output: usize, count: i32): f64 {
  for (let first = 0; first < count; first += 8) {
    let byte: u32 = 0;
    const last = min(first + 8, count);
    for (let index = first; index < last; index++) {
      const row = load<u32>(selection + (<usize>index << 2));
      byte |= ((<u32>load<u8>(validity + (row >> 3)) >> (row & 7)) & 1) << (index - first);
    }
    store<u8>(output + (first >> 3), <u8>byte);
  }
  return <f64>load<u8>(output);
}
