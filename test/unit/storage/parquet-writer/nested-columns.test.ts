import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUUIDValue,
} from '@duckdb/node-api';
import fc from 'fast-check';
import type { ParquetWriterOptions } from '../../../../src/storage/parquet-writer/parquet-file-writer.js';
import { decodeNested, encodeNested, type NestedValue } from '../../../../src/types/nested-codec.js';
import { arrayOf, decimal, formatType, type NestedType, type SqlType } from '../../../../src/types/sql-type.js';
import { bytesFile, readParquet } from '../parquet-reader/read-parquet.js';
import { kernels, queryDuckDb, shared, writeTable } from './write-harness.js';

const scalars: readonly SqlType[] = [
  ...(['boolean', 'smallint', 'integer', 'bigint', 'real', 'double', 'text', 'bytea', 'date', 'time'] as const).map(
    (kind): SqlType => ({ kind }),
  ),
  ...(['timestamp', 'timestamptz', 'interval', 'uuid', 'json', 'jsonb'] as const).map((kind): SqlType => ({ kind })),
  { kind: 'varchar', length: 20 },
  decimal(7, 2),
  decimal(15, 4),
  decimal(38, 10),
];
const keys: readonly SqlType[] = [{ kind: 'integer' }, { kind: 'text' }, { kind: 'date' }, decimal(7, 2)];

const nestedTypes: fc.Arbitrary<NestedType> = fc.letrec<{ any: SqlType; nested: NestedType }>((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, fc.constantFrom(...scalars), tie('nested')),
  nested: fc.oneof(
    tie('any').map(arrayOf),
    fc
      .array(tie('any'), { minLength: 1, maxLength: 3 })
      .map((types): NestedType => ({ kind: 'struct', fields: types.map((type, i) => ({ name: `f${i}`, type })) })),
    fc.tuple(fc.constantFrom(...keys), tie('any')).map(([key, value]): NestedType => ({ kind: 'map', key, value })),
  ),
})).nested;

const microseconds = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });

function valuesOf(type: SqlType): fc.Arbitrary<Exclude<NestedValue, null>> {
  switch (type.kind) {
    case 'boolean':
      return fc.boolean();
    case 'smallint':
      return fc.integer({ min: -32_768, max: 32_767 });
    case 'integer':
      return fc.integer();
    case 'date':
      return fc.integer({ min: -100_000, max: 100_000 });
    case 'bigint':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case 'time':
      return fc.bigInt({ min: 0n, max: 86_399_999_999n });
    case 'timestamp':
    case 'timestamptz':
      return microseconds;
    case 'real':
      return fc.integer({ min: -99_999, max: 99_999 }).map((value) => value / 4 + 0);
    case 'double':
      return fc.double({ noNaN: true }).map((value) => value + 0);
    case 'decimal': {
      const limit = 10n ** BigInt(type.precision) - 1n;
      return fc.bigInt({ min: -limit, max: limit });
    }
    case 'interval':
      return fc
        .tuple(fc.integer(), fc.integer(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
        .map(([months, days, microseconds]) => ({ months, days, microseconds }));
    case 'uuid':
      return fc.uuid();
    case 'bytea':
      return fc.uint8Array({ maxLength: 12 });
    case 'json':
    case 'jsonb':
      return fc.json({ maxDepth: 1 });
    case 'array':
      return fc.array(nullableOf(type.element), { maxLength: 5 });
    case 'struct':
      return fc.tuple(...type.fields.map((field) => nullableOf(field.type)));
    case 'map':
      return fc.uniqueArray(fc.tuple(valuesOf(type.key), nullableOf(type.value)), {
        maxLength: 4,
        selector: ([key]) => String(key),
      });
    default:
      return fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('', 'ä€😀', 'it is a longer text'));
  }
}

const nullableOf = (type: SqlType): fc.Arbitrary<NestedValue> => fc.option(valuesOf(type), { freq: 4 });

/** A value of DuckDB's in the form that decoding gives. */
function fromDuckDb(value: unknown): unknown {
  if (value instanceof DuckDBListValue) return value.items.map(fromDuckDb);
  if (value instanceof DuckDBStructValue) {
    // Fields of rows are called f0, f1 … here: this is an interval.
    if ('months' in value.entries) return { ...value.entries };
    return Object.values(value.entries).map(fromDuckDb);
  }
  if (value instanceof DuckDBMapValue) return value.entries.map((entry) => [entry.key, entry.value].map(fromDuckDb));
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBTimeValue || value instanceof DuckDBTimestampValue) return value.micros;
  if (value instanceof DuckDBTimestampTZValue) return value.micros;
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (value instanceof DuckDBBlobValue) return Uint8Array.from(value.bytes);
  if (value instanceof DuckDBUUIDValue) return value.toString();
  return value;
}

