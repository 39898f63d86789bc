import { COST_PHASES, LOGICAL_PHASES } from '../../src/planner/optimizer/phases.js';
import { formatRows } from '../slt/slt-rows.js';
import { behindManyRows, DEFAULT_VARIANT, FuzzEngines, type Variant } from './fuzz-engines.js';
import { FEATURE_PROBES, type FuzzFeature } from './fuzz-features.js';
import { type FuzzTable, millraceStatements, randomTables } from './fuzz-tables.js';
import { ALL_TYPES, type FuzzType } from './fuzz-types.js';
import { FuzzCounts, type Fuzzer, type FuzzFailure, failuresOf } from './fuzzer.js';
import { judge, type Verdict } from './judge.js';
import { isError, type Outcome } from './outcome.js';
import { Random } from './random.js';
import { type FuzzQuery, RandomQuery } from './random-query.js';
import { SCALAR_TEMPLATES, type ScalarTemplate } from './scalar-templates.js';
import { reduce, shrink } from './shrink.js';
import { renderSql } from './sql-tree.js';

const QUERIES_OF_A_SEED = 40;
/** A CASE that gives the same whatever happens need not compute what could fail. */
const FAILING_VARIANT: Variant = {
  name: 'as errors are looked for',
  scarce: false,
  settings: { 'millrace.disabled_rules': 'simplify-case' },
};

const SHRINK_ATTEMPTS = 1500;

export const RULE_NAMES: readonly string[] = [
  ...new Set([...LOGICAL_PHASES, ...COST_PHASES].flatMap(({ rules }) => rules.map(({ name }) => name))),
].filter((name) => !['decorrelate', 'distinct-aggregates'].includes(name)); // what they rewrite cannot run otherwise

/** Rules that ask what they gain: small tables would never see them. */
export const FORCED_RULES: Readonly<Record<string, string>> = {
  'millrace.forced_rules': COST_PHASES.flatMap(({ rules }) => rules.map(({ name }) => name)).join(),
};

/** What the engine has of types, functions and clauses: asked once, so that the queries use what there is. */
interface Capabilities {
  /** Those that columns of tables may have. */
  readonly stored: readonly FuzzType[];
  readonly types: readonly FuzzType[];
  readonly templates: readonly ScalarTemplate[];
  readonly features: ReadonlySet<FuzzFeature>;
}

export class FuzzRun implements Fuzzer {
  readonly oracle = 'PostgreSQL';
  readonly counts: FuzzCounts = new FuzzCounts();
  private readonly engines: FuzzEngines;
  private readonly capabilities: Capabilities;

  private constructor(engines: FuzzEngines, capabilities: Capabilities) {
    this.engines = engines;
    this.capabilities = capabilities;
  }

  static async open(): Promise<FuzzRun> {
    const engines = await FuzzEngines.open();
    return new FuzzRun(engines, await findCapabilities(engines));
  }

  async close(): Promise<void> {
    await this.engines.close();
  }

  describeCapabilities(): string {
    const { types, templates, features } = this.capabilities;
    return `${types.length} types, ${templates.length} of ${SCALAR_TEMPLATES.length} functions, ${[...features].join(', ')}`;
  }

  /** All queries of a seed, or one of them; `until` ends it early. Failures come shrunk. */
  async runSeed(seed: number, only?: number, until: number = Number.POSITIVE_INFINITY): Promise<FuzzFailure[]> {
    const tables = randomTables(Random.of(seed, -1), this.capabilities.stored);
    return failuresOf(
      { count: QUERIES_OF_A_SEED, only, until },
      (index) => this.runQuery(seed, index, tables),
      () => this.engines.load(tables),
    );
  }

  private async runQuery(seed: number, index: number, tables: readonly FuzzTable[]): Promise<FuzzFailure | undefined> {
    const random = Random.of(seed, index);
    const { templates, features } = this.capabilities;
    const fallible = random.chance(0.2);
    const query = new RandomQuery(random, { tables, templates, features, fallible }).make();
    const sql = renderSql(query.node);
    const usual = fallible ? FAILING_VARIANT : DEFAULT_VARIANT;
    const variant = !fallible && random.chance(0.6) ? randomVariant(random) : undefined;
    let verdict = await this.check(sql, query.ordered, usual);
    if (verdict.kind === 'agree' && variant !== undefined) verdict = await this.check(sql, query.ordered, variant);
    this.counts.add(verdict);
    if (verdict.kind !== 'differ') return undefined;
    return await this.report(seed, index, tables, query, verdict, [usual, ...(variant === undefined ? [] : [variant])]);
  }

