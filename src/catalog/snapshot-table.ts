import type { PartitionFolders } from '../storage/commit/intent.js';
import type { TableAddress } from '../storage/commit/lake-layout.js';
import type { ListedFile } from '../storage/commit/list-table-folder.js';
import { readTable } from '../storage/commit/read-table.js';
import type { ObjectStore } from '../storage/object-store.js';
import { expandPattern } from './glob.js';
import { PartitionScheme } from './partition-scheme.js';
import type { PartitionPredicate, TableFile, TableRelation, TableSnapshot } from './table-snapshot.js';

/** The files of a table's folder as of one commit; folders that `predicate` rules out are never listed. */
export async function snapshotFolder(
  store: ObjectStore,
  table: TableRelation,
  address: TableAddress,
  predicate?: PartitionPredicate,
): Promise<TableSnapshot> {
  const pruning = new Pruning(table, predicate);
  const { head, files } = await readTable(store, address, pruning.enters);
  return pruning.snapshot(files, head?.commit);
}

/** The files that patterns name, in their order. */
export async function snapshotPatterns(
  store: ObjectStore,
  table: TableRelation,
  patterns: readonly string[],
  base: string,
  predicate?: PartitionPredicate,
): Promise<TableSnapshot> {
  const pruning = new Pruning(table, predicate);
  const files: ListedFile[] = [];
  for (const pattern of patterns) files.push(...(await expandPattern(store, pattern, base, pruning.enters)));
  return pruning.snapshot(distinct(files), undefined);
}

class Pruning {
  readonly #scheme: PartitionScheme;
  readonly #predicate: PartitionPredicate;
  /** A set, since a listing may start over. */
  readonly #prunedFolders = new Set<string>();

  constructor(table: TableRelation, predicate: PartitionPredicate = () => true) {
    this.#scheme = new PartitionScheme(table.displayName, table.partitionColumns);
    this.#predicate = predicate;
  }

  readonly enters = (folders: PartitionFolders): boolean => {
    const entered = this.#predicate(this.#scheme.parse(folders));
    if (!entered) this.#prunedFolders.add(folders.join('/'));
    return entered;
  };

  snapshot(listed: readonly ListedFile[], commit: string | undefined): TableSnapshot {
    const files = listed.map(
      ({ path, byteLength, version, folders }): TableFile => ({
        path,
        byteLength,
        version,
        partitionValues: this.#scheme.parseAll(folders),
      }),
    );
    const prunedFolders = this.#prunedFolders.size;
    return { files, totalFiles: prunedFolders === 0 ? files.length : undefined, prunedFolders, commit };
  }
}

export function distinct(files: readonly ListedFile[]): ListedFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}
