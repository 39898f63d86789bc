import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { Engine } from '../../src/session/engine.js';
import type { EngineSession } from '../../src/session/engine-session.js';
import { openPostgres } from '../support/open-postgres.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { askMillrace } from './support/millrace-answers.js';

// Window functions over random windows and rows, beside PostgreSQL (PGlite). `WINDOW_RUNS=2000` looks longer.

const RUNS = Number(process.env.WINDOW_RUNS ?? 150);

async function openSession(context: TestContext, scarce: boolean): Promise<EngineSession> {
  const lake = temporaryFolder(context);
  const engine = await Engine.open({ lake, threads: 2, memoryLimit: 256 * 2 ** 20, checked: true, scarce });
  const session = engine.openSession();
  context.after(async () => {
    await session.close();
    assert.equal(engine.executor.shared.allocatedChunks, 0, 'chunks leaked');
    await engine.close();
  });
  return session;
}

const id = fc.nat();
/** Few values, so that there are ties, and NULLs. */
const rows = fc.array(
  fc.record({
    p: fc.constantFrom(null, 1, 2, 3),
    k: fc.option(fc.integer({ min: -4, max: 12 }), { freq: 6 }),
    v: fc.option(fc.integer({ min: -100, max: 100 }), { freq: 5 }),
    t: fc.option(fc.constantFrom('', 'a', 'b', 'some longer text', 'another text of some length'), { freq: 5 }),
  }),
  { maxLength: 60 },
);

const numberBound = fc.oneof(
  fc.constant('current row'),
  fc.constant('unbounded'),
  fc.integer({ min: 0, max: 5 }).map(String),
);
const sides = fc.constantFrom('preceding', 'following');

function boundText(offset: string, side: string): { text: string; order: number } {
  if (offset === 'current row') return { text: offset, order: 2 };
  if (offset === 'unbounded') return { text: `unbounded ${side}`, order: side === 'preceding' ? 0 : 4 };
  return { text: `${offset} ${side}`, order: side === 'preceding' ? 1 : 3 };
}

const frames = fc
  .record({
    unit: fc.constantFrom('rows', 'range', 'groups'),
    start: fc.tuple(numberBound, sides),
    end: fc.tuple(numberBound, sides),
    exclude: fc.constantFrom('', '', ' exclude current row', ' exclude group', ' exclude ties', ' exclude no others'),
  })
  .map(({ unit, start, end, exclude }) => ({
    unit,
    start: boundText(...start),
    end: boundText(...end),
    exclude,
  }))
  .filter(({ start, end }) => start.order < 4 && end.order > 0 && start.order <= end.order)
  .map((frame) => ({
    ...frame,
    text: ` ${frame.unit} between ${frame.start.text} and ${frame.end.text}${frame.exclude}`,
  }));

/** Keys of which one decides everything, so that the order of rows is no matter of chance. */
const keys = [
  { by: 'k', range: 'k' },
  { by: 'k desc', range: 'k' },
  { by: 'k nulls first', range: 'k' },
  { by: 'k desc nulls last', range: 'k' },
  { by: 'k / 2.0', range: 'k' },
  { by: 'k::double precision', range: 'k' },
  { by: "date '2024-01-01' + k", range: 'day' },
  { by: "timestamp '2024-01-30' + k * interval '1 day' desc", range: 'day' },
  { by: 't', range: '' },
  { by: 'k, t', range: '' },
  { by: '', range: '' },
] as const;

const orderFree = [
  'count(*)',
  'count(v)',
  'sum(v)',
  'avg(v)',
  'min(v)',
  'max(v)',
  'min(t)',
  'max(t)',
  'sum(v * 1.5)',
  'sum(v::double precision)',
  'sum(v) filter (where v > 0)',
  'bool_or(v > 50)',
  'rank()',
  'dense_rank()',
  'percent_rank()',
  'cume_dist()',
];
/** What depends on the order of peers: over windows in which there are none. */
const ordered = [
  'row_number()',
  'ntile(3)',
  'lag(v)',
  'lag(t, 2, t)',
  'lead(v, 1, -1)',
  'lead(t, -1)',
  'lag(v, v % 3)',
  'first_value(t)',
  'last_value(v)',
  'nth_value(t, 2)',
  'nth_value(v, 3)',
  "string_agg(t, ',')",
];

const calls = fc
  .record({
    partition: fc.constantFrom('', '', 'partition by p ', 'partition by p, t ', 'partition by k % 2 '),
    key: fc.constantFrom(...keys),
    frame: fc.option(frames),
    isTotal: fc.boolean(),
    name: fc.nat(),
  })
  .map(({ partition, key, frame, isTotal, name }) => {
    const isRange = frame?.unit === 'range' && /\d/.test(frame.text);
    const total = isTotal && !isRange;
    const by = [key.by, ...(total ? ['id'] : [])].filter((part) => part !== '').join(', ');
    const names = total ? [...orderFree, ...ordered] : orderFree;
    let text = frame?.text ?? '';
    if (isRange && (key.range === '' || total)) text = '';
    if (isRange && key.range === 'day') text = text.replace(/(\d+) (preceding|following)/g, "interval '$1 days' $2");
    if (frame?.unit === 'groups' && by === '') text = '';
    // Which of several peers is the current row is a matter of chance, and so are frames that count rows.
    if (frame?.unit === 'rows' && !total) text = '';
    if (!total && frame?.exclude === ' exclude ties') text = text.replace(/ exclude.*/, '');
    if (!total && frame?.exclude === ' exclude current row') text = text.replace(/ exclude.*/, '');
    const order = by === '' ? '' : `order by ${by}`;
    return `${names[name % names.length]} over (${partition}${order}${text})`;
  });

const cases = fc.record({ rows, calls: fc.array(calls, { minLength: 1, maxLength: 4 }), engine: id });

const literal = (value: unknown): string =>
  value === null ? 'null' : typeof value === 'string' ? `'${value}'` : String(value);

test('window functions give PostgreSQL’s answers, in memory and from disk', async (context) => {
  const postgres = await openPostgres();
  context.after(() => postgres.close());
  const sessions = [await openSession(context, false), await openSession(context, true)];
  await fc.assert(
    fc.asyncProperty(cases, async (drawn) => {
      const values = drawn.rows.map(({ p, k, v, t }, i) => `(${[i, p, k, v, t].map(literal).join(', ')})`);
      const all = ['(-1, null::int, null::int, null::int, null::text)', ...values].join(', ');
      const columns = drawn.calls.map((call, i) => `${call} as c${i}`).join(', ');
      const sql = `select id, ${columns} from (values ${all}) r (id, p, k, v, t) where id >= 0`;
      const expected = await postgres.query<unknown[]>(`select * from (${sql}) q order by id`, [], {
        rowMode: 'array',
        parsers: TEXT_PARSERS,
      });
      const session = sessions[drawn.engine % sessions.length]!;
      const { rows: actual } = await askMillrace(session, `select * from (${sql}) q order by id`);
      assert.deepEqual(
        actual.map(normalized),
        expected.rows.map((row) => normalized(row as (string | null)[])),
        sql,
      );
    }),
    { numRuns: RUNS },
  );
});

const TEXT_PARSERS = Object.fromEntries(
  [16, 20, 21, 23, 25, 700, 701, 1700].map((oid) => [oid, (text: string) => text]),
);

/** Numerics without their scale: ours are static. */
const normalized = (row: readonly (string | null)[]): (string | null)[] =>
  row.map((value) => {
    if (value === null || !/^-?\d+\.\d+$/.test(value)) return value;
    return String(Number(Number(value).toPrecision(12)));
  });
