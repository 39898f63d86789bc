import type { DataType, Schema } from 'apache-arrow';
import type { ResultColumn } from '../../session/session.js';
import type { SqlType } from '../../types/sql-type.js';
import type { ArrowLibrary } from './arrow-library.js';

/** The Arrow type of a SQL type's results; smallint becomes Int32, as it lies in memory. */
export function arrowTypeOf(arrow: ArrowLibrary, type: SqlType): DataType {
  switch (type.kind) {
    case 'boolean':
      return new arrow.Bool();
    case 'smallint':
    case 'integer':
      return new arrow.Int32();
    case 'bigint':
      return new arrow.Int64();
    case 'real':
      return new arrow.Float32();
    case 'double':
      return new arrow.Float64();
    case 'decimal':
      return new arrow.Decimal(type.scale, type.precision, 128);
    case 'unknown':
    case 'text':
    case 'varchar':
    case 'char':
    case 'json':
    case 'jsonb':
      return new arrow.Utf8();
    case 'bytea':
      return new arrow.Binary();
    case 'date':
      return new arrow.DateDay();
    case 'time':
      return new arrow.TimeMicrosecond();
    case 'timestamp':
      return new arrow.TimestampMicrosecond();
    case 'timestamptz':
      return new arrow.TimestampMicrosecond('UTC');
    case 'interval':
      return new arrow.IntervalMonthDayNano();
    case 'uuid':
      return new arrow.FixedSizeBinary(16);
    case 'array':
      return new arrow.List(new arrow.Field('item', arrowTypeOf(arrow, type.element), true));
    case 'struct':
      return new arrow.Struct(
        type.fields.map((field) => new arrow.Field(field.name, arrowTypeOf(arrow, field.type), true)),
      );
    case 'map': {
      const key = new arrow.Field('key', arrowTypeOf(arrow, type.key), false);
      const value = new arrow.Field('value', arrowTypeOf(arrow, type.value), true);
      return new arrow.Map_(new arrow.Field('entries', new arrow.Struct([key, value]), false) as never);
    }
  }
}

/**
 * Columns of the same name are told apart by a number, `sum`, `sum_1`: a row of Arrow is an object, and apache-arrow
 * takes columns of one name for the same.
 */
export function arrowSchemaOf(arrow: ArrowLibrary, columns: readonly ResultColumn[]): Schema {
  const names = distinctNames(columns.map(({ name }) => name));
  return new arrow.Schema(columns.map(({ type }, i) => new arrow.Field(names[i]!, arrowTypeOf(arrow, type), true)));
}

function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let number = 1; seen.has(distinct) || (distinct !== name && taken.has(distinct)); number++) {
      distinct = `${name}_${number}`;
    }
    seen.add(distinct);
    return distinct;
  });
}
