import { isTemporaryPath, joinLocation } from '../location.js';
import type { ObjectStore } from '../object-store.js';
import { commitTimeMs, stagingFolder, tablesStateFolder, trashFolder, trashMarkerPath } from './lake-layout.js';
import { readTableHead } from './table-head.js';

export const DEFAULT_RETENTION_MS: number = 24 * 60 * 60 * 1000;

/**
 * Deletes what nobody can need any more: trash and staged files of commits older than the retention, and their intents.
 * Queries that read files which were removed meanwhile find them in the trash, so the retention also bounds how long a
 * query over an overwritten table may run. Staged files of a commit that is yet to be rolled forward stay.
 */
export async function cleanLake(
  store: ObjectStore,
  lake: string,
  retentionMs: number = DEFAULT_RETENTION_MS,
  nowMs: number = Date.now(),
): Promise<void> {
  const oldestMs = nowMs - retentionMs;
  await cleanTrash(store, lake, oldestMs);
  // Staging is listed before the heads are read: what is committed in between is seen as pending or is gone by then.
  const staged = (await store.listFolder(stagingFolder(lake))).folders.filter((commit) => isOlder(commit, oldestMs));
  const pending = await cleanIntents(store, lake, oldestMs);
  for (const commit of staged) {
    if (pending.has(commit) || (await isInUse(store, lake, commit, oldestMs))) continue;
    await store.deleteFolder(stagingFolder(lake, commit));
  }
}

async function cleanTrash(store: ObjectStore, lake: string, oldestMs: number): Promise<void> {
  for (const commit of (await store.listFolder(trashFolder(lake))).folders) {
    if (!isOlder(commit, oldestMs)) continue;
    const marker = await store.stat(trashMarkerPath(lake, commit));
    if (marker === undefined || marker.modifiedMs < oldestMs) await store.deleteFolder(trashFolder(lake, commit));
  }
}

/** Also of what writers left that were killed while they wrote. Answers the commits that are not rolled forward. */
async function cleanIntents(store: ObjectStore, lake: string, oldestMs: number): Promise<Set<string>> {
  const pending = new Set<string>();
  for (const name of (await store.listFolder(tablesStateFolder(lake))).folders) {
    const { head } = await readTableHead(store, { lake, name, folder: '' });
    if (head?.pending) pending.add(head.commit);
    for (const file of await store.list(joinLocation(tablesStateFolder(lake), name))) {
      const isOldIntent = /\/intents\/[^/]*$/.test(file.path) && !file.path.endsWith(`/${head?.intent}`);
      if ((isOldIntent || isTemporaryPath(file.path)) && file.modifiedMs < oldestMs) await store.delete(file.path);
    }
  }
  return pending;
}

/** A statement that runs for longer than the retention still writes to its files. */
async function isInUse(store: ObjectStore, lake: string, commit: string, oldestMs: number): Promise<boolean> {
  return (await store.list(stagingFolder(lake, commit))).some((file) => file.modifiedMs >= oldestMs);
}

function isOlder(commit: string, oldestMs: number): boolean {
  const beganMs = commitTimeMs(commit);
  return beganMs !== undefined && beganMs < oldestMs;
}
