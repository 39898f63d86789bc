import { parseArgs } from 'node:util';
import { parseStatement } from '../../src/parser/index.js';
import type { CatalogRelation, CatalogView, TableFiles } from '../../src/planner/catalog-view.js';
import { type PlanningStep, planQuery } from '../../src/planner/plan-query.js';
import { Engine } from '../../src/session/engine.js';
import type { EngineSession } from '../../src/session/engine-session.js';
import { evaluateConstant } from '../../src/session/evaluate-constant.js';
import { runQuery } from '../../src/session/statements/query-statement.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { defaultLakePath, writeTpchLake } from '../tpch/tpch-lake.js';

const SCALE = 0.01;
const WARM_UP_RUNS = 200;
const STEPS: readonly PlanningStep[] = ['bind', 'rewrite', 'open scans', 'join order', 'lower'];

const ORDERS_OF_PARTS = `lineitem l
  join orders o on l.l_orderkey = o.o_orderkey
  join customer c on o.o_custkey = c.c_custkey
  join supplier s on l.l_suppkey = s.s_suppkey
  join nation n on s.s_nationkey = n.n_nationkey`;
const TEN = `${ORDERS_OF_PARTS}
  join region r on n.n_regionkey = r.r_regionkey
  join part p on l.l_partkey = p.p_partkey
  join partsupp ps on ps.ps_partkey = l.l_partkey and ps.ps_suppkey = l.l_suppkey
  join nation cn on c.c_nationkey = cn.n_nationkey
  join region cr on cn.n_regionkey = cr.r_regionkey`;
const FILTERS = `where o.o_orderdate < date '1995-01-01'`;
const ten = (suffix: string): string =>
  TEN.replaceAll(/\b(l|o|c|s|n|r|p|ps|cn|cr)(?=\.| on\b|\n)/g, (alias) => `${alias}${suffix}`);

/** Joins over TPC-H's tables, by what is printed. */
const QUERIES: Readonly<Record<string, string>> = {
  'one row by its key': 'select c_name, c_acctbal from customer where c_custkey = 42',
  '2 relations': 'select count(*) from lineitem l join orders o on l.l_orderkey = o.o_orderkey',
  '5 relations': `select n.n_name, sum(l.l_quantity) from ${ORDERS_OF_PARTS} ${FILTERS} group by n.n_name`,
  '10 relations': `select r.r_name, sum(l.l_quantity) from ${TEN} ${FILTERS} and cr.r_name = 'ASIA' group by r.r_name`,
  '10, outer and semi joins': `select r.r_name, count(ps.ps_availqty)
    from ${TEN.replace('join partsupp', 'left join partsupp').replace('join nation cn', 'left join nation cn').replace('join region cr', 'left join region cr')}
    ${FILTERS} and not exists (select 1 from customer x where x.c_custkey = o.o_custkey and x.c_acctbal < 0)
    group by r.r_name`,
  '10, all joined to each other': `select count(*) from ${Array.from({ length: 10 }, (_, i) => `nation n${i}`).join(', ')}
    where ${Array.from({ length: 9 }, (_, i) => `n${i}.n_nationkey = n${i + 1}.n_nationkey`).join(' and ')}`,
  '12 relations': `select r.r_name, sum(l.l_quantity) from ${TEN}
    join lineitem other on other.l_orderkey = o.o_orderkey join supplier os on other.l_suppkey = os.s_suppkey
    ${FILTERS} and cr.r_name = 'ASIA' group by r.r_name`,
  '20 relations': `select r1.r_name, sum(l1.l_quantity) from ${ten('1')}, ${ten('2')}
    where c1.c_custkey = c2.c_custkey and cr1.r_name = 'ASIA' group by r1.r_name`,
};

