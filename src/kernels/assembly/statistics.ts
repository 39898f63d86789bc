// What ANALYZE gathers of a column: HyperLogLog registers, counters of frequent values, bounds, and a sample of rows.

/** The first bits of a hash choose its register; the others give the rank. */
const REGISTER_BITS: u32 = 11;

// @ts-ignore: decorator
@inline
function raiseRegister(registers: usize, hash: u32): void {
  const register = registers + (hash >> (32 - REGISTER_BITS));
  // The set bit below the hash bounds the rank where all of them are zero.
  const rank = <u8>(clz((hash << REGISTER_BITS) | (1 << (REGISTER_BITS - 1))) + 1);
  if (rank > load<u8>(register)) store<u8>(register, rank);
}

/**
 * HyperLogLog (Flajolet et al., 2007): registers[first bits of hash] = the most leading zeros, plus one, of the other
 * bits. Rows that are NULL, or whose weight (u32, where given) is 0, are left out. Returns the number of NULLs.
 */
export function addToRegisters(hashes: usize, validity: usize, weights: usize, count: u32, registers: usize): u32 {
  if (!validity && !weights) {
    let at = hashes;
    const end = hashes + (<usize>count << 2);
    if (count > 0) do {
      raiseRegister(registers, load<u32>(at));
      at += 4;
    } while (at < end);
    return 0;
  }
  let nulls: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 2;
    if (validity && !load<u8>(validity + i)) nulls++;
    else if (!weights || load<u32>(weights + at)) raiseRegister(registers, load<u32>(hashes + at));
  }
  return nulls;
}

/** target[i] = max(target[i], source[i]): the registers of both together. `count` is a multiple of 16. */
export function mergeRegisters(target: usize, source: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 16) {
    v128.store(target + i, i8x16.max_u(v128.load(target + i), v128.load(source + i)));
  }
}

/*
 * Counters of frequent values, after Misra and Gries (1982): a table of open addressing, by hash.
 *
 *   0   u32 counters in use   4  u32 what was taken off every counter so far   8  unused
 *   16  slots of { u32 hash, u32 count }, count 0 = free; the mask is their number less one
 *
 * A value's true count lies between its counter (0, if it has none) and that plus what was taken off.
 */
const FREQUENT_HEADER: usize = 16;

// @ts-ignore: decorator
@inline
function frequentSlot(table: usize, mask: u32, hash: u32): usize {
  let slot = hash & mask;
  let at = table + FREQUENT_HEADER + (<usize>slot << 3);
  while (load<u32>(at, 4) != 0 && load<u32>(at) != hash) {
    slot = (slot + 1) & mask;
    at = table + FREQUENT_HEADER + (<usize>slot << 3);
  }
  return at;
}

/**
 * Counts the hashes[from..count) that are not NULL, each once or by its weight. Returns the row at which `limit`
 * counters were in use and another was needed; call again from there after `shrinkFrequent`.
 */
export function addFrequent(table: usize, mask: u32, limit: u32, hashes: usize, validity: usize, weights: usize, from: u32, count: u32): u32 {
  let used = load<u32>(table);
  for (let i = from; i < count; i++) {
    if (validity && !load<u8>(validity + i)) continue;
    const weight: u32 = weights ? load<u32>(weights + (<usize>i << 2)) : 1;
    if (!weight) continue;
    const hash = load<u32>(hashes + (<usize>i << 2));
    const slot = frequentSlot(table, mask, hash);
    const before = load<u32>(slot, 4);
    if (!before) {
      if (used == limit) {
        store<u32>(table, used);
        return i;
      }
      used++;
      store<u32>(slot, hash);
    }
    store<u32>(slot, before + weight, 4);
  }
  store<u32>(table, used);
  return count;
}

