import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';

const commandLine = resolve('dist', 'cli.js');

function timeProcess(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const elapsedMs = performance.now() - started;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with status ${status}: ${stderr}`);
  return elapsedMs;
}

/** The wall time of a whole process that answers `select 1`, beside Node's own start and end. */
async function runStartup(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({ args: [...args], options: { runs: { type: 'string', default: '11' } } });
  if (!existsSync(commandLine)) throw new Error(`there is no ${commandLine}: run npm run build`);
  const emptyLake = await mkdtemp(join(tmpdir(), 'millrace-startup-'));
  try {
    const commands: Readonly<Record<string, readonly string[]>> = {
      'node -e 0': ['-e', '0'],
      'millrace query "select 1"': [commandLine, 'query', 'select 1', '--lake', emptyLake],
    };
    const times = Object.fromEntries(Object.keys(commands).map((name): [string, number[]] => [name, []]));
    for (let run = 0; run <= Number(values.runs); run++) {
      for (const [name, command] of Object.entries(commands)) {
        const elapsedMs = timeProcess(command);
        // The first run fills the file cache.
        if (run > 0) times[name]!.push(elapsedMs);
      }
    }
    const mediansMs = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
    printTable(
      ['process', 'median ms', 'fastest ms'],
      Object.entries(times).map(([name, list]) => [
        name,
        formatMilliseconds(median(list)),
        formatMilliseconds(Math.min(...list)),
      ]),
    );
    return { figures: { mediansMs, times }, failures: [] };
  } finally {
    await rm(emptyLake, { recursive: true, force: true });
  }
}

export const startupSuite: Suite = {
  description: 'process time of millrace query "select 1", beside a bare node: --runs 11',
  run: runStartup,
};
