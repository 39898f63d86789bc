// Spark's hash (Murmur3 of 32 bits, A. Appleby) and xxhash64 (XXH64, Y. Collet), called by memory: what was computed of one
// argument is the seed of the next, and NULLs are left out. Murmur3 takes the last 1 to 3 bytes of texts one by one, as
// signed numbers, as Spark does. Values have the bytes that they have in Spark (docs/sql/spark-and-duckdb.md).
import { argument, argumentTag, isNullArgument, resultOf, valuePointer } from './memory-call';
import {
  countOf,
  elementLength,
  elementPointer,
  elementTagOf,
  fieldLength,
  fieldPointer,
  fieldTag,
  isElementValid,
  isFieldValid,
  keysOf,
  valuesOf,
} from './nested-access';
import {
  ARRAY,
  BOOL,
  DATE,
  DECIMAL128,
  FLOAT4,
  FLOAT8,
  INT2,
  INT4,
  INTERVAL,
  isVariable,
  MAP,
  STRUCT,
  UUID,
} from './value-tags';

// @ts-ignore: decorator
@inline const SEED: u64 = 42;

// @ts-ignore: decorator
@inline const PRIME_1: u64 = 0x9e3779b185ebca87;
// @ts-ignore: decorator
@inline const PRIME_2: u64 = 0xc2b2ae3d27d4eb4f;
// @ts-ignore: decorator
@inline const PRIME_3: u64 = 0x165667b19e3779f9;
// @ts-ignore: decorator
@inline const PRIME_4: u64 = 0x85ebca77c2b2ae63;
// @ts-ignore: decorator
@inline const PRIME_5: u64 = 0x27d4eb2f165667c5;

// -------------------------------------------------------------------------------------------------- Murmur3

// @ts-ignore: decorator
@inline
function mixed(hash: u32, word: u32): u32 {
  return rotl<u32>(hash ^ (rotl<u32>(word * 0xcc9e2d51, 15) * 0x1b873593), 13) * 5 + 0xe6546b64;
}

// @ts-ignore: decorator
@inline
function finished(hash: u32, length: u32): u32 {
  let h = hash ^ length;
  h = (h ^ (h >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}

function murmurBytes(pointer: usize, length: u32, seed: u32): u32 {
  let hash = seed;
  let i: u32 = 0;
  for (; i + 4 <= length; i += 4) hash = mixed(hash, load<u32>(pointer + i));
  for (; i < length; i++) hash = mixed(hash, <u32>(<i32>load<i8>(pointer + i)));
  return finished(hash, length);
}

// -------------------------------------------------------------------------------------------------- XXH64

// @ts-ignore: decorator
@inline
function avalanched(hash: u64): u64 {
  let h = (hash ^ (hash >> 33)) * PRIME_2;
  h = (h ^ (h >> 29)) * PRIME_3;
  return h ^ (h >> 32);
}

// @ts-ignore: decorator
@inline
function round(accumulator: u64, word: u64): u64 {
  return rotl<u64>(accumulator + word * PRIME_2, 31) * PRIME_1;
}

// @ts-ignore: decorator
@inline
function withWord(hash: u64, word: u64): u64 {
  return rotl<u64>(hash ^ round(0, word), 27) * PRIME_1 + PRIME_4;
}

// @ts-ignore: decorator
@inline
function withHalfWord(hash: u64, word: u32): u64 {
  return rotl<u64>(hash ^ (<u64>word * PRIME_1), 23) * PRIME_2 + PRIME_3;
}

// @ts-ignore: decorator
@inline
function merged(hash: u64, accumulator: u64): u64 {
  return (hash ^ round(0, accumulator)) * PRIME_1 + PRIME_4;
}

function xxBytes(pointer: usize, length: u32, seed: u64): u64 {
  let hash = seed + PRIME_5;
  let i: u32 = 0;
  if (length >= 32) {
    let a = seed + PRIME_1 + PRIME_2;
    let b = seed + PRIME_2;
    let c = seed;
    let d = seed - PRIME_1;
    for (; i + 32 <= length; i += 32) {
      a = round(a, load<u64>(pointer + i));
      b = round(b, load<u64>(pointer + i, 8));
      c = round(c, load<u64>(pointer + i, 16));
      d = round(d, load<u64>(pointer + i, 24));
    }
    hash = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18);
    hash = merged(merged(merged(merged(hash, a), b), c), d);
  }
  hash += <u64>length;
  for (; i + 8 <= length; i += 8) hash = withWord(hash, load<u64>(pointer + i));
  if (i + 4 <= length) {
    hash = withHalfWord(hash, load<u32>(pointer + i));
    i += 4;
  }
  for (; i < length; i++) hash = rotl<u64>(hash ^ (<u64>load<u8>(pointer + i) * PRIME_5), 11) * PRIME_1;
  return avalanched(hash);
}

// -------------------------------------------------------------------------------------------------- values

/** Of 4 bytes. */
// @ts-ignore: decorator
@inline
function ofHalfWord(word: u32, seed: u64, isWide: bool): u64 {
  if (isWide) return avalanched(withHalfWord(seed + PRIME_5 + 4, word));
  return finished(mixed(<u32>seed, word), 4);
}

/** Of 8 bytes. */
// @ts-ignore: decorator
@inline
function ofWord(word: u64, seed: u64, isWide: bool): u64 {
  if (isWide) return avalanched(withWord(seed + PRIME_5 + 8, word));
  return finished(mixed(mixed(<u32>seed, <u32>word), <u32>(word >> 32)), 8);
}

// @ts-ignore: decorator
@inline
function ofBytes(pointer: usize, length: u32, seed: u64, isWide: bool): u64 {
  return isWide ? xxBytes(pointer, length, seed) : murmurBytes(pointer, length, <u32>seed);
}

/** The byte of a number of 16 bytes, 0 the lowest. */
// @ts-ignore: decorator
@inline
function byteOf(value: usize, place: u32): u32 {
  return load<u8>(value + place);
}

/**
 * A decimal of more than 18 digits: the fewest bytes that hold it in two's complement, the highest first. They are not in
 * memory in that order, so that they are hashed as two words put together here: 16 bytes at most.
 */
function ofWideDecimal(value: usize, seed: u64, isWide: bool): u64 {
  const sign: u32 = byteOf(value, 15) >= 0x80 ? 0xff : 0;
  let length: u32 = 16;
  while (length > 1 && byteOf(value, length - 1) == sign && (byteOf(value, length - 2) & 0x80) == (sign & 0x80)) length--;
  if (!isWide) {
    let hash = <u32>seed;
    let i: u32 = 0;
    for (; i + 4 <= length; i += 4) {
      const top = length - 1 - i;
      hash = mixed(
        hash,
        byteOf(value, top) | (byteOf(value, top - 1) << 8) | (byteOf(value, top - 2) << 16) | (byteOf(value, top - 3) << 24),
      );
    }
    for (; i < length; i++) hash = mixed(hash, <u32>(<i32>load<i8>(value + (length - 1 - i))));
    return finished(hash, length);
  }
  let hash = seed + PRIME_5 + <u64>length;
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) hash = withWord(hash, bswap<u64>(load<u64>(value + (length - 8 - i))));
  if (i + 4 <= length) {
    hash = withHalfWord(hash, bswap<u32>(load<u32>(value + (length - 4 - i))));
    i += 4;
  }
  for (; i < length; i++) hash = rotl<u64>(hash ^ (<u64>byteOf(value, length - 1 - i) * PRIME_5), 11) * PRIME_1;
  return avalanched(hash);
}

