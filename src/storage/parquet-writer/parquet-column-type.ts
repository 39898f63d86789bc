import { bugError } from '../../common/errors.js';
import { formatType, type PhysicalType, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import { ConvertedType, ParquetType } from './parquet-format.js';

/** What stands in the schema beside the physical type; `kind` is a field name of parquet.thrift's LogicalType union. */
export type LogicalType =
  | { readonly kind: 'STRING' | 'DATE' | 'JSON' | 'UUID' }
  | { readonly kind: 'DECIMAL'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'INTEGER'; readonly bitWidth: number }
  | { readonly kind: 'TIME' | 'TIMESTAMP'; readonly isAdjustedToUtc: boolean };

/** How Millrace's bytes of a value become Parquet's. */
export type ValueConversion = 'none' | 'pack-bits' | 'narrow' | 'reverse';

/** How a SQL type that is not nested is stored in a Parquet file. */
export interface ParquetColumnType {
  /** Of the values in the shared memory. */
  readonly physical: PhysicalType;
  readonly parquetType: number;
  /** Bytes of a value in the file; 0 for strings and booleans. */
  readonly storedWidth: number;
  readonly convertedType: number | undefined;
  readonly logicalType: LogicalType | undefined;
  readonly conversion: ValueConversion;
  /** UTF-8, so that truncated statistics must end between characters. */
  readonly isText: boolean;
}

/** The widest decimal that Parquet keeps in an INT32. */
const MAX_INT32_DECIMAL_PRECISION = 9;

export function parquetColumnTypeOf(type: SqlType): ParquetColumnType {
  const { INT32, INT64, FLOAT, DOUBLE, BOOLEAN, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY } = ParquetType;
  const stored = (parquetType: number, storedWidth: number, more: Partial<ParquetColumnType> = {}) => ({
    physical: physicalTypeOf(type),
    parquetType,
    storedWidth,
    convertedType: undefined,
    logicalType: undefined,
    conversion: 'none' as ValueConversion,
    isText: false,
    ...more,
  });
  switch (type.kind) {
    case 'boolean':
      return stored(BOOLEAN, 0, { conversion: 'pack-bits' });
    case 'smallint':
      return stored(INT32, 4, {
        convertedType: ConvertedType.INT_16,
        logicalType: { kind: 'INTEGER', bitWidth: 16 },
      });
    case 'integer':
      return stored(INT32, 4);
    case 'bigint':
      return stored(INT64, 8);
    case 'real':
      return stored(FLOAT, 4);
    case 'double':
      return stored(DOUBLE, 8);
    case 'decimal': {
      const { precision, scale } = type;
      const described = {
        convertedType: ConvertedType.DECIMAL,
        logicalType: { kind: 'DECIMAL' as const, precision, scale },
      };
      if (physicalTypeOf(type) === 'i128') {
        return stored(FIXED_LEN_BYTE_ARRAY, 16, { ...described, conversion: 'reverse' });
      }
      if (precision > MAX_INT32_DECIMAL_PRECISION) return stored(INT64, 8, described);
      return stored(INT32, 4, { ...described, conversion: 'narrow' });
    }
    case 'unknown': // a column of nothing but untyped NULLs or literals is text, as in PostgreSQL
    case 'text':
    case 'varchar':
    case 'char':
      return stored(BYTE_ARRAY, 0, {
        convertedType: ConvertedType.UTF8,
        logicalType: { kind: 'STRING' },
        isText: true,
      });
    case 'json':
    case 'jsonb':
      return stored(BYTE_ARRAY, 0, { convertedType: ConvertedType.JSON, logicalType: { kind: 'JSON' }, isText: true });
    case 'bytea':
      return stored(BYTE_ARRAY, 0);
    case 'date':
      return stored(INT32, 4, { convertedType: ConvertedType.DATE, logicalType: { kind: 'DATE' } });
    case 'time':
      return stored(INT64, 8, {
        convertedType: ConvertedType.TIME_MICROS,
        logicalType: { kind: 'TIME', isAdjustedToUtc: false },
      });
    case 'timestamp':
    case 'timestamptz':
      // The format allows the legacy annotation for local timestamps too; readers of the new one prefer that.
      return stored(INT64, 8, {
        convertedType: ConvertedType.TIMESTAMP_MICROS,
        logicalType: { kind: 'TIMESTAMP', isAdjustedToUtc: type.kind === 'timestamptz' },
      });
    case 'uuid':
      return stored(FIXED_LEN_BYTE_ARRAY, 16, { logicalType: { kind: 'UUID' } });
    case 'interval':
    case 'array':
    case 'struct':
    case 'map':
      throw bugError(`${formatType(type)} is no leaf`);
  }
}
