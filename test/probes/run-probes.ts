/*
 * Prints where Millrace and PostgreSQL (PGlite) differ on scalar types:
 *
 *   node build/test/probes/run-probes.js [GROUP …] [--messages] [--limit=N] [--all]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../../src/session/engine.js';
import { describeDifference, ProbeEngines } from './probe-engines.js';
import { probeGroups } from './probe-groups.js';

const options = process.argv.slice(2);
const wanted = options.filter((option) => !option.startsWith('--'));
const limit = Number(options.find((option) => option.startsWith('--limit='))?.slice(8) ?? 40);
const lake = mkdtempSync(join(tmpdir(), 'millrace-probes-'));
const engine = await Engine.open({ lake, create: true, threads: 1, memoryLimit: 2 ** 28 });
const engines = await ProbeEngines.open(engine);
for (const group of probeGroups) {
  if (wanted.length > 0 && !wanted.some((part) => group.name.includes(part))) continue;
  const expressions = group.expressions();
  const differences = await engines.compare(expressions, {
    prelude: group.prelude ?? [],
    messages: options.includes('--messages'),
  });
  console.log(`== ${group.name}: ${differences.length} of ${expressions.length} differ`);
  const step = Math.max(1, differences.length / limit);
  for (let at = 0; at < differences.length; at += step) console.log(describeDifference(differences[Math.floor(at)]!));
}
await engines.close();
await engine.close();
rmSync(lake, { recursive: true, force: true });
