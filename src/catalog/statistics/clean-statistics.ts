import type { TableAddress } from '../../storage/commit/lake-layout.js';
import { statisticsFolder } from '../../storage/commit/lake-layout.js';
import { readTable } from '../../storage/commit/read-table.js';
import { isTemporaryPath, relativeLocation } from '../../storage/location.js';
import type { ObjectStore } from '../../storage/object-store.js';
import { statisticsPath } from './statistics-file.js';

/**
 * Deletes the statistics of files that are gone or have changed, and what a writer left that was killed before
 * `oldestMs`. They are listed before the table is, so that those of a file that comes meanwhile stay.
 */
export async function cleanTableStatistics(store: ObjectStore, table: TableAddress, oldestMs: number): Promise<void> {
  const folder = statisticsFolder(table.lake, table.name);
  const { files } = await store.listFolder(folder);
  if (files.length === 0) return;
  const present = await readTable(store, table);
  const current = new Set(
    present.files.map((file) => {
      const path = relativeLocation(table.lake, file.path) ?? file.path;
      return statisticsPath(folder, { path, byteLength: file.byteLength, version: file.version });
    }),
  );
  for (const { path, modifiedMs } of files) {
    const isLeft = isTemporaryPath(path) ? modifiedMs < oldestMs : !current.has(path);
    if (isLeft) await store.delete(path);
  }
}

/** Deletes the statistics of tables that are gone. */
export async function cleanDroppedStatistics(
  store: ObjectStore,
  lake: string,
  tables: ReadonlySet<string>,
): Promise<void> {
  for (const name of (await store.listFolder(statisticsFolder(lake))).folders) {
    if (!tables.has(name)) await store.deleteFolder(statisticsFolder(lake, name));
  }
}
