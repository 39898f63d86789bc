import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OrderedStage, type StageEntry, StageOrder } from '../../../../src/exec/operators/stage-order.js';

interface NamedStage extends OrderedStage {
  readonly name: string;
  /** Of 100 rows that reach it. */
  readonly passing: number;
  readonly cost: number;
}

const stage = (name: string, passing: number, cost = 1, mayFail = false): NamedStage => ({
  name,
  passing,
  cost,
  mayFail,
});

/** 100 rows have reached the stage. */
function count(entry: StageEntry<OrderedStage>, passed: number, cost = 1): void {
  entry.reached += 100;
  entry.passed += passed;
  entry.cost = cost;
}

/** The order after some windows of 100 rows each, as every stage would pass them alone. */
function orderAfter(windows: number, stages: readonly NamedStage[]): string {
  const order = new StageOrder(stages);
  for (let window = 0; window < windows; window++) {
    order.beginWindow();
    for (const entry of order.entries) count(entry, entry.stage.passing, entry.stage.cost);
  }
  order.beginWindow();
  return order.entries.map(({ stage }) => stage.name).join(' ');
}

test('stages come in the given order until rows were counted, then by the rows they drop', () => {
  const stages = [stage('a', 90), stage('b', 10), stage('c', 50)];
  assert.equal(orderAfter(0, stages), 'a b c');
  assert.equal(orderAfter(1, stages), 'b c a');
});

test('a stage that costs more has to drop more', () => {
  assert.equal(orderAfter(1, [stage('dear', 10, 4), stage('cheap', 50, 1)]), 'cheap dear');
  assert.equal(orderAfter(1, [stage('dear', 10, 4), stage('cheap', 95, 1)]), 'dear cheap');
});

test('what can fail stays behind what cannot, in the order of the query', () => {
  const stages = [stage('x', 1, 1, true), stage('y', 0, 1, true), stage('a', 99), stage('b', 98)];
  assert.equal(orderAfter(0, stages), 'a b x y');
  assert.equal(orderAfter(9, stages), 'b a x y');
});

test('a change of the data changes the order, the later the more was seen', () => {
  const [first, second] = [stage('first', 0), stage('second', 0)];
  const order = new StageOrder([first, second]);
  const [ofFirst, ofSecond] = order.entries;
  let sorted = 0;
  for (let window = 0, before = order.entries; window < 1000; window++) {
    order.beginWindow();
    if (order.entries !== before) sorted++;
    before = order.entries;
    count(ofFirst!, window < 100 ? 0 : 100);
    count(ofSecond!, 10);
  }
  assert.equal(order.entries[0], ofSecond);
  assert.ok(sorted < 15, `${sorted} sorts of 1000 windows`);
});

test('a stage that no row has reached stays where others keep rows away', () => {
  const [near, far] = [stage('near', 0), stage('far', 0)];
  const order = new StageOrder([near, far]);
  for (let window = 0; window < 5; window++) {
    order.beginWindow();
    count(order.entries[0]!, 0);
  }
  assert.deepEqual(
    order.entries.map(({ stage }) => stage),
    [near, far],
  );
});
