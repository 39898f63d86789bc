// Writes TPC-H data as a lake of Parquet files: npm run bench:data -- --scale 1 [--out DIR] [--force]
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultLakePath, writeTpchLake } from './tpch-lake.js';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    out: { type: 'string' },
    force: { type: 'boolean', default: false },
  },
});
const scale = Number(values.scale);
await writeTpchLake(values.out ? resolve(values.out) : defaultLakePath(scale), scale, values.force);
