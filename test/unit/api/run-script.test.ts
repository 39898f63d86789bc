import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMemorySize } from '../../../src/api/memory-size.js';
import { runScript, type ScriptVisitor } from '../../../src/api/run-script.js';
import { FakeSession } from '../server/fake-session.js';

const visitor: ScriptVisitor = { chooseFormat: () => ({ kind: 'postgres', formatCodes: [] }) };

test('statements run in order, each a group of its own', async () => {
  const session = new FakeSession();
  const events: string[] = [];
  const summaries = await runScript(
    session,
    'insert :n;\nrows 5',
    { n: '7' },
    {
      ...visitor,
      beginRows: (columns) => void events.push(`begin ${columns.map(({ name }) => name)}`),
      visitChunk: ({ rowCount }) => void events.push(`chunk ${rowCount}`),
      endRows: () => void events.push('end rows'),
      endStatement: ({ command }) => void events.push(`end ${command}`),
    },
  );
  assert.deepEqual(session.log, ['insert 7', 'succeeded', 'rows 5', 'succeeded']);
  assert.deepEqual(
    summaries.map(({ line, command, rowCount }) => [line, command, rowCount]),
    [
      [1, 'INSERT', 7],
      [2, 'SELECT', 5],
    ],
  );
  assert.deepEqual(events, ['end INSERT', 'begin n,label', 'chunk 3', 'chunk 2', 'end rows', 'end SELECT']);
  assert.equal(session.open.size, 0);
});

test('the first failure stops the script; its position is that in the text as written', async () => {
  const session = new FakeSession();
  const script = "set :'name' 1; fail; insert 1";
  await assert.rejects(runScript(session, script, { name: 'a_long_name' }, visitor), {
    code: '22012',
    position: script.indexOf('fail'),
    hint: 'Try 1.',
  });
  assert.deepEqual(session.log.slice(1), ['succeeded', 'fail', 'failed']);
});

test('an unknown variable or a syntax error runs nothing', async () => {
  const session = new FakeSession();
  await assert.rejects(runScript(session, 'insert 1; insert :nope', {}, visitor), { code: '42704', position: 17 });
  await assert.rejects(runScript(session, 'insert 1; syntax error', {}, visitor), { code: '42601', position: 10 });
  assert.deepEqual(session.log, []);
});

test('a transaction left open and a commit that fails are failures', async () => {
  const session = new FakeSession();
  await assert.rejects(runScript(session, 'begin; insert 1', {}, visitor), { code: '25P01', position: 7 });
  const failing = new FakeSession();
  failing.failingCommits = 1;
  await assert.rejects(runScript(failing, 'insert 1', {}, visitor), { code: '40001', position: 0 });
  assert.deepEqual(failing.log, ['insert 1', 'succeeded']);
});

test('a visitor that fails gives the statement up', async () => {
  const session = new FakeSession();
  const failing = { ...visitor, visitChunk: () => Promise.reject(new Error('disk')) };
  await assert.rejects(runScript(session, 'rows 9', {}, failing), { code: 'XX000', message: 'disk' });
  assert.deepEqual(session.log, ['rows 9', 'failed']);
  assert.equal(session.open.size, 0);
});

test('amounts of memory', () => {
  assert.equal(parseMemorySize('2GB'), 2 ** 31);
  assert.equal(parseMemorySize('1.5 mb'), 1.5 * 2 ** 20);
  assert.equal(parseMemorySize('1000'), 1000);
  assert.equal(parseMemorySize(77), 77);
  assert.throws(() => parseMemorySize('lots'), { code: '22023', hint: 'Write it like 512MB or 2GB.' });
});
