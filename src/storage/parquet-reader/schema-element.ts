import type { ThriftCompactReader } from './thrift-compact-reader.js';

/** A node of the file's schema as stored, depth first. */
export interface SchemaElement {
  readonly name: string;
  /** Parquet's physical type; undefined for a group. */
  readonly storage: number | undefined;
  readonly storageWidth: number;
  /** 0 required, 1 optional, 2 repeated. */
  readonly repetition: number;
  readonly childCount: number;
  readonly convertedType: number | undefined;
  readonly scale: number;
  readonly precision: number;
  readonly logical: LogicalType | undefined;
}

export interface LogicalType {
  readonly kind: LogicalKind;
  readonly scale: number;
  readonly precision: number;
  readonly isAdjustedToUtc: boolean;
  readonly unit: 'millis' | 'micros' | 'nanos' | undefined;
  readonly bitWidth: number;
  readonly isSigned: boolean;
}

/** Field ids of the union `LogicalType`. */
const LOGICAL_KINDS = {
  1: 'string',
  2: 'map',
  3: 'list',
  4: 'enum',
  5: 'decimal',
  6: 'date',
  7: 'time',
  8: 'timestamp',
  10: 'integer',
  11: 'null',
  12: 'json',
  13: 'bson',
  14: 'uuid',
  15: 'float16',
} as const;
type LogicalKind = (typeof LOGICAL_KINDS)[keyof typeof LOGICAL_KINDS] | 'other';

export function readSchemaElement(reader: ThriftCompactReader): SchemaElement {
  let name = '';
  let storage: number | undefined;
  let storageWidth = 0;
  let repetition = 0;
  let childCount = 0;
  let convertedType: number | undefined;
  let scale = 0;
  let precision = 0;
  let logical: LogicalType | undefined;
  const outer = reader.enterStruct();
  while (reader.nextField()) {
    switch (reader.fieldId) {
      case 1:
        storage = reader.readI32Field();
        break;
      case 2:
        storageWidth = reader.readI32Field();
        break;
      case 3:
        repetition = reader.readI32Field();
        break;
      case 4:
        name = reader.readStringField();
        break;
      case 5:
        childCount = reader.readI32Field();
        break;
      case 6:
        convertedType = reader.readI32Field();
        break;
      case 7:
        scale = reader.readI32Field();
        break;
      case 8:
        precision = reader.readI32Field();
        break;
      case 10:
        logical = readLogicalType(reader);
        break;
      default:
        reader.skip();
    }
  }
  reader.leaveStruct(outer);
  return { name, storage, storageWidth, repetition, childCount, convertedType, scale, precision, logical };
}

function readLogicalType(reader: ThriftCompactReader): LogicalType | undefined {
  let logical: LogicalType | undefined;
  const outer = reader.enterStructField();
  while (reader.nextField()) {
    const kind = (LOGICAL_KINDS as Record<number, LogicalKind>)[reader.fieldId] ?? 'other';
    logical = readLogicalParameters(reader, kind);
  }
  reader.leaveStruct(outer);
  return logical;
}

function readLogicalParameters(reader: ThriftCompactReader, kind: LogicalKind): LogicalType {
  let scale = 0;
  let precision = 0;
  let isAdjustedToUtc = false;
  let unit: LogicalType['unit'];
  let bitWidth = 0;
  let isSigned = true;
  const outer = reader.enterStructField();
  while (reader.nextField()) {
    const field = reader.fieldId;
    if (kind === 'decimal' && field === 1) scale = reader.readI32Field();
    else if (kind === 'decimal' && field === 2) precision = reader.readI32Field();
    else if ((kind === 'time' || kind === 'timestamp') && field === 1) isAdjustedToUtc = reader.readBooleanField();
    else if ((kind === 'time' || kind === 'timestamp') && field === 2) {
      const unitOuter = reader.enterStructField();
      while (reader.nextField()) {
        unit = (['millis', 'micros', 'nanos'] as const)[reader.fieldId - 1];
        reader.skip();
      }
      reader.leaveStruct(unitOuter);
    } else if (kind === 'integer' && field === 1) bitWidth = reader.readByte();
    else if (kind === 'integer' && field === 2) isSigned = reader.readBooleanField();
    else reader.skip();
  }
  reader.leaveStruct(outer);
  return { kind, scale, precision, isAdjustedToUtc, unit, bitWidth, isSigned };
}
