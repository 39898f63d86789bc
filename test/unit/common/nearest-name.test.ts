import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance, nearestName, nearestNameHint } from '../../../src/common/nearest-name.js';

test('distances', () => {
  assert.equal(editDistance('kitten', 'sitting'), 3);
  assert.equal(editDistance('', 'abc'), 3);
  assert.equal(editDistance('ordres', 'orders'), 1);
});

test('suggests what is near and nothing else', () => {
  const names = ['customer', 'lineitem', 'orders'];
  assert.equal(nearestName('order', names), 'orders');
  assert.equal(nearestName('LineItems', names), 'lineitem');
  assert.equal(nearestName('nation', names), undefined);
  assert.equal(nearestName('x', ['y', 'X']), 'X');
  assert.equal(nearestName('x', ['y']), undefined);
  assert.equal(nearestName('part', []), undefined);
  assert.equal(nearestNameHint('ordrs', names, 'else'), 'Did you mean "orders"?');
  assert.equal(nearestNameHint('nation', names, 'else'), 'else');
});
