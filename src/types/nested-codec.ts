import { byteWidthOf, isNestedType, type NestedType, physicalTypeOf, type SqlType } from './sql-type.js';
import { formatUuid, parseUuidBytes } from './uuid-text.js';
import { VALUE_TAGS, valueScaleOf, valueTagOf } from './value-tags.js';

/*
 * The bytes of a nested value: self-contained and relocatable, so that they travel as text does (ADR "Nested values").
 * Little-endian; offsets count from the place named. Every value is a multiple of 8 bytes long, padded with zeros, and
 * canonical: equal values have equal bytes, since NULL has zeros or no bytes, NaN one pattern, and -0 is 0.
 *
 * array
 *    0 u32 count   4 u8 tag (array)   5 u8 element's tag   6 u8 element's scale   7 u8 0
 *    8 u8 a count: 1 valid, 0 NULL; then zeros up to a multiple of 8
 *      fixed width:    the values, one after the other
 *      variable width: u32 a count: where its bytes end, then zeros up to a multiple of 8; the bytes (offsets count
 *                      from here)
 * struct
 *    0 u32 fields  4 u8 tag (struct)  5 0 0 0
 *    8 8 bytes a field: u8 tag, u8 scale, u8 valid, u8 0, u32 where its bytes end; the bytes (offsets count from here)
 * map
 *    0 u32 count   4 u8 tag (map)     5 0 0 0
 *    8 u32 byte length of the keys   12 u32 0
 *   16 the keys: an array; the values: an array
 *
 * Values have the width of their physical type; text, bytea and json are their bytes; nested values are nested values.
 */
export const NESTED_HEADER_BYTES = 8;

/** A value as JavaScript has it: for an array its elements, for a struct its fields, for a map pairs. */
export type NestedValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | { readonly months: number; readonly days: number; readonly microseconds: bigint }
  | readonly NestedValue[];

type Present = Exclude<NestedValue, null>;
type Interval = { readonly months: number; readonly days: number; readonly microseconds: bigint };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const padded = (byteLength: number): number => (byteLength + 7) & ~7;

function isVariable(type: SqlType): boolean {
  return physicalTypeOf(type) === 'string';
}

/** The bytes of a nested value. Elements that are nested may be given as bytes. */
export function encodeNested(value: readonly NestedValue[], type: NestedType): Uint8Array {
  switch (type.kind) {
    case 'array':
      return encodeArray(value, type.element);
    case 'struct':
      return encodeStruct(
        value,
        type.fields.map((field) => field.type),
      );
    case 'map': {
      const pairs = value as readonly (readonly NestedValue[])[];
      return encodeMap(
        encodeArray(
          pairs.map((pair) => pair[0]!),
          type.key,
        ),
        encodeArray(
          pairs.map((pair) => pair[1]!),
          type.value,
        ),
      );
    }
  }
}

function encodeArray(values: readonly NestedValue[], element: SqlType): Uint8Array {
  const parts = values.map((value) => (value === null ? undefined : encodeValue(value, element)));
  const variable = isVariable(element);
  const variableBytes = variable ? parts.reduce((sum, part) => sum + (part?.length ?? 0), 0) : 0;
  const { whole, valid, values: fixed, bytes } = layOutArray(values.length, element, variableBytes, allocateOnHeap);
  const ends = new DataView(fixed.buffer, fixed.byteOffset);
  const width = fixed.length / values.length;
  let end = 0;
  parts.forEach((part, index) => {
    if (part) valid[index] = 1;
    if (variable) {
      if (part) bytes.set(part, end);
      end += part?.length ?? 0;
      ends.setUint32(index * 4, end, true);
    } else if (part) fixed.set(part, index * width);
  });
  return whole;
}

const allocateOnHeap = (byteLength: number): Uint8Array => new Uint8Array(byteLength);

/** An array with its head written and all else zero, and the parts of it that are to be filled. */
export function layOutArray(
  count: number,
  element: SqlType,
  variableBytes: number,
  allocate: (byteLength: number) => Uint8Array,
): {
  readonly whole: Uint8Array;
  /** A byte an element: 1 valid, 0 NULL. */
  readonly valid: Uint8Array;
  /** The elements, or where the bytes of each end. */
  readonly values: Uint8Array;
  readonly bytes: Uint8Array;
} {
  const width = isVariable(element) ? 4 : byteWidthOf(physicalTypeOf(element));
  const valuesAt = NESTED_HEADER_BYTES + padded(count);
  const bytesAt = valuesAt + padded(count * width);
  const whole = allocate(padded(bytesAt + variableBytes)).fill(0);
  new DataView(whole.buffer, whole.byteOffset).setUint32(0, count, true);
  whole.set([VALUE_TAGS.array, valueTagOf(element), valueScaleOf(element)], 4);
  return {
    whole,
    valid: whole.subarray(NESTED_HEADER_BYTES, NESTED_HEADER_BYTES + count),
    values: whole.subarray(valuesAt, valuesAt + count * width),
    bytes: whole.subarray(bytesAt, bytesAt + variableBytes),
  };
}

function encodeStruct(values: readonly NestedValue[], types: readonly SqlType[]): Uint8Array {
  const parts = values.map((value, i) => (value === null ? undefined : encodeValue(value, types[i]!)));
  const bytesAt = NESTED_HEADER_BYTES + 8 * parts.length;
  const bytes = new Uint8Array(padded(bytesAt + parts.reduce((sum, part) => sum + (part?.length ?? 0), 0)));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, parts.length, true);
  bytes[4] = VALUE_TAGS.struct;
  let end = 0;
  parts.forEach((part, index) => {
    const at = NESTED_HEADER_BYTES + index * 8;
    bytes.set([valueTagOf(types[index]!), valueScaleOf(types[index]!), part ? 1 : 0], at);
    if (part) bytes.set(part, bytesAt + end);
    end += part?.length ?? 0;
    view.setUint32(at + 4, end, true);
  });
  return bytes;
}

