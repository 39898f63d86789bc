import { decodeNested, type NestedValue } from '../../../types/nested-codec.js';
import { type DecimalType, isNestedType, type SqlType } from '../../../types/sql-type.js';
import type { FunctionValue, VectorCreate } from '../../function-types.js';

// Twins of src/kernels/assembly/spark-hash.ts.

const SEED = 42n;
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotated = (value: bigint, bits: number, width: 32 | 64): bigint =>
  BigInt.asUintN(width, (value << BigInt(bits)) | (value >> BigInt(width - bits)));

interface Hash {
  /** Of a number of 4 bytes, of 8, and of bytes. */
  readonly half: (value: number, seed: bigint) => bigint;
  readonly word: (value: bigint, seed: bigint) => bigint;
  readonly bytes: (value: Uint8Array, seed: bigint) => bigint;
}

const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);

function mixed(hash: bigint, word: bigint): bigint {
  const scrambled = u32(rotated(u32(u32(word) * 0xcc9e2d51n), 15, 32) * 0x1b873593n);
  return u32(rotated(hash ^ scrambled, 13, 32) * 5n + 0xe6546b64n);
}

function finished(hash: bigint, length: number): bigint {
  let h = hash ^ BigInt(length);
  h = u32((h ^ (h >> 16n)) * 0x85ebca6bn);
  h = u32((h ^ (h >> 13n)) * 0xc2b2ae35n);
  return h ^ (h >> 16n);
}

const murmur: Hash = {
  half: (value, seed) => finished(mixed(seed, BigInt(value)), 4),
  word: (value, seed) => finished(mixed(mixed(seed, u64(value) & 0xffff_ffffn), u64(value) >> 32n), 8),
  bytes: (value, seed) => {
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    const whole = value.length & ~3;
    let hash = seed;
    for (let i = 0; i < whole; i += 4) hash = mixed(hash, BigInt(view.getUint32(i, true)));
    for (let i = whole; i < value.length; i++) hash = mixed(hash, BigInt(view.getInt8(i)));
    return finished(hash, value.length);
  },
};

const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;

const round = (accumulator: bigint, word: bigint): bigint =>
  u64(rotated(u64(accumulator + word * PRIME_2), 31, 64) * PRIME_1);
const withWord = (hash: bigint, word: bigint): bigint =>
  u64(rotated(hash ^ round(0n, word), 27, 64) * PRIME_1 + PRIME_4);
const withHalf = (hash: bigint, word: bigint): bigint =>
  u64(rotated(hash ^ u64(word * PRIME_1), 23, 64) * PRIME_2 + PRIME_3);

function avalanched(hash: bigint): bigint {
  let h = u64((hash ^ (hash >> 33n)) * PRIME_2);
  h = u64((h ^ (h >> 29n)) * PRIME_3);
  return h ^ (h >> 32n);
}

function xxOfBytes(value: Uint8Array, seed: bigint): bigint {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  let at = 0;
  let hash = u64(seed + PRIME_5);
  if (value.length >= 32) {
    const lanes = [u64(seed + PRIME_1 + PRIME_2), u64(seed + PRIME_2), seed, u64(seed - PRIME_1)];
    for (; at + 32 <= value.length; at += 32) {
      for (const [lane, sum] of lanes.entries()) lanes[lane] = round(sum, view.getBigUint64(at + lane * 8, true));
    }
    const turns = [1, 7, 12, 18];
    hash = u64(lanes.reduce((sum, lane, i) => sum + rotated(lane, turns[i]!, 64), 0n));
    for (const lane of lanes) hash = u64((hash ^ round(0n, lane)) * PRIME_1 + PRIME_4);
  }
  hash = u64(hash + BigInt(value.length));
  for (; at + 8 <= value.length; at += 8) hash = withWord(hash, view.getBigUint64(at, true));
  for (; at + 4 <= value.length; at += 4) hash = withHalf(hash, BigInt(view.getUint32(at, true)));
  for (; at < value.length; at++) hash = u64(rotated(hash ^ u64(BigInt(value[at]!) * PRIME_5), 11, 64) * PRIME_1);
  return avalanched(hash);
}

