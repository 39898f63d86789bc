// What a row costs that is built into a join table, and one that is looked up, as the table grows beyond the cache: the
// constants of src/planner/join-order/join-cost.ts.

import { createRandomStream } from '../tpch/random.js';
import { JoinTable } from './join-table.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const SIZES = [10, 12, 14, 16, 18, 20, 22].map((bits) => 2 ** bits);

const random = createRandomStream('micro join cost');

function measureSize(rows: number): readonly CandidateFigures[] {
  const table = new JoinTable(rows);
  const heads = table.build();
  table.drawProbeKeys(random, 0);
  const perBuild = Math.max(1, Math.round(JoinTable.probeRows / rows));
  const buildOften = (): number => {
    let last = 0;
    for (let i = 0; i < perBuild; i++) last = table.buildAndFree();
    return last;
  };
  const builds = compareCandidates([{ name: 'build', run: buildOften }], {
    title: `build ${rows} rows`,
    rowCount: perBuild * rows,
    rounds: 5,
  });
  const probes = compareCandidates([{ name: 'probe', run: () => table.probe(heads) }], {
    title: `probe a table of ${rows} rows`,
    rowCount: JoinTable.probeRows,
    rounds: 5,
  });
  return [...builds, ...probes];
}

export const benchmark: MicroBenchmark = async () => SIZES.flatMap(measureSize);
