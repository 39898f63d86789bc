import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { LocalObjectStore } from '../../../src/storage/local/local-object-store.js';
import { readFooter } from '../../../src/storage/parquet-reader/read-footer.js';
import { execute } from '../../slt/run-slt.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// A file of Apache Arrow's, one row group of many pages: see write.py beside it.
const FILE = join('test', 'unit', 'storage', 'parquet-reader', 'files', 'arrow-page-index.parquet');

interface Row {
  readonly id: number;
  readonly name: string;
  readonly late: number | null;
  readonly mixed: number;
  readonly ratio: number;
}

const ROWS = Array.from(
  { length: 30_000 },
  (_, row): Row => ({
    id: row * 2,
    name: `name of row ${String(row).padStart(6, '0')}, which is longer than what an index holds of it`,
    late: row > 20_000 ? null : Math.floor(row / 5),
    mixed: (row * 7919) % 30_011,
    // NaN is above every number.
    ratio: row === 25_000 ? Number.POSITIVE_INFINITY : row / 4,
  }),
);

async function openEngine(context: TestContext): Promise<(sql: string) => Promise<(string | null)[][]>> {
  const lake = temporaryFolder(context);
  copyFileSync(FILE, join(lake, 'paged.parquet'));
  const engine = await openSharedEngine(context, lake, 1);
  const session = engine.openSession();
  await execute(session, `create view paged as select * from read_parquet('${join(lake, 'paged.parquet')}')`);
  return (sql) => execute(session, sql);
}

const OPERATORS: Readonly<Record<string, (left: number | string, right: number | string) => boolean>> = {
  '=': (left, right) => left === right,
  '<>': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

interface Condition {
  readonly sql: string;
  readonly holds: (row: Row) => boolean;
}

const comparison = fc
  .record({
    column: fc.constantFrom('id', 'late', 'mixed', 'ratio', 'name'),
    operator: fc.constantFrom(...Object.keys(OPERATORS)),
    row: fc.nat(30_100),
    mirrored: fc.boolean(),
  })
  .map(({ column, operator, row, mirrored }): Condition => {
    const value = column === 'name' ? `name of row ${String(row).padStart(6, '0')}` : column === 'id' ? row * 2 : row;
    const literal = typeof value === 'string' ? `'${value}'` : String(value);
    const holds = ({ [column as keyof Row]: found }: Row): boolean =>
      found !== null && (mirrored ? OPERATORS[operator]!(value, found) : OPERATORS[operator]!(found, value));
    return { sql: mirrored ? `${literal} ${operator} ${column}` : `${column} ${operator} ${literal}`, holds };
  });

const list = fc.uniqueArray(fc.nat(31_000), { minLength: 1, maxLength: 4 }).map((values): Condition => {
  const holds = ({ mixed }: Row): boolean => values.includes(mixed);
  return { sql: `mixed in (${values.join(', ')})`, holds };
});

const nulls = fc.boolean().map((negated): Condition => {
  const holds = ({ late }: Row): boolean => (late === null) !== negated;
  return { sql: `late is ${negated ? 'not ' : ''}null`, holds };
});

test('pages are left out only where no row of them is wanted', async (context) => {
  const ask = await openEngine(context);
  const conditions = fc.array(fc.oneof({ weight: 4, arbitrary: comparison }, list, nulls), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(conditions, fc.constantFrom(' and ', ' or '), async (parts, word) => {
      const combined = parts.map(({ sql }) => sql).join(word);
      const wanted = ROWS.filter((row) =>
        word === ' and ' ? parts.every(({ holds }) => holds(row)) : parts.some(({ holds }) => holds(row)),
      );
      const sum = wanted.reduce((total, { id }) => total + id, 0);
      const answer = await ask(`select count(*), coalesce(sum(id), 0) from paged where ${combined}`);
      assert.deepEqual(answer, [[String(wanted.length), String(sum)]], combined);
    }),
    { numRuns: 60 },
  );
});

test('EXPLAIN ANALYZE counts the pages that are left out', async (context) => {
  const ask = await openEngine(context);
  const skipped = async (sql: string): Promise<number> => {
    const lines = (await ask(`explain analyze ${sql}`)).map(([line]) => line).join('\n');
    return Number(/skipped=(\d+) pages/.exec(lines)?.[1] ?? 0);
  };
  const all = await skipped("select * from paged where name > 'name of row 040000' and id >= 0");
  assert.equal(all, 0, 'the statistics of the row group exclude it before its pages are looked at');
  assert.equal(await skipped('select max(name) from paged where id between 30000 and 30100'), 14);
  assert.equal(await skipped('select max(name) from paged where mixed = 77'), 0, 'in no order');
  assert.equal(await skipped('select count(*) from paged where ratio > 7000'), 0, 'a page may hold a NaN');
  assert.ok((await skipped('select count(*) from paged where ratio < 100')) > 20);
  assert.ok((await skipped('select count(*) from paged where late is null')) > 10);
  await ask('create table few as select * from (values (10), (41000)) as v (id)');
  assert.deepEqual(await ask('select count(*), max(late) from paged join few using (id)'), [['2', '1']]);
  assert.equal(await skipped('select count(*), max(late) from paged join few using (id)'), 13, 'what a join looks for');
});

test('a damaged index of pages is an error that names the place', async (context) => {
  const folder = temporaryFolder(context);
  const bytes = readFileSync(FILE);
  const store = new LocalObjectStore();
  const { byteLength, version } = (await store.stat(join(process.cwd(), FILE)))!;
  const file = await store.openFile({ path: join(process.cwd(), FILE), byteLength, version });
  const footer = await readFooter(file);
  await file.close();
  const { bounds, rows } = footer.rowGroups[0]!.chunks[0]!.pageIndex!;
  const ask = await openEngine(context);
  for (const [index, { offset }] of [bounds, rows].entries()) {
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, offset, offset + 6);
    const path = join(folder, `damaged-${index}.parquet`);
    writeFileSync(path, damaged);
    await assert.rejects(ask(`select count(*) from read_parquet('${path}') where id = 5000`), {
      code: 'XX001',
      message: /column "id", row group 1, page index: /,
    });
    assert.deepEqual(await ask(`select count(*) from read_parquet('${path}')`), [['30000']]);
  }
});
