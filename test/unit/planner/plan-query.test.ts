import assert, { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogTable, ColumnStatistics } from '../../../src/planner/catalog-view.js';
import { explainPlanAsJson } from '../../../src/planner/explain/explain-json.js';
import { explainPlan } from '../../../src/planner/explain/explain-text.js';
import type { ConstantExpression } from '../../../src/planner/expression.js';
import type { PhysicalNode, ScanNode } from '../../../src/planner/physical/physical-plan.js';
import { describeQuery } from '../../../src/planner/plan-query.js';
import { BIGINT, DATE, formatType, INTEGER, TEXT } from '../../../src/types/sql-type.js';
import { parseQuery, planSql, testContext } from '../../plans/support/plan-sql.js';
import { catalogOf, TPCH_CATALOG } from '../../plans/support/tpch-catalog.js';

const integer = (value: number): ConstantExpression => ({ kind: 'constant', type: INTEGER, value });
const day = (value: number): ConstantExpression => ({ kind: 'constant', type: DATE, value });

/** A table with a partition a day, 19000 to 19003, and two row groups a file. */
function partitionedTable(asked: (ConstantExpression | undefined)[][]): CatalogTable {
  const group = (min: number, max: number): { rowCount: number; columns: Map<string, ColumnStatistics> } => ({
    rowCount: 100,
    columns: new Map([['n', { min: integer(min), max: integer(max), nullCount: 0 }]]),
  });
  return {
    kind: 'table',
    name: 'events',
    columns: [
      { name: 'n', type: INTEGER, nullable: true },
      { name: 'day', type: DATE, nullable: false },
    ],
    partitionColumns: ['day'],
    openScan: async ({ matchesPartition }) => {
      const days = [19000, 19001, 19002, 19003].map(day);
      const kept = days.filter((value) => {
        asked.push([value]);
        return matchesPartition?.([value]) ?? true;
      });
      return {
        files: kept.map((value) => ({
          path: `day=${value.value}/part.parquet`,
          byteLength: 1000,
          version: '1',
          partitionValues: [value],
          rowGroups: [group(0, 9), group(10, 19)],
        })),
        totalFiles: days.length,
        rowCount: kept.length * 200,
        columnStatistics: new Map(),
      };
    },
  };
}

function scanOf(node: PhysicalNode): ScanNode {
  if (node.kind === 'scan') return node;
  if ('input' in node) return scanOf(node.input);
  throw new Error('no scan');
}

test('partitions are pruned before files are listed, and their filters are done with', async () => {
  const catalog = catalogOf([partitionedTable([])]);
  const { plan } = await planSql("select n from events where day > date '2022-01-09' and n > 12", catalog);
  const scan = scanOf(plan);
  deepEqual(
    scan.files.map((file) => file.path),
    ['day=19002/part.parquet', 'day=19003/part.parquet'],
  );
  equal(scan.filters.length, 1);
  equal(scan.totalFiles, 4);
});

test('partitions are pruned by any condition on their columns', async () => {
  const catalog = catalogOf([partitionedTable([])]);
  const filesFor = async (condition: string): Promise<number> =>
    scanOf((await planSql(`select n from events where ${condition}`, catalog)).plan).files.length;
  equal(await filesFor("day = date '2022-01-08' or day = date '2022-01-10'"), 2);
  equal(await filesFor("day in ('2022-01-08', '2022-01-09', '1999-01-01')"), 2);
  equal(await filesFor("day between '2022-01-09' and '2022-01-10' and day <> '2022-01-09'"), 1);
  equal(await filesFor('day is null'), 0);
  equal(await filesFor('day is null or n = 1'), 4);
});

test('row groups are pruned by their bounds', async () => {
  const catalog = catalogOf([partitionedTable([])]);
  const groupsFor = async (condition: string): Promise<(readonly number[] | undefined)[]> =>
    scanOf((await planSql(`select n from events where ${condition}`, catalog)).plan).files.map(
      (file) => file.rowGroups,
    );
  deepEqual(await groupsFor("n > 12 and day = date '2022-01-10'"), [[1]]);
  deepEqual(await groupsFor("n in (3, 4) and day = date '2022-01-10'"), [[0]]);
  deepEqual(await groupsFor("(n = 3 or n = 15) and day = date '2022-01-10'"), [[0, 1]]);
  const { plan } = await planSql("select n from events where n > 12 and day > date '2022-01-09'", catalog);
  deepEqual(explainPlan(plan), [
    'Parquet Scan on events  (rows=133)',
    '  Filter: n > 12',
    '  Columns: n',
    '  Files: 2 of 4 (2.0 kB), row groups: 2 of 4',
  ]);
  deepEqual(await groupsFor('n > 30'), []);
  deepEqual(await groupsFor('n is null'), []);
});

