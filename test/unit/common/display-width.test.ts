import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayWidth } from '../../../src/common/display-width.js';

test('columns on a terminal', () => {
  assert.deepEqual(['abc', 'größe', '東京', 'e\u0301', '🚀', ''].map(displayWidth), [3, 5, 4, 1, 2, 0]);
});
