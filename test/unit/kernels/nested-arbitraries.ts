import fc from 'fast-check';
import type { NestedValue } from '../../../src/types/nested-codec.js';
import { arrayOf, componentTypes, decimal, type NestedType, type SqlType } from '../../../src/types/sql-type.js';
import { f64s, i32s, i64s, i128s, intervals } from './value-arbitraries.js';

const scalars: readonly SqlType[] = [
  ...(['boolean', 'integer', 'bigint', 'real', 'double', 'text', 'bytea', 'date', 'interval', 'uuid'] as const).map(
    (kind): SqlType => ({ kind }),
  ),
  decimal(12, 2),
  decimal(38, 4),
];

/** Types of values that stand in a nested one: mostly scalars, down to three levels. */
export const partTypes: fc.Arbitrary<SqlType> = fc.letrec<{ type: SqlType; nested: NestedType }>((tie) => ({
  type: fc.oneof({ maxDepth: 2 }, fc.constantFrom(...scalars), tie('nested')),
  nested: fc.oneof(
    tie('type').map(arrayOf),
    fc
      .array(tie('type'), { minLength: 1, maxLength: 4 })
      .map((types): NestedType => ({ kind: 'struct', fields: types.map((type, i) => ({ name: `f${i + 1}`, type })) })),
    fc
      .tuple(fc.constantFrom<SqlType>({ kind: 'integer' }, { kind: 'text' }), tie('type'))
      .map(([key, value]): NestedType => ({ kind: 'map', key, value })),
  ),
})).type;

const uuids = fc.uuid();
const texts = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', 'null', 'a b', '"', '\\', '{,}', '()', 'ä€😀'),
);

/** Values of a type that are not NULL, in the form that decoding gives. */
export function valuesOf(type: SqlType): fc.Arbitrary<Exclude<NestedValue, null>> {
  switch (type.kind) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return i32s;
    case 'date':
      return fc.integer({ min: -700_000, max: 2_000_000 });
    case 'bigint':
      return i64s;
    case 'timestamp':
    case 'timestamptz':
      return fc.bigInt(-(2n ** 57n), 2n ** 58n);
    case 'real':
      return f64s.map((value) => Math.fround(value) + 0);
    case 'double':
      return f64s.map((value) => value + 0);
    case 'decimal':
      return type.precision <= 18
        ? fc.bigInt({ min: -(10n ** BigInt(type.precision)) + 1n, max: 10n ** BigInt(type.precision) - 1n })
        : i128s.map((value) => value % 10n ** 38n);
    case 'bytea':
      return fc.uint8Array({ maxLength: 12 });
    case 'interval':
      return intervals.map((value) => ({ ...value }));
    case 'uuid':
      return uuids;
    case 'array':
      return fc.array(nullableOf(type.element), { maxLength: 6 });
    case 'struct':
      return fc.tuple(...componentTypes(type).map(nullableOf));
    case 'map':
      return fc.uniqueArray(fc.tuple(valuesOf(type.key), nullableOf(type.value)), {
        maxLength: 4,
        selector: ([key]) => String(key),
      });
    default:
      return texts;
  }
}

export function nullableOf(type: SqlType): fc.Arbitrary<NestedValue> {
  return fc.option(valuesOf(type), { freq: 5 });
}
