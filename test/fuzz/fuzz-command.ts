/*
 * Random queries, in Millrace and in PostgreSQL (PGlite) or DuckDB, until the time is over:
 *
 *   npm run fuzz -- [--seconds 300] [--oracle postgres|duckdb] [--seed N] [--query I]
 *
 * Without an oracle each has half of the time. Seeds are printed, and one with --query repeats a single query. Failures
 * come shrunk, as records for an slt file. The exit status is 1 if there are any.
 */
import { parseArgs } from 'node:util';
import { AnalyticRun } from './analytic/analytic-run.js';
import { FuzzRun } from './fuzz-run.js';
import type { Fuzzer } from './fuzzer.js';

const ORACLES: Readonly<Record<string, () => Promise<Fuzzer>>> = { postgres: FuzzRun.open, duckdb: AnalyticRun.open };

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    oracle: { type: 'string' },
    seed: { type: 'string' },
    query: { type: 'string' },
  },
});
const first = values.seed === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(values.seed);
const only = values.query === undefined ? undefined : Number(values.query);
const names = values.oracle === undefined ? Object.keys(ORACLES) : [values.oracle];
let failureCount = 0;
for (const name of names) {
  const open = ORACLES[name];
  if (open === undefined) throw new Error(`--oracle is ${Object.keys(ORACLES).join(' or ')}, not ${name}`);
  failureCount += await fuzz(await open(), (Number(values.seconds) * 1000) / names.length);
}
process.exitCode = failureCount === 0 ? 0 : 1;

async function fuzz(run: Fuzzer, milliseconds: number): Promise<number> {
  console.log(`random queries beside ${run.oracle} from seed ${first}: ${run.describeCapabilities()}`);
  const until = Date.now() + milliseconds;
  let failed = 0;
  let seed = first;
  for (; Date.now() < until; seed++) {
    for (const { query, what, record } of await run.runSeed(seed, only, until)) {
      failed++;
      console.log(`\n##### ${run.oracle}, seed ${seed}, query ${query}: ${what}\n${record}`);
    }
    if (only !== undefined) break;
  }
  await run.close();
  const { queries, agreed, unsupported, oracleFailed } = run.counts;
  console.log(`\nseeds ${first} to ${seed - 1}: ${queries} queries, ${agreed} agreed, ${failed} failed`);
  const printCounts = (title: string, counts: ReadonlyMap<string, number>): void => {
    for (const [what, count] of [...counts].sort(([, a], [, b]) => b - a))
      console.log(`  ${title}: ${count} × ${what}`);
  };
  printCounts('not supported', unsupported);
  printCounts(`${run.oracle} could not answer`, oracleFailed);
  return failed;
}