/** A map of the bytes of two arrays. */
export function encodeMap(keys: Uint8Array, values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + keys.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, new DataView(keys.buffer, keys.byteOffset).getUint32(0, true), true);
  bytes[4] = VALUE_TAGS.map;
  view.setUint32(8, keys.length, true);
  bytes.set(keys, 16);
  bytes.set(values, 16 + keys.length);
  return bytes;
}

function encodeValue(value: Present, type: SqlType): Uint8Array {
  if (isNestedType(type)) return value instanceof Uint8Array ? value : encodeNested(value as NestedValue[], type);
  const physical = physicalTypeOf(type);
  if (physical === 'string') return value instanceof Uint8Array ? value : encoder.encode(value as string);
  if (physical === 'uuid') return parseUuidBytes(value as string);
  const bytes = new Uint8Array(byteWidthOf(physical));
  const view = new DataView(bytes.buffer);
  switch (physical) {
    case 'bool':
      bytes[0] = value ? 1 : 0;
      break;
    case 'i32':
      view.setInt32(0, Number(value), true);
      break;
    case 'i64':
      view.setBigInt64(0, BigInt(value as bigint), true);
      break;
    case 'f32':
      view.setFloat32(0, canonical(value as number), true);
      break;
    case 'f64':
      view.setFloat64(0, canonical(value as number), true);
      break;
    case 'i128':
      view.setBigInt64(0, BigInt.asIntN(64, value as bigint), true);
      view.setBigInt64(8, (value as bigint) >> 64n, true);
      break;
    case 'interval': {
      const { months, days, microseconds } = value as Interval;
      view.setInt32(0, months, true);
      view.setInt32(4, days, true);
      view.setBigInt64(8, microseconds, true);
    }
  }
  return bytes;
}

const canonical = (value: number): number => (Number.isNaN(value) ? Number.NaN : value + 0);

/** What `encodeNested` was given, down to the innermost values. */
export function decodeNested(bytes: Uint8Array, type: NestedType): readonly NestedValue[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  switch (type.kind) {
    case 'array':
      return decodeArray(bytes, view, count, type.element);
    case 'struct': {
      const bytesAt = NESTED_HEADER_BYTES + 8 * count;
      let start = 0;
      return type.fields.map((field, index) => {
        const at = NESTED_HEADER_BYTES + index * 8;
        const end = view.getUint32(at + 4, true);
        const part = bytes.subarray(bytesAt + start, bytesAt + end);
        start = end;
        return bytes[at + 2] === 0 ? null : decodeValue(part, field.type);
      });
    }
    case 'map': {
      const keysLength = view.getUint32(8, true);
      const keys = decodeNested(bytes.subarray(16, 16 + keysLength), { kind: 'array', element: type.key });
      const values = decodeNested(bytes.subarray(16 + keysLength), { kind: 'array', element: type.value });
      return keys.map((key, index) => [key, values[index]!]);
    }
  }
}

function decodeArray(bytes: Uint8Array, view: DataView, count: number, element: SqlType): NestedValue[] {
  const next = elementReader(bytes, view, count, element);
  return Array.from({ length: count }, (_, index) => next(index));
}

/** The elements of an array one by one, each decoded when it is asked for: for arrays that would not fit the heap. */
export function* decodeElements(bytes: Uint8Array, element: SqlType): Generator<NestedValue, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  const next = elementReader(bytes, view, count, element);
  for (let index = 0; index < count; index++) yield next(index);
}

/** To be called for one element after the other: bytes of variable width begin where those before them end. */
function elementReader(
  bytes: Uint8Array,
  view: DataView,
  count: number,
  element: SqlType,
): (index: number) => NestedValue {
  const variable = isVariable(element);
  const width = variable ? 4 : byteWidthOf(physicalTypeOf(element));
  const valuesAt = NESTED_HEADER_BYTES + padded(count);
  const bytesAt = valuesAt + padded(count * width);
  let start = 0;
  return (index) => {
    const at = valuesAt + index * width;
    let part = variable ? undefined : bytes.subarray(at, at + width);
    if (!part) {
      const end = view.getUint32(at, true);
      part = bytes.subarray(bytesAt + start, bytesAt + end);
      start = end;
    }
    return bytes[NESTED_HEADER_BYTES + index] === 0 ? null : decodeValue(part, element);
  };
}

/** The value of a type whose bytes these are. */
export function decodeValue(bytes: Uint8Array, type: SqlType): Present {
  if (isNestedType(type)) return decodeNested(bytes, type);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (physicalTypeOf(type)) {
    case 'bool':
      return bytes[0] !== 0;
    case 'i32':
      return view.getInt32(0, true);
    case 'i64':
      return view.getBigInt64(0, true);
    case 'f32':
      return view.getFloat32(0, true);
    case 'f64':
      return view.getFloat64(0, true);
    case 'i128':
      return (view.getBigInt64(8, true) << 64n) | view.getBigUint64(0, true);
    case 'interval':
      return {
        months: view.getInt32(0, true),
        days: view.getInt32(4, true),
        microseconds: view.getBigInt64(8, true),
      };
    case 'uuid':
      return formatUuid(bytes);
    case 'string':
      return type.kind === 'bytea' ? bytes.slice() : decoder.decode(bytes);
  }
}
