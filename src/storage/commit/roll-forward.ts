import { corruptError } from '../../common/errors.js';
import { joinLocation, parentLocation } from '../location.js';
import { mapConcurrently } from '../map-concurrently.js';
import type { ObjectStore } from '../object-store.js';
import type { CommitObserver } from './commit-observer.js';
import type { Intent, IntentAdd, IntentRemove } from './intent.js';
import { isMeant, readPendingIntent } from './intent.js';
import { stagingFolder, type TableAddress, trashFolder, trashMarkerPath } from './lake-layout.js';
import { readTableHead, swapTableHead, type VersionedHead } from './table-head.js';

const MOVE_CONCURRENCY = 8;

/**
 * Does what a commit intends, after its commit point: adds files, then removes files, then settles the head. Any number
 * of processes may do it at the same time and be killed at any step: every file moves once, from staging to the table or
 * from the table to the trash, and who comes late finds nothing to move. (Files are moved and never linked: a late
 * helper must not bring back a file that a later commit has removed.)
 */
export async function rollForward(
  store: ObjectStore,
  table: TableAddress,
  current: VersionedHead,
  observer: CommitObserver = () => {},
): Promise<void> {
  const { head, version } = current;
  if (head?.pending !== true) return;
  const intent = await readPendingIntent(store, table, head.intent);
  await addFiles(store, table, intent, observer);
  await removeFiles(store, table, intent, observer);
  await swapTableHead(store, table, version, { ...head, pending: false });
  await observer('settled');
  // Several may delete it at once; what stays is cleaned up later.
  await store.deleteFolder(stagingFolder(table.lake, intent.commit)).catch(() => {});
  await observer('staging deleted');
}

async function addFiles(
  store: ObjectStore,
  table: TableAddress,
  intent: Intent,
  observer: CommitObserver,
): Promise<void> {
  await mapConcurrently(intent.adds, MOVE_CONCURRENCY, async (add) => {
    const destination = joinLocation(table.lake, add.path);
    const moved = await store.move(joinLocation(table.lake, add.staged), destination);
    if (!moved) await assertAlreadyAdded(store, table, intent, add);
    await observer('file added');
  });
  await store.syncFolders(foldersOf(table, intent.adds));
  await observer('additions synced');
}

/** The staged file is gone: it is in the table, or a helper was faster and the table has moved on since. */
async function assertAlreadyAdded(
  store: ObjectStore,
  table: TableAddress,
  intent: Intent,
  add: IntentAdd,
): Promise<void> {
  if ((await store.stat(joinLocation(table.lake, add.path))) !== undefined) return;
  const { head } = await readTableHead(store, table);
  if (head?.commit !== intent.commit || !head.pending) return;
  throw corruptError(`file "${add.path}" of the last commit to table "${table.name}" is missing`, {
    detail: `It is neither in the table nor at "${add.staged}".`,
    hint: 'Restore the file from a backup; until then the table cannot be written to.',
  });
}

async function removeFiles(
  store: ObjectStore,
  table: TableAddress,
  intent: Intent,
  observer: CommitObserver,
): Promise<void> {
  const trash = trashFolder(table.lake, intent.commit);
  if (intent.removes.length > 0) await store.putIfAbsent(trashMarkerPath(table.lake, intent.commit), new Uint8Array());
  await mapConcurrently(intent.removes, MOVE_CONCURRENCY, async (remove) => {
    const path = joinLocation(table.lake, remove.path);
    const info = await store.stat(path);
    if (info === undefined || !isMeant(remove, info)) return;
    await store.move(path, joinLocation(trash, remove.path));
    await observer('file removed');
  });
  const folders = foldersOf(table, intent.removes);
  await store.syncFolders(folders);
  for (const folder of folders) await store.removeEmptyFolders(folder, table.lake);
  await observer('removals synced');
}

function foldersOf(table: TableAddress, files: readonly (IntentAdd | IntentRemove)[]): Set<string> {
  return new Set(files.map((file) => parentLocation(joinLocation(table.lake, file.path))));
}
