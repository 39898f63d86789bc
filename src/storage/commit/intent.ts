import { corruptError } from '../../common/errors.js';
import { joinLocation } from '../location.js';
import type { ObjectStore, PinnedFile } from '../object-store.js';
import { intentsFolder, isOwnFileName, type TableAddress } from './lake-layout.js';
import { decodeStateFile, encodeStateFile } from './state-file.js';

const FORMAT = 'intent';
const VERSION = 1;

/** What a commit does, written before its commit point and never changed. Paths are relative to the lake. */
export interface Intent {
  readonly commit: string;
  readonly sequence: number;
  /** File name of the intent of the commit before. */
  readonly previous: string | null;
  readonly table: string;
  readonly adds: readonly IntentAdd[];
  readonly removes: readonly IntentRemove[];
  /** For the commits that race with this one. */
  readonly touches: TouchedPartitions;
  readonly changesDefinition: boolean;
}

export interface IntentAdd {
  readonly staged: string;
  readonly path: string;
  readonly byteLength: number;
  readonly version: string;
}

/** A file that has changed since is not the one that was meant, and stays: see `isMeant`. */
export interface IntentRemove {
  readonly path: string;
  readonly byteLength: number;
  readonly version: string;
}

/** Canonical partitions (see `PartitionFolders`), or prefixes of them; the whole table when null. */
export type TouchedPartitions = readonly PartitionFolders[] | null;

/**
 * A partition as the names of its folders, outermost first: `['date=2026-03-22', 'hour=3']`. Canonical when values are
 * written as Millrace writes them, so that `hour=03` and `hour=3` are one.
 */
export type PartitionFolders = readonly string[];

/**
 * Is `file` the one that a commit removes? The names of our own files are never used twice, so a copy of the lake, in which
 * times may have changed, has the same files; a file of another program's may have been written anew.
 */
export function isMeant(remove: IntentRemove, file: Pick<PinnedFile, 'byteLength' | 'version'>): boolean {
  return remove.byteLength === file.byteLength && (remove.version === file.version || isOwnFileName(remove.path));
}

export function intentFileName(intent: Intent): string {
  return `${String(intent.sequence).padStart(12, '0')}-${intent.commit}.json`;
}

export async function writeIntent(store: ObjectStore, table: TableAddress, intent: Intent): Promise<void> {
  const path = joinLocation(intentsFolder(table), intentFileName(intent));
  await store.putIfAbsent(path, encodeStateFile(FORMAT, VERSION, intent));
}

export async function deleteIntent(store: ObjectStore, table: TableAddress, intent: Intent): Promise<void> {
  await store.delete(joinLocation(intentsFolder(table), intentFileName(intent)));
}

/** `undefined` once it has been cleaned up. */
export async function readIntent(
  store: ObjectStore,
  table: TableAddress,
  fileName: string,
): Promise<Intent | undefined> {
  const path = joinLocation(intentsFolder(table), fileName);
  const bytes = await store.readSmallObject(path);
  return bytes === undefined ? undefined : (decodeStateFile(bytes, FORMAT, VERSION, path) as Intent);
}

/** The intent of a commit that is still to be rolled forward; it must be there. */
export async function readPendingIntent(store: ObjectStore, table: TableAddress, fileName: string): Promise<Intent> {
  const intent = await readIntent(store, table, fileName);
  if (intent !== undefined) return intent;
  throw corruptError(`the lake "${table.lake}" has lost what the last commit to table "${table.name}" does`, {
    detail: `Missing: ${joinLocation(intentsFolder(table), fileName)}`,
    hint: 'Restore the file from a backup.',
  });
}
