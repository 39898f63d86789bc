import { MillraceError, resourceError } from '../../common/errors.js';
import { joinLocation, relativeLocation } from '../location.js';
import type { ObjectStore } from '../object-store.js';
import type { CommitObserver } from './commit-observer.js';
import { type Intent, isMeant, type PartitionFolders, readPendingIntent } from './intent.js';
import { type TableAddress, tableFolder } from './lake-layout.js';
import { type ListedFile, listTableFolder } from './list-table-folder.js';
import { rollForward } from './roll-forward.js';
import { readTableHead, type TableHead, type VersionedHead } from './table-head.js';

const MAX_ATTEMPTS = 20;

export interface TableState {
  readonly head: TableHead | undefined;
  readonly files: readonly ListedFile[];
}

/**
 * The files of a table as of one commit: the listing, corrected by a commit that is not rolled forward completely. Reads
 * the head, lists, reads the head again, and starts over if a commit came between.
 */
export async function readTable(
  store: ObjectStore,
  table: TableAddress,
  enters: (folders: PartitionFolders) => boolean = () => true,
): Promise<TableState> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const before = await readTableHead(store, table);
    const pending = before.head?.pending ? await readIntentIfPending(store, table, before.head) : undefined;
    if (pending === 'moved on') continue;
    if (pending !== undefined) await tryRollForward(store, table, before);
    const listed = await listTableFolder(store, tableFolder(table), enters);
    const files = pending === undefined ? listed : await applyIntent(store, table, listed, pending, enters);
    const { head } = await readTableHead(store, table);
    if (head?.commit === before.head?.commit) return { head, files };
  }
  throw resourceError('40001', `table "${table.name}" is being written to too often to be read`, {
    hint: 'Run the query again, and write fewer, larger batches to the table.',
  });
}

/** Settles what a commit left to do, as far as we may write here; a table is readable without. */
export async function tryRollForward(
  store: ObjectStore,
  table: TableAddress,
  head: VersionedHead,
  observer?: CommitObserver,
): Promise<MillraceError | undefined> {
  try {
    await rollForward(store, table, head, observer);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.kind !== 'bug') return thrown;
    throw thrown;
  }
}

async function readIntentIfPending(
  store: ObjectStore,
  table: TableAddress,
  head: TableHead,
): Promise<Intent | 'moved on'> {
  try {
    return await readPendingIntent(store, table, head.intent);
  } catch (thrown) {
    const now = await readTableHead(store, table);
    if (now.head?.commit === head.commit && now.head.pending) throw thrown;
    return 'moved on';
  }
}

/** Correct however far the intent has been rolled forward. */
async function applyIntent(
  store: ObjectStore,
  table: TableAddress,
  listed: readonly ListedFile[],
  intent: Intent,
  enters: (folders: PartitionFolders) => boolean,
): Promise<ListedFile[]> {
  const removes = new Map(intent.removes.map((remove) => [joinLocation(table.lake, remove.path), remove]));
  const files = listed.filter((file) => {
    const remove = removes.get(file.path);
    return remove === undefined || !isMeant(remove, file);
  });
  const present = new Set(listed.map((file) => file.path));
  for (const add of intent.adds) {
    const folders = (relativeLocation(table.folder, add.path) ?? add.path).split('/').slice(0, -1);
    if (present.has(joinLocation(table.lake, add.path)) || !isEntered(folders, enters)) continue;
    const path = joinLocation(table.lake, add.staged);
    // Already moved on, if there is none: `openPinnedFile` finds it where it is now.
    const { byteLength, version } = (await store.stat(path)) ?? add;
    files.push({ path, byteLength, version, folders });
  }
  return files;
}

function isEntered(folders: PartitionFolders, enters: (folders: PartitionFolders) => boolean): boolean {
  return folders.every((_, depth) => enters(folders.slice(0, depth + 1)));
}