/** Takes the median count off all counters, and frees those that have nothing left: half of them at least. */
export function shrinkFrequent(table: usize, mask: u32, scratch: usize): void {
  const slots = table + FREQUENT_HEADER;
  const end = slots + ((<usize>mask + 1) << 3);
  let used: u32 = 0;
  for (let slot = slots; slot < end; slot += 8) {
    const count = load<u32>(slot, 4);
    store<u32>(scratch + (<usize>used << 2), count);
    used += u32(count != 0);
  }
  if (!used) return;
  const taken = valueOfRank(scratch, used, used >> 1);
  let kept: u32 = 0;
  for (let slot = slots; slot < end; slot += 8) {
    const count = load<u32>(slot, 4);
    if (count <= taken) continue;
    const at = scratch + (<usize>kept << 3);
    store<u32>(at, load<u32>(slot));
    store<u32>(at, count - taken, 4);
    kept++;
  }
  memory.fill(slots, 0, end - slots);
  for (let i: u32 = 0; i < kept; i++) {
    const pair = load<u64>(scratch + (<usize>i << 3));
    store<u64>(frequentSlot(table, mask, <u32>pair), pair);
  }
  store<u32>(table, kept);
  store<u32>(table, load<u32>(table, 4) + taken, 4);
}

/** The value that `rank` others (from 0) come before in ascending order; reorders the values (Hoare's selection). */
export function valueOfRank(values: usize, count: u32, rank: u32): u32 {
  let low: i32 = 0;
  let high: i32 = <i32>count - 1;
  const wanted = <i32>rank;
  while (low < high) {
    const pivot = load<u32>(values + (<usize>((low + high) >>> 1) << 2));
    let left = low;
    let right = high;
    while (left <= right) {
      while (load<u32>(values + (<usize>left << 2)) < pivot) left++;
      while (load<u32>(values + (<usize>right << 2)) > pivot) right--;
      if (left <= right) {
        const swapped = load<u32>(values + (<usize>left << 2));
        store<u32>(values + (<usize>left << 2), load<u32>(values + (<usize>right << 2)));
        store<u32>(values + (<usize>right << 2), swapped);
        left++;
        right--;
      }
    }
    if (wanted <= right) high = right;
    else if (wanted >= left) low = left;
    else break;
  }
  return load<u32>(values + (<usize>rank << 2));
}

/** counts[codes[i]]++ for rows that are not NULL. Returns the number of NULLs. */
export function countCodes(codes: usize, validity: usize, count: u32, counts: usize): u32 {
  let nulls: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (validity && !load<u8>(validity + i)) {
      nulls++;
      continue;
    }
    const slot = counts + (<usize>load<u32>(codes + (<usize>i << 2)) << 2);
    store<u32>(slot, load<u32>(slot) + 1);
  }
  return nulls;
}

/** A number from 0 to 2³¹ − 1 for each row, as if drawn at random (the finisher of SplitMix64). */
// @ts-ignore: decorator
@inline
function priorityOf(seed: u64, row: u64): u32 {
  let word = seed + row * 0x9e37_79b9_7f4a_7c15;
  word = (word ^ (word >> 30)) * 0xbf58_476d_1ce4_e5b9;
  word = (word ^ (word >> 27)) * 0x94d0_49bb_1331_11eb;
  return <u32>((word ^ (word >> 31)) >> 33);
}

/**
 * Lists the rows from `from` up to `count` whose priority is below the threshold, and their priorities, until `limit`
 * are found: then call again from the row after the last. Row i of the batch is row firstRow + i of its seed.
 */
export function pickSampleRows(seed: u64, firstRow: u64, threshold: u32, from: u32, count: u32, limit: u32, rows: usize, priorities: usize): u32 {
  let picked: u32 = 0;
  for (let i = from; i < count && picked < limit; i++) {
    const priority = priorityOf(seed, firstRow + i);
    if (priority >= threshold) continue;
    store<u32>(rows + (<usize>picked << 2), i);
    store<u32>(priorities + (<usize>picked << 2), priority);
    picked++;
  }
  return picked;
}