test('a filter that every row satisfies through its partition can fail and then keeps the file', async () => {
  const catalog = catalogOf([partitionedTable([])]);
  const { plan } = await planSql("select n from events where 1 / (day - date '2022-01-08') > 0", catalog);
  equal(scanOf(plan).files.length >= 1, true);
});

test('parameters get types from their use, and values are planned with', async () => {
  const sql = 'select n_name, $2 from nation where n_nationkey = $1 limit $3';
  const described = await describeQuery(parseQuery(sql), testContext(TPCH_CATALOG));
  deepEqual(described.parameterTypes.map(formatType), ['bigint', 'text', 'bigint']);
  deepEqual(
    described.columns.map(({ name, type }) => `${name} ${formatType(type)}`),
    ['n_name text', '?column? text'],
  );
  const parameterValues: ConstantExpression[] = [
    { kind: 'constant', type: BIGINT, value: 3n },
    { kind: 'constant', type: TEXT, value: 'x' },
    { kind: 'constant', type: BIGINT, value: 5n },
  ];
  const { plan } = await planSql(sql, TPCH_CATALOG, { parameterValues });
  deepEqual(explainPlan(plan), [
    'Project  (rows=1)',
    "  Compute: 'x' AS ?column?",
    '  ->  Limit  (rows=1)',
    '        Limit: 5',
    '        ->  Parquet Scan on nation  (rows=1)',
    '              Filter: n_nationkey = 3',
    '              Columns: n_name, n_nationkey',
    '              Files: 1 (1.2 kB)',
    '              Limit: 5',
  ]);
});

test("columns are cast to a table's types on assignment", async () => {
  const targetTypes = [DATE, BIGINT];
  const { plan } = await planSql("values ('2024-02-29', 1), (null, 2)", TPCH_CATALOG, { targetTypes });
  deepEqual(
    plan.columns.map((column) => formatType(column.type)),
    ['date', 'bigint'],
  );
  await rejects(planSql('select n_name, 1 from nation', TPCH_CATALOG, { targetTypes }), { code: '42804' });
  const literal = await planSql("select '2024-02-29', n_regionkey from nation", TPCH_CATALOG, { targetTypes });
  deepEqual(
    literal.columns.map(({ type }) => formatType(type)),
    ['date', 'bigint'],
  );
});

test('views are bound where they are used, with errors placed in the query', async () => {
  const view = { kind: 'view' as const, name: 'asia', query: parseQuery('select n_name, nope from nation') };
  const nation = await TPCH_CATALOG.findRelation(['nation']);
  const catalog = catalogOf([nation!, view, { ...view, name: 'self', query: parseQuery('select * from self') }]);
  await rejects(planSql('select 1 from asia', catalog), { code: '42703', position: 14 });
  await rejects(planSql('select 1 from self', catalog), { code: '42P17' });
});

test('EXPLAIN ANALYZE puts counters beside estimates', async () => {
  const { plan } = await planSql(
    'select r_name, count(*) from nation join region on n_regionkey = r_regionkey group by r_name order by 2 desc',
    TPCH_CATALOG,
  );
  const counters = new Map([[plan.id, { rows: 5, timeMs: 0.123, memoryBytes: 70_000 }]]);
  deepEqual(explainPlan(plan, { counters }), [
    'Sort  (rows=5) (actual rows=5 time=0.12 ms memory=68 kB)',
    '  Sort Key: count DESC',
    '  ->  Hash Aggregate  (rows=5) (never executed)',
    '        Group Key: r_name',
    '        Aggregates: count(*)',
    '        ->  Hash Join (broadcast)  (rows=25) (never executed)',
    '              Hash Cond: n_regionkey = r_regionkey',
    '              Build Table: 5 rows, 200 B',
    '              ->  Parquet Scan on nation  (rows=25) (never executed)',
    '                    Run-time Filter: n_regionkey = r_regionkey',
    '                    Columns: n_regionkey',
    '                    Files: 1 (1.2 kB)',
    '              ->  Parquet Scan on region  (rows=5) (never executed)',
    '                    Columns: r_regionkey, r_name',
    '                    Files: 1 (250 B)',
  ]);
});