/** What a reader finds in the file: Parquet has one JSON, and no lengths of texts. */
function storedType(type: SqlType): SqlType {
  switch (type.kind) {
    case 'jsonb':
      return { kind: 'json' };
    case 'varchar':
      return { kind: 'text' };
    case 'array':
      return arrayOf(storedType(type.element));
    case 'map':
      return { kind: 'map', key: storedType(type.key), value: storedType(type.value) };
    case 'struct':
      return { kind: 'struct', fields: type.fields.map((field) => ({ ...field, type: storedType(field.type) })) };
    default:
      return type;
  }
}

const OPTIONS: readonly ParquetWriterOptions[] = [
  {},
  { compression: 'none', dictionaryLimit: 0, dataPageBytes: 1 },
  { compression: 'zstd', dataPageBytes: 64, rowGroupRows: 20 },
  { compression: 'gzip', dictionaryLimit: 40, dataPageBytes: 200 },
];
const CASES = Number(process.env.FUZZ ?? 60);

async function readBack(bytes: Uint8Array, type: NestedType): Promise<unknown[]> {
  const { metadata, columns } = await readParquet(bytesFile('nested.parquet', bytes), { shared, kernels });
  const column = metadata.columns.find(({ name }) => name === 'c')!;
  const stored = storedType(type) as NestedType;
  assert.equal(formatType(column.type!), formatType(stored));
  return columns.get('c')!.map((item) => {
    return item === null ? null : decodeNested(Uint8Array.from(Buffer.from(item as string, 'latin1')), stored);
  });
}

