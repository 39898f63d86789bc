import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { COMPARISON_OPTIONS, compareOnQueries } from '../sql/compare-on-queries.js';
import type { ComparisonQuery } from '../sql/comparison-query.js';
import type { Suite } from '../suite.js';

async function readQueries(folder: string): Promise<ComparisonQuery[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return await Promise.all(
    files.map(async (file) => ({
      name: file.slice(0, -'.sql'.length),
      sql: (await readFile(join(folder, file), 'utf8')).trim().replace(/;$/, ''),
    })),
  );
}

/** A lake and queries that are not ours: published suites, or somebody's own. */
export const folderSuite: Suite = {
  description: 'your queries over your lake, beside DuckDB: --lake DIR --queries DIR (one query in each .sql) --runs 3',
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { ...COMPARISON_OPTIONS, lake: { type: 'string' }, queries: { type: 'string' } },
    });
    const { lake, queries, ...options } = values;
    if (lake === undefined || queries === undefined) throw new Error('folder needs --lake DIR and --queries DIR');
    return await compareOnQueries(await readQueries(queries), lake, options);
  },
};
