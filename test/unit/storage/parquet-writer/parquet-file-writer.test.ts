import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ParquetFileWriter } from '../../../../src/storage/parquet-writer/parquet-file-writer.js';
import {
  BIGINT,
  BOOLEAN,
  BYTEA,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  INTERVAL,
  REAL,
  SMALLINT,
  type SqlType,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UUID,
} from '../../../../src/types/sql-type.js';
import { Scope } from '../../../../src/vector/scope.js';
import { BatchBuilder, type TestValue } from './batch-builder.js';
import {
  expectedRows,
  kernels,
  queryDuckDb,
  readWithDuckDb,
  shared,
  type TestTable,
  writeTable,
} from './write-harness.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const digits = (precision: number) =>
  fc.bigInt({ min: 1n - 10n ** BigInt(precision), max: 10n ** BigInt(precision) - 1n });
const text = fc.string({ unit: 'grapheme', maxLength: 40 });

/** A value of every type, within the range that DuckDB reads back. */
const types: readonly { name: string; type: SqlType; arbitrary: fc.Arbitrary<TestValue> }[] = [
  { name: 'a_boolean', type: BOOLEAN, arbitrary: fc.boolean() },
  { name: 'a_smallint', type: SMALLINT, arbitrary: fc.integer({ min: -32768, max: 32767 }) },
  { name: 'an_integer', type: INTEGER, arbitrary: fc.integer() },
  { name: 'a_bigint', type: BIGINT, arbitrary: i64 },
  { name: 'a_real', type: REAL, arbitrary: fc.float() },
  { name: 'a_double', type: DOUBLE, arbitrary: fc.double() },
  { name: 'a_decimal_9', type: decimal(9, 2), arbitrary: digits(9) },
  { name: 'a_decimal_18', type: decimal(18, 4), arbitrary: digits(18) },
  { name: 'a_decimal_38', type: decimal(38, 10), arbitrary: digits(38) },
  { name: 'a_text', type: TEXT, arbitrary: text },
  { name: 'a_varchar', type: { kind: 'varchar', length: 40 }, arbitrary: text },
  { name: 'a_char', type: { kind: 'char', length: 3 }, arbitrary: fc.string({ minLength: 3, maxLength: 3 }) },
  { name: 'a_bytea', type: BYTEA, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { name: 'a_date', type: DATE, arbitrary: fc.integer({ min: -100_000, max: 100_000 }) },
  { name: 'a_time', type: TIME, arbitrary: fc.bigInt({ min: 0n, max: 86_399_999_999n }) },
  { name: 'a_timestamp', type: TIMESTAMP, arbitrary: fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }) },
  { name: 'a_timestamptz', type: TIMESTAMPTZ, arbitrary: fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }) },
  { name: 'a_uuid', type: UUID, arbitrary: fc.uint8Array({ minLength: 16, maxLength: 16 }) },
  { name: 'a_json', type: { kind: 'json' }, arbitrary: fc.json({ maxDepth: 2 }) },
  { name: 'a_jsonb', type: { kind: 'jsonb' }, arbitrary: fc.json({ maxDepth: 2 }) },
];

/** Values that repeat, or do not, with more or fewer NULLs. */
function valuesOf(arbitrary: fc.Arbitrary<TestValue>, count: number): fc.Arbitrary<TestValue[]> {
  return fc
    .tuple(
      fc.array(arbitrary, { minLength: 1, maxLength: 20 }),
      fc.array(fc.nat(), { minLength: 10, maxLength: 60 }),
      fc.constantFrom(0, 1, 3, 100),
    )
    .map(([pool, picks, nullEvery]) =>
      range(count).map((row) => {
        const pick = picks[row % picks.length]! + Math.floor(row / picks.length);
        return nullEvery > 0 && pick % nullEvery === 0 ? null : pool[pick % pool.length]!;
      }),
    );
}

