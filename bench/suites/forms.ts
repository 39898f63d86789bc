import { parseArgs } from 'node:util';
import { compareResults } from '../compare/compare-results.js';
import { findSortColumns } from '../compare/find-sort-columns.js';
import type { EngineResult } from '../engines/engine.js';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { geometricMean, median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { defaultLakePath } from '../tpch/tpch-lake.js';

/** Forms of queries that TPC-H does not have. */
const queries: Readonly<Record<string, string>> = {
  'rollup, few groups': `select l_returnflag, l_linestatus, sum(l_quantity) as q, avg(l_extendedprice) as p, count(*) as n
    from lineitem group by rollup (l_returnflag, l_linestatus) order by 1, 2`,
  'cube of four': `select count(*) as groups, sum(n) as n, sum(q) as q from
    (select l_shipmode, l_returnflag, l_linenumber, l_discount, count(*) as n, sum(l_quantity) as q
      from lineitem group by cube (l_shipmode, l_returnflag, l_linenumber, l_discount)) as c`,
  'rollup, many groups': `select count(*) as groups, sum(n) as n from
    (select l_suppkey, l_partkey, count(*) as n from lineitem group by rollup (l_suppkey, l_partkey)) as c`,
  'rollup, distinct': `select l_shipmode, l_returnflag, count(distinct l_suppkey) as n
    from lineitem group by rollup (l_shipmode, l_returnflag) order by 1, 2`,
  'counting to 300 k': `with recursive t(n) as (select 1 union all select n + 1 from t where n < 300000)
    select count(*) as n, sum(n) as s from t`,
  'graph, reachable': `with recursive r(x) as (select 1::bigint union
      select (x * 31 + g) % 1000003 from r, generate_series(1, 3) as s(g))
    select count(*) as n, max(x) as m from r`,
  'graph, joined': `with recursive r(k, d) as (
      select o_custkey, 0 from orders where o_orderkey < 100
      union all
      select c_custkey, d + 1 from r join customer on c_custkey = (k * 7) % 150000 + 1 where d < 2000)
    select count(*) as n, sum(k) as s from r`,
  // In DuckDB ~ must match the whole text, so patterns here do.
  'pattern, literals': `select count(*) as n from lineitem where l_comment ~ '^.*special.*requests.*$'`,
  'pattern, classes': `select count(*) as n from lineitem where l_comment ~ '^.*[aeiou]{3}.*$'`,
  'pattern, words': `select count(*) as n from lineitem where l_comment ~ '^.*(fluff|quick|bold) (pack|dep).*$'`,
  'pattern, replace all': `select sum(length(regexp_replace(o_comment, '[aeiou]+', '-', 'g'))) as n from orders`,
  'pattern, captures': `select max(regexp_replace(o_comment, '^([a-z]+) ([a-z]+).*$', '\\2 \\1')) as m,
    sum(length(regexp_replace(o_comment, '([a-z]+)ly', '<\\1>', 'g'))) as n from orders`,
  'window, numbers': `select count(*) as n, sum(r) as s from
    (select row_number() over (partition by l_orderkey order by l_linenumber) as r from lineitem) as w`,
  'window, frames': `select count(*) as n, max(s) as s from
    (select sum(l_quantity) over (partition by l_suppkey order by l_shipdate
      rows between 10 preceding and current row) as s from lineitem) as w`,
  'window, long frames': `select count(*) as n, sum(s) as s from
    (select max(l_extendedprice) over (partition by l_suppkey order by l_shipdate, l_orderkey, l_linenumber
      rows between 200 preceding and 100 following) as s from lineitem) as w`,
  'window, one partition': `select count(*) as n, sum(r) as s from
    (select rank() over (order by l_extendedprice) as r from lineitem) as w`,
  'window, running': `select count(*) as n, sum(s) as s from
    (select sum(l_quantity) over (partition by l_suppkey order by l_shipdate) as s from lineitem) as w`,
  'window, shares': `select count(*) as n, max(s) as s from
    (select l_extendedprice / sum(l_extendedprice) over (partition by l_partkey) as s from lineitem) as w`,
  'window, neighbours': `select count(*) as n, sum(s) as s from
    (select l_quantity - lag(l_quantity) over (partition by l_partkey order by l_shipdate, l_orderkey, l_linenumber) as s
      from lineitem) as w`,
  'window, first three': `select count(*) as n, sum(l_extendedprice) as s from
    (select l_extendedprice, row_number() over (partition by l_suppkey order by l_extendedprice desc) as r
      from lineitem) as w where r <= 3`,
};

type Times = Record<string, number[]>;

async function measure(
  engines: ReadonlyMap<string, EngineProcess>,
  sql: string,
  runs: number,
): Promise<{ readonly times: Times; readonly failure: string | undefined }> {
  const times: Times = {};
  const answers: EngineResult[] = [];
  for (let run = 0; run <= runs; run++) {
    const turn = [...engines];
    for (const [name, engine] of run % 2 === 0 ? turn : turn.reverse()) {
      const answer = await engine.run(sql);
      if (run === 0) answers.push(answer);
      else times[name] = [...(times[name] ?? []), answer.elapsedMs];
    }
  }
  const [actual, expected] = answers;
  const difference = compareResults(actual!, expected!, { orderedBy: findSortColumns(sql, expected!.columns) });
  return { times, failure: difference && `the answers differ: ${difference}` };
}

async function runForms(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '1' },
      threads: { type: 'string', default: '2' },
      runs: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
    },
  });
  const failures: string[] = [];
  const figures: Record<string, unknown> = {};
  const rows: string[][] = [];
  const ratios: number[] = [];
  const engines = new Map(
    ['millrace', 'duckdb'].map((kind) => [kind, new EngineProcess(kind, { timeoutMs: 300_000 })]),
  );
  try {
    for (const engine of engines.values()) {
      await engine.open(defaultLakePath(Number(values.scale)), Number(values.threads), '3GB');
    }
    for (const [name, sql] of Object.entries(queries)) {
      if (!name.includes(values.only)) continue;
      const { times, failure } = await measure(engines, sql, Number(values.runs));
      if (failure) failures.push(`${name}: ${failure}`);
      const [own, other] = [median(times.millrace!), median(times.duckdb!)];
      ratios.push(own / other);
      figures[name] = times;
      rows.push([name, formatMilliseconds(own), formatMilliseconds(other), (own / other).toFixed(2)]);
    }
    printTable(['form', 'millrace ms', 'duckdb ms', 'ratio'], rows);
    console.log(`geometric mean of the ratios: ${geometricMean(ratios).toFixed(2)}`);
    return { figures: { ...values, times: figures }, failures };
  } finally {
    for (const engine of engines.values()) await engine.close().catch(() => engine.kill());
  }
}

export const formsSuite: Suite = {
  description:
    'forms of queries beside DuckDB, such as ROLLUP and recursion: --scale 1 --threads 2 --runs 3 [--only PART]',
  run: runForms,
};
