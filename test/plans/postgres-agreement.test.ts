import { deepEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { PGlite } from '@electric-sql/pglite';
import { MillraceError } from '../../src/common/errors.js';
import { formatValue } from '../../src/functions/format-value.js';
import type { CatalogTable, CatalogView } from '../../src/planner/catalog-view.js';
import type { ConstantValue } from '../../src/planner/expression.js';
import { COST_PHASES } from '../../src/planner/optimizer/phases.js';
import type { PlannerContext } from '../../src/planner/plan-query.js';
import { INTEGER, type SqlType, TEXT } from '../../src/types/sql-type.js';
import { openPostgres } from '../support/open-postgres.js';
import { execute, type Tables } from './support/naive-executor.js';
import { planSql } from './support/plan-sql.js';
import { RandomJoins } from './support/random-joins.js';
import { RandomQuery } from './support/random-query.js';
import { catalogOf } from './support/tpch-catalog.js';

/**
 * Plans are run over small random tables with many NULLs and duplicates, and the answers compared with PostgreSQL's:
 * what finds a subquery that was decorrelated wrongly.
 */
const SCHEMA: readonly [string, readonly [string, SqlType][]][] = [
  [
    't',
    [
      ['a', INTEGER],
      ['b', INTEGER],
      ['s', TEXT],
    ],
  ],
  [
    'u',
    [
      ['a', INTEGER],
      ['b', INTEGER],
      ['s', TEXT],
    ],
  ],
  [
    'v',
    [
      ['k', INTEGER],
      ['x', INTEGER],
    ],
  ],
  [
    'none',
    [
      ['a', INTEGER],
      ['b', INTEGER],
    ],
  ],
];

/** A small generator of our own (mulberry32): the same tables on every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function randomTables(seed: number): Tables {
  const random = randomFrom(seed);
  const value = (type: SqlType): ConstantValue => {
    if (random() < 0.2) return null;
    const number = Math.floor(random() * 4);
    return type.kind === 'text' ? 'xyzw'[number]! : number;
  };
  return new Map(
    SCHEMA.map(([name, columns]) => {
      const count = name === 'none' ? 0 : 2 + Math.floor(random() * 7);
      const rows = Array.from({ length: count }, () => columns.map(([, type]) => value(type)));
      return [name, { columns: columns.map(([column]) => column), rows }];
    }),
  );
}

function sketchCatalog(rowCounts: readonly number[], distinctCount?: number): CatalogView {
  return catalogOf(
    SCHEMA.map(
      ([name, columns], i): CatalogTable => ({
        kind: 'table',
        name,
        columns: columns.map(([column, type]) => ({ name: column, type, nullable: true })),
        partitionColumns: [],
        openScan: async () => ({
          files: [{ path: name, byteLength: 1, version: '1', partitionValues: [] }],
          totalFiles: 1,
          rowCount: rowCounts[i]!,
          columnStatistics: new Map(columns.map(([column]) => [column, { distinctCount }])),
        }),
      }),
    ),
  );
}

/** As if tables were large, so that what pays for many rows is tried. */
const CATALOG = sketchCatalog([1_000_000, 200_000, 5_000_000, 10]);

/** Statistics that have nothing to do with the rows, so that any order of joins may look best. */
function randomCatalog(random: () => number): CatalogView {
  const rowCount = (): number => Math.ceil(10 ** (random() * 6));
  return sketchCatalog([rowCount(), rowCount(), rowCount(), 10], Math.ceil(10 ** (random() * 4)));
}

const QUERIES = readFileSync(new URL('../../../test/plans/agreement-queries.sql', import.meta.url), 'utf8')
  .split(';\n')
  .map((query) => query.trim())
  .filter((query) => query.length > 0);

/** As many random queries and joins on each set of tables; set AGREEMENT_QUERIES or _JOINS to look further. */
const RANDOM_QUERIES = Number(process.env.AGREEMENT_QUERIES ?? 20);
const RANDOM_JOINS = Number(process.env.AGREEMENT_JOINS ?? 40);
const FIRST_SEED = Number(process.env.AGREEMENT_SEED ?? 1);

describe('answers agree with PostgreSQL', () => {
  let postgres: PGlite;
  before(async () => {
    postgres = await openPostgres();
    for (const [name, columns] of SCHEMA) {
      await postgres.exec(
        `create table ${name} (${columns.map(([column, type]) => `${column} ${type.kind}`).join(', ')})`,
      );
    }
  });
  after(() => postgres.close());

  async function load(tables: Tables): Promise<void> {
    for (const [name, { rows }] of tables) {
      await postgres.exec(`delete from ${name}`);
      for (const row of rows) {
        const values = row.map((value) => (value === null ? 'null' : typeof value === 'string' ? `'${value}'` : value));
        await postgres.exec(`insert into ${name} values (${values.join(', ')})`);
      }
    }
  }

  for (const seed of [0, 1, 2, 3].map((n) => n + FIRST_SEED)) {
    test(`on tables ${seed}`, async () => {
      const tables = randomTables(seed);
      await load(tables);
      const failures: string[] = [];
      const generator = new RandomQuery(randomFrom(seed * 1000));
      const random = Array.from({ length: RANDOM_QUERIES }, () => generator.query());
      for (const query of [...QUERIES, ...random]) {
        const expected = await answerOfPostgres(postgres, query);
        // Half of the tables see the rules that weigh costs do what they can.
        const actual = await answerOfPlan(query, tables, CATALOG, seed % 2 === 1 ? { forcedRules: COSTED } : {});
        if (JSON.stringify(actual) !== JSON.stringify(expected)) {
          failures.push(`${query}\n  expected ${JSON.stringify(expected)}\n  actual   ${JSON.stringify(actual)}`);
        }
      }
      deepEqual(failures, []);
    });

    test(`joins on tables ${seed}`, async () => {
      const tables = randomTables(seed);
      await load(tables);
      const failures: string[] = [];
      for (let number = 0; number < RANDOM_JOINS; number++) {
        const joinSeed = seed * 1_000_000 + number;
        const random = randomFrom(joinSeed);
        const query = new RandomJoins(random).query();
        // Outer joins that could be inner ones must be in their place, too.
        const disabledRules = new Set(random() < 0.3 ? ['outer-to-inner'] : []);
        const expected = await answerOfPostgres(postgres, query);
        const actual = await answerOfPlan(query, tables, randomCatalog(random), { disabledRules });
        if (JSON.stringify(actual) !== JSON.stringify(expected)) {
          const answers = `expected ${JSON.stringify(expected)}\n  actual   ${JSON.stringify(actual)}`;
          failures.push(`seed ${joinSeed}: ${query}\n  ${answers}`);
        }
      }
      deepEqual(failures, []);
    });
  }
});

const COSTED: ReadonlySet<string> = new Set(COST_PHASES.flatMap(({ rules }) => rules.map(({ name }) => name)));

type Answer = readonly string[] | { readonly error: string };

function sortedUnlessOrdered(query: string, rows: readonly string[]): readonly string[] {
  return /order by[^)]*$/.test(query) ? rows : [...rows].sort();
}

