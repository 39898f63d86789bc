import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Engine } from '../../src/session/engine.js';
import { mapConcurrently } from '../../src/storage/map-concurrently.js';
import { commandLine } from '../cli/run-command-line.js';
import { execute } from '../slt/run-slt.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// As commit.test.ts, which kills at every call, with the whole command: `millrace run` of an INSERT OVERWRITE, killed before
// calls that change the disk, in the main thread and in a worker. KILL_STRIDE=1 kills before each of them.

const STRIDE = Number(process.env.KILL_STRIDE ?? 6);

const killer = new URL('./kill-at-call.js', import.meta.url).href;

const CREATE = `
  create table events (n integer, note text) partitioned by (day date);
  insert into events select i, 'old ' || i, date '2026-01-01' + i % 2 from generate_series(1, 1000) as g(i);
  insert into events values (0, 'old', '2026-01-02')`;
const OVERWRITE = `
  insert overwrite events partition (day = '2026-01-02')
  select i, 'new ' || i from generate_series(1, 2000) as g(i)`;
const CONTENT = 'select day, count(*), sum(n), min(note), max(note) from events group by day order by day';
const KEPT = ['2026-01-01', '500', '250500', 'old 10', 'old 998'];
const OLD = [KEPT, ['2026-01-02', '501', '250000', 'old', 'old 999']];
const NEW = [KEPT, ['2026-01-02', '2000', '2001000', 'new 1', 'new 999']];

type Rows = (string | null)[][];

/** Lends its memory and workers to all others: new ones would take most of the time. */
let owner: Engine;
let ownerLake: string;
before(async () => {
  ownerLake = mkdtempSync(join(tmpdir(), 'millrace-crash-'));
  owner = await Engine.open({ lake: ownerLake, threads: 1, memoryLimit: 64 * 2 ** 20 });
});
after(async () => {
  await owner.close();
  rmSync(ownerLake, { recursive: true, force: true });
});

/** Opens the lake anew; the rows of each statement. */
async function inLake(lake: string, sqls: readonly string[]): Promise<Rows[]> {
  const engine = await Engine.open({ lake, threads: 1, executor: owner.executor });
  const session = engine.openSession();
  try {
    const results: Rows[] = [];
    for (const sql of sqls) results.push(await execute(session, sql));
    return results;
  } finally {
    await session.close();
  }
}

/** Whether it was killed; it must either be, or succeed. */
async function runScript(lake: string, script: string, killAt: string): Promise<boolean> {
  const args = ['--import', killer, commandLine, 'run', script, '--lake', lake, '--threads', '2'];
  const child = spawn(process.execPath, args, { env: { ...process.env, KILL_AT: killAt }, stdio: 'ignore' });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  assert.ok(signal === 'SIGKILL' || code === 0, `${killAt}: ended with ${signal ?? code}`);
  return signal === 'SIGKILL';
}

const filesOf = (lake: string, folder: string): number =>
  readdirSync(join(lake, 'events', folder)).filter((name) => name.endsWith('.parquet')).length;

for (const [thread, stride, [before, after]] of [
  ['main', STRIDE, [8, 3]],
  ['worker', 1, [1, 0]],
] as const) {
  test(`INSERT OVERWRITE killed here and there in a ${thread} thread: the old partition or the new one, and again`, async (context) => {
    const template = temporaryFolder(context);
    await inLake(template, CREATE.split(';'));
    const script = join(temporaryFolder(context), 'overwrite.sql');
    writeFileSync(script, OVERWRITE);
    const kills = { before: 0, after: 0 };
    let survived = false;
    for (let first = 1; !survived; first += 2 * stride) {
      await mapConcurrently([0, stride], 2, async (offset) => {
        if (survived) return;
        const where = `${thread}:${first + offset}`;
        const lake = temporaryFolder(context);
        cpSync(template, lake, { recursive: true, preserveTimestamps: true });
        const killed = await runScript(lake, script, where);
        const [found, , again] = await inLake(lake, [CONTENT, OVERWRITE, CONTENT]);
        const isNew = found![1]?.[1] === NEW[1]![1];
        assert.deepEqual(found, isNew ? NEW : OLD, where);
        assert.ok(killed || isNew);
        assert.deepEqual(again, NEW, `${where}, run again`);
        assert.equal(filesOf(lake, 'day=2026-01-02'), 1, `${where}, run again`);
        if (!killed) survived = true;
        else kills[isNew ? 'after' : 'before']++;
      });
    }
    assert.ok(kills.before >= before / stride, `only ${kills.before} kills before the commit`);
    assert.ok(kills.after >= after / stride, `only ${kills.after} kills after the commit`);
  });
}