const tables: fc.Arbitrary<TestTable> = fc
  .tuple(
    fc.subarray([...types], { minLength: 1, maxLength: 6 }),
    fc.array(fc.integer({ min: 1, max: 2048 }), { maxLength: 4 }),
  )
  .chain(([columns, rowCounts]) =>
    fc
      .tuple(
        ...rowCounts.map((rowCount) =>
          fc.tuple(
            ...columns.map(({ arbitrary }) =>
              fc.record({
                values: valuesOf(arbitrary, rowCount),
                encoding: fc.constantFrom('flat' as const, 'dictionary' as const),
              }),
            ),
          ),
        ),
      )
      .map((batches) => ({ columns, batches })),
  );

test('DuckDB reads back what was written, whatever the types, NULLs, pages and row groups', async () => {
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.record({
        compression: fc.constantFrom('snappy' as const, 'zstd' as const, 'gzip' as const, 'none' as const),
        rowGroupRows: fc.constantFrom(100, 3000, 122_880),
        dataPageBytes: fc.constantFrom(64, 1000, 2 ** 20),
        dictionaryLimit: fc.constantFrom(0, 100, 2 ** 20),
      }),
      async (table, options) => {
        const { bytes } = await writeTable(table, options);
        assert.deepEqual(await readWithDuckDb(bytes), expectedRows(table));
      },
    ),
    { numRuns: 40 },
  );
});

test('every type arrives as that type, with its statistics', async () => {
  const table: TestTable = {
    columns: types.map(({ name, type }) => ({ name, type })),
    batches: [types.map(({ arbitrary }) => ({ values: [...fc.sample(arbitrary, { numRuns: 20, seed: 7 }), null] }))],
  };
  const { bytes, written } = await writeTable(table);
  assert.deepEqual(await readWithDuckDb(bytes), expectedRows(table));
  const described = await queryDuckDb(bytes, 'select column_name, column_type from (describe from $file)');
  assert.deepEqual(Object.fromEntries(described), {
    a_boolean: 'BOOLEAN',
    a_smallint: 'SMALLINT',
    an_integer: 'INTEGER',
    a_bigint: 'BIGINT',
    a_real: 'FLOAT',
    a_double: 'DOUBLE',
    a_decimal_9: 'DECIMAL(9,2)',
    a_decimal_18: 'DECIMAL(18,4)',
    a_decimal_38: 'DECIMAL(38,10)',
    a_text: 'VARCHAR',
    a_varchar: 'VARCHAR',
    a_char: 'VARCHAR',
    a_bytea: 'BLOB',
    a_date: 'DATE',
    a_time: 'TIME',
    a_timestamp: 'TIMESTAMP',
    a_timestamptz: 'TIMESTAMP WITH TIME ZONE',
    a_uuid: 'UUID',
    a_json: 'JSON',
    a_jsonb: 'JSON',
  });
  assert.ok(written.columns.every(({ nullCount }) => nullCount === 1));
  const nulls = await queryDuckDb(bytes, 'select distinct stats_null_count from parquet_metadata($file)');
  assert.deepEqual(nulls, [[1n]]);
});

test('statistics are exact, and filters on them find what is there', async () => {
  const table: TestTable = {
    columns: [
      { name: 'i', type: INTEGER },
      { name: 'd', type: decimal(15, 2) },
      { name: 's', type: TEXT },
      { name: 'f', type: DOUBLE },
      { name: 'n', type: DOUBLE },
      { name: 'wide', type: decimal(30, 2) },
    ],
    batches: [
      [
        { values: [5, -3, null, 9] },
        { values: [100n, -250n, 399n, null] },
        { values: ['pear', 'apple', 'plum', 'Zebra'] },
        { values: [0, 1.5, -0, 7] },
        { values: [0, NaN, -0, 7] },
        { values: [10n ** 25n, -(10n ** 25n), 0n, 5n] },
      ],
    ],
  };
  const { bytes, written } = await writeTable(table);
  const statistics = await queryDuckDb(
    bytes,
    `select path_in_schema, stats_min_value, stats_max_value, stats_null_count, min_is_exact, max_is_exact
     from parquet_metadata($file)`,
  );
  assert.deepEqual(statistics, [
    ['i', '-3', '9', 1n, true, true],
    ['d', '-2.50', '3.99', 1n, true, true],
    ['s', 'Zebra', 'plum', 0n, true, true],
    ['f', '-0.0', '7.0', 0n, true, true],
    ['n', null, null, 0n, null, null],
    ['wide', '-100000000000000000000000.00', '100000000000000000000000.00', 0n, true, true],
  ]);
  assert.deepEqual(await queryDuckDb(bytes, 'select count(*) from $file where wide = 0.05 and n = 7'), [[1n]]);
  assert.deepEqual(written.columns.map(({ bounds }) => bounds && [bounds.min, bounds.max]).slice(0, 2), [
    [-3, 9],
    [-250n, 399n],
  ]);
  assert.equal(written.rowCount, 4);
  assert.equal(written.byteLength, bytes.length);
});