test('nested columns of any type are read back by DuckDB and by ourselves', async () => {
  const cases = nestedTypes.chain((type) =>
    fc.record({
      type: fc.constant(type),
      batches: fc.array(
        fc.record({
          rows: fc.array(nullableOf(type), { minLength: 1, maxLength: 25 }),
          encoding: fc.constantFrom('flat', 'dictionary', 'constant'),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      options: fc.constantFrom(...OPTIONS),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ type, batches, options }) => {
      const same = batches.map(({ rows, encoding }) => ({
        encoding: encoding as 'flat' | 'dictionary' | 'constant',
        rows: encoding === 'constant' ? rows.map(() => rows[0]!) : rows,
      }));
      const expected = same.flatMap(({ rows }) => rows);
      const table = {
        columns: [
          { name: 'id', type: { kind: 'integer' } as const },
          { name: 'c', type },
        ],
        batches: same.map(({ rows, encoding }, batch) => [
          { values: rows.map((_, i) => batch * 1000 + i) },
          {
            values: rows.map((row) => (row === null ? null : encodeNested(row as NestedValue[], type))),
            encoding,
          },
        ]),
      };
      const { bytes, written } = await writeTable(table, options);
      assert.deepEqual(await readBack(bytes, type), expected);
      const rows = await queryDuckDb(bytes, 'select c from read_parquet($file) order by id');
      assert.deepEqual(
        rows.map(([value]) => fromDuckDb(value)),
        expected,
      );
      assert.equal(written.columns[1]!.nullCount, expected.filter((value) => value === null).length);
      assert.equal(written.columns[1]!.bounds, undefined);
    }),
    { numRuns: CASES, seed: Number(process.env.PROPERTY_SEED ?? 20_261_128) },
  );
});

test('a row with more elements than a page, and many rows', async () => {
  const type = arrayOf({
    kind: 'struct',
    fields: [
      { name: 'n', type: { kind: 'bigint' } },
      { name: 't', type: { kind: 'text' } },
    ],
  });
  const long = Array.from(
    { length: 100_000 },
    (_, i): NestedValue => (i % 7 === 0 ? null : [BigInt(i), `t${i % 300}`]),
  );
  const rows = [[], long, ...Array.from({ length: 4000 }, (_, i): NestedValue[] => [[BigInt(i), 'x'], null])];
  const { bytes } = await writeTable(
    { columns: [{ name: 'c', type }], batches: [[{ values: rows.map((row) => encodeNested(row, type)) }]] },
    { dataPageBytes: 4096 },
  );
  assert.deepEqual(await readBack(bytes, type), rows);
  const answer = await queryDuckDb(
    bytes,
    'select count(*), sum(len(c)), sum(e.n), count(distinct e.t) from read_parquet($file), unnest(c) as u(e)',
  );
  const numbers = rows.flat().flatMap((element) => (element === null ? [] : [(element as [bigint, string])[0]]));
  assert.deepEqual(answer[0]!.map(String), [
    '108000',
    String(rows.reduce((total, row) => total + row.length * row.length, 0)),
    String(numbers.reduce((sum, value) => sum + value, 0n)),
    '301',
  ]);
});

test('NOT NULL columns are required, and their NULLs an error; their elements may be NULL', async () => {
  const type = arrayOf({ kind: 'integer' });
  const columns = [{ name: 'c', type, nullable: false }];
  const values = [[1, null], [], [2]].map((row) => encodeNested(row, type));
  const { bytes } = await writeTable({ columns, batches: [[{ values }]] });
  assert.deepEqual(await readBack(bytes, type), [[1, null], [], [2]]);
  const schema = await queryDuckDb(bytes, 'select name, repetition_type, logical_type from parquet_schema($file)');
  assert.deepEqual(schema.slice(1), [
    ['c', 'REQUIRED', 'ListType()'],
    ['list', 'REPEATED', null],
    ['element', 'OPTIONAL', null],
  ]);
  await assert.rejects(writeTable({ columns, batches: [[{ values: [values[0]!, null] }]] }), { code: '23502' });
});

test('every leaf has statistics of its own', async () => {
  const type: NestedType = { kind: 'map', key: { kind: 'integer' }, value: { kind: 'text' } };
  const rows = [
    [
      [1, 'b'],
      [7, null],
    ],
    [],
    null,
    [[-3, 'a']],
  ] as (readonly NestedValue[] | null)[];
  const values = rows.map((row) => (row === null ? null : encodeNested(row, type)));
  const { bytes } = await writeTable({ columns: [{ name: 'm', type }], batches: [[{ values }]] });
  const found = await queryDuckDb(
    bytes,
    'select path_in_schema, num_values, stats_null_count, stats_min_value, stats_max_value from parquet_metadata($file)',
  );
  assert.deepEqual(
    found.map((row) => row.map(String)),
    [
      ['m, key_value, key', '5', '2', '-3', '7'],
      ['m, key_value, value', '5', '3', 'a', 'b'],
    ],
  );
});

test('what Parquet has no place for is refused', async () => {
  const struct = (...names: string[]): NestedType => ({
    kind: 'struct',
    fields: names.map((name) => ({ name, type: { kind: 'integer' } })),
  });
  const write = (type: NestedType): Promise<unknown> => writeTable({ columns: [{ name: 'c', type }], batches: [] });
  await assert.rejects(write(struct()), { code: '0A000' });
  await assert.rejects(write(struct('a', 'a')), { code: '42701' });
});
