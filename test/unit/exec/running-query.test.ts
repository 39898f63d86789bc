import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { Executor } from '../../../src/exec/executor.js';
import { planConstantRows } from '../../../src/session/constant-rows.js';
import { INTEGER } from '../../../src/types/sql-type.js';

const plan = planConstantRows({ columns: [{ name: 'a', type: INTEGER }], rows: [[1]] });
const options = { format: { kind: 'arrow' } } as const;

test('a cancellation that comes too late does not touch memory that is another query’s by now', async () => {
  const executor = new Executor({ threads: 1, memoryLimit: 32 * 2 ** 20, spill: { directory: tmpdir() } });
  const query = executor.start(plan, options);
  for await (const chunk of query.chunks()) assert.equal(chunk.rowCount, 1);
  const { i32 } = executor.shared;
  const word = query.block.pointer / 4;
  i32[word] = 0;
  query.cancel();
  assert.equal(i32[word], 0);
  await executor.close();
});

test('a query that is closed before it ran ends at once for whoever reads it', async () => {
  const executor = new Executor({ threads: 1, memoryLimit: 32 * 2 ** 20, spill: { directory: tmpdir() } });
  const query = executor.start(plan, options);
  await query.close();
  assert.equal(executor.shared.allocatedChunks, 0);
  await assert.rejects(query.chunks().next(), { code: '57014' });
  await query.close();
  await executor.close();
  assert.throws(() => executor.start(plan, options), { code: '57P01' });
  await assert.rejects(executor.readFooters([]), { code: '57P01' });
});

test('queries know whether others run at the same time, so that they give workers back sooner', async () => {
  const executor = new Executor({ threads: 1, memoryLimit: 32 * 2 ** 20, spill: { directory: tmpdir() } });
  const first = executor.start(plan, options);
  assert.equal(first.block.hasCompany, false);
  const second = executor.start(plan, options);
  assert.equal(first.block.hasCompany, true);
  assert.equal(second.block.hasCompany, true);
  await second.close();
  await second.ended;
  assert.equal(first.block.hasCompany, false);
  await first.close();
  await executor.close();
});