test('bounds of long strings are cut, the largest rounded up', async () => {
  const low = 'a'.repeat(1000);
  const high = `${'z'.repeat(62)}é${'z'.repeat(100)}`;
  const { bytes } = await writeTable({
    columns: [{ name: 's', type: TEXT }],
    batches: [[{ values: [low, high, 'm'] }]],
  });
  const [[min, max, minExact, maxExact]] = (await queryDuckDb(
    bytes,
    'select stats_min_value, stats_max_value, min_is_exact, max_is_exact from parquet_metadata($file)',
  )) as [[string, string, boolean, boolean]];
  assert.equal(min, 'a'.repeat(64));
  assert.equal(max, `${'z'.repeat(62)}ê`);
  assert.deepEqual([minExact, maxExact], [false, false]);
  assert.deepEqual(await queryDuckDb(bytes, `select count(*) from $file where s = '${high}'`), [[1n]]);
});

test('bounds over row groups are merged', async () => {
  const { bytes, written } = await writeTable(
    {
      columns: [{ name: 'i', type: INTEGER }],
      batches: [[{ values: [5, 6] }], [{ values: [null, null] }], [{ values: [-1, null] }]],
    },
    { rowGroupRows: 2 },
  );
  assert.deepEqual(written.columns, [
    { name: 'i', nullCount: 3, bounds: { min: -1, max: 6, minExact: true, maxExact: true } },
  ]);
  assert.deepEqual(await queryDuckDb(bytes, 'select num_row_groups, num_rows from parquet_file_metadata($file)'), [
    [3n, 6n],
  ]);
});

test('columns whose values repeat get a dictionary; others do not', async () => {
  const batches = range(10).map((batch) => [
    { values: range(2048).map((row) => (row * 7 + batch) % 100) },
    { values: range(2048).map((row) => batch * 2048 + row) },
    { values: range(2048).map((row) => `name ${row % 50}`) },
    { values: range(2048).map((row) => `unique ${batch}-${row}`) },
    { values: range(2048).map(() => 'same'), encoding: 'constant' as const },
  ]);
  const table: TestTable = {
    columns: [
      { name: 'few', type: INTEGER, nullable: false },
      { name: 'many', type: INTEGER },
      { name: 'few_texts', type: TEXT },
      { name: 'many_texts', type: TEXT },
      { name: 'one', type: TEXT },
    ],
    batches,
  };
  const { bytes } = await writeTable(table);
  assert.deepEqual(await readWithDuckDb(bytes), expectedRows(table));
  const encodings = await queryDuckDb(
    bytes,
    'select path_in_schema, encodings, stats_distinct_count from parquet_metadata($file)',
  );
  assert.deepEqual(encodings, [
    ['few', 'PLAIN_DICTIONARY, RLE', 100n],
    ['many', 'PLAIN, RLE', null],
    ['few_texts', 'PLAIN_DICTIONARY, RLE', 50n],
    ['many_texts', 'PLAIN, RLE', null],
    ['one', 'PLAIN_DICTIONARY, RLE', 1n],
  ]);
});

