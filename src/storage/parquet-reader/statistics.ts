import { compareBounds } from './compare-bounds.js';
import { type ColumnStatistics, type FlatColumn, NO_STATISTICS, type StatisticsValue } from './parquet-metadata.js';
import type { ThriftCompactReader } from './thrift-compact-reader.js';

/** `Statistics` as stored: bounds are PLAIN values without a length. */
export interface StoredStatistics {
  /** Fields 1 and 2, compared in an order that was never defined but for signed numbers. */
  readonly oldMaximum: Uint8Array | undefined;
  readonly oldMinimum: Uint8Array | undefined;
  readonly nullCount: number | undefined;
  readonly distinctCount: number | undefined;
  readonly maximum: Uint8Array | undefined;
  readonly minimum: Uint8Array | undefined;
  readonly maximumIsExact: boolean | undefined;
  readonly minimumIsExact: boolean | undefined;
}

export function readStatistics(reader: ThriftCompactReader): StoredStatistics {
  let oldMaximum: Uint8Array | undefined;
  let oldMinimum: Uint8Array | undefined;
  let nullCount: number | undefined;
  let distinctCount: number | undefined;
  let maximum: Uint8Array | undefined;
  let minimum: Uint8Array | undefined;
  let maximumIsExact: boolean | undefined;
  let minimumIsExact: boolean | undefined;
  const outer = reader.enterStructField();
  while (reader.nextField()) {
    switch (reader.fieldId) {
      case 1:
        oldMaximum = reader.readBinaryField();
        break;
      case 2:
        oldMinimum = reader.readBinaryField();
        break;
      case 3:
        nullCount = reader.readSizeField();
        break;
      case 4:
        distinctCount = reader.readSizeField();
        break;
      case 5:
        maximum = reader.readBinaryField();
        break;
      case 6:
        minimum = reader.readBinaryField();
        break;
      case 7:
        maximumIsExact = reader.readBooleanField();
        break;
      case 8:
        minimumIsExact = reader.readBooleanField();
        break;
      default:
        reader.skip();
    }
  }
  reader.leaveStruct(outer);
  return { oldMaximum, oldMinimum, nullCount, distinctCount, maximum, minimum, maximumIsExact, minimumIsExact };
}

/**
 * Bounds in the values of our vectors. `hasTypeOrder`: the file declares the order its type defines, or declares none
 * (then writers that fill the new fields mean that one, too).
 */
export function decodeStatistics(
  stored: StoredStatistics | undefined,
  column: FlatColumn,
  hasTypeOrder: boolean,
): ColumnStatistics {
  if (stored === undefined) return NO_STATISTICS;
  const useOld = stored.minimum === undefined && stored.maximum === undefined && isSignedNumber(column);
  let minimum = decodeBound(useOld ? stored.oldMinimum : hasTypeOrder ? stored.minimum : undefined, column);
  let maximum = decodeBound(useOld ? stored.oldMaximum : hasTypeOrder ? stored.maximum : undefined, column);
  // NaN bounds come from writers that did not leave NaNs out; those the wrong way round mean another order, or nothing.
  if (Number.isNaN(minimum) || Number.isNaN(maximum) || compareBounds(minimum, maximum) === 1) {
    minimum = undefined;
    maximum = undefined;
  }
  // Only strings are ever cut; without the flags one cannot know.
  const exact = !(minimum instanceof Uint8Array || maximum instanceof Uint8Array);
  return {
    nullCount: stored.nullCount,
    distinctCount: stored.distinctCount,
    minimum,
    maximum,
    minimumIsExact: minimum !== undefined && (stored.minimumIsExact ?? exact),
    maximumIsExact: maximum !== undefined && (stored.maximumIsExact ?? exact),
  };
}

/** Whether the deprecated bounds, compared as signed, are right. */
function isSignedNumber({ storage, conversion }: FlatColumn): boolean {
  return storage !== 'BYTE_ARRAY' && storage !== 'FIXED_LEN_BYTE_ARRAY' && !conversion.startsWith('u');
}

function decodeBound(bytes: Uint8Array | undefined, column: FlatColumn): StatisticsValue | undefined {
  if (bytes === undefined) return undefined;
  const { storage, conversion } = column;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (storage) {
    case 'BOOLEAN':
      return bytes.length === 1 ? bytes[0] !== 0 : undefined;
    case 'INT32':
      return bytes.length === 4 ? decodeInt32(view, conversion) : undefined;
    case 'INT64':
      return bytes.length === 8 ? decodeInt64(view, conversion) : undefined;
    case 'INT96':
      return undefined;
    case 'FLOAT':
      return bytes.length === 4 ? view.getFloat32(0, true) : undefined;
    case 'DOUBLE':
      return bytes.length === 8 ? view.getFloat64(0, true) : undefined;
    case 'BYTE_ARRAY':
      return conversion === 'none' ? bytes : decodeBigEndian(bytes);
    case 'FIXED_LEN_BYTE_ARRAY':
      if (conversion === 'big-endian-to-i64' || conversion === 'big-endian-to-i128') return decodeBigEndian(bytes);
      return conversion === 'none' || conversion === 'fixed-to-string' ? bytes : undefined;
  }
}

function decodeInt32(view: DataView, conversion: FlatColumn['conversion']): number | bigint {
  if (conversion === 'u32-to-i64') return BigInt(view.getUint32(0, true));
  const value = view.getInt32(0, true);
  if (conversion === 'none') return value;
  return conversion === 'i32-millis-to-micros' ? BigInt(value) * 1000n : BigInt(value);
}

function decodeInt64(view: DataView, conversion: FlatColumn['conversion']): bigint {
  if (conversion === 'u64-to-i128') return view.getBigUint64(0, true);
  const value = view.getBigInt64(0, true);
  if (conversion === 'millis-to-micros') return value * 1000n;
  // Rounded down, as the values are: the order stays.
  if (conversion === 'nanos-to-micros') return (value - (((value % 1000n) + 1000n) % 1000n)) / 1000n;
  return value;
}

function decodeBigEndian(bytes: Uint8Array): bigint | undefined {
  if (bytes.length === 0 || bytes.length > 64) return undefined;
  let value = BigInt((bytes[0]! << 24) >> 24);
  for (let index = 1; index < bytes.length; index++) value = (value << 8n) | BigInt(bytes[index]!);
  return value;
}
