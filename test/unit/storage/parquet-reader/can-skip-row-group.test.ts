import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type ColumnConjunct, canSkipRowGroup } from '../../../../src/storage/parquet-reader/can-skip-row-group.js';
import type { ParquetMetadata } from '../../../../src/storage/parquet-reader/parquet-metadata.js';
import { readFooter } from '../../../../src/storage/parquet-reader/read-footer.js';
import { DuckDBFiles } from './duckdb-files.js';
import { openTestFile } from './read-parquet.js';

const files = new DuckDBFiles();
after(() => files.close());

const text = (value: string) => new TextEncoder().encode(value);

async function footerOf(query: string, options = ''): Promise<ParquetMetadata> {
  const file = await openTestFile(await files.write(query, options));
  try {
    return await readFooter(file);
  } finally {
    await file.close();
  }
}

type Conjunct<T> = T extends unknown ? Omit<T, 'column'> : never;

test('row groups are skipped only where bounds prove it', async () => {
  const metadata = await footerOf(`select
    (i + 10)::integer as a, (i + 10)::bigint as b, (i / 100 + 1.5)::decimal(12,2) as c, date '2000-01-01' + i::integer as d,
    'k' || (i + 10) as e, null::integer as f, case when i = 5 then null else 7::smallint end as g, (i + 0.5)::double as h,
    case when i = 3 then 'nan'::double else 1 end as i, i < 0 as j, (i + 3000000000)::uinteger as k,
    timestamp '1970-01-01' + to_seconds(i) as l
    from range(20) t(i)`);
  const names = metadata.columns.map((column) => column.name);
  const skips = (name: string, conjunct: Conjunct<ColumnConjunct>): boolean =>
    canSkipRowGroup(metadata, 0, [{ column: names.indexOf(name), ...conjunct } as ColumnConjunct]);

  for (const [name, below, low, inside, high, above] of [
    ['a', 9, 10, 15, 29, 30],
    ['b', 9n, 10n, 15n, 29n, 30n],
    ['b', 9, 10, 15, 29, 30],
    ['c', 149n, 150n, 155n, 169n, 170n],
    ['d', 10956, 10957, 10960, 10976, 10977],
    ['e', text('k0'), text('k10'), text('k11'), text('k29'), text('k290')],
    ['k', 2999999999n, 3000000000n, 3000000001n, 3000000019n, 3000000020n],
    ['l', -1n, 0n, 5n, 19_000_000n, 19_000_001n],
  ] as const) {
    assert.deepEqual(
      [below, low, inside, high, above].map((value) =>
        (['=', '<', '<=', '>', '>=', '<>'] as const).filter((op) => skips(name, { op, value })).join(' '),
      ),
      ['= < <=', '<', '', '>', '= > >='],
      name,
    );
    assert.ok(skips(name, { op: 'in', values: [below, above, null] }));
    assert.ok(!skips(name, { op: 'in', values: [below, inside] }));
    assert.ok(skips(name, { op: 'is null' }));
    assert.ok(!skips(name, { op: 'is not null' }));
    assert.ok(skips(name, { op: '=', value: null }));
  }

  assert.ok(!skips('f', { op: 'is null' }) && skips('f', { op: 'is not null' }) && skips('f', { op: '<>', value: 1 }));
  assert.ok(
    skips('g', { op: '<>', value: 7 }) && !skips('g', { op: '<>', value: 8 }) && !skips('g', { op: 'is null' }),
  );
  // Floating point: NaNs are above all and in no bound.
  assert.ok(skips('h', { op: '<', value: 0.5 }) && skips('h', { op: '=', value: 100 }));
  for (const name of ['h', 'i']) {
    assert.ok(!skips(name, { op: '>', value: 1000 }) && !skips(name, { op: '>=', value: 1000 }));
    assert.ok(!skips(name, { op: '<>', value: 1 }));
    for (const op of ['=', '<', '<=', '>', '>=', '<>'] as const) assert.ok(!skips(name, { op, value: Number.NaN }));
  }
  assert.ok(skips('j', { op: '=', value: true }) && !skips('j', { op: '=', value: false }));
  // What cannot be compared proves nothing.
  assert.ok(!skips('a', { op: '=', value: text('x') }) && !skips('e', { op: '>', value: 5 }));
  assert.ok(!skips('j', { op: '=', value: 5 }));
});

test('any conjunct suffices, and every row group is judged for itself', async () => {
  const metadata = await footerOf('select i as a, i % 7 as b from range(40960) t(i)', 'row_group_size 10240');
  const kept = (conjuncts: ColumnConjunct[]) =>
    metadata.rowGroups.map((_, index) => index).filter((index) => !canSkipRowGroup(metadata, index, conjuncts));
  assert.deepEqual(
    kept([
      { column: 0, op: '>=', value: 10240n },
      { column: 0, op: '<', value: 20481n },
    ]),
    [1, 2],
  );
  assert.deepEqual(kept([{ column: 1, op: '=', value: 7n }]), []);
  assert.deepEqual(kept([]), [0, 1, 2, 3]);
});
