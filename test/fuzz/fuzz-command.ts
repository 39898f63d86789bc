/*
 * Random queries, in Millrace and in PostgreSQL, until the time is over:
 *
 *   npm run fuzz -- [--seconds 300] [--seed N] [--query I]
 *
 * Seeds are printed, and one with --query repeats a single query. Failures come shrunk, as records for an slt file. The
 * exit status is 1 if there are any.
 */
import { parseArgs } from 'node:util';
import { FuzzRun } from './fuzz-run.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string' },
    query: { type: 'string' },
  },
});
const first = values.seed === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(values.seed);
const until = Date.now() + Number(values.seconds) * 1000;
const run = await FuzzRun.open();
console.log(`random queries from seed ${first}: ${run.describeCapabilities()}`);
let failureCount = 0;
let seed = first;
for (; Date.now() < until; seed++) {
  const only = values.query === undefined ? undefined : Number(values.query);
  for (const { query, what, record } of await run.runSeed(seed, only, until)) {
    failureCount++;
    console.log(`\n##### seed ${seed}, query ${query}: ${what}\n${record}`);
  }
  if (values.query !== undefined) break;
}
await run.close();
const { queries, agreed, unsupported, oracleFailed } = run.counts;
console.log(`\nseeds ${first} to ${seed - 1}: ${queries} queries, ${agreed} agreed, ${failureCount} failed`);
const printCounts = (title: string, counts: ReadonlyMap<string, number>): void => {
  for (const [what, count] of [...counts].sort(([, a], [, b]) => b - a)) console.log(`  ${title}: ${count} × ${what}`);
};
printCounts('not supported', unsupported);
printCounts('PostgreSQL could not answer', oracleFailed);
process.exitCode = failureCount === 0 ? 0 : 1;