const xx: Hash = {
  half: (value, seed) => avalanched(withHalf(u64(seed + PRIME_5 + 4n), BigInt(value >>> 0))),
  word: (value, seed) => avalanched(withWord(u64(seed + PRIME_5 + 8n), u64(value))),
  bytes: xxOfBytes,
};

const bytesOfText = (text: string): Uint8Array => new TextEncoder().encode(text);

const bytesOfUuid = (uuid: string): Uint8Array =>
  Uint8Array.from(uuid.replaceAll('-', '').match(/../g)!, (digits) => Number.parseInt(digits, 16));

/** A number in two's complement, the highest of its bytes first, as few as hold it. */
function fewestBytes(value: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length++;
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt((length - 1 - i) * 8)) & 255n));
}

function ofDecimal({ half: _, word, bytes }: Hash, value: bigint, { precision }: DecimalType, seed: bigint): bigint {
  return precision <= 18 ? word(value, seed) : bytes(fewestBytes(value), seed);
}

function ofParts(hash: Hash, value: readonly NestedValue[], type: SqlType, seed: bigint): bigint {
  const typeOf = (place: number): SqlType =>
    type.kind === 'array' ? type.element : type.kind === 'struct' ? type.fields[place]!.type : type;
  if (type.kind === 'map') {
    const pairs = value as readonly (readonly NestedValue[])[];
    return pairs.reduce((sum, [key, part]) => ofPart(hash, part!, type.value, ofPart(hash, key!, type.key, sum)), seed);
  }
  return value.reduce((sum: bigint, part, place) => ofPart(hash, part, typeOf(place), sum), seed);
}

function ofPart(hash: Hash, value: NestedValue, type: SqlType, seed: bigint): bigint {
  if (value === null) return seed;
  if (isNestedType(type)) return ofParts(hash, value as readonly NestedValue[], type, seed);
  const view = new DataView(new ArrayBuffer(8));
  switch (type.kind) {
    case 'boolean':
      return hash.half(value ? 1 : 0, seed);
    case 'smallint':
    case 'integer':
    case 'date':
      return hash.half(value as number, seed);
    case 'real':
      view.setFloat32(0, (value as number) + 0);
      return hash.half(view.getInt32(0), seed);
    case 'double':
      view.setFloat64(0, (value as number) + 0);
      return hash.word(view.getBigInt64(0), seed);
    case 'decimal':
      return ofDecimal(hash, value as bigint, type, seed);
    case 'interval': {
      const { months, days, microseconds } = value as Exclude<
        FunctionValue,
        null | boolean | number | bigint | string | Uint8Array
      >;
      return hash.half(months, hash.half(days, hash.word(microseconds, seed)));
    }
    case 'uuid':
      return hash.bytes(bytesOfUuid(value as string), seed);
    case 'bytea':
      return hash.bytes(value as Uint8Array, seed);
    default:
      return typeof value === 'string' ? hash.bytes(bytesOfText(value), seed) : hash.word(value as bigint, seed);
  }
}

const ofArguments =
  (hash: Hash, types: readonly SqlType[]) =>
  (values: readonly FunctionValue[]): bigint =>
    values.reduce((seed: bigint, value, i) => {
      const type = types[i]!;
      const isNested = isNestedType(type) && value !== null;
      return ofPart(hash, isNested ? decodeNested(value as Uint8Array, type) : (value as NestedValue), type, seed);
    }, SEED);

export const sparkHash: VectorCreate = (types) => {
  const hashed = ofArguments(murmur, types);
  return (values) => Number(BigInt.asIntN(32, hashed(values)));
};

export const sparkHashWide: VectorCreate = (types) => {
  const hashed = ofArguments(xx, types);
  return (values) => BigInt.asIntN(64, hashed(values));
};
