import { equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { estimate } from '../../../src/planner/statistics/estimate.js';
import { planSql } from '../../plans/support/plan-sql.js';
import { type ColumnSketch, catalogOf, int, sketchTable, TPCH_CATALOG } from '../../plans/support/tpch-catalog.js';

async function rowsOf(sql: string): Promise<number> {
  return estimate((await planSql(sql, TPCH_CATALOG)).logicalPlan).rows;
}

/** Within a factor of what it truly is at scale 1. */
async function near(sql: string, truth: number, factor: number = 1.5): Promise<void> {
  const rows = await rowsOf(sql);
  ok(rows >= truth / factor && rows <= truth * factor, `${sql}: estimated ${rows}, expected about ${truth}`);
}

test('scans take rows and distinct values from statistics', async () => {
  equal(await rowsOf('select * from orders'), 1_500_000);
  await near('select * from orders where o_orderkey = 7', 1);
  await near("select * from customer where c_mktsegment = 'BUILDING'", 30_000);
  await near("select * from customer where c_mktsegment in ('BUILDING', 'MACHINERY')", 60_000);
  await near("select * from customer where c_mktsegment <> 'BUILDING'", 120_000);
  equal(await rowsOf('select * from orders where o_orderkey = -7'), 1);
});

test('bounds on one column are one range', async () => {
  await near('select * from lineitem where l_quantity between 11 and 20', 1_150_000);
  await near('select * from lineitem where l_quantity < 11 or l_quantity > 40', 2_300_000);
  equal(await rowsOf('select * from lineitem where l_quantity > 60'), 1);
});

test('a foreign key meets one row each', async () => {
  await near('select * from orders, lineitem where o_orderkey = l_orderkey', 6_000_000);
  await near('select * from customer, orders where c_custkey = o_custkey', 1_500_000);
  await near("select * from customer, orders where c_custkey = o_custkey and c_mktsegment = 'BUILDING'", 300_000, 2);
});

test('a foreign key may meet a part of a key', async () => {
  // Five years of sales, and a calendar of two centuries with them in its middle.
  const catalog = catalogOf([
    sketchTable('days', 73_000, [int('day', 1, 73_000), int('year', 1900, 2099), int('month', 1, 12)]),
    sketchTable('sales', 1_825_000, [int('sold', 36_001, 37_825), int('item', 1, 1000)]),
  ]);
  const rowsFor = async (sql: string): Promise<number> =>
    Math.round(estimate((await planSql(`select item from ${sql}`, catalog)).logicalPlan).rows);
  equal(await rowsFor('sales, days where sold = day and year = 2000'), 365_000);
  equal(await rowsFor('sales, days where sold = day and month = 1'), 152_083);
  equal(await rowsFor('sales where sold in (select day from days where year = 2000)'), 365_000);
  equal(await rowsFor('sales left join days on sold = day and year = 2000'), 1_825_000);
  equal(await rowsFor('sales, days where sold = day'), 1_825_000);
});

test('a foreign key of two columns meets one row each', async () => {
  const joined = 'l_partkey = ps_partkey and l_suppkey = ps_suppkey';
  await near(`select * from lineitem, partsupp where ${joined}`, 6_000_000);
  await near(`select * from lineitem, partsupp where ${joined} and ps_availqty = 7`, 600);
  await near(`select * from partsupp, lineitem where ${joined} and l_quantity = 7`, 120_000);
});

test('some rows of a table of facts belong to one row each of another', async () => {
  const distinct = (name: string, max: number, count: number): ColumnSketch => ({
    ...int(name, 1, max),
    distinct: count,
  });
  const catalog = catalogOf([
    sketchTable('sales', 2_880_000, [
      distinct('item', 18_000, 18_000),
      distinct('ticket', 240_000, 240_000),
      distinct('customer', 100_000, 91_000),
      int('quantity', 1, 100),
    ]),
    // A tenth of the sales come back, so that many tickets have no row here.
    sketchTable('returns', 288_000, [
      distinct('item', 18_000, 18_000),
      distinct('ticket', 240_000, 169_000),
      distinct('customer', 100_000, 83_000),
    ]),
    // What is there in each of few places on a day a week: all combinations.
    sketchTable('stock', 11_700_000, [
      distinct('item', 18_000, 18_000),
      distinct('day', 1826, 261),
      int('place', 1, 5),
    ]),
    sketchTable('orders', 1_440_000, [distinct('item', 18_000, 18_000), distinct('day', 1826, 1826)]),
  ]);
  const rowsFor = async (sql: string, disabledRules?: ReadonlySet<string>): Promise<number> =>
    Math.round(estimate((await planSql(`select 1 from ${sql}`, catalog, { disabledRules })).logicalPlan).rows);
  const same = 's.item = r.item and s.ticket = r.ticket';
  equal(await rowsFor(`sales as s, returns as r where ${same}`), 288_000);
  equal(await rowsFor(`sales as s, returns as r where ${same} and s.customer = r.customer`), 288_000);
  equal(await rowsFor(`returns as r, sales as s where ${same} and quantity = 7`), 2880);
  equal(await rowsFor(`sales as s left join returns as r on ${same}`), 2_880_000);
  equal(await rowsFor('orders as o, stock as s where o.item = s.item and o.day = s.day'), 512_596);
  // The larger side has each combination once: no row of the other meets more than one.
  const grouped = '(select item, customer, max(quantity) from sales group by item, customer)';
  const pairs = `${grouped} as s, returns as r where s.item = r.item and s.customer = r.customer`;
  equal(await rowsFor(pairs, new Set(['semi-join-reduction', 'eager-aggregation'])), 288_000);
});

test('outer, semi and anti joins keep left rows', async () => {
  equal(await rowsOf('select * from customer left join orders on c_custkey = o_custkey and o_orderkey = 1'), 150_000);
  await near('select * from customer where exists (select * from orders where o_custkey = c_custkey)', 100_000);
  await near('select * from customer where not exists (select * from orders where o_custkey = c_custkey)', 50_000);
});

test('groups are as many as their keys have values, and no more than rows', async () => {
  equal(await rowsOf('select l_returnflag from lineitem group by l_returnflag'), 3);
  await near('select l_returnflag, l_linestatus from lineitem group by l_returnflag, l_linestatus', 6, 2);
  await near('select l_orderkey, l_linenumber from lineitem group by l_orderkey, l_linenumber', 6_000_000);
  equal(await rowsOf('select count(*) from lineitem'), 1);
});

test('limits bound', async () => {
  equal(await rowsOf('select * from lineitem limit 10'), 10);
  equal(await rowsOf('select * from generate_series(1, 100, 3)'), 34);
});
