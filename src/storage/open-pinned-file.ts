import { MillraceError } from '../common/errors.js';
import { finalPathOfStaged, STATE_FOLDER, trashFolder } from './commit/lake-layout.js';
import { joinLocation, parentLocation, relativeLocation } from './location.js';
import type { ObjectStore, PinnedFile, RandomAccessFile } from './object-store.js';
import { objectStoreFor } from './open-object-store.js';

/**
 * Opens a file that a query has pinned, wherever commits have moved it since: from staging into its table, from the
 * table into the trash. So a query goes on reading what it began with while its tables are overwritten.
 */
export async function openPinnedFile(
  pin: PinnedFile,
  store: ObjectStore = objectStoreFor(pin.path),
): Promise<RandomAccessFile> {
  const gone = await tryOpen(store, pin);
  if (!(gone instanceof MillraceError)) return gone;
  const final = finalPathOfStaged(pin.path);
  if (final !== undefined) {
    const added = await tryOpen(store, { ...pin, path: final.path });
    if (!(added instanceof MillraceError)) return added;
  }
  return (await openInTrash(store, pin, final?.path ?? pin.path)) ?? throwError(gone);
}

/** Files move in one direction only, so a file that is not found at one place is at one of the next. */
async function openInTrash(store: ObjectStore, pin: PinnedFile, path: string): Promise<RandomAccessFile | undefined> {
  for (let lake = parentLocation(path); lake !== parentLocation(lake); lake = parentLocation(lake)) {
    const inLake = relativeLocation(lake, path) as string;
    const { folders } = await store.listFolder(trashFolder(lake));
    for (const commit of folders.toReversed()) {
      const candidate = { ...pin, path: joinLocation(trashFolder(lake, commit), inLake) };
      const info = await store.stat(candidate.path);
      if (info?.version !== pin.version || info.byteLength !== pin.byteLength) continue;
      const file = await tryOpen(store, candidate);
      if (!(file instanceof MillraceError)) return file;
    }
    if ((await store.listFolder(lake)).folders.includes(STATE_FOLDER)) return undefined;
  }
  return undefined;
}

async function tryOpen(store: ObjectStore, pin: PinnedFile): Promise<RandomAccessFile | MillraceError> {
  try {
    return await store.openFile(pin);
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.code === '58P01') return thrown;
    throw thrown;
  }
}

function throwError(error: MillraceError): never {
  throw error;
}
