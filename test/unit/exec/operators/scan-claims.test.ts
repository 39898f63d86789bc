import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScanClaims } from '../../../../src/exec/operators/scan-claims.js';
import { QueryBlock, type QueryShape } from '../../../../src/exec/query-block.js';
import { createMemoryFixture } from '../memory-fixture.js';

const SCAN = { id: 1 };

function createLanes(laneCount: number): { readonly block: QueryBlock; readonly lanes: ScanClaims[] } {
  const { shared, scope } = createMemoryFixture();
  const shape: QueryShape = { pipelineCount: 1, nodeCount: 2, laneCount };
  const block = new QueryBlock(shared, scope.allocateCleared(QueryBlock.byteLengthOf(shape)), shape);
  const lanes = Array.from(
    { length: laneCount },
    (_, lane) => new ScanClaims({ shared, block, pipeline: 0, lane }, SCAN),
  );
  return { block, lanes };
}

test('what a lane has claimed ahead is taken over once, or begun', async () => {
  const [first, second, third] = createLanes(3).lanes;
  first!.offer(0);
  assert.equal(await second!.takeOver(), 0);
  assert.equal(await third!.takeOver(), undefined);
  assert.equal(first!.begin(0), false);
  first!.offer(5);
  assert.equal(first!.begin(5), true);
  assert.equal(await second!.takeOver(), undefined);
});

test('a lane that finds nothing waits for one that is looking', async () => {
  const [first, second] = createLanes(2).lanes;
  first!.seek();
  const taken = second!.takeOver();
  first!.offer(7);
  assert.equal(await taken, 7);
  first!.seek();
  const nothing = second!.takeOver();
  first!.offer(undefined);
  assert.equal(await nothing, undefined);
});

test('lanes that find nothing do not wait for each other', async () => {
  const [first, second] = createLanes(2).lanes;
  first!.seek();
  second!.seek();
  assert.deepEqual(await Promise.all([first!.takeOver(), second!.takeOver()]), [undefined, undefined]);
});

test('nobody waits for a lane of a query that was cancelled or has enough rows', async (context) => {
  // `Atomics.waitAsync` does not keep the process alive.
  const alive = setInterval(() => undefined, 1000);
  context.after(() => clearInterval(alive));
  for (const end of [(block: QueryBlock) => block.cancel(), (block: QueryBlock) => block.stop(0)]) {
    const { block, lanes } = createLanes(2);
    lanes[0]!.seek();
    const taken = lanes[1]!.takeOver();
    end(block);
    assert.equal(await taken, undefined);
  }
});