/** Asks a catalog once for each relation and scan: afterwards no time is the lake's. */
function remembering(catalog: CatalogView): CatalogView {
  const relations = new Map<string, Promise<CatalogRelation | undefined>>();
  const remember = async (name: readonly string[]): Promise<CatalogRelation | undefined> => {
    const relation = await catalog.findRelation(name);
    if (relation?.kind !== 'table') return relation;
    const scans = new Map<string, Promise<TableFiles>>();
    return {
      ...relation,
      openScan(request) {
        const key = request.columns.join();
        const files = scans.get(key) ?? relation.openScan(request);
        scans.set(key, files);
        return files;
      },
    };
  };
  return {
    findFiles: (request) => catalog.findFiles(request),
    relationNames: () => catalog.relationNames(),
    findRelation(name) {
      const key = name.join('.');
      const relation = relations.get(key) ?? remember(name);
      relations.set(key, relation);
      return relation;
    },
  };
}

interface PlanningTimes {
  readonly totalMs: number;
  readonly stepMs: Readonly<Record<PlanningStep, number>>;
}

async function planOnce(sql: string, engine: Engine, catalog: CatalogView): Promise<PlanningTimes> {
  const statement = parseStatement(sql);
  if (statement.kind !== 'queryStatement') throw new Error(`not a query: ${sql}`);
  const stepMs = { bind: 0, rewrite: 0, 'open scans': 0, 'join order': 0, lower: 0 };
  const started = performance.now();
  let last = started;
  await planQuery(statement.query, {
    catalog,
    evaluateConstant: (expression) => evaluateConstant(engine, expression),
    sessionValue: () => undefined,
    stepDone(step) {
      const now = performance.now();
      stepMs[step] = now - last;
      last = now;
    },
  });
  return { totalMs: last - started, stepMs };
}

/** From the syntax tree to a plan that was kept: what is looked up and listed to know that it still holds. */
async function findKept(sql: string, engine: Engine, session: EngineSession): Promise<number> {
  const statement = parseStatement(sql);
  if (statement.kind !== 'queryStatement') throw new Error(`not a query: ${sql}`);
  const hitsBefore = engine.plans.hits;
  const started = performance.now();
  await runQuery({ engine, session, sql, sqlOffset: 0 }, statement, []);
  const elapsedMs = performance.now() - started;
  return engine.plans.hits > hitsBefore ? elapsedMs : Number.NaN;
}

/**
 * What planning takes on a warmed process, from the syntax tree to the physical plan, files and footers being known; and
 * what it takes to find the plan kept.
 */
async function runPlanning(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({ args: [...args], options: { runs: { type: 'string', default: '200' } } });
  const lake = defaultLakePath(SCALE);
  await writeTpchLake(lake, SCALE, false);
  const engine = await Engine.open({ lake, threads: 1, memoryLimit: 2 ** 28 });
  try {
    const catalog = remembering(engine.catalog);
    const session = engine.openSession();
    const figures: Record<string, unknown> = {};
    const rows: string[][] = [];
    for (const [name, sql] of Object.entries(QUERIES)) {
      for (let run = 0; run < WARM_UP_RUNS; run++) await planOnce(sql, engine, catalog);
      const times: PlanningTimes[] = [];
      for (let run = 0; run < Number(values.runs); run++) times.push(await planOnce(sql, engine, catalog));
      const totalMs = median(times.map((time) => time.totalMs));
      const stepMs = STEPS.map((step) => median(times.map((time) => time.stepMs[step])));
      const found: number[] = [];
      for (let run = 0; run < Number(values.runs) + 2; run++) found.push(await findKept(sql, engine, session));
      const keptMs = median(found.slice(2));
      figures[name] = { totalMs, keptMs, stepMs: Object.fromEntries(STEPS.map((step, i) => [step, stepMs[i]])) };
      rows.push([name, ...[totalMs, ...stepMs, keptMs].map(formatMilliseconds)]);
    }
    printTable(['query', 'median ms', ...STEPS, 'kept'], rows);
    return { figures, failures: [] };
  } finally {
    await engine.close();
  }
}

export const planningSuite: Suite = {
  description: 'what planning takes, by number of joins and step, and finding a plan that was kept: --runs 200',
  run: runPlanning,
};
