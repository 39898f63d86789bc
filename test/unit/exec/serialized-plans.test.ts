import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize } from 'node:v8';
import { SerializedPlans } from '../../../src/exec/serialized-plans.js';
import type { PhysicalNode } from '../../../src/planner/physical/physical-plan.js';

const plan = (): PhysicalNode => ({ kind: 'values', id: 0, columns: [], estimatedRows: 1, rows: [[]] });

test('a plan is serialised once, and has a number of its own from its second run on', () => {
  const plans = new SerializedPlans();
  const [one, other] = [plan(), plan()];
  const first = plans.of(one);
  assert.equal(first.number, 0);
  assert.deepEqual(deserialize(first.bytes), one);
  assert.equal(plans.of(other).number, 0);
  const second = plans.of(one);
  assert.ok(second.number > 0);
  assert.equal(second.bytes, first.bytes);
  assert.equal(plans.of(one), second);
  assert.notEqual(plans.of(other).number, second.number);
});
