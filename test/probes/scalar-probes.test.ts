import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Engine } from '../../src/session/engine.js';
import { isKnownDifference } from './known-differences.js';
import { describeDifference, ProbeEngines } from './probe-engines.js';
import { probeGroups } from './probe-groups.js';

// Expressions over the scalar types, evaluated by PostgreSQL too. What may differ is listed in known-differences.ts and
// described in docs/postgres-compatibility.md.

let engine: Engine;
let engines: ProbeEngines;
let lake: string;
before(async () => {
  lake = mkdtempSync(join(tmpdir(), 'millrace-probes-'));
  engine = await Engine.open({ lake, create: true, threads: 1, memoryLimit: 2 ** 28 });
  engines = await ProbeEngines.open(engine);
});
after(async () => {
  await engines.close();
  await engine.close();
  rmSync(lake, { recursive: true, force: true });
});

/** So many of each group: `run-probes.js` runs all of them. */
const MOST = 400;

for (const { name, prelude, expressions } of probeGroups) {
  test(`${name}: as in PostgreSQL`, async () => {
    const all = expressions();
    const step = Math.max(1, Math.ceil(all.length / MOST));
    const chosen = all.filter((_, index) => index % step === 0);
    const differences = await engines.compare(chosen, { prelude: prelude ?? [] });
    const unknown = differences.filter((difference) => !isKnownDifference(difference));
    assert.equal(unknown.length, 0, `\n${unknown.slice(0, 20).map(describeDifference).join('\n')}`);
  });
}
