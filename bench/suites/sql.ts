import { parseArgs } from 'node:util';
import { aggregateQueries } from '../sql/aggregate-queries.js';
import { COMPARISON_OPTIONS, compareOnQueries } from '../sql/compare-on-queries.js';
import { shapeQueries } from '../sql/shape-queries.js';
import { textQueries } from '../sql/text-queries.js';
import { windowQueries } from '../sql/window-queries.js';
import type { Suite } from '../suite.js';
import { requireLake } from '../tpch/tpch-lake.js';

const queries = [...windowQueries, ...aggregateQueries, ...textQueries, ...shapeQueries];

export const sqlSuite: Suite = {
  description:
    'what TPC-H does not have, beside DuckDB, such as windows and recursion: --scale 1 --threads 2 --runs 3 [--only PART]',
  run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { ...COMPARISON_OPTIONS, scale: { type: 'string', default: '1' } },
    });
    return compareOnQueries(queries, requireLake(Number(values.scale)), values);
  },
};
