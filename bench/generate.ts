// Writes the data of benchmarks: npm run bench:data -- --scale 1 (TPC-H) | --clicks 10000000 (a web log) [--out DIR] [--force]
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { clicksLakePath, writeClicksLake } from './clicks/clicks-lake.js';
import { defaultLakePath, writeTpchLake } from './tpch/tpch-lake.js';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    clicks: { type: 'string' },
    out: { type: 'string' },
    force: { type: 'boolean', default: false },
  },
});
const { out, force } = values;
if (values.clicks === undefined) {
  const scale = Number(values.scale);
  await writeTpchLake(out ? resolve(out) : defaultLakePath(scale), scale, force);
} else {
  const rowCount = Number(values.clicks);
  await writeClicksLake(out ? resolve(out) : clicksLakePath(rowCount), rowCount, force);
}
