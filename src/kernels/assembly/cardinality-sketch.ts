// approx_count_distinct: HyperLogLog with 2,048 registers (Flajolet et al., 2007), sparse while there are few values.
//
// A sketch is the view of a text in the heap of what outlives the batch: 2,048 registers of one byte, or, in 64 or 256
// bytes, { u32 entries, u32 register << 8 | rank ... }. Adding a value twice changes nothing, so a row may be done again.
import { heapAllocate, heapReturn, keepAllocate } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const REGISTER_BITS: i32 = 11;
// @ts-ignore: decorator
@inline const REGISTERS: u32 = 2048;
// @ts-ignore: decorator
@inline const SMALL_BYTES: u32 = 64;
// @ts-ignore: decorator
@inline const LARGER_BYTES: u32 = 256;
/** Ranks are 1 … 54. */
// @ts-ignore: decorator
@inline const MOST_RANK: i32 = 54;
// @ts-ignore: decorator
@inline const RANK_BYTES: u32 = 220;

// @ts-ignore: decorator
@inline
function mix(value: u64): u64 {
  let hash = value ^ (value >> 33);
  hash *= 0xff51afd7ed558ccd;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 33);
}

export function sketchValue(block: usize, sketch: v128, value: i64): v128 {
  return addHash(block, sketch, mix(<u64>value + 0x9e3779b97f4a7c15));
}

export function sketchWide(block: usize, sketch: v128, value: v128): v128 {
  const upper = mix(<u64>i64x2.extract_lane(value, 1) + 0x9e3779b97f4a7c15);
  return addHash(block, sketch, mix(upper ^ <u64>i64x2.extract_lane(value, 0)));
}

export function sketchText(block: usize, sketch: v128, text: v128): v128 {
  const length = lengthOf(text);
  let at = pointerOf(text);
  const end = at + length;
  let hash: u64 = <u64>length + 0x9e3779b97f4a7c15;
  for (; at + 8 <= end; at += 8) hash = mix(hash ^ load<u64>(at)) + 0x9e3779b97f4a7c15;
  let rest: u64 = 0;
  for (let shift: u64 = 0; at < end; at++) {
    rest |= <u64>load<u8>(at) << shift;
    shift += 8;
  }
  return addHash(block, sketch, mix(hash ^ rest));
}

function addHash(block: usize, sketch: v128, hash: u64): v128 {
  const register = <u32>(hash >> (64 - REGISTER_BITS));
  // The set bit below the hash bounds the rank where all of them are zero.
  const rank = <u32>clz((hash << REGISTER_BITS) | (1 << (REGISTER_BITS - 1))) + 1;
  return raise(block, sketch, register, rank);
}

function raise(block: usize, sketch: v128, register: u32, rank: u32): v128 {
  const length = lengthOf(sketch);
  const pointer = pointerOf(sketch);
  if (length == REGISTERS) {
    if (rank > load<u8>(pointer + register)) store<u8>(pointer + register, <u8>rank);
    return sketch;
  }
  const entries: u32 = length == 0 ? 0 : load<u32>(pointer);
  for (let i: u32 = 1; i <= entries; i++) {
    const entry = load<u32>(pointer + (i << 2));
    if (entry >> 8 != register) continue;
    if (rank > (entry & 0xff)) store<u32>(pointer + (i << 2), (register << 8) | rank);
    return sketch;
  }
  if (length == 0 || (entries + 2) << 2 > length) {
    const grown = grow(block, sketch);
    return lengthOf(grown) == length ? sketch : raise(block, grown, register, rank);
  }
  store<u32>(pointer, entries + 1);
  store<u32>(pointer + ((entries + 1) << 2), (register << 8) | rank);
  return sketch;
}

/** The same in the next size; as it is when the heap is exhausted. */
function grow(block: usize, sketch: v128): v128 {
  const length = lengthOf(sketch);
  const grown = length == 0 ? SMALL_BYTES : length == SMALL_BYTES ? LARGER_BYTES : REGISTERS;
  const target = keepAllocate(block, grown);
  if (target == 0) return sketch;
  memory.fill(target, 0, grown);
  const source = pointerOf(sketch);
  if (grown != REGISTERS) memory.copy(target, source, length);
  else {
    for (let i = load<u32>(source); i > 0; i--) {
      const entry = load<u32>(source + (i << 2));
      store<u8>(target + (entry >> 8), <u8>entry);
    }
  }
  return makeView(target, grown);
}

/** The sketch of both together. */
export function sketchCombine(block: usize, target: v128, source: v128): v128 {
  const length = lengthOf(source);
  if (length == 0) return target;
  if (lengthOf(target) == 0) return source;
  if (length != REGISTERS) return addEntries(block, target, pointerOf(source));
  if (lengthOf(target) != REGISTERS) return addEntries(block, source, pointerOf(target));
  const to = pointerOf(target);
  const from = pointerOf(source);
  for (let i: u32 = 0; i < REGISTERS; i += 16) v128.store(to + i, i8x16.max_u(v128.load(to + i), v128.load(from + i)));
  return target;
}

function addEntries(block: usize, sketch: v128, entries: usize): v128 {
  let result = sketch;
  for (let i = load<u32>(entries); i > 0; i--) {
    const entry = load<u32>(entries + (i << 2));
    result = raise(block, result, entry >> 8, entry & 0xff);
    if (load<i32>(block) != 0) return sketch;
  }
  return result;
}

/** Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6. */
export function sketchEstimate(block: usize, sketch: v128): i64 {
  const counts = heapAllocate(block, RANK_BYTES);
  if (counts == 0) return 0;
  countRanks(sketch, counts);
  const m = <f64>REGISTERS;
  let z = m * tau(1 - <f64>load<u32>(counts + (MOST_RANK << 2)) / m);
  for (let rank = MOST_RANK - 1; rank >= 1; rank--) z = 0.5 * (z + <f64>load<u32>(counts + (rank << 2)));
  z += m * sigma(<f64>load<u32>(counts) / m);
  heapReturn(block, RANK_BYTES);
  return <i64>nearest<f64>((0.7213475204444817 * m * m) / z);
}

/** counts[rank] = the number of registers that have it. */
function countRanks(sketch: v128, counts: usize): void {
  const pointer = pointerOf(sketch);
  memory.fill(counts, 0, RANK_BYTES);
  if (lengthOf(sketch) == REGISTERS) {
    for (let i: u32 = 0; i < REGISTERS; i++) {
      const count = counts + (<usize>load<u8>(pointer + i) << 2);
      store<u32>(count, load<u32>(count) + 1);
    }
    return;
  }
  const entries: u32 = lengthOf(sketch) == 0 ? 0 : load<u32>(pointer);
  store<u32>(counts, REGISTERS - entries);
  for (let i: u32 = 1; i <= entries; i++) {
    const count = counts + ((load<u32>(pointer + (i << 2)) & 0xff) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
}

function sigma(x: f64): f64 {
  if (x == 1) return Infinity;
  let power = x;
  let weight: f64 = 1;
  let sum = x;
  let before: f64 = -1;
  while (sum != before) {
    before = sum;
    power *= power;
    sum += power * weight;
    weight += weight;
  }
  return sum;
}

function tau(x: f64): f64 {
  if (x == 0 || x == 1) return 0;
  let root = x;
  let weight: f64 = 1;
  let sum = 1 - x;
  let before: f64 = -1;
  while (sum != before) {
    before = sum;
    root = sqrt<f64>(root);
    weight *= 0.5;
    sum -= (1 - root) * (1 - root) * weight;
  }
  return sum / 3;
}
