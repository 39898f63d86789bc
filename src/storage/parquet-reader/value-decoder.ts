import { bugError, corruptError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import type { FlatColumn, StorageType } from './parquet-metadata.js';

const STORAGE_WIDTHS: Readonly<Record<StorageType, number>> = {
  BOOLEAN: 0,
  INT32: 4,
  INT64: 8,
  INT96: 12,
  FLOAT: 4,
  DOUBLE: 8,
  BYTE_ARRAY: 0,
  FIXED_LEN_BYTE_ARRAY: 0,
};

/** Bytes of a stored value; 0 for BOOLEAN and BYTE_ARRAY. */
export function storedWidthOf(column: FlatColumn): number {
  return column.storage === 'FIXED_LEN_BYTE_ARRAY' ? column.storageWidth : STORAGE_WIDTHS[column.storage];
}

/** Bytes of a value in our vectors. */
export function vectorWidthOf(column: FlatColumn): number {
  return byteWidthOf(physicalTypeOf(column.type));
}

/** Makes `count` stored values of fixed width (`views` for BYTE_ARRAY) those of our vectors. */
export function convertValues(
  kernels: Kernels,
  column: FlatColumn,
  source: number,
  count: number,
  target: number,
): void {
  const { conversion, storage, storageWidth } = column;
  let failure = 0;
  switch (conversion) {
    case 'none':
      throw bugError('there is nothing to convert');
    case 'i32-to-i64':
      kernels.convertI32ToI64(source, count, target);
      break;
    case 'u32-to-i64':
      kernels.convertU32ToI64(source, count, target);
      break;
    case 'i32-to-i128':
      kernels.convertI32ToI128(source, count, target);
      break;
    case 'i64-to-i128':
      kernels.convertI64ToI128(source, count, target);
      break;
    case 'u64-to-i128':
      kernels.convertU64ToI128(source, count, target);
      break;
    case 'i32-millis-to-micros':
      kernels.convertI32MillisToMicros(source, count, target);
      break;
    case 'millis-to-micros':
      failure = kernels.convertMillisToMicros(source, count, target);
      break;
    case 'nanos-to-micros':
      kernels.convertNanosToMicros(source, count, target);
      break;
    case 'int96-to-micros':
      failure = kernels.convertInt96ToMicros(source, count, target);
      break;
    case 'big-endian-to-i64':
      failure =
        storage === 'BYTE_ARRAY'
          ? kernels.convertViewsToI64(source, count, target)
          : kernels.convertBigEndianToI64(source, storageWidth, count, target);
      break;
    case 'big-endian-to-i128':
      failure =
        storage === 'BYTE_ARRAY'
          ? kernels.convertViewsToI128(source, count, target)
          : kernels.convertBigEndianToI128(source, storageWidth, count, target);
      break;
    case 'interval':
      failure = kernels.convertInterval(source, count, target);
      break;
    case 'float16-to-f32':
      kernels.convertFloat16(source, count, target);
      break;
    case 'fixed-to-string':
      kernels.fixedStringViews(source, storageWidth, count, target);
      break;
  }
  if (failure < 0) throw corruptError('a value is out of the range of its type');
}
