import type { Data, DataType, RecordBatch, Schema } from 'apache-arrow';
import { type RawColumn, unpackRawBatch } from '../../exec/result/raw-batch.js';
import type { ResultChunk } from '../../session/session.js';
import { isNestedType, type SqlType } from '../../types/sql-type.js';
import type { ArrowLibrary } from './arrow-library.js';
import { nestedArrowData } from './nested-data.js';
import { viewOf } from './value-views.js';

/** A chunk in format `arrow` as a record batch over the chunk's own bytes: no value is touched, but for nested ones. */
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
  if (offsets !== undefined && isNestedType(sqlType)) {
    return nestedArrowData(arrow, type, sqlType, data, offsets, validity, length);
  }
  if (offsets !== undefined) return arrow.makeData({ ...common, valueOffsets: offsets, data } as never);
  return arrow.makeData({ ...common, data: viewOf(sqlType, data) } as never);
}