const BLOCK_CREATE = `
  create table a (n integer);
  create table b (n integer);
  create table c as select 1 as n;
  insert into a values (1)`;
const BLOCK = `
  begin;
  insert into a values (2);
  delete from a where n = 1;
  insert into b values (3);
  alter table c rename to d;
  commit;`;

/** What each table holds; undefined where there is none. */
async function contents(lake: string): Promise<Record<string, string | undefined>> {
  const [tables] = await inLake(lake, ['show tables']);
  const names = tables!.map(([name]) => name!);
  const values = names.map((name) => `select string_agg(n::text, ',' order by n) from ${name}`);
  const results = await inLake(lake, values);
  return Object.fromEntries(names.map((name, i) => [name, results[i]![0]![0] ?? '']));
}

test('a transaction block killed here and there: tables are whole, and committed in the order of the block', async (context) => {
  const template = temporaryFolder(context);
  await inLake(template, BLOCK_CREATE.split(';'));
  const script = join(temporaryFolder(context), 'block.sql');
  writeFileSync(script, BLOCK);
  const states = new Set<string>();
  let survived = false;
  // A block makes some hundred calls.
  const stride = 3 * STRIDE;
  for (let first = 1; !survived; first += 2 * stride) {
    await mapConcurrently([0, stride], 2, async (offset) => {
      if (survived) return;
      const where = `main:${first + offset}`;
      const lake = temporaryFolder(context);
      cpSync(template, lake, { recursive: true, preserveTimestamps: true });
      if (!(await runScript(lake, script, where))) survived = true;
      const { a, b, c, d } = await contents(lake);
      const committed = [a === '2', b === '3', d === '1', c === undefined];
      assert.ok(a === '1' || a === '2', `${where}: a holds ${a}`);
      assert.ok(b === '' || b === '3', `${where}: b holds ${b}`);
      assert.ok((c ?? '1') === '1' && (d ?? '1') === '1', `${where}: c holds ${c}, d holds ${d}`);
      assert.deepEqual(
        committed,
        committed.toSorted((x, y) => Number(y) - Number(x)),
        `${where}: ${committed}`,
      );
      states.add(String(committed));
    });
  }
  assert.ok(states.has('false,false,false,false') && states.has('true,true,true,true'), [...states].join(' '));
});

test('TRUNCATE … RESTART IDENTITY killed here and there: rows go and numbers begin anew, or neither', async (context) => {
  const template = temporaryFolder(context);
  await inLake(template, [
    'create table t (id integer generated always as identity, n integer)',
    'insert into t (n) values (1), (2)',
  ]);
  const script = join(temporaryFolder(context), 'truncate.sql');
  writeFileSync(script, 'truncate t restart identity');
  const outcomes = new Set<string>();
  let survived = false;
  for (let first = 1; !survived; first += 2 * STRIDE) {
    await mapConcurrently([0, STRIDE], 2, async (offset) => {
      if (survived) return;
      const lake = temporaryFolder(context);
      cpSync(template, lake, { recursive: true, preserveTimestamps: true });
      if (!(await runScript(lake, script, `main:${first + offset}`))) survived = true;
      const [, rows] = await inLake(lake, ['insert into t (n) values (3)', 'select id, n from t order by n']);
      outcomes.add(JSON.stringify(rows));
    });
  }
  assert.deepEqual([...outcomes].toSorted(), ['[["1","1"],["2","2"],["3","3"]]', '[["1","3"]]']);
});