test('EXPLAIN ANALYZE tells how uneven the work of workers was, where that matters', async () => {
  const { plan } = await planSql('select n_name from nation', TPCH_CATALOG);
  const titleOf = (workerRows: readonly number[], assignedRows?: readonly number[]): string => {
    const rows = workerRows.reduce((sum, count) => sum + count, 0);
    return explainPlan(plan, { counters: new Map([[plan.id, { rows, timeMs: 1, workerRows, assignedRows }]]) })[0]!;
  };
  match(titleOf([300_000, 100_000]), / time=1\.00 ms skew=1\.5\)$/);
  match(titleOf([300_000, 290_000]), / time=1\.00 ms\)$/);
  match(titleOf([30_000, 0]), / time=1\.00 ms\)$/);
  match(titleOf([210_000, 190_000], [320_000, 80_000]), / skew=1\.6 evened out to 1\.1\)$/);
  match(titleOf([210_000, 190_000], [200_000, 200_000]), / time=1\.00 ms\)$/);
  const counters = new Map([[plan.id, { rows: 3, timeMs: 1, workerRows: [1, 2] }]]);
  deepEqual(explainPlanAsJson(plan, { counters })['Worker Rows'], [1, 2]);
});

test('EXPLAIN says what an order of joins is believed to save, and from where on joins are shuffled', async () => {
  const written = await planSql(
    `select count(*) from lineitem, orders, customer, nation
    where l_orderkey = o_orderkey and o_custkey = c_custkey and c_nationkey = n_nationkey and n_name = 'CHINA'`,
    TPCH_CATALOG,
  );
  const text = explainPlan(written.plan).join('\n');
  const [, cost, before] = /Join Order: 4 relations, cost ([\d.]+) ms \(([\d.]+) ms as written\)/.exec(text)!;
  assert(Number(before) > 1.2 * Number(cost));
  equal(text.match(/Join Order/g)!.length, 1);
  match(text, /Build Table: \d+ rows, [\d.]+ k?B$/m);
  match(explainPlan(written.plan, { verbose: true }).join('\n'), /Build Table: \d+ rows, .*, shuffled from 2\.0 GB$/m);
});

test('texts of a build side that many rows take along are handed on as codes', async () => {
  const coded = async (sql: string): Promise<string[]> => {
    const { plan } = await planSql(sql, TPCH_CATALOG);
    const lines = explainPlan(plan, { verbose: true });
    return lines.flatMap((line) => /Texts as Codes: (.*)$/.exec(line)?.[1] ?? []);
  };
  const join = 'from customer, nation where c_nationkey = n_nationkey';
  deepEqual(await coded(`select n_name, n_comment, n_nationkey, c_name ${join}`), ['n_name, n_comment']);
  // What is only looked at stays in the join.
  deepEqual(await coded(`select n_name ${join} and n_comment <> c_comment`), ['n_name']);
  deepEqual(await coded('select p_name from partsupp, part where ps_partkey = p_partkey'), ['p_name']);
  // There are 1,500,000 orders; each nation is met by two suppliers at most.
  deepEqual(await coded('select o_clerk from lineitem, orders where l_orderkey = o_orderkey'), []);
  deepEqual(await coded('select n_name from supplier, nation where s_nationkey = n_nationkey and s_suppkey < 20'), []);
});

test('the tables of a WITH do not have the lake listed, names that nothing has do', async () => {
  let listings = 0;
  const catalog = {
    ...TPCH_CATALOG,
    findRelation: (name: readonly string[]) => TPCH_CATALOG.findRelation(name),
    findFiles: TPCH_CATALOG.findFiles.bind(TPCH_CATALOG),
    relationNames: async () => {
      listings++;
      return ['nation'];
    },
  };
  await planSql('with n as (select * from nation) select (select count(*) from n as m) from n', catalog);
  equal(listings, 0);
  await rejects(planSql('with n as (select * from nation) select * from n, natoin', catalog), { hint: /"nation"/ });
  equal(listings, 1);
});
