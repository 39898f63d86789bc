import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '../../../src/cli/commands.js';
import { findCommand } from '../../../src/cli/find-command.js';
import { formatCommandHelp, formatHelp } from '../../../src/cli/help.js';
import { parseArguments, parseVariables } from '../../../src/cli/parse-arguments.js';

const query = findCommand('query');

test('options come before or behind the SQL', () => {
  const args = parseArguments(query, ['--lake', 'a', 'select 1', '-v', 'x=1', '--var', 'y=a=b', '-o', 'f']);
  assert.deepEqual(args.positionals, ['select 1']);
  assert.equal(args.text('lake'), 'a');
  assert.equal(args.text('output'), 'f');
  assert.equal(args.text('threads'), undefined);
  assert.equal(args.has('help'), false);
  assert.deepEqual(parseVariables(args.list('var')), { x: '1', y: 'a=b' });
});

test('what is misspelt is suggested', () => {
  assert.throws(() => findCommand('qurey'), { message: 'there is no command "qurey"', hint: 'Did you mean "query"?' });
  assert.throws(() => parseArguments(query, ['--lak', '.']), {
    message: 'there is no option --lak',
    hint: 'Did you mean "--lake"?',
  });
  assert.throws(() => parseArguments(query, ['--lake']), { code: '22023', hint: 'See millrace query --help.' });
  assert.throws(() => parseVariables(['ds']), { message: '--var takes name=value, not "ds"' });
});

test('help fits 80 columns and tells of every option', () => {
  for (const command of COMMANDS) {
    const text = formatCommandHelp(command);
    for (const { name } of command.options) assert.ok(text.includes(`--${name}`), name);
    const options = text.slice(0, text.indexOf('Examples:'));
    assert.ok(
      options.split('\n').every((line) => line.length <= 80),
      text,
    );
    assert.ok(formatHelp().includes(` ${command.name} `));
  }
  assert.ok(
    formatHelp()
      .split('\n')
      .every((line) => line.length <= 80),
    formatHelp(),
  );
});
