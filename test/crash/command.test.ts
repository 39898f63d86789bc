import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Engine } from '../../src/session/engine.js';
import { mapConcurrently } from '../../src/storage/map-concurrently.js';
import { commandLine } from '../cli/run-command-line.js';
import { execute } from '../slt/run-slt.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// As commit.test.ts, with the whole command: `millrace run` of an INSERT OVERWRITE, killed before every call that changes
// the disk, in the main thread and in a worker.

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

/** Opens the lake anew; the rows of each statement. */
async function inLake(lake: string, sqls: readonly string[]): Promise<Rows[]> {
  const engine = await Engine.open({ lake, threads: 1, memoryLimit: 64 * 2 ** 20 });
  const session = engine.openSession();
  try {
    const results: Rows[] = [];
    for (const sql of sqls) results.push(await execute(session, sql));
    return results;
  } finally {
    await session.close();
    await engine.close();
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

for (const [thread, atLeast] of [
  ['main', 8],
  ['worker', 1],
] as const) {
  test(`INSERT OVERWRITE killed anywhere in a ${thread} thread: the old partition or the new one, and again`, async (context) => {
    const template = temporaryFolder(context);
    await inLake(template, CREATE.split(';'));
    const script = join(temporaryFolder(context), 'overwrite.sql');
    writeFileSync(script, OVERWRITE);
    const kills = { before: 0, after: 0 };
    let survived = false;
    for (let first = 1; !survived; first += 2) {
      await mapConcurrently([0, 1], 2, async (offset) => {
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
    assert.ok(kills.before >= atLeast, `only ${kills.before} kills before the commit`);
    assert.ok(thread === 'worker' || kills.after >= 3, `only ${kills.after} kills after the commit`);
  });
}
