import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration } from '../../../src/cli/format-duration.js';
import { formatProgress } from '../../../src/cli/progress-bar.js';

test('progress fits a line', () => {
  const text = formatProgress({ statementIndex: 1, statementCount: 4, line: 12, rowCount: 1_234_567, elapsedMs: 1500 });
  assert.equal(text, '█████░░▓░░░░░░░░░░░░ statement 2 of 4, line 12: 1,234,567 rows, 1.5 s');
  const alone = formatProgress({ statementIndex: 0, statementCount: 1, line: 1, rowCount: 0, elapsedMs: 61_000 });
  assert.match(alone, /^[░▓]{20} 0 rows, 1 min 1 s$/);
});

test('durations', () => {
  assert.deepEqual([0.84, 12.3, 999.7, 59_960, 125_000].map(formatDuration), [
    '0.8 ms',
    '12 ms',
    '1.0 s',
    '1 min 0 s',
    '2 min 5 s',
  ]);
});
