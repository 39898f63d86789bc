import type { Data, DataType, RecordBatch, Schema } from 'apache-arrow';
import { type RawColumn, unpackRawBatch } from '../../exec/result/raw-batch.js';
import type { ResultChunk } from '../../session/session.js';
import { physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { ArrowLibrary } from './arrow-library.js';

/** A chunk in format `arrow` as a record batch over the chunk's own bytes: no value is touched. */
export function toRecordBatch(
  arrow: ArrowLibrary,
  schema: Schema,
  types: readonly SqlType[],
  chunk: ResultChunk,
): RecordBatch {
  const { rowCount, columns } = unpackRawBatch(chunk.bytes);
  const children = columns.map((column, index) =>
    toArrowData(arrow, schema.fields[index]!.type, types[index]!, column, rowCount),
  );
  const struct = arrow.makeData({ type: new arrow.Struct(schema.fields), length: rowCount, nullCount: 0, children });
  return new arrow.RecordBatch(schema, struct);
}

function toArrowData(
  arrow: ArrowLibrary,
  type: DataType,
  sqlType: SqlType,
  { validity, offsets, data }: RawColumn,
  length: number,
): Data {
  // -1: counted when somebody asks.
  const nullBitmap = validity;
  const nullCount = validity === undefined ? 0 : -1;
  const common = { type, length, nullCount, nullBitmap };
  if (offsets !== undefined) return arrow.makeData({ ...common, valueOffsets: offsets, data } as never);
  return arrow.makeData({ ...common, data: viewOf(sqlType, data) } as never);
}

/** The bytes of fixed-width values as the typed array that apache-arrow keeps for the type. */
function viewOf(type: SqlType, { buffer, byteOffset, byteLength }: Uint8Array): ArrayBufferView {
  switch (physicalTypeOf(type)) {
    case 'bool':
    case 'uuid':
    case 'string':
      return new Uint8Array(buffer, byteOffset, byteLength);
    case 'i32':
    case 'interval':
      return new Int32Array(buffer, byteOffset, byteLength >> 2);
    case 'f32':
      return new Float32Array(buffer, byteOffset, byteLength >> 2);
    case 'f64':
      return new Float64Array(buffer, byteOffset, byteLength >> 3);
    case 'i64':
      return type.kind === 'decimal'
        ? new Uint32Array(buffer, byteOffset, byteLength >> 2)
        : new BigInt64Array(buffer, byteOffset, byteLength >> 3);
    case 'i128':
      return new Uint32Array(buffer, byteOffset, byteLength >> 2);
  }
}
