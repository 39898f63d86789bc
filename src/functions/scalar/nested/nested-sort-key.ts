import { decodeNested, type NestedValue } from '../../../types/nested-codec.js';
import { arrayOf, type NestedType, physicalTypeOf, type SqlType } from '../../../types/sql-type.js';
import { parseUuidBytes } from '../../../types/uuid-text.js';
import type { VectorCreate } from '../../function-types.js';
import { jsonSortKey } from '../json/json-sort-key.js';
import { parseJsonText } from '../json/json-text.js';

/*
 * Bytes that are ordered as nested values are, and equal where values are equal: `kernels/assembly/nested-sort-key.ts`
 * draws them.
 */
const PRESENT = 1;
const ABSENT = 2;

const encoder = new TextEncoder();

export function nestedSortKey(value: readonly NestedValue[], type: NestedType, descending: boolean): Uint8Array {
  const mask = descending ? 255 : 0;
  return Uint8Array.from([PRESENT, ...keyOfNested(value, type).map((byte) => byte ^ mask)]);
}

function keyOfNested(value: readonly NestedValue[], type: NestedType): number[] {
  switch (type.kind) {
    case 'array':
      return [...value.flatMap((item) => keyOfPart(item, type.element)), 0];
    case 'struct':
      return value.flatMap((field, i) => keyOfPart(field, type.fields[i]!.type));
    case 'map': {
      const pairs = value as readonly (readonly NestedValue[])[];
      const side = (index: number, part: SqlType): number[] =>
        keyOfNested(
          pairs.map((pair) => pair[index]!),
          arrayOf(part),
        );
      return [...side(0, type.key), ...side(1, type.value)];
    }
  }
}

const keyOfPart = (value: NestedValue, type: SqlType): readonly number[] =>
  value === null ? [ABSENT] : [PRESENT, ...keyOfValue(value, type)];

function keyOfValue(value: Exclude<NestedValue, null>, type: SqlType): readonly number[] {
  if (type.kind === 'array' || type.kind === 'struct' || type.kind === 'map') {
    return keyOfNested(value as readonly NestedValue[], type);
  }
  if (type.kind === 'jsonb') return [...jsonSortKey(parseJsonText(value as string), false).subarray(1)];
  const physical = physicalTypeOf(type);
  switch (physical) {
    case 'bool':
      return [Number(value)];
    case 'i32':
      return signed(BigInt(value as number), 4);
    case 'i64':
      return signed(BigInt(value as bigint), 8);
    case 'i128':
      return signed(value as bigint, 16);
    case 'f32':
    case 'f64':
      return ordered(value as number);
    case 'uuid':
      return [...parseUuidBytes(value as string)];
    case 'interval':
      return ofInterval(value as { months: number; days: number; microseconds: bigint });
    case 'string': {
      const bytes = value instanceof Uint8Array ? value : encoder.encode(value as string);
      return [...[...bytes].flatMap((byte) => (byte === 0 ? [0, 255] : [byte])), 0, 0];
    }
  }
}

/** The highest byte first, with the sign bit inverted. */
function signed(value: bigint, byteLength: number): number[] {
  const bits = BigInt.asUintN(8 * byteLength, value + (1n << BigInt(8 * byteLength - 1)));
  return Array.from({ length: byteLength }, (_, i) => Number((bits >> BigInt(8 * (byteLength - 1 - i))) & 255n));
}

/** The bits of a float are ordered as whole numbers are, but for those of negative ones. */
function ordered(value: number): number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Number.isNaN(value) ? Number.NaN : value + 0);
  const bits = view.getBigInt64(0);
  return signed(bits < 0n ? bits ^ 0x7fff_ffff_ffff_ffffn : bits, 8);
}

function ofInterval({ months, days, microseconds }: { months: number; days: number; microseconds: bigint }): number[] {
  const day = 86_400_000_000n;
  const rest = ((microseconds % day) + day) % day;
  return [...signed(BigInt(months) * 30n + BigInt(days) + (microseconds - rest) / day, 8), ...signed(rest, 8)];
}

export const sortKey: VectorCreate =
  ([type]) =>
  ([value, descending]) =>
    nestedSortKey(decodeNested(value as Uint8Array, type as NestedType), type as NestedType, descending as boolean);
