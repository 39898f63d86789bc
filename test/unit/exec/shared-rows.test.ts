import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Executor } from '../../../src/exec/executor.js';
import type { ConstantExpression, Expression } from '../../../src/planner/expression.js';
import type { PhysicalNode, ProjectNode, SharedNode } from '../../../src/planner/physical/physical-plan.js';
import { BIGINT, BOOLEAN, TEXT } from '../../../src/types/sql-type.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ROWS = 600_000;
const FILLER = '-'.repeat(100);
const COLUMNS = [
  { name: 'x', type: BIGINT },
  { name: 's', type: TEXT },
];

const text = (value: string): ConstantExpression => ({ kind: 'constant', type: TEXT, value });
const column = (ordinal: number): Expression => ({ kind: 'column', type: COLUMNS[ordinal]!.type, column: ordinal });

/** Numbers from 1, and a text of each: about 90 MB as rows. */
function numbered(): ProjectNode {
  const shape = { estimatedRows: ROWS, columns: COLUMNS };
  const s: Expression = {
    kind: 'call',
    type: TEXT,
    overload: '||(text,text)',
    args: [{ kind: 'cast', type: TEXT, input: column(0) }, text(FILLER)],
  };
  const input: PhysicalNode = {
    ...shape,
    kind: 'generateSeries',
    id: 1,
    columns: COLUMNS.slice(0, 1),
    start: 1n,
    stop: BigInt(ROWS),
    step: 1n,
  };
  return { ...shape, kind: 'project', id: 2, input, expressions: [column(0), s] };
}

/** Two readers of the same rows, the second of which wants the columns the other way round and back. */
function twoReaders(predicate?: Expression): PhysicalNode {
  const shape = { estimatedRows: ROWS, columns: COLUMNS };
  const input = numbered();
  const shared: SharedNode = { ...shape, kind: 'shared', id: 3, share: 3, number: 1, input, outputs: [0, 1] };
  const turned: SharedNode = { ...shared, id: 4, columns: COLUMNS.toReversed(), outputs: [1, 0] };
  const back: PhysicalNode = {
    ...shape,
    kind: 'project',
    id: 5,
    input: turned,
    expressions: [
      { kind: 'column', type: BIGINT, column: 1 },
      { kind: 'column', type: TEXT, column: 0 },
    ],
  };
  const union: PhysicalNode = { ...shape, kind: 'unionAll', id: 6, inputs: [shared, back] };
  return predicate ? { ...shape, kind: 'filter', id: 7, input: union, predicate } : union;
}

async function run(
  context: TestContext,
  plan: PhysicalNode,
  memoryLimit: number,
): Promise<{ readonly rowCount: number; readonly spilledBytes: number }> {
  const spill = { directory: temporaryFolder(context) };
  const executor = new Executor({ threads: 2, memoryLimit, spill });
  try {
    const query = executor.start(plan, { format: { kind: 'arrow' } });
    let spilledBytes = 0;
    query.beforeRelease = () => {
      spilledBytes = query.block.readCounter(3, 'spilledBytes').reduce((sum, bytes) => sum + bytes, 0);
    };
    let rowCount = 0;
    for await (const chunk of query.chunks()) rowCount += chunk.rowCount;
    await query.ended;
    assert.equal(executor.shared.allocatedChunks, 0);
    assert.equal(executor.shared.spilledBytes, 0);
    return { rowCount, spilledBytes };
  } finally {
    await executor.close();
  }
}

const equalTo = (ordinal: number, constant: ConstantExpression): Expression => ({
  kind: 'comparison',
  type: BOOLEAN,
  operator: '=',
  left: column(ordinal),
  right: constant,
});

test('shared rows are read again from memory', async (context) => {
  assert.deepEqual(await run(context, twoReaders(), 512 * 2 ** 20), { rowCount: ROWS * 2, spilledBytes: 0 });
});

test('shared rows wait on disk when memory is short, each reader finds them all', async (context) => {
  const all = await run(context, twoReaders(), 64 * 2 ** 20);
  assert.equal(all.rowCount, ROWS * 2);
  assert.ok(all.spilledBytes > 0);
  for (const x of [1, 4097, ROWS]) {
    const found = await run(context, twoReaders(equalTo(1, text(`${x}${FILLER}`))), 64 * 2 ** 20);
    assert.equal(found.rowCount, 2, `row ${x}`);
  }
});