/** An array, row or map: part by part. */
function ofNested(value: usize, tag: u32, seed: u64, isWide: bool): u64 {
  let hash = seed;
  const count = countOf(value);
  if (tag == ARRAY) {
    const element = elementTagOf(value);
    for (let i: u32 = 0; i < count; i++) {
      if (isElementValid(value, i)) hash = ofPart(elementPointer(value, i), elementLength(value, i), element, hash, isWide);
    }
  } else if (tag == STRUCT) {
    for (let i: u32 = 0; i < count; i++) {
      if (isFieldValid(value, i)) {
        hash = ofPart(fieldPointer(value, i), fieldLength(value, i), fieldTag(value, i), hash, isWide);
      }
    }
  } else {
    const keys = keysOf(value);
    const values = valuesOf(value);
    for (let i: u32 = 0; i < count; i++) {
      hash = ofPart(elementPointer(keys, i), elementLength(keys, i), elementTagOf(keys), hash, isWide);
      if (isElementValid(values, i)) {
        hash = ofPart(elementPointer(values, i), elementLength(values, i), elementTagOf(values), hash, isWide);
      }
    }
  }
  return hash;
}

/** A value of `length` bytes at a pointer. */
function ofPart(value: usize, length: u32, tag: u32, seed: u64, isWide: bool): u64 {
  switch (tag) {
    case BOOL:
      return ofHalfWord(load<u8>(value), seed, isWide);
    case INT2:
    case INT4:
    case DATE:
      return ofHalfWord(load<u32>(value), seed, isWide);
    case FLOAT4: {
      const number = load<f32>(value);
      // One NaN, and no −0.
      return ofHalfWord(number != number ? 0x7fc00000 : reinterpret<u32>(number + <f32>0.0), seed, isWide);
    }
    case FLOAT8: {
      const number = load<f64>(value);
      return ofWord(number != number ? 0x7ff8000000000000 : reinterpret<u64>(number + 0.0), seed, isWide);
    }
    case DECIMAL128:
      return ofWideDecimal(value, seed, isWide);
    case INTERVAL: {
      const ofTime = ofWord(load<u64>(value, 8), seed, isWide);
      return ofHalfWord(load<u32>(value), ofHalfWord(load<u32>(value, 4), ofTime, isWide), isWide);
    }
    case UUID:
      return ofBytes(value, 16, seed, isWide);
    case ARRAY:
    case STRUCT:
    case MAP:
      return ofNested(value, tag, seed, isWide);
    default:
      return isVariable(tag) ? ofBytes(value, length, seed, isWide) : ofWord(load<u64>(value), seed, isWide);
  }
}

function ofArguments(args: usize, count: u32, isWide: bool): u64 {
  let hash = SEED;
  for (let i: u32 = 0; i < count; i++) {
    if (isNullArgument(args, count, i)) continue;
    const tag = argumentTag(args, count, i);
    const value = argument(args, i);
    hash = ofPart(valuePointer(value, tag), load<u32>(value), tag, hash, isWide);
  }
  return hash;
}

export function sparkHash(block: usize, args: usize, count: u32): void {
  store<u32>(resultOf(args, count), <u32>ofArguments(args, count, false));
}

export function sparkHashWide(block: usize, args: usize, count: u32): void {
  store<u64>(resultOf(args, count), ofArguments(args, count, true));
}
