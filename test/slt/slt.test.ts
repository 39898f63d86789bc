import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Executor } from '../../src/exec/executor.js';
import { Engine } from '../../src/session/engine.js';
import { runSltScript } from './run-slt.js';
import { EngineDatabase } from './slt-database.js';
import { parseSltScript } from './slt-script.js';

// Every .slt file under test/slt, each in a lake of its own. UPDATE=1 rewrites the expected rows: read the diff.
// What is in pending/ is known not to pass yet; SLT=pending runs it.

const folder = fileURLToPath(new URL('../../../test/slt', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.slt'))
  .filter((name) => (process.env.SLT === undefined ? !name.startsWith('pending') : name.includes(process.env.SLT)))
  .sort();

const pendingCount = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.startsWith('pending') && name.endsWith('.slt'))
  .flatMap((name) => parseSltScript(readFileSync(join(folder, name), 'utf8')))
  .filter(
    (record) => record.kind === 'query' || (record.kind === 'statement' && record.expectation === 'error'),
  ).length;
test('records in pending/', (context) => context.diagnostic(`${pendingCount} records do not pass yet`));

let root: string;
/** Its workers serve every lake: new ones would spend most of the time on loading and compiling their modules. */
let shared: Engine;
const openLake = async (name: string, executor?: Executor): Promise<Engine> =>
  await Engine.open({
    lake: join(root, name),
    create: true,
    threads: 2,
    memoryLimit: 2 ** 30,
    checked: true,
    executor,
  });
before(async () => {
  root = mkdtempSync(join(tmpdir(), 'millrace-slt-'));
  shared = await openLake('shared');
});
after(async () => {
  await shared.close();
  rmSync(root, { recursive: true, force: true });
});

for (const [index, name] of files.entries()) {
  test(relative('.', name), async (context) => {
    const engine = await openLake(String(index), shared.executor);
    const path = join(folder, name);
    const database = new EngineDatabase(engine);
    const outcome = await runSltScript(database, readFileSync(path, 'utf8'), { dialect: 'own' });
    await database.close();
    if (process.env.UPDATE === '1' && outcome.failures.length > 0) writeFileSync(path, outcome.updated);
    context.diagnostic(`${outcome.passed} records passed, ${outcome.skipped} skipped`);
    const report = outcome.failures.map(({ line, message }) => `  ${name}:${line}: ${message}`).join('\n');
    assert.equal(outcome.failures.length, 0, `\n${report}`);
    assert.equal(engine.executor.shared.allocatedChunks, 0, 'chunks leaked');
  });
}