/** Lists the rows whose priority is below the threshold; returns their number. */
export function selectSampleRows(priorities: usize, threshold: u32, count: u32, rows: usize): u32 {
  let selected: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(rows + (<usize>selected << 2), i);
    selected += u32(load<u32>(priorities + (<usize>i << 2)) < threshold);
  }
  return selected;
}

/**
 * target[i] = the value of row rows[i], which is data[codes ? codes[row] : row * step]; `width` is 1, or a multiple of
 * 4. Rows ascend, so that the values of a sample can be moved together in place.
 */
export function takeSampleValues(data: usize, width: u32, codes: usize, step: u32, rows: usize, count: u32, target: usize): void {
  let to = target;
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(rows + (<usize>i << 2));
    const index: u32 = codes ? load<u32>(codes + (<usize>row << 2)) : row * step;
    const from = data + <usize>index * width;
    if (width == 1) store<u8>(to, load<u8>(from));
    else for (let at: u32 = 0; at < width; at += 4) store<u32>(to + at, load<u32>(from + at));
    to += width;
  }
}

/** Like takeSampleValues for texts: of each { u32 byteLength, its first slotBytes - 4 bytes, zero padded }. */
export function takeSampleTexts(views: usize, codes: usize, step: u32, rows: usize, count: u32, slotBytes: u32, target: usize): void {
  let to = target;
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(rows + (<usize>i << 2));
    const index: u32 = codes ? load<u32>(codes + (<usize>row << 2)) : row * step;
    const view = views + (<usize>index << 4);
    const length = load<u32>(view);
    const kept = min(length, slotBytes - 4);
    store<u32>(to, length);
    memory.copy(to + 4, <usize>load<u32>(view, 4), kept);
    memory.fill(to + 4 + kept, 0, slotBytes - 4 - kept);
    to += slotBytes;
  }
}

const KIND_U8: u32 = 0;
const KIND_I32: u32 = 1;
const KIND_I64: u32 = 2;
const KIND_F32: u32 = 3;
const KIND_F64: u32 = 4;
const KIND_I128: u32 = 5;

const SIGN: u64 = 0x8000_0000_0000_0000;

// @ts-ignore: decorator
@inline
function wordOfFloat(value: f64): u64 {
  if (value != value) return u64.MAX_VALUE;
  const bits = reinterpret<u64>(value + 0.0);
  return bits & SIGN ? ~bits : bits | SIGN;
}

/** A monotone image of a value: wide decimals as the nearest i64, texts by their first 8 bytes. */
// @ts-ignore: decorator
@inline
function wordOf(kind: u32, data: usize, i: u32): u64 {
  switch (kind) {
    case KIND_U8:
      return <u64>load<u8>(data + i) ^ SIGN;
    case KIND_I32:
      return <u64><i64>load<i32>(data + (<usize>i << 2)) ^ SIGN;
    case KIND_I64:
      return load<u64>(data + (<usize>i << 3)) ^ SIGN;
    case KIND_F32:
      return wordOfFloat(load<f32>(data + (<usize>i << 2)));
    case KIND_F64:
      return wordOfFloat(load<f64>(data + (<usize>i << 3)));
    case KIND_I128: {
      const low = load<i64>(data + (<usize>i << 4));
      const high = load<i64>(data + (<usize>i << 4), 8);
      if (high == low >> 63) return <u64>low ^ SIGN;
      return high < 0 ? 0 : u64.MAX_VALUE;
    }
    default:
      return bswap<u64>(load<u64>(data + (<usize>i << 4), 8));
  }
}

/** bounds = { u64 low, u64 high } of what they were and of the words of the values that are not NULL. */
export function widenBounds(kind: u32, data: usize, validity: usize, count: u32, bounds: usize): void {
  let low = load<u64>(bounds);
  let high = load<u64>(bounds, 8);
  for (let i: u32 = 0; i < count; i++) {
    if (validity && !load<u8>(validity + i)) continue;
    const word = wordOf(kind, data, i);
    low = min(low, word);
    high = max(high, word);
  }
  store<u64>(bounds, low);
  store<u64>(bounds, high, 8);
}
