import type { FunctionValue } from '../../functions/function-types.js';
import { isBinaryType, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import { formatUuid, parseUuidBytes } from '../../types/uuid-text.js';
import type { SharedMemory } from '../../vector/shared-memory.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Interval = { readonly months: number; readonly days: number; readonly microseconds: bigint };

/** The value of a type at an address, as JavaScript has it; bytes are copied unless `inPlace`. For slow paths. */
export function readValue(
  shared: SharedMemory,
  pointer: number,
  type: SqlType,
  inPlace = false,
): Exclude<FunctionValue, null> {
  const { view } = shared;
  switch (physicalTypeOf(type)) {
    case 'bool':
      return view.getUint8(pointer) !== 0;
    case 'i32':
      return view.getInt32(pointer, true);
    case 'i64':
      return view.getBigInt64(pointer, true);
    case 'f32':
      return view.getFloat32(pointer, true);
    case 'f64':
      return view.getFloat64(pointer, true);
    case 'i128':
      return (view.getBigInt64(pointer + 8, true) << 64n) | view.getBigUint64(pointer, true);
    case 'interval':
      return {
        months: view.getInt32(pointer, true),
        days: view.getInt32(pointer + 4, true),
        microseconds: view.getBigInt64(pointer + 8, true),
      };
    case 'uuid':
      return formatUuid(shared.u8.slice(pointer, pointer + 16));
    case 'string': {
      const byteLength = view.getUint32(pointer, true);
      const start = view.getUint32(pointer + 4, true);
      const bytes = shared.u8.subarray(start, start + byteLength);
      if (!isBinaryType(type)) return decoder.decode(bytes);
      return inPlace ? bytes : bytes.slice();
    }
  }
}

/** Writes a value; `allocate` gives room for the bytes of text. Decimals of up to 18 digits fill 16 bytes as well. */
export function writeValue(
  shared: SharedMemory,
  pointer: number,
  type: SqlType,
  value: Exclude<FunctionValue, null>,
  allocate: (byteLength: number) => number,
): void {
  const { view } = shared;
  switch (physicalTypeOf(type)) {
    case 'bool':
      view.setUint8(pointer, value ? 1 : 0);
      return;
    case 'i32':
      view.setInt32(pointer, value as number, true);
      return;
    case 'i64':
      view.setBigInt64(pointer, value as bigint, true);
      return;
    case 'f32':
      view.setFloat32(pointer, value as number, true);
      return;
    case 'f64':
      view.setFloat64(pointer, value as number, true);
      return;
    case 'i128':
      view.setBigInt64(pointer, BigInt.asIntN(64, value as bigint), true);
      view.setBigInt64(pointer + 8, (value as bigint) >> 64n, true);
      return;
    case 'interval': {
      const { months, days, microseconds } = value as Interval;
      view.setInt32(pointer, months, true);
      view.setInt32(pointer + 4, days, true);
      view.setBigInt64(pointer + 8, microseconds, true);
      return;
    }
    case 'uuid':
      shared.u8.set(parseUuidBytes(value as string), pointer);
      return;
    case 'string':
      writeText(shared, pointer, value instanceof Uint8Array ? value : encoder.encode(value as string), allocate);
      return;
  }
}

function writeText(
  shared: SharedMemory,
  pointer: number,
  bytes: Uint8Array,
  allocate: (byteLength: number) => number,
): void {
  const start = bytes.length === 0 ? 0 : allocate(bytes.length);
  shared.u8.set(bytes, start);
  shared.view.setUint32(pointer, bytes.length, true);
  shared.view.setUint32(pointer + 4, start, true);
  shared.view.setBigUint64(pointer + 8, 0n, true);
  shared.u8.set(bytes.subarray(0, 8), pointer + 8);
}
