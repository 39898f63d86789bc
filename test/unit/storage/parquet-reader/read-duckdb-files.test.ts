import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { compareWithDuckDB, READ_VARIANTS } from './compare-with-duckdb.js';
import { DuckDBFiles } from './duckdb-files.js';
import { createEngine, type ReadOptions } from './read-parquet.js';

const files = new DuckDBFiles();
const engine = createEngine();
after(() => {
  files.close();
  assert.equal(engine.shared.allocatedChunks, 0);
});

const compare = (path: string, variants?: readonly ReadOptions[]): Promise<void> =>
  compareWithDuckDB(path, files, engine, variants);

const TYPES_QUERY = (rows: number, nulls: string) => `
  select ${[
    'i % 2 = 0 as boolean_column',
    '(i % 200 - 100)::tinyint as tinyint_column',
    '(i % 40000 - 20000)::smallint as smallint_column',
    '(i * 7919 - 1000000)::integer as integer_column',
    '(i * 1234567891011 - 99999999999)::bigint as bigint_column',
    '(i % 200)::utinyint as utinyint_column',
    '(i % 60000)::usmallint as usmallint_column',
    '(i * 99991 % 4294967295)::uinteger as uinteger_column',
    '(i * 99999999991)::ubigint as ubigint_column',
    '(i / 7)::real as real_column',
    '(i / 13 - 100)::double as double_column',
    '(i / 100)::decimal(4,2) as decimal4_column',
    '(i - 500)::decimal(9,3) as decimal9_column',
    '(i * 31 - 5000)::decimal(18,4) as decimal18_column',
    '(i * 31 - 5000)::decimal(38,10) * 99999999 as decimal38_column',
    "'value ' || (i % 17) as small_text",
    "'a longer unique text ' || i || repeat('x', (i % 40)::integer) as unique_text",
    "('blob' || i)::blob as blob_column",
    "date '1992-01-01' + (i % 5000)::integer as date_column",
    "time '00:00:00' + to_microseconds(i * 1234567 % 86400000000) as time_column",
    "timestamp '1969-12-31 23:00:00' + to_microseconds(i * 123456789) as timestamp_column",
    "(timestamp '1969-12-31 23:00:00' + to_milliseconds(i * 12345))::timestamp_ms as timestamp_ms_column",
    "(timestamp '1969-12-31 23:00:00' + to_microseconds(i * 12345))::timestamp_ns as timestamp_ns_column",
    "(timestamp '1969-12-31 23:00:00' + to_seconds(i * 12345))::timestamp_s as timestamp_s_column",
    "(timestamp '2000-01-01' + to_microseconds(i * 123456789))::timestamptz as timestamptz_column",
    "('00000000-0000-4000-8000-' || lpad(i::varchar, 12, '0'))::uuid as uuid_column",
    'to_months((i % 30)::integer) + to_days((i % 20)::integer) + to_milliseconds(i) as interval_column',
  ]
    .map((column) => column.replace(/^(.*) as (\w+)$/s, `case when ${nulls} then null else $1 end as $2`))
    .join(',\n')}
  from range(${rows}) t(i)`;

for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd', 'lz4_raw']) {
  test(`all types, ${codec}`, async () => {
    await compare(await files.write(TYPES_QUERY(5000, 'false'), `codec ${codec}`));
  });
}

for (const [name, nulls] of [
  ['a tenth', 'i % 10 = 3'],
  ['runs of', '(i // 700) % 2 = 1'],
  ['nearly only', 'i % 97 <> 5'],
  ['only', 'true'],
]) {
  for (const version of ['V1', 'V2']) {
    test(`all types, ${name} NULLs, ${version}`, async () => {
      const options = `parquet_version ${version}, row_group_size 6000`;
      await compare(await files.write(TYPES_QUERY(9000, nulls!), options));
    });
  }
}

test('a dictionary that is given up, and many row groups', async () => {
  const query = `select case when i < 150000 then i % 100 else i end as a, case when i < 100000 then 'x' || (i % 10) else 'long text ' || i end as b from range(300000) t(i)`;
  await compare(await files.write(query, 'row_group_size 300000'), [{}, { useCodes: true }, READ_VARIANTS[2]!]);
  await compare(await files.write(query, 'row_group_size 20480, dictionary_size_limit 100'), [{}, { useCodes: true }]);
});

test('a file without rows has columns', async () => {
  await compare(await files.write('select 1 as a, null::varchar as b where false'));
});
