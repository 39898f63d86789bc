// npm run demo: an ETL script fills a lake with real flights, day by day; a Postgres client then asks questions.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Millrace } from 'millrace';
import pg from 'pg';
import { questions } from './questions.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const commandLine = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const source = fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')));
const lake = join(here, 'lake');
const days = Array.from({ length: 7 }, (_, index) => `2001-01-0${index + 1}`);
const started = performance.now();

/** Does a step and tells how long it took. */
async function step(title, work) {
  const begun = performance.now();
  console.log(`\n\u001b[1m${title}\u001b[0m`);
  const result = await work();
  console.log(`\u001b[2m— ${((performance.now() - begun) / 1000).toFixed(2)} s\u001b[0m`);
  return result;
}

/** millrace run daily.sql, as a scheduler would call it. */
function runDay(day) {
  const script = join(here, 'daily.sql');
  const { status, stderr } = spawnSync(
    process.execPath,
    [commandLine, 'run', script, '--var', `ds=${day}`, '--var', `source=${source}`, '--lake', lake],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const rows = [...stderr.matchAll(/INSERT\D*([\d,]+) rows?/g)].map(([, count]) => count);
  console.log(`${day}: ${rows[0]} flights, ${rows[1]} airports`);
}

/** What the lake holds: rows, totals and files. Read with the embedding API. */
async function describeLake() {
  const database = await Millrace.open({ lake });
  try {
    const table = await database.query(
      `select count(*) as flights, sum(distance) as miles, sum(delay) as minutes,
              (select sum(departures) from daily_airport_stats) as departures
       from flights`,
    );
    const totals = Object.entries(table.get(0).toJSON()).map(([name, value]) => `${name} ${value}`);
    const files = ['flights', 'daily_airport_stats'].map(
      (name) => readdirSync(join(lake, name), { recursive: true }).filter((path) => path.endsWith('.parquet')).length,
    );
    return `${totals.join(', ')}; files ${files.join(' + ')}`;
  } finally {
    await database.close();
  }
}

/** millrace serve, on a free port. */
async function startServer() {
  const server = spawn(process.execPath, [commandLine, 'serve', '--lake', lake, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise((resolve, reject) => {
    server.once('exit', () => reject(new Error('the server did not start')));
    server.stdout.on('data', (text) => {
      const match = /:(\d+)/.exec(String(text));
      if (match !== null) resolve(Number(match[1]));
    });
  });
  console.log(`millrace serve listens on 127.0.0.1:${port}`);
  return { port, stop: () => new Promise((resolve) => server.once('exit', resolve) && server.kill()) };
}

function printTable({ fields, rows }) {
  const names = fields.map(({ name }) => name);
  const texts = rows.map((row) => names.map((name) => formatValue(row[name])));
  const widths = names.map((name, index) => Math.max(name.length, ...texts.map((row) => row[index].length)));
  const isNumber = names.map((_, index) => texts.every((row) => /^-?[\d.]+$/.test(row[index])));
  const pad = (text, index) => (isNumber[index] ? text.padStart(widths[index]) : text.padEnd(widths[index]));
  console.log(`  ${names.map(pad).join('  ')}\n  ${widths.map((width) => '─'.repeat(width)).join('  ')}`);
  for (const row of texts) console.log(`  ${row.map(pad).join('  ')}`);
}

function formatValue(value) {
  if (!(value instanceof Date)) return String(value);
  const twoDigits = (number) => String(number).padStart(2, '0');
  return `${value.getFullYear()}-${twoDigits(value.getMonth() + 1)}-${twoDigits(value.getDate())}`;
}

if (!existsSync(commandLine)) throw new Error('Millrace is not built: run npm run build');
rmSync(lake, { recursive: true, force: true });
mkdirSync(lake);

await step(`1. An ETL script, once a day: millrace run daily.sql --var ds=${days[0]} …`, () => {
  for (const day of days) runDay(day);
});

const again = days[2];
await step(`2. The same day again: ${again} is replaced as a whole, so nothing changes`, async () => {
  const before = await describeLake();
  runDay(again);
  const after = await describeLake();
  console.log(`before: ${before}\nafter:  ${after}`);
  if (before !== after) throw new Error('running a day again changed the lake');
});

const server = await step('3. A server for Postgres clients', startServer);
const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'demo', database: 'lake' });
await client.connect();
try {
  for (const [index, { title, sql }] of questions.entries()) {
    await step(`${index + 4}. ${title}`, async () => {
      console.log(`${sql}\n`);
      printTable(await client.query(sql));
    });
  }
  await step('7. How was the last one answered?', async () => {
    const { rows } = await client.query(`explain analyze ${questions.at(-1).sql}`);
    for (const row of rows) console.log(`  ${Object.values(row)[0]}`);
  });
} finally {
  await client.end();
  await server.stop();
}

const lakePath = relative(process.cwd(), lake);
console.log(`
All of it took ${((performance.now() - started) / 1000).toFixed(1)} s. The lake stays in ${lakePath}: plain Parquet files in folders.
Go on with psql:

  npx millrace serve --lake ${lakePath}
  psql -h 127.0.0.1 -p 5433

or without a server:

  npx millrace query "show tables" --lake ${lakePath}
  npx millrace query "select * from '${relative(process.cwd(), source)}' limit 5"
`);
