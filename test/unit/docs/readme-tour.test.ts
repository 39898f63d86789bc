import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commandLine, startCommandLine } from '../../cli/run-command-line.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// The tour of the README is walked, command by command; what it shows must come out, but for times and names of files.

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const withoutPsql = spawnSync('psql', ['--version']).status !== 0;

interface Step {
  /** `$` for the shell, `=>` for psql. */
  readonly prompt: string;
  readonly command: string;
  readonly output: string;
}

const tour = readFileSync(join(root, 'README.md'), 'utf8')
  .split(/^## /m)
  .find((part) => part.startsWith('A tour'))!;

function blocks(language: string): string[] {
  return [...tour.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text]) =>
    name === language ? [text!] : [],
  );
}

/** Commands begin with a prompt and end where their quotes do, or with a semicolon. */
function stepsOf(block: string): Step[] {
  const steps: Step[] = [];
  for (const text of block.split(/^(?=\$ |=> )/m)) {
    const [prompt] = /^(\$|=>) /.exec(text) ?? [];
    if (prompt === undefined) continue;
    const ends = prompt === '$ ' ? /^([^"\n]|"[^"]*")*\n/ : /^[^;]*;\n/;
    const [command] = ends.exec(text.slice(prompt.length))!;
    const output = text.slice(prompt.length + command.length);
    steps.push({ prompt: prompt.trim(), command: command.trim(), output });
  }
  return steps;
}

/** Without what differs from run to run; spaces that align times, and blank lines at the end, do not count. */
function masked(text: string): string {
  return text
    .replaceAll(/ +[\d.]+ m?s$/gm, ' TIME')
    .replaceAll(/part-[\w-]+\.parquet/g, 'part-NAME.parquet')
    .replaceAll(/ +$/gm, '')
    .trimEnd();
}

/** A folder with the tour's files, and a `millrace` to be called in it. */
function prepare(context: TestContext): { folder: string; env: NodeJS.ProcessEnv } {
  const folder = temporaryFolder(context);
  symlinkSync(join(root, 'node_modules/vega-datasets/data/flights-3m.parquet'), join(folder, 'flights-3m.parquet'));
  copyFileSync(join(root, 'examples/flights/daily.sql'), join(folder, 'daily.sql'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/millrace'), `#!/bin/sh\nexec '${process.execPath}' '${commandLine}' "$@"\n`);
  chmodSync(join(folder, 'bin/millrace'), 0o755);
  return { folder, env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}`, NODE_NO_WARNINGS: '1' } };
}

async function runShell(command: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('sh', ['-c', `{ ${command}\n} 2>&1`], { cwd: folder, env });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(child, 'close');
  return output;
}

/** `millrace serve` on a port that is free. */
async function serve(context: TestContext, command: string, folder: string): Promise<string> {
  const args = command
    .replace(/^millrace /, '')
    .replace(/ &$/, '')
    .split(' ');
  const server = startCommandLine([...args, '--port', '0'], { cwd: folder });
  context.after(async () => {
    server.kill();
    await once(server, 'close');
  });
  for await (const text of server.stdout) {
    const [, port] = /:(\d+)/.exec(String(text)) ?? [];
    if (port !== undefined) return port;
  }
  throw new Error('the server did not start');
}

test('the commands of the tour answer what the README shows', async (context) => {
  const { folder, env } = prepare(context);
  let port = '';
  let checked = 0;
  for (const block of blocks('')) {
    if (!block.startsWith('$')) {
      const files = (readdirSync(join(folder, 'lake'), { recursive: true }) as string[]).filter((name) =>
        /^[^_].*\.parquet$/.test(name),
      );
      assert.equal(
        masked(
          files
            .map((name) => `lake/${name}`)
            .sort()
            .join('\n'),
        ),
        masked(block),
      );
      continue;
    }
    for (const { prompt, command, output } of stepsOf(block)) {
      if (command.endsWith('&')) {
        port = await serve(context, command, folder);
        continue;
      }
      const needsPsql = prompt === '=>' || command.startsWith('psql');
      if (needsPsql && withoutPsql) continue;
      const connection = `psql -X -h 127.0.0.1 -p ${port}`;
      const shell =
        prompt === '=>' ? `${connection} <<'SQL'\n${command}\nSQL` : command.replace(/^psql .*?-p 5433/, connection);
      if (shell === connection) continue; // its questions follow
      const answer = await runShell(shell, folder, env);
      if (command.startsWith('psql')) assert.doesNotMatch(answer, /ERROR/);
      else assert.equal(masked(answer), masked(output), command);
      checked++;
    }
  }
  assert.ok(checked >= (withoutPsql ? 4 : 7), `only ${checked} commands`);
});

test('the script and the program of the tour are those that run', async (context) => {
  const { folder, env } = prepare(context);
  const [statement] = blocks('sql');
  assert.ok(readFileSync(join(folder, 'daily.sql'), 'utf8').includes(statement!));
  const [program] = blocks('js');
  const index = new URL('../../../src/index.js', import.meta.url).href;
  const text = `import { readFileSync } from 'node:fs';\nconst scriptText = readFileSync('daily.sql', 'utf8');\n${program}`;
  writeFileSync(join(folder, 'program.mjs'), text.replace("from 'millrace'", `from '${index}'`).replace('5433', '0'));
  mkdirSync(join(folder, 'lake'));
  const load = (ds: string) => `millrace run daily.sql --var ds=${ds} --var source=flights-3m.parquet --lake lake`;
  await runShell(load('2001-01-01'), folder, env);
  const output = await runShell(`'${process.execPath}' program.mjs && echo done`, folder, env);
  assert.match(output, /^(\d+\n)+done\n$/);
  assert.equal(
    await runShell("millrace query 'select count(distinct day) from flights' --lake lake --format csv", folder, env),
    'count\n2\n',
  );
});
