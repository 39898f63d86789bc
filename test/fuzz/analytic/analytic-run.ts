import { formatRows } from '../../slt/slt-rows.js';
import { FORCED_RULES, RULE_NAMES } from '../fuzz-run.js';
import { FuzzCounts, type Fuzzer, type FuzzFailure, failuresOf } from '../fuzzer.js';
import { judge, type Verdict } from '../judge.js';
import { isError } from '../outcome.js';
import { Random } from '../random.js';
import { reduce } from '../shrink.js';
import { renderSql } from '../sql-tree.js';
import { AnalyticEngines, type AnalyticVariant } from './analytic-engines.js';
import { createStatement, rowsQuery } from './analytic-lake.js';
import { AnalyticQuery, type FinishedQuery } from './analytic-query.js';
import { shrinkAnalytic } from './analytic-shrink.js';
import { type AnalyticTable, randomAnalyticTables, rowCountOf } from './analytic-tables.js';

const QUERIES_OF_A_SEED = 20;
const SHRINK_ATTEMPTS = 600;
const USUAL: AnalyticVariant = { name: 'usual', engine: 'usual', settings: {}, runs: 1 };
/** Larger tables are told by the query that makes them. */
const MOST_INSERTED = 60;

/** Queries as reports have them, over Parquet files of many rows, beside DuckDB. */
export class AnalyticRun implements Fuzzer {
  readonly oracle = 'DuckDB';
  readonly counts: FuzzCounts = new FuzzCounts();
  private readonly engines: AnalyticEngines;

  private constructor(engines: AnalyticEngines) {
    this.engines = engines;
  }

  static async open(): Promise<AnalyticRun> {
    return new AnalyticRun(await AnalyticEngines.open());
  }

  async close(): Promise<void> {
    await this.engines.close();
  }

  describeCapabilities(): string {
    return 'tables of up to 60,000 rows as Parquet files of both writers';
  }

  async runSeed(seed: number, only?: number, until: number = Number.POSITIVE_INFINITY): Promise<FuzzFailure[]> {
    const tables = randomAnalyticTables(Random.of(seed, -1));
    return failuresOf(
      { count: QUERIES_OF_A_SEED, only, until },
      (index) => this.runQuery(seed, index, tables),
      () => this.engines.load(tables),
    );
  }

  private async runQuery(
    seed: number,
    index: number,
    tables: readonly AnalyticTable[],
  ): Promise<FuzzFailure | undefined> {
    const random = Random.of(seed, index);
    const query = new AnalyticQuery(random, tables).make();
    const sql = renderSql(query.node);
    const variants = [USUAL, randomVariant(random)];
    let verdict: Verdict = { kind: 'agree', what: '', details: '' };
    let variant = USUAL;
    for (variant of variants) {
      verdict = await this.check(sql, query.ordered, variant);
      if (verdict.kind !== 'agree') break;
    }
    this.counts.add(verdict);
    return verdict.kind === 'differ' ? await this.report(seed, index, tables, query, verdict, variant) : undefined;
  }

  private async check(sql: string, ordered: boolean, variant: AnalyticVariant): Promise<Verdict> {
    const expected = await this.engines.askDuckDB(sql);
    if (isError(expected)) {
      const actual = await this.engines.askMillrace(sql, variant);
      if (isError(actual) && ['XX000', 'crash', 'leak', '57014'].includes(actual.code)) {
        return { kind: 'differ', what: `${actual.code} instead of rows`, details: actual.message };
      }
      return { kind: 'oracle failed', what: expected.message, details: '' };
    }
    const actual = await this.engines.askMillrace(sql, variant);
    // Some parts of a plan cannot do with less than they ask for.
    if (isError(actual) && actual.code === '53200' && variant.engine === 'small') {
      return { kind: 'unsupported', what: 'more memory was needed', details: '' };
    }
    return judge(actual, expected, ordered);
  }

  private async report(
    seed: number,
    query: number,
    tables: readonly AnalyticTable[],
    { node, ordered }: FinishedQuery,
    verdict: Verdict,
    variant: AnalyticVariant,
  ): Promise<FuzzFailure> {
    const small = await reduce(
      { tables, node },
      { verdict, ordered, attempts: SHRINK_ATTEMPTS },
      {
        load: (candidate) => this.engines.load(candidate),
        check: (sql, inOrder) => this.check(sql, inOrder, variant),
        shrink: shrinkAnalytic,
      },
    );
    const record = await this.formatRecord(small.tables, small.sql, variant, small.verdict);
    return { seed, query, what: `${verdict.what} (${variant.name})`, record };
  }

  private async formatRecord(
    tables: readonly AnalyticTable[],
    sql: string,
    { name, engine, settings }: AnalyticVariant,
    { details }: Verdict,
  ): Promise<string> {
    const made: string[] = [];
    for (const table of tables) {
      made.push(`statement ok\n${createStatement(table)}\n`);
      made.push(
        rowCountOf(table) <= MOST_INSERTED
          ? await this.insertion(table)
          : `# ${table.name} of DuckDB, ${JSON.stringify(table.layout)}\n# ${rowsQuery(table)}\n`,
      );
    }
    const set = Object.entries(settings).map(([key, value]) => `statement ok\nset ${key} = '${value}'\n`);
    const expected = await this.engines.askDuckDB(sql);
    const rows = isError(expected) ? [expected.message] : formatRows(expected.rows, 'rowsort').slice(0, 40);
    const types = isError(expected) ? '' : expected.isFloat.map((float) => (float ? 'R' : 'T')).join('');
    const comment = `# ${name}${engine === 'usual' ? '' : ` (engine: ${engine})`}\n# ${details.replaceAll('\n', '\n# ')}`;
    return [...made, ...set, comment, `query ${types} rowsort\n${sql}\n----`, ...rows, ''].join('\n');
  }

  private async insertion(table: AnalyticTable): Promise<string> {
    const answer = await this.engines.askDuckDB(`select * from ${table.name}`);
    if (isError(answer) || answer.rows.length === 0) return '';
    const rows = answer.rows.map((row) => {
      const values = row.map((value, index) =>
        value === null ? 'null' : `'${value.replaceAll("'", "''")}'::${table.columns[index]!.declaration}`,
      );
      return `(${values.join(', ')})`;
    });
    return `statement ok\ninsert into ${table.name} values ${rows.join(',\n  ')}\n`;
  }
}

function randomVariant(random: Random): AnalyticVariant {
  const engine = random.pick(['usual', 'one thread', 'scarce', 'small'] as const);
  const settings = random.pick<Readonly<Record<string, string>>>([
    {},
    { 'millrace.join_distribution': 'shuffle' },
    { 'millrace.join_distribution': 'broadcast' },
    { 'millrace.join_filters': 'off' },
    FORCED_RULES,
    { 'millrace.disabled_rules': random.pick(RULE_NAMES) },
  ]);
  const words = Object.entries(settings).map(([key, value]) => `${key} = ${value}`);
  const runs = random.chance(0.3) ? 4 : 1;
  return { name: [engine, ...words, ...(runs > 1 ? ['by a kept plan'] : [])].join(', '), engine, settings, runs };
}