  private async check(sql: string, ordered: boolean, variant: Variant): Promise<Verdict> {
    const expected = await this.engines.askPostgres(sql);
    const asked = askedAs(sql, variant, expected);
    return judge(await this.engines.askMillrace(asked, variant), expected, ordered && asked === sql);
  }

  private async report(
    seed: number,
    query: number,
    tables: readonly FuzzTable[],
    { node, ordered }: FuzzQuery,
    verdict: Verdict,
    variants: readonly Variant[],
  ): Promise<FuzzFailure> {
    const [usual, other] = variants as [Variant, Variant | undefined];
    const byUsual = (await this.check(renderSql(node), ordered, usual)).kind === 'differ';
    const failing = byUsual || other === undefined ? usual : other;
    const small = await reduce(
      { tables, node },
      { verdict, ordered, attempts: SHRINK_ATTEMPTS },
      {
        load: (candidate) => this.engines.load(candidate),
        check: (sql, inOrder) => this.check(sql, inOrder, failing),
        shrink,
      },
    );
    const expected = await this.engines.askPostgres(small.sql);
    const record = formatRecord(small.tables, small.sql, failing, expected, small.verdict.details);
    return { seed, query, what: `${verdict.what} (${failing.name})`, record };
  }
}

function askedAs(sql: string, { behindMany }: Variant, expected: Outcome): string {
  return behindMany === true && !isError(expected) ? behindManyRows(sql, expected.columnNames) : sql;
}

function randomVariant(random: Random): Variant {
  const settings = (name: string, values: Readonly<Record<string, string>>): Variant => ({
    name,
    scarce: false,
    settings: values,
  });
  switch (random.below(7)) {
    case 0:
      return settings('shuffle', { 'millrace.join_distribution': 'shuffle' });
    case 1:
      return { name: 'scarce memory, one thread', scarce: true, settings: {} };
    case 2:
      return { name: 'scarce memory, shuffle', scarce: true, settings: { 'millrace.join_distribution': 'shuffle' } };
    case 3:
      return settings('rules at any cost', FORCED_RULES);
    case 4:
      return { ...settings('by a kept plan', {}), runs: 4 };
    case 5:
      return { ...settings('behind many rows', {}), behindMany: true };
    default: {
      const rule = random.pick(RULE_NAMES);
      return settings(`without ${rule}`, { 'millrace.disabled_rules': rule });
    }
  }
}

async function findCapabilities(engines: FuzzEngines): Promise<Capabilities> {
  const works = async (sql: string): Promise<boolean> => {
    const outcome = await engines.askMillrace(sql);
    return !isError(outcome) || !['0A000', '42601', '42883', '42704'].includes(outcome.code);
  };
  const types: FuzzType[] = [];
  for (const type of ALL_TYPES) if (await works(`select null::${type}`)) types.push(type);
  const stored: FuzzType[] = [];
  for (const type of types) {
    // 24:00:00 is 1 day, but not yet the same key.
    if (type === 'interval') continue;
    const table = `probe_${type.replaceAll(/\W/g, '_')}`;
    if (await works(`create table ${table} as select null::${type} as c`)) stored.push(type);
  }
  const templates: ScalarTemplate[] = [];
  for (const template of SCALAR_TEMPLATES) {
    if (![...template.arguments, template.result].every((type) => types.includes(type))) continue;
    const sql = template.sql.replace(/\$(\d)/g, (_, index) => `null::${template.arguments[Number(index)]}`);
    if (await works(`select ${sql}`)) templates.push(template);
  }
  const features = new Set<FuzzFeature>();
  for (const [feature, sql] of Object.entries(FEATURE_PROBES)) {
    if (await works(sql)) features.add(feature as FuzzFeature);
  }
  return { types, stored, templates, features };
}

function formatRecord(
  tables: readonly FuzzTable[],
  sql: string,
  variant: Variant,
  expected: Outcome,
  details: string,
): string {
  const comment = `# ${details.replaceAll('\n', '\n# ')}`;
  const settings = Object.entries(variant.settings).map(([name, value]) => `set ${name} = '${value}'`);
  const before = [...tables.flatMap(millraceStatements), ...settings].map(
    (statement) => `statement ok\n${statement}\n`,
  );
  const scarce = variant.scarce ? ['# with scarce memory\n'] : [];
  if (isError(expected))
    return [...before, comment, ...scarce, `statement error ${expected.code} ${expected.message}\n${sql}\n`].join('\n');
  const asked = askedAs(sql, variant, expected);
  const rows = formatRows(expected.rows, 'rowsort').slice(0, 40);
  const types = expected.isFloat.map((float) => (float ? 'R' : 'T')).join('');
  return [...before, comment, ...scarce, `query ${types} rowsort\n${asked}\n----`, ...rows, ''].join('\n');
}
