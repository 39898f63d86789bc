import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { displayWidth } from '../../src/common/display-width.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { commandLine } from './run-command-line.js';

// The command on a terminal of 80 columns: a pseudo-terminal of util-linux's `script`.

const withoutScript =
  spawnSync('script', ['-qec', 'stty cols 80', '/dev/null']).status !== 0 && 'there is no util-linux `script`';

/** Takes minutes. */
const SLOW =
  'select count(*) from generate_series(1, 400000) a(i), generate_series(1, 400000) b(j) where i % 7 = j % 7';

const CLEAR_LINE = '\r\u001b[K';

class Terminal {
  output = '';
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<unknown[]>;

  constructor(context: TestContext, sql: string) {
    const lake = temporaryFolder(context);
    const env = { ...process.env, SQL: sql, LAKE: lake, NODE: process.execPath, COMMAND: commandLine };
    const command = 'stty cols 80; exec "$NODE" "$COMMAND" query "$SQL" --lake "$LAKE" --threads 2';
    this.child = spawn('script', ['-qec', command, '/dev/null'], { env });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
    this.ended = once(this.child, 'close');
    context.after(() => this.child.kill());
  }

  async until(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      assert.equal(this.child.exitCode, null, this.output);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  type(keys: string): void {
    this.child.stdin.write(keys);
  }

  async end(): Promise<number> {
    return (await this.ended)[0] as number;
  }

  /** Without colours. */
  get lines(): string[] {
    const [first, ...others] = this.output.split('\u001b[');
    return [first!, ...others.map((text) => text.replace(/^\d+m/, ''))].join('').split(/\r?\n/);
  }
}

test('results fit 80 columns: long text is cut, many columns become records', {
  skip: withoutScript,
}, async (context) => {
  const text = "repeat('größe 東京 ', 20)";
  const wide = new Terminal(
    context,
    `select 1234567 as id, ${text} as one, null as two, ${text} as three, 2.5 as four`,
  );
  assert.equal(await wide.end(), 0, wide.output);
  assert.match(wide.output, /1234567 │ größe/);
  assert.match(wide.output, /…/);
  assert.match(wide.output, /\(1 row/);
  const many = new Terminal(context, `select ${Array.from({ length: 15 }, (_, i) => `${i}123456789 as column_${i}`)}`);
  assert.equal(await many.end(), 0, many.output);
  assert.match(many.lines.slice(0, 2).join(), /^─ row 1 ─+, column_0 +│ 123456789$/);
  for (const { lines } of [wide, many]) {
    assert.ok(lines.some((line) => displayWidth(line) > 70));
    for (const line of lines) assert.ok(displayWidth(line) <= 80, line);
  }
});

test('a progress bar after a second, cleared when the statement ends; none before', {
  skip: withoutScript,
}, async (context) => {
  const quick = new Terminal(context, 'select 1');
  assert.equal(await quick.end(), 0);
  assert.doesNotMatch(quick.output, /[░▓]/);
  const slow = new Terminal(context, SLOW);
  await slow.until(` s${CLEAR_LINE}`);
  const shown = slow.output.split(CLEAR_LINE)[1]!;
  assert.match(shown, /^[░▓]{20} [\d,]+ rows, ([1-9]|\d{2,})\.?\d* s$/, 'not before a second');
  assert.ok(displayWidth(shown) < 80);
  slow.type('\u0003');
  assert.equal(await slow.end(), 130, slow.output);
  const last = slow.output.slice(slow.output.lastIndexOf('▓'));
  assert.match(last.slice(last.lastIndexOf(CLEAR_LINE)), /canceling statement due to user request \(57014\)/);
});
