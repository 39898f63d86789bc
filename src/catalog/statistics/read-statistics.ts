import { mapConcurrently } from '../../storage/map-concurrently.js';
import type { PinnedFile } from '../../storage/object-store.js';
import { objectStoreFor } from '../../storage/open-object-store.js';
import type { SqlType } from '../../types/sql-type.js';
import type { ColumnSketch } from './column-sketch.js';
import { mergeSketches } from './merge-sketches.js';
import { decodeStatistics, statisticsPath } from './statistics-file.js';

const READ_CONCURRENCY = 16;

/** What is to be read: the statistics of files, whose paths are relative to the lake. Plain data. */
export interface StatisticsRequest {
  readonly folder: string;
  readonly files: readonly PinnedFile[];
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
}

/** Statistics of files, merged. Plain data. */
export interface MergedStatistics {
  /** By column, over the files that have them. */
  readonly sketches: ReadonlyMap<string, ColumnSketch>;
  /** By column: which files those are, as indexes into the files that were asked for. */
  readonly covered: ReadonlyMap<string, readonly number[]>;
  /** Why statistics that are there are of no use. */
  readonly problems: readonly string[];
}

/** Reads the statistics of files and merges them. What is damaged is left out, and said. */
export async function readStatistics({ folder, files, columns }: StatisticsRequest): Promise<MergedStatistics> {
  const wanted = new Map(columns.map(({ name, type }) => [name, type]));
  const problems: string[] = [];
  const read = await mapConcurrently(files, READ_CONCURRENCY, async (file) => {
    const location = statisticsPath(folder, file);
    try {
      const bytes = await objectStoreFor(location).readSmallObject(location);
      return bytes === undefined ? undefined : decodeStatistics(bytes, location, file, wanted);
    } catch (error) {
      problems.push((error as Error).message);
      return undefined;
    }
  });
  const sketches = new Map<string, ColumnSketch>();
  const covered = new Map<string, number[]>();
  for (const { name } of columns) {
    const found = read.flatMap((columns, index) => {
      const sketch = columns?.get(name);
      return sketch === undefined ? [] : [{ index, sketch }];
    });
    if (found.length === 0) continue;
    sketches.set(name, mergeSketches(found.map(({ sketch }) => sketch)));
    covered.set(
      name,
      found.map(({ index }) => index),
    );
  }
  return { sketches, covered, problems: problems.sort() };
}
