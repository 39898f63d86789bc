import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runScript } from '../../../src/api/run-script.js';
import { WARM_UP_SCRIPT, warmUp } from '../../../src/api/warm-up.js';
import { Millrace } from '../../../src/index.js';
import { Engine } from '../../../src/session/engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('all of the warm-up runs, and leaves nothing', async (context) => {
  const root = temporaryFolder(context);
  const [lake, scratch] = [join(root, 'lake'), join(root, 'scratch')];
  mkdirSync(scratch);
  const engine = await Engine.open({ lake, create: true, threads: 2, checked: true, spillDirectory: scratch });
  try {
    const session = engine.openSession();
    const summaries = await runScript(session, WARM_UP_SCRIPT, {}, { chooseFormat: () => ({ kind: 'arrow' }) });
    assert.deepEqual(
      summaries.map(({ rowCount }) => rowCount),
      [20_000, 860, 1, 10, 50, 20],
    );
    await session.close();
    await warmUp(engine);
    assert.equal(engine.executor.shared.allocatedChunks, 0, 'no block leaks');
    assert.deepEqual([readdirSync(scratch), readdirSync(lake)], [[], []]);
  } finally {
    await engine.close();
  }
});

test('a lake opens although nothing can be written to warm up with', async (context) => {
  const root = temporaryFolder(context);
  const file = join(root, 'file');
  writeFileSync(file, '');
  const database = await Millrace.open({ lake: root, threads: 1, spillDirectory: file, warmUp: true });
  try {
    assert.equal((await database.query('select 1 as a')).numRows, 1);
  } finally {
    await database.close();
  }
  await assert.rejects(Millrace.open({ lake: root, warmUp: 1 as unknown as boolean }), { code: '22023' });
});
