import type { PartitionFolders } from '../storage/commit/intent.js';
import { isPartitionFolder } from '../storage/commit/list-table-folder.js';
import { baseName, isIgnoredName, joinLocation } from '../storage/location.js';
import { mapConcurrently } from '../storage/map-concurrently.js';
import type { FolderListing, ObjectStore, PinnedFile } from '../storage/object-store.js';
import { parsePartitionFolder } from './hive-path.js';
import { PartitionScheme } from './partition-scheme.js';
import { inferPartitionType } from './partition-value.js';
import type { ColumnDefinition } from './table-definition.js';

const LISTING_CONCURRENCY = 8;

export interface DiscoveredFolder {
  readonly partitionColumns: readonly ColumnDefinition[];
  /** A file of the last partition, to infer the other columns from. */
  readonly sample: PinnedFile | undefined;
}

/**
 * The partition columns of a folder that nobody declared; `root` is what it lists. Lists the folders of every level but no files, except of the
 * last partition, which serves as the sample.
 */
export async function discoverFolder(
  store: ObjectStore,
  folder: string,
  root: FolderListing,
  displayName: string,
): Promise<DiscoveredFolder> {
  const { depth, sample } = await descend(store, folder, root);
  let level: PartitionFolders[] = [[]];
  const levels: PartitionFolders[][] = [];
  while (levels.length < depth) {
    const listings = await mapConcurrently(level, LISTING_CONCURRENCY, async (folders) => {
      const listing = folders.length === 0 ? root : await store.listFolder(joinLocation(folder, ...folders));
      return listing.folders.filter(isPartitionFolder).map((name) => [...folders, name]);
    });
    level = listings.flat();
    levels.push(level);
  }
  return { partitionColumns: inferPartitionColumns(displayName, levels), sample };
}

/** One column per level; every folder of a level must have the same key. */
export function inferPartitionColumns(
  displayName: string,
  levels: readonly (readonly PartitionFolders[])[],
): ColumnDefinition[] {
  const columns: ColumnDefinition[] = [];
  for (const [depth, level] of levels.entries()) {
    const parsed = level.map((folders) => parsePartitionFolder(folders[depth] as string));
    const name = parsed[0]?.column ?? '';
    const stranger = parsed.findIndex((folder) => folder?.column !== name);
    if (stranger >= 0) {
      const expected = [...columns, { name, type: { kind: 'text' }, nullable: true } as const];
      throw new PartitionScheme(displayName, expected).layoutError(level[stranger] as PartitionFolders);
    }
    columns.push({ name, type: inferPartitionType(parsed.map((folder) => folder?.value ?? null)), nullable: true });
  }
  return columns;
}

/** Follows the last folder of each level down to the files. */
async function descend(
  store: ObjectStore,
  folder: string,
  root: FolderListing,
): Promise<{ readonly depth: number; readonly sample: PinnedFile | undefined }> {
  const path: string[] = [];
  for (let listing = root; ; listing = await store.listFolder(joinLocation(folder, ...path))) {
    const next = listing.folders.filter(isPartitionFolder).at(-1);
    if (next === undefined) {
      const file = listing.files.filter((candidate) => !isIgnoredName(baseName(candidate.path))).at(-1);
      return { depth: path.length, sample: file && toPin(file) };
    }
    path.push(next);
  }
}

function toPin({ path, byteLength, version }: PinnedFile): PinnedFile {
  return { path, byteLength, version };
}
