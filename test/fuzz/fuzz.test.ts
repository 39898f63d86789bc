import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AnalyticRun } from './analytic/analytic-run.js';
import { FuzzRun } from './fuzz-run.js';
import type { Fuzzer } from './fuzzer.js';

// Random queries over random tables: Millrace beside PostgreSQL and DuckDB, and each query in another way that must not
// matter. `npm run fuzz` looks further; FUZZ_SEED and FUZZ_SEEDS say where this one begins and how far it goes.

const FIRST_SEED = Number(process.env.FUZZ_SEED ?? 1);
const SEEDS = Number(process.env.FUZZ_SEEDS ?? 2);

function testOracle(oracle: string, open: () => Promise<Fuzzer>, seeds: number): void {
  let run: Fuzzer;
  before(async () => {
    run = await open();
  });
  after(() => run.close());

  for (let seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
    test(`random queries of seed ${seed}, beside ${oracle}`, async (context) => {
      const failures = await run.runSeed(seed);
      const report = failures.map(({ query, what, record }) => `seed ${seed}, query ${query}: ${what}\n${record}`);
      assert.equal(failures.length, 0, `\n${report.join('\n')}`);
      const { queries, agreed } = run.counts;
      assert.ok(agreed > queries * 0.8, `only ${agreed} of ${queries} queries could be compared`);
      context.diagnostic(`${agreed} of ${queries} queries so far: ${run.describeCapabilities()}`);
    });
  }
}

testOracle('PostgreSQL', FuzzRun.open, SEEDS);
testOracle('DuckDB', AnalyticRun.open, Math.ceil(SEEDS / 3));
