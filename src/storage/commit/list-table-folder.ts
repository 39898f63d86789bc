import { baseName, isIgnoredName, joinLocation } from '../location.js';
import { mapConcurrently } from '../map-concurrently.js';
import type { ObjectStore, PinnedFile } from '../object-store.js';
import type { PartitionFolders } from './intent.js';

const LISTING_CONCURRENCY = 8;

/** A file of a table, with the names of the folders it lies in, as they are written. */
export interface ListedFile extends PinnedFile {
  readonly folders: PartitionFolders;
}

/** Walks into the `key=value` folders for which `enters` is true, level by level; names that are no data are left out. */
export async function listTableFolder(
  store: ObjectStore,
  folder: string,
  enters: (folders: PartitionFolders) => boolean,
): Promise<ListedFile[]> {
  const files = await listWithIgnored(store, folder, enters);
  return files.filter((file) => !isIgnoredName(baseName(file.path)));
}

/** Files that are no data included: all that belongs to a table. */
export async function listWithIgnored(
  store: ObjectStore,
  folder: string,
  enters: (folders: PartitionFolders) => boolean = () => true,
  folders: PartitionFolders = [],
): Promise<ListedFile[]> {
  const listing = await store.listFolder(joinLocation(folder, ...folders));
  const files = listing.files.map(({ path, byteLength, version }) => ({ path, byteLength, version, folders }));
  const next = listing.folders
    .filter(isPartitionFolder)
    .map((name) => [...folders, name])
    .filter((path) => enters(path));
  const nested = await mapConcurrently(next, LISTING_CONCURRENCY, (path) =>
    listWithIgnored(store, folder, enters, path),
  );
  return [...files, ...nested.flat()];
}

export function isPartitionFolder(name: string): boolean {
  return name.indexOf('=') > 0 && !isIgnoredName(name);
}
