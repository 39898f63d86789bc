import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Quantum } from '../../../../src/exec/worker/quantum.js';

test('a quantum is over after 20 ms, after 4 as soon as another query runs', () => {
  let time = 1000;
  const query = { hasCompany: false };
  const quantum = new Quantum(query, () => time);
  time += 19;
  assert.equal(quantum.isOver, false);
  query.hasCompany = true;
  assert.equal(quantum.isOver, true);
  query.hasCompany = false;
  time += 2;
  assert.equal(quantum.isOver, true);
});

test('waiting for a read takes no time of a quantum', async () => {
  let time = 1000;
  const quantum = new Quantum({ hasCompany: false }, () => time);
  time += 15;
  const read = await quantum.pauseFor(
    Promise.resolve('bytes').then((bytes) => {
      time += 500;
      return bytes;
    }),
  );
  assert.equal(read, 'bytes');
  assert.equal(quantum.isOver, false);
  time += 4;
  assert.equal(quantum.isOver, false);
  time += 2;
  assert.equal(quantum.isOver, true);
});