async function answerOfPostgres(postgres: PGlite, query: string): Promise<Answer> {
  try {
    const { rows } = await postgres.query(query, [], { rowMode: 'array', parsers: TEXT_PARSERS });
    return sortedUnlessOrdered(
      query,
      (rows as unknown[][]).map((row) => row.map((value) => (value === null ? 'NULL' : String(value))).join('|')),
    );
  } catch (thrown) {
    return { error: (thrown as { code?: string }).code ?? String(thrown) };
  }
}

/** Booleans as formatValue writes them; everything else as PostgreSQL does. */
const TEXT_PARSERS = Object.fromEntries(
  [16, 20, 21, 23, 25, 1700].map((oid) => [
    oid,
    (text: string) => (oid === 16 ? (text === 't' ? 'true' : 'false') : text),
  ]),
);

async function answerOfPlan(
  query: string,
  tables: Tables,
  catalog: CatalogView,
  options: Partial<PlannerContext>,
): Promise<Answer> {
  try {
    const { plan } = await planSql(query, catalog, options);
    const rows = execute(plan, tables).map((row) =>
      row.map((value, i) => (value === null ? 'NULL' : formatValue(value, plan.columns[i]!.type))).join('|'),
    );
    return sortedUnlessOrdered(query, rows);
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.kind === 'user') return { error: thrown.code };
    return { error: (thrown as Error).stack ?? String(thrown) };
  }
}
