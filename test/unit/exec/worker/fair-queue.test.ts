import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FairQueue } from '../../../../src/exec/worker/fair-queue.js';

interface Task {
  readonly name: string;
  readonly quanta: number;
}

function queueOf(...tasks: readonly Task[]): FairQueue<Task> {
  const queue = new FairQueue<Task>(({ quanta }) => ({ quanta }));
  for (const task of tasks) queue.push(task);
  return queue;
}

function drain(queue: FairQueue<Task>): string {
  let order = '';
  for (let task = queue.shift(); task !== null; task = queue.shift()) order += task.name;
  return order;
}

test('the query with the fewest quanta goes first; equal ones keep their order', () => {
  const queue = queueOf({ name: 'a', quanta: 9 }, { name: 'b', quanta: 2 }, { name: 'c', quanta: 0 });
  queue.push({ name: 'd', quanta: 2 });
  assert.equal(queue.size, 4);
  assert.equal(drain(queue), 'cbda');
  assert.equal(queue.shift(), null);
});

test('whoever waits moves up, so that a stream of small queries holds up nobody for ever', () => {
  const queue = queueOf({ name: 'long', quanta: 50 });
  let passed = 0;
  for (;;) {
    queue.push({ name: 'small', quanta: 0 });
    if (queue.shift()!.name === 'long') break;
    passed++;
  }
  assert.equal(passed, 50);
});

test('a task that is removed is not taken', () => {
  const removed = { name: 'b', quanta: 0 };
  const queue = queueOf({ name: 'a', quanta: 1 }, removed, { name: 'c', quanta: 2 });
  queue.remove(removed);
  queue.remove(removed);
  assert.equal(drain(queue), 'ac');
});