test('a dictionary that outgrows its limit in the middle of a row group is given up', async () => {
  const table: TestTable = {
    columns: [
      { name: 's', type: TEXT },
      { name: 'i', type: BIGINT },
    ],
    batches: range(6).map((batch) => [
      {
        values: range(2048).map((row) =>
          row % 5 === 0 ? null : `value ${batch < 3 ? row % 10 : (row + batch * 100) % 700}`,
        ),
        encoding: batch % 2 === 0 ? ('dictionary' as const) : ('flat' as const),
        dictionaryId: 1 + batch,
      },
      { values: range(2048).map((row) => BigInt(batch < 3 ? row % 10 : row % 900)) },
    ]),
  };
  const { bytes } = await writeTable(table, { dictionaryLimit: 4000 });
  assert.deepEqual(await readWithDuckDb(bytes), expectedRows(table));
  const encodings = await queryDuckDb(bytes, 'select distinct encodings from parquet_metadata($file)');
  assert.deepEqual(encodings, [['PLAIN, RLE']]);
});

test('an empty table, and columns of nothing but NULLs', async () => {
  const empty = await writeTable({ columns: types, batches: [] });
  assert.deepEqual(await readWithDuckDb(empty.bytes), []);
  assert.equal(empty.written.rowCount, 0);
  const table: TestTable = {
    columns: types,
    batches: [types.map(() => ({ values: range(500).map(() => null), encoding: 'constant' as const }))],
  };
  const nulls = await writeTable(table);
  assert.deepEqual(await readWithDuckDb(nulls.bytes), expectedRows(table));
});

test('huge strings', async () => {
  const huge = 'lorem ipsum '.repeat(400_000);
  const table: TestTable = {
    columns: [{ name: 's', type: TEXT }],
    batches: [[{ values: ['short', huge, null, `${huge}!`, ''] }]],
  };
  const { bytes } = await writeTable(table);
  assert.deepEqual(await readWithDuckDb(bytes), expectedRows(table));
});

test('a NULL in a column that is not nullable is an error', async () => {
  const table: TestTable = {
    columns: [{ name: 'id', type: INTEGER, nullable: false }],
    batches: [[{ values: [1, null] }]],
  };
  await assert.rejects(writeTable(table), { code: '23502', message: /column "id"/ });
});

test('intervals are groups of whole numbers, which others read as rows', async () => {
  const table: TestTable = {
    columns: [
      { name: 'i', type: INTERVAL },
      { name: 'months', type: INTEGER },
    ],
    batches: [
      [
        { values: [{ months: -14, days: 3, micros: -1n }, null, { months: 0, days: -1, micros: 10n ** 17n }] },
        { values: [1, 2, 3] },
      ],
    ],
  };
  const { bytes } = await writeTable(table);
  const described = await queryDuckDb(bytes, 'select column_type from (describe from $file)');
  assert.deepEqual(described, [['STRUCT("months" INTEGER, "days" INTEGER, "microseconds" BIGINT)'], ['INTEGER']]);
  assert.deepEqual(await queryDuckDb(bytes, 'select i.months, i.days, i.microseconds, months from $file'), [
    [-14, 3, -1n, 1],
    [null, null, null, 2],
    [0, -1, 10n ** 17n, 3],
  ]);
  const named = await queryDuckDb(bytes, 'select decode(key), decode(value) from parquet_kv_metadata($file)');
  assert.deepEqual(named, [['millrace.intervals', '[["i"]]']]);
});

test('a full disk passes through, the writer is then unusable, and all memory returns', async () => {
  const before = shared.allocatedChunks;
  const scope = new Scope(shared, shared.createOwner());
  const builder = new BatchBuilder(shared, scope);
  const failure = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  const writer = new ParquetFileWriter({
    shared,
    kernels,
    owner: shared.createOwner(),
    sink: { write: () => Promise.reject(failure) },
    columns: [{ name: 's', type: TEXT, nullable: true }],
  });
  const batch = builder.batch([{ type: TEXT, values: range(2048).map((row) => `row ${row}`) }]);
  writer.append(batch);
  await assert.rejects(writer.flushRowGroup(), failure);
  assert.throws(() => writer.append(batch), { code: 'XX000' });
  await assert.rejects(writer.close(), { code: 'XX000' });
  writer.dispose();
  scope.free();
  assert.equal(shared.allocatedChunks, before);
});
