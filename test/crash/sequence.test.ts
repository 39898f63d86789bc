import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { reserveNumbers } from '../../src/storage/commit/number-sequence.js';
import { LocalObjectStore } from '../../src/storage/local/local-object-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { NUMBERS } from './sequence-numbers.js';

const childScript = fileURLToPath(new URL('./sequence-child.js', import.meta.url));
const killAtCall = new URL('./kill-at-call.js', import.meta.url).href;
const store = new LocalObjectStore();

interface Taken {
  readonly numbers: readonly bigint[];
  readonly wasKilled: boolean;
}

/** Numbers that a process had, up to its end. */
async function take(
  lake: string,
  times: number,
  killAt: string,
  killAfterLines = Number.POSITIVE_INFINITY,
): Promise<Taken> {
  const child = spawn(process.execPath, ['--import', killAtCall, childScript, lake, String(times)], {
    env: { ...process.env, KILL_AT: killAt },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split('\n').length > killAfterLines) child.kill('SIGKILL');
  });
  const signal = await new Promise<string | null>((resolve) => child.on('close', (_code, by) => resolve(by)));
  const numbers = [...text.matchAll(/^(\d+) (\d+)$/gm)].flatMap(([, first, count]) =>
    Array.from({ length: Number(count) }, (_, i) => BigInt(first!) + BigInt(i)),
  );
  return { numbers, wasKilled: signal === 'SIGKILL' };
}

test('killed at any call, no number is given twice', async (context) => {
  let kills = 0;
  for (let killAt = 1; ; killAt++) {
    const lake = temporaryFolder(context);
    const first = await take(lake, 3, `main:${killAt}`);
    const next = await reserveNumbers(store, lake, NUMBERS, 1, 't_id_seq');
    assert.ok(
      first.numbers.every((number) => number < next),
      `killed at call ${killAt}: ${first.numbers}, then ${next}`,
    );
    if (!first.wasKilled) break;
    kills++;
  }
  assert.ok(kills >= 6, `only ${kills} kills`);
});

test('processes that take numbers at once, one of them killed, have none in common', async (context) => {
  const lake = temporaryFolder(context);
  const taken = await Promise.all([take(lake, 40, ''), take(lake, 40, ''), take(lake, 4000, '', 10)]);
  assert.ok(taken[2]!.wasKilled);
  const all = taken.flatMap(({ numbers }) => numbers);
  assert.ok(all.length > 160);
  assert.equal(new Set(all).size, all.length);
});

test('numbers end at their bound, and go down', async (context) => {
  const lake = temporaryFolder(context);
  const down = { id: 'down', start: '3', increment: '-2', least: '-2', greatest: '3' };
  assert.equal(await reserveNumbers(store, lake, down, 2, 'd'), 3n);
  await assert.rejects(reserveNumbers(store, lake, down, 2, 'd'), { code: '2200H' });
  assert.equal(await reserveNumbers(store, lake, down, 1, 'd'), -1n);
  await assert.rejects(reserveNumbers(store, lake, down, 1, 'd'), { code: '2200H' });
});
