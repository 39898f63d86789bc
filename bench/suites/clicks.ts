import { parseArgs } from 'node:util';
import { clicksLakePath, readClicksQueries } from '../clicks/clicks-lake.js';
import { COMPARISON_OPTIONS, compareOnQueries } from '../sql/compare-on-queries.js';
import type { Suite } from '../suite.js';

export const clicksSuite: Suite = {
  description:
    'a web log of 40 columns, beside DuckDB: --rows 10000000 --threads 2 --runs 3 [--only PART] [--engine millrace-uncached]',
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { ...COMPARISON_OPTIONS, rows: { type: 'string', default: '10000000' } },
    });
    return await compareOnQueries(await readClicksQueries(), clicksLakePath(Number(values.rows)), values);
  },
};
