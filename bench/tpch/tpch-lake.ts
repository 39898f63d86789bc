import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MAXIMUM_SCALE, MINIMUM_SCALE } from './cardinalities.js';
import { openParquetWriter } from './parquet-writer.js';
import { TPCH_TABLES } from './tables.js';

/** Raise it when the generated data changes, so that old folders are written again. */
const GENERATOR_VERSION = 1;

interface Manifest {
  readonly generator: 'tpch';
  readonly version: number;
  readonly scale: number;
  /** Rows by table. */
  readonly rowCounts: Readonly<Record<string, number>>;
}

const manifestPath = (lake: string): string => join(lake, '_bench.json');

async function isUpToDate(lake: string, scale: number): Promise<boolean> {
  try {
    const manifest = JSON.parse(await readFile(manifestPath(lake), 'utf8')) as Manifest;
    return manifest.generator === 'tpch' && manifest.version === GENERATOR_VERSION && manifest.scale === scale;
  } catch {
    return false;
  }
}

const report = (message: string): void => {
  process.stderr.write(message);
};

async function writeTables(lake: string, scale: number): Promise<Record<string, number>> {
  const rowCounts: Record<string, number> = {};
  const writer = await openParquetWriter(join(lake, `_staging-${process.pid}.duckdb`));
  try {
    for (const table of TPCH_TABLES) {
      const started = performance.now();
      const expected = table.estimateRowCount(scale);
      let shownPercent = -1;
      const { rowCount } = await writer.writeTable(
        table,
        scale,
        join(lake, table.name, `${table.name}.parquet`),
        (rows) => {
          const percent = Math.min(99, Math.floor((rows / expected) * 100));
          if (process.stderr.isTTY && percent !== shownPercent) report(`\r${table.name.padEnd(9)} ${percent} %`);
          shownPercent = percent;
        },
      );
      rowCounts[table.name] = rowCount;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      report(`${process.stderr.isTTY ? '\r' : ''}${table.name.padEnd(9)} ${rowCount} rows, ${seconds} s\n`);
    }
  } finally {
    await writer.close();
  }
  return rowCounts;
}

/** Writes the lake unless it is already there. */
export async function writeTpchLake(lake: string, scale: number, force: boolean): Promise<void> {
  if (!(scale >= MINIMUM_SCALE && scale <= MAXIMUM_SCALE)) {
    throw new RangeError(`the scale must be between ${MINIMUM_SCALE} and ${MAXIMUM_SCALE}`);
  }
  if (!force && (await isUpToDate(lake, scale))) {
    report(`${lake} is up to date (--force writes it again)\n`);
    return;
  }
  await mkdir(lake, { recursive: true });
  await rm(manifestPath(lake), { force: true });
  const rowCounts = await writeTables(lake, scale);
  const manifest: Manifest = { generator: 'tpch', version: GENERATOR_VERSION, scale, rowCounts };
  await writeFile(manifestPath(lake), `${JSON.stringify(manifest, undefined, 2)}\n`);
  report(`wrote ${lake}\n`);
}

/** Where a scale's data is by default. */
export const defaultLakePath = (scale: number): string => resolve('bench', 'data', `tpch-sf${scale}`);

/** Where a scale's data is, which must have been made: in `folder`, or where it is by default. */
export function requireLake(scale: number, folder?: string): string {
  const lake = folder === undefined ? defaultLakePath(scale) : resolve(folder);
  if (!existsSync(lake)) throw new Error(`there is no data at ${lake}: run npm run bench:data -- --scale ${scale}`);
  return lake;
}
