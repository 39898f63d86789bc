import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTable } from '../../../bench/report/print-table.js';
import { geometricMean, median, percentile } from '../../../bench/report/statistics.js';

test('medians and percentiles interpolate and leave their input alone', () => {
  const values = [4, 1, 3, 2];
  assert.equal(median(values), 2.5);
  assert.equal(percentile(values, 1), 4);
  assert.equal(percentile([7], 0.95), 7);
  assert.deepEqual(values, [4, 1, 3, 2]);
});

test('the geometric mean of a ratio and its inverse is one', () => {
  assert.ok(Math.abs(geometricMean([0.25, 4]) - 1) < 1e-12);
});

test('a table lines up its columns', () => {
  assert.equal(
    formatTable(
      ['query', 'ms'],
      [
        ['Q1', '120.0'],
        ['Q10', '7'],
      ],
    ),
    'query     ms\n-----  -----\nQ1     120.0\nQ10        7',
  );
});
