import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { median, percentile } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { defaultLakePath, writeTpchLake } from '../tpch/tpch-lake.js';

const SCALE = 0.01;
const CUSTOMERS = 1500;
const WARM_UP_RUNS = 20;
const START_TIMEOUT_MS = 10_000;
const commandLine = resolve('dist', 'cli.js');

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function connect(port: number, server: ChildProcess): Promise<pg.Client> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'bench', database: 'bench' });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (server.exitCode !== null) throw new Error(`the server ended with status ${server.exitCode}`);
      if (performance.now() > deadline) throw new Error('the server does not answer', { cause: error });
      await delay(50);
    }
  }
}

async function timeQueries(client: pg.Client, runs: number, makeSql: (run: number) => string): Promise<number[]> {
  const times: number[] = [];
  for (let run = -WARM_UP_RUNS; run < runs; run++) {
    const sql = makeSql(run + WARM_UP_RUNS);
    const started = performance.now();
    const { rowCount } = await client.query(sql);
    if (run >= 0) times.push(performance.now() - started);
    if (rowCount !== 1) throw new Error(`${rowCount} rows instead of 1: ${sql}`);
  }
  return times;
}

const queries: Readonly<Record<string, (run: number) => string>> = {
  'select 1': () => 'select 1 as one',
  'one customer of 1,500': (run) =>
    `select c_name, c_acctbal from customer where c_custkey = ${((run * 7919) % CUSTOMERS) + 1}`,
  'one nation with its region': (run) =>
    `select n_name, r_name from nation join region on r_regionkey = n_regionkey where n_nationkey = ${run % 25}`,
};

/** Round trips of small queries over one open Postgres connection to a server in another process. */
async function runPoint(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({ args: [...args], options: { runs: { type: 'string', default: '200' } } });
  if (!existsSync(commandLine)) throw new Error(`there is no ${commandLine}: run npm run build`);
  const lake = defaultLakePath(SCALE);
  await writeTpchLake(lake, SCALE, false);
  const port = await findFreePort();
  const server = spawn(process.execPath, [commandLine, 'serve', '--lake', lake, '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const client = await connect(port, server);
    const figures: Record<string, unknown> = {};
    const rows: string[][] = [];
    for (const [name, makeSql] of Object.entries(queries)) {
      const times = await timeQueries(client, Number(values.runs), makeSql);
      const p95 = percentile(times, 0.95);
      figures[name] = { medianMs: median(times), p95Ms: p95 };
      rows.push([name, formatMilliseconds(median(times)), formatMilliseconds(p95)]);
    }
    await client.end();
    printTable(['query', 'median ms', 'p95 ms'], rows);
    return { figures, failures: [] };
  } finally {
    server.kill();
  }
}

export const pointSuite: Suite = {
  description: 'small queries through an open Postgres connection: --runs 200',
  run: runPoint,
};
