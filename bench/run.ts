// npm run bench -- SUITE [options of the suite] [--save]
import { saveResults } from './report/save-results.js';
import type { Suite } from './suite.js';

const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  tpch: async () => (await import('./suites/tpch.js')).tpchSuite,
  scaling: async () => (await import('./suites/scaling.js')).scalingSuite,
  threads: async () => (await import('./suites/threads.js')).threadsSuite,
  cold: async () => (await import('./suites/cold.js')).coldSuite,
  startup: async () => (await import('./suites/startup.js')).startupSuite,
  point: async () => (await import('./suites/point.js')).pointSuite,
  spill: async () => (await import('./suites/spill.js')).spillSuite,
  cancel: async () => (await import('./suites/cancel.js')).cancelSuite,
  fairness: async () => (await import('./suites/fairness.js')).fairnessSuite,
  joins: async () => (await import('./suites/joins.js')).joinsSuite,
  planning: async () => (await import('./suites/planning.js')).planningSuite,
  sort: async () => (await import('./suites/sort.js')).sortSuite,
  text: async () => (await import('./suites/text.js')).textSuite,
  groups: async () => (await import('./suites/groups.js')).groupsSuite,
  sql: async () => (await import('./suites/sql.js')).sqlSuite,
  clicks: async () => (await import('./suites/clicks.js')).clicksSuite,
  folder: async () => (await import('./suites/folder.js')).folderSuite,
  skew: async () => (await import('./suites/skew.js')).skewSuite,
  estimates: async () => (await import('./suites/estimates.js')).estimatesSuite,
  micro: async () => (await import('./suites/micro.js')).microSuite,
};

async function listSuites(): Promise<void> {
  console.error('npm run bench -- SUITE [options] [--save]\n');
  for (const [name, load] of Object.entries(suites)) console.error(`  ${name.padEnd(9)} ${(await load()).description}`);
}

const [name = '', ...rest] = process.argv.slice(2);
const load = suites[name];
if (!load) {
  await listSuites();
  process.exitCode = 1;
} else {
  try {
    const suite = await load();
    const report = await suite.run(rest.filter((argument) => argument !== '--save'));
    if (rest.includes('--save')) console.log(`saved ${await saveResults(name, report)}`);
    for (const failure of report.failures) console.error(`FAILED ${failure}`);
    if (report.failures.length > 0) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
