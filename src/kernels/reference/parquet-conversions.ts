// Reference twin of `assembly/parquet-conversions.ts`.
import { floorDivide } from './dates.js';
import type { ReferenceInterval } from './format.js';

/** Two's complement, most significant byte first; undefined when it takes more than `bits`. */
export function readBigEndian(bytes: Uint8Array, bits: 64 | 128): bigint | undefined {
  let value = bytes.length > 0 && bytes[0]! >= 0x80 ? -1n : 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bits, value) === value ? value : undefined;
}

export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** Byte number b of value number i is at b × count + i. */
export function joinByteStreams(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  return Uint8Array.from(bytes, (_, index) => bytes[(index % width) * count + Math.floor(index / width)]!);
}

/** Microseconds since 1970-01-01 of nanoseconds of a Julian day; undefined when they take more than 64 bits. */
export function int96ToMicros(nanoseconds: bigint, julianDay: number): bigint | undefined {
  const micros = (BigInt(julianDay) - 2_440_588n) * 86_400_000_000n + floorDivide(nanoseconds, 1000n);
  return BigInt.asIntN(64, micros) === micros ? micros : undefined;
}

/** Parquet's INTERVAL counts without sign; undefined when months or days take more than 31 bits. */
export function readInterval(months: number, days: number, milliseconds: number): ReferenceInterval | undefined {
  if (months >= 2 ** 31 || days >= 2 ** 31) return undefined;
  return { months, days, microseconds: BigInt(milliseconds) * 1000n };
}
