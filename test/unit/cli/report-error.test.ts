import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatError } from '../../../src/cli/report-error.js';
import { userError } from '../../../src/common/errors.js';

const text = 'select 1;\nselect dely from flights;\n';
const error = userError('42703', 'column "dely" does not exist', { position: 17, hint: 'Did you mean "delay"?' });

test('an error names file, line and column, and shows the line with a caret', () => {
  assert.equal(
    formatError(error, { path: 'daily.sql', text }),
    [
      'daily.sql:2:8: error: column "dely" does not exist (42703)',
      '  LINE 2: select dely from flights;',
      '                 ^',
      '  HINT: Did you mean "delay"?',
      '',
    ].join('\n'),
  );
});

test('SQL on the command line has no file; a part of what runs is shown as the user wrote it', () => {
  assert.match(formatError(error, { path: undefined, text }), /^line 2, column 8: error: /);
  const wrapped = { path: undefined, text: 'copy (\nselect x\n)', shown: { text: 'select x', start: 7 } };
  const shown = formatError(userError('42703', 'no x', { position: 14 }), wrapped);
  assert.equal(shown, 'line 1, column 8: error: no x (42703)\n  LINE 1: select x\n                 ^\n');
});

test('errors without a place, and bugs with their cause', () => {
  assert.equal(formatError(userError('58P01', 'no lake', { detail: 'd' })), 'error: no lake (58P01)\n  DETAIL: d\n');
  const bug = formatError(new TypeError('x is not a function'));
  assert.match(bug, /^error: x is not a function \(XX000\)\n {2}HINT: This is a bug[^\n]*\n {2}TypeError: x is not/);
});
