import { joinBytes } from '../../common/join-bytes.js';
import { byteWidthOf, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { Vector } from '../../vector/vector.js';
import { encodeBinary, formatValue, type ReferenceValue } from './format.js';

export interface ReferenceColumn {
  readonly vector: Vector;
  readonly type: SqlType;
  readonly formatCode: 0 | 1;
}

/** Twin of `encodePostgresRows`, without a capacity. */
export function encodePostgresRows(
  shared: SharedMemory,
  columns: readonly ReferenceColumn[],
  firstRow: number,
  rowCount: number,
): Uint8Array {
  const rows: Uint8Array[] = [];
  for (let row = firstRow; row < rowCount; row++) {
    rows.push(
      encodeDataRow(
        columns.map(({ vector, type, formatCode }) =>
          encodeField(type, formatCode, readValue(shared, vector, type, row)),
        ),
      ),
    );
  }
  return joinBytes(rows);
}

/** A value in the form the client asked for. */
export function encodeField(type: SqlType, formatCode: 0 | 1, value: ReferenceValue | undefined): Uint8Array | null {
  if (value === undefined) return null;
  if (formatCode === 1) return encodeBinary(type, value);
  if (value instanceof Uint8Array && type.kind !== 'bytea' && type.kind !== 'uuid') return value;
  return new TextEncoder().encode(formatValue(type, value));
}

/** One DataRow message: 'D', i32 length, i16 fields, and for each i32 length (−1: NULL) and bytes. */
export function encodeDataRow(fields: readonly (Uint8Array | null)[]): Uint8Array {
  const byteLength = fields.reduce((sum, field) => sum + 4 + (field?.length ?? 0), 7);
  const bytes = new Uint8Array(byteLength);
  const view = new DataView(bytes.buffer);
  bytes[0] = 0x44;
  view.setInt32(1, byteLength - 1);
  view.setInt16(5, fields.length);
  let position = 7;
  for (const field of fields) {
    view.setInt32(position, field === null ? -1 : field.length);
    position += 4;
    if (field !== null) bytes.set(field, position);
    position += field?.length ?? 0;
  }
  return bytes;
}

/** A row's value out of the shared memory; undefined for NULL. */
function readValue(shared: SharedMemory, vector: Vector, type: SqlType, row: number): ReferenceValue | undefined {
  const constant = vector.encoding === 'constant';
  if (vector.validity !== 0 && shared.u8[vector.validity + (constant ? 0 : row)] === 0) return undefined;
  const index = vector.encoding === 'dictionary' ? shared.u32[vector.codes / 4 + row]! : constant ? 0 : row;
  const physical = physicalTypeOf(type);
  const pointer = vector.data + index * byteWidthOf(physical);
  const { view } = shared;
  switch (physical) {
    case 'bool':
      return shared.u8[pointer] === 1;
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
      return shared.u8.slice(pointer, pointer + 16);
    case 'string': {
      const byteLength = view.getUint32(pointer, true);
      // Short strings lie in the view itself.
      const start = byteLength <= 8 ? pointer + 8 : view.getUint32(pointer + 4, true);
      return shared.u8.slice(start, start + byteLength);
    }
  }
}
