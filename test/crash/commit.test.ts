import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import * as nodeFileSystem from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LocalObjectStore } from '../../src/storage/local/local-object-store.js';
import { mapConcurrently } from '../../src/storage/map-concurrently.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { openLake, readLake, type Scenario, scenarios } from './commit-scenarios.js';

const childScript = fileURLToPath(new URL('./commit-child.js', import.meta.url));
const store = new LocalObjectStore();

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

async function spawnChild(lake: string, scenario: string, unit: string, killAt: number, stdio: 'inherit' | 'ignore') {
  const child = spawn(process.execPath, [childScript, lake, scenario, unit, String(killAt)], { stdio });
  return await new Promise<Exit>((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
}

/** Answers whether the child was killed; it must either be, or succeed. */
async function runChild(lake: string, scenario: string, unit: 'call' | 'step', killAt: number): Promise<boolean> {
  const { code, signal } = await spawnChild(lake, scenario, unit, killAt, 'inherit');
  assert.ok(signal === 'SIGKILL' || code === 0, `the child ended with ${signal ?? code}`);
  return signal === 'SIGKILL';
}

const refuse = () => Promise.reject(Object.assign(new Error('EROFS'), { code: 'EROFS' }));
const readOnlyStore = new LocalObjectStore({ ...nodeFileSystem, rename: refuse, link: refuse, mkdir: refuse });

async function readOnly(root: string): Promise<string> {
  return await readLake(await openLake(root, { store: readOnlyStore }));
}

/** The old content or the new one, before recovery, after it, and in the files that other engines see. */
async function assertOldOrNew(root: string, scenario: Scenario, where: string): Promise<void> {
  const found = await readOnly(root);
  assert.ok(found === scenario.before || found === scenario.after, `${where}: "${found}"`);
  const lake = await openLake(root, { store });
  assert.equal(await readLake(lake), found, `${where}: after recovery`);
  assert.equal(await readLake(lake), found, `${where}: recovery is idempotent`);
  assert.equal(filesOfEvents(root), found === 'no table' ? '' : found, `${where}: what other engines see`);
  await lake.clean(Date.now() + 100 * 86_400_000);
  assert.equal(await readLake(lake), found, `${where}: after cleaning`);
  for (const folder of ['staging', 'trash']) {
    const path = join(root, '_millrace', folder);
    assert.deepEqual(existsSync(path) ? readdirSync(path) : [], [], `${where}: ${folder}`);
  }
}

function filesOfEvents(root: string): string {
  const folder = join(root, 'events');
  if (!existsSync(folder)) return '';
  const paths = (readdirSync(folder, { recursive: true }) as string[]).filter((path) => path.endsWith('.parquet'));
  return paths
    .map((path) => /^date=(.*)\/part-.*-(\w+)\.parquet$/.exec(path)!)
    .map(([, date, text]) => `${date} ${text}`)
    .sort()
    .join(', ');
}

async function prepared(context: TestContext, scenario: Scenario): Promise<string> {
  const root = temporaryFolder(context);
  await scenario.prepare(await openLake(root, { store }), store);
  return root;
}

/** Kills a process at every point until it gets through; each starts from a copy of `template`. */
async function killEverywhere(
  context: TestContext,
  template: string,
  name: string,
  unit: 'call' | 'step',
  check: (root: string, where: string) => Promise<void>,
): Promise<number> {
  let survived = false;
  let kills = 0;
  for (let first = 1; !survived; first += 8) {
    await mapConcurrently([0, 1, 2, 3, 4, 5, 6, 7], 2, async (offset) => {
      if (survived) return;
      const root = temporaryFolder(context);
      cpSync(template, root, { recursive: true, preserveTimestamps: true });
      if (await runChild(root, name, unit, first + offset)) kills++;
      else survived = true;
      await check(root, `${name} killed at ${unit} ${first + offset}`);
    });
  }
  return kills;
}

for (const [name, unit, atLeast] of [
  ['overwrite', 'call', 30],
  ['overwrite with nothing', 'step', 6],
  ['create table as', 'step', 7],
  ['drop table', 'step', 7],
] as const) {
  test(`${name}: killed at any ${unit}, the lake has the old content or the new one`, async (context) => {
    const scenario = scenarios[name]!;
    const template = await prepared(context, scenario);
    const kills = await killEverywhere(context, template, name, unit, (root, where) =>
      assertOldOrNew(root, scenario, where),
    );
    assert.ok(kills >= atLeast, `only ${kills} kills`);
  });
}

test('recovery killed at any step: the committed content stays', async (context) => {
  const scenario = scenarios.overwrite!;
  const template = await prepared(context, scenario);
  // The third step is the commit point.
  assert.ok(await runChild(template, 'overwrite', 'step', 3));
  assert.equal(await readOnly(template), scenario.after);
  const kills = await killEverywhere(context, template, 'recovery', 'step', async (root, where) => {
    assert.equal(await readOnly(root), scenario.after, where);
    await assertOldOrNew(root, scenario, where);
  });
  assert.ok(kills >= 7, `only ${kills} kills`);
});

test('a writer killed after its commit point is finished by the next writer', async (context) => {
  const scenario = scenarios.overwrite!;
  const root = await prepared(context, scenario);
  assert.ok(await runChild(root, 'overwrite', 'step', 3));
  await scenario.change(await openLake(root, { store }), store);
  await assertOldOrNew(root, scenario, 'second run');
  assert.equal(await readOnly(root), scenario.after);
});

test('processes that overwrite the same partition at once: the content is that of one of them', async (context) => {
  const scenario = scenarios.overwrite!;
  const root = await prepared(context, scenario);
  const exits = await Promise.all([1, 2, 3].map(() => spawnChild(root, 'overwrite', 'never', 0, 'ignore')));
  assert.ok(exits.some(({ code }) => code === 0));
  assert.equal(await readOnly(root), scenario.after);
  await assertOldOrNew(root, scenario, 'race');
});
