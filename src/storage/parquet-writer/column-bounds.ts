import type { Kernels } from '../../kernels/kernels.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { EncodedBounds } from './file-metadata.js';
import type { ParquetColumnType } from './parquet-column-type.js';

/**
 * A smallest or largest value: boolean; number for i32, f32 and f64; bigint for i64 and i128 (decimals are scaled
 * integers); bytes for strings (UTF-8) and UUIDs.
 */
export type BoundValue = boolean | number | bigint | Uint8Array;

/** Every value v has min ≤ v ≤ max. A bound that is not exact was cut short: no value need be equal to it. */
export interface ColumnBounds {
  readonly min: BoundValue;
  readonly max: BoundValue;
  readonly minExact: boolean;
  readonly maxExact: boolean;
}

/** Longer strings are cut in statistics. */
export const MAX_BOUND_BYTES = 64;

/**
 * Bounds of `count` (> 0) dense values; `target` is scratch for 32 bytes. Undefined for intervals, which have no order
 * in Parquet, and if a NaN is among the values: readers disagree on where it sorts.
 */
export function computeBounds(
  kernels: Kernels,
  shared: SharedMemory,
  type: ParquetColumnType,
  source: number,
  count: number,
  target: number,
): ColumnBounds | undefined {
  const { view } = shared;
  const exact = (min: BoundValue, max: BoundValue): ColumnBounds => ({ min, max, minExact: true, maxExact: true });
  switch (type.physical) {
    case 'bool':
      kernels.boundsOfBytes(source, count, target);
      return exact(view.getUint8(target) !== 0, view.getUint8(target + 1) !== 0);
    case 'i32':
      kernels.boundsOfI32(source, count, target);
      return exact(view.getInt32(target, true), view.getInt32(target + 4, true));
    case 'i64':
      kernels.boundsOfI64(source, count, target);
      return exact(view.getBigInt64(target, true), view.getBigInt64(target + 8, true));
    case 'f32':
      if (kernels.boundsOfF32(source, count, target) !== 0) return undefined;
      return exact(view.getFloat32(target, true), view.getFloat32(target + 4, true));
    case 'f64':
      if (kernels.boundsOfF64(source, count, target) !== 0) return undefined;
      return exact(view.getFloat64(target, true), view.getFloat64(target + 8, true));
    case 'i128':
      kernels.boundsOfI128(source, count, target);
      return exact(readI128(view, target), readI128(view, target + 16));
    case 'uuid':
      kernels.boundsOfBytes16(source, count, target);
      return exact(shared.u8.slice(target, target + 16), shared.u8.slice(target + 16, target + 32));
    case 'string': {
      kernels.boundsOfPlainStrings(source, count, target);
      const min = readPrefix(shared, source + view.getUint32(target, true));
      const max = readPrefix(shared, source + view.getUint32(target + 4, true));
      return cutBounds(min, max, type.isText);
    }
    case 'interval':
      return undefined;
  }
}

function readI128(view: DataView, pointer: number): bigint {
  return (view.getBigInt64(pointer + 8, true) << 64n) | view.getBigUint64(pointer, true);
}

/** At most one byte more than a bound may have: enough to see that it must be cut. */
function readPrefix(shared: SharedMemory, plain: number): Uint8Array {
  const byteLength = shared.view.getUint32(plain, true);
  return shared.u8.slice(plain + 4, plain + 4 + Math.min(byteLength, MAX_BOUND_BYTES + 1));
}

function cutBounds(min: Uint8Array, max: Uint8Array, isText: boolean): ColumnBounds | undefined {
  const minExact = min.length <= MAX_BOUND_BYTES;
  const maxExact = max.length <= MAX_BOUND_BYTES;
  const roundedUp = maxExact ? max : roundUpPrefix(max, isText);
  if (roundedUp === undefined) return undefined;
  return { min: minExact ? min : cutPrefix(min, isText), max: roundedUp, minExact, maxExact };
}

function cutPrefix(bytes: Uint8Array, isText: boolean): Uint8Array {
  let end = Math.min(bytes.length, MAX_BOUND_BYTES);
  if (isText) while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.slice(0, end);
}

/**
 * The shortest string above all that start with the first MAX_BOUND_BYTES of `bytes`: cut, and the last character (for
 * text) or byte that can be is replaced by its successor. Undefined if there is none.
 */
export function roundUpPrefix(bytes: Uint8Array, isText: boolean): Uint8Array | undefined {
  const prefix = cutPrefix(bytes, isText);
  if (!isText) {
    for (let end = prefix.length; end > 0; end--) {
      if (prefix[end - 1] === 0xff) continue;
      const rounded = prefix.slice(0, end);
      rounded[end - 1] = prefix[end - 1]! + 1;
      return rounded;
    }
    return undefined;
  }
  for (let end = prefix.length; end > 0; ) {
    let start = end - 1;
    while (start > 0 && (prefix[start]! & 0xc0) === 0x80) start--;
    const successor = nextCharacter(new TextDecoder().decode(prefix.subarray(start, end)).codePointAt(0)!);
    if (successor !== undefined) {
      const character = new TextEncoder().encode(successor);
      const rounded = new Uint8Array(start + character.length);
      rounded.set(prefix.subarray(0, start));
      rounded.set(character, start);
      return rounded;
    }
    end = start;
  }
  return undefined;
}

function nextCharacter(codePoint: number): string | undefined {
  if (codePoint === 0x10ffff) return undefined;
  return String.fromCodePoint(codePoint === 0xd7ff ? 0xe000 : codePoint + 1);
}

/** The bounds as Parquet's statistics hold them: PLAIN, strings without their length. */
export function encodeBounds(bounds: ColumnBounds, type: ParquetColumnType): EncodedBounds {
  return {
    // The format asks for −0 as the smallest and +0 as the largest zero, since readers cannot tell which occur.
    min: encodeBound(bounds.min === 0 ? -0 : bounds.min, type),
    max: encodeBound(bounds.max === 0 ? 0 : bounds.max, type),
    minExact: bounds.minExact,
    maxExact: bounds.maxExact,
  };
}

function encodeBound(value: BoundValue, type: ParquetColumnType): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  const bytes = new Uint8Array(type.storedWidth);
  const view = new DataView(bytes.buffer);
  if (typeof value === 'bigint') {
    if (type.physical === 'i128') {
      view.setBigInt64(0, value >> 64n);
      view.setBigUint64(8, BigInt.asUintN(64, value));
    } else if (type.conversion === 'narrow') {
      view.setInt32(0, Number(value), true);
    } else {
      view.setBigInt64(0, value, true);
    }
  } else if (type.physical === 'f32') view.setFloat32(0, value, true);
  else if (type.physical === 'f64') view.setFloat64(0, value, true);
  else view.setInt32(0, value, true);
  return bytes;
}

/** Bounds of two sets of values, neither of them empty. */
export function mergeBounds(left: ColumnBounds | undefined, right: ColumnBounds | undefined): ColumnBounds | undefined {
  if (left === undefined || right === undefined) return undefined;
  const low = isLess(right.min, left.min) ? right : left;
  const high = isLess(left.max, right.max) ? right : left;
  return { min: low.min, minExact: low.minExact, max: high.max, maxExact: high.maxExact };
}

function isLess(left: BoundValue, right: BoundValue): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return compareBytes(left, right) < 0;
  return left < right;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const common = Math.min(left.length, right.length);
  for (let index = 0; index < common; index++) {
    if (left[index] !== right[index]) return left[index]! - right[index]!;
  }
  return left.length - right.length;
}
