import type { CommitObserver } from '../../storage/commit/commit-observer.js';
import { TableTransaction } from '../../storage/commit/table-transaction.js';
import { mapConcurrently } from '../../storage/map-concurrently.js';
import type { ObjectStore } from '../../storage/object-store.js';
import type { PartitionScheme } from '../partition-scheme.js';
import type { Relations } from '../relations.js';
import type { RelationName } from '../table-definition.js';
import type { TableFile } from '../table-snapshot.js';
import type { TableWriter, WrittenFile } from '../table-write.js';
import { type BlockFile, keyOf, type PendingRelation } from './block-state.js';

const STAT_CONCURRENCY = 8;

/** The files that a block has staged, and the commit of each relation it touches, begun when it first does. */
export class BlockFiles {
  readonly #store: ObjectStore;
  readonly #relations: Relations;
  readonly #observer: CommitObserver | undefined;
  readonly #transactions = new Map<string, TableTransaction>();
  /** Every file written, also those that are of no use any more. */
  readonly #written = new Set<string>();
  #writes = 0;

  constructor(store: ObjectStore, relations: Relations, observer: CommitObserver | undefined) {
    this.#store = store;
    this.#relations = relations;
    this.#observer = observer;
  }

  /** From now on whoever commits to the relation stands in the way. */
  async begin(name: RelationName, scheme: PartitionScheme | undefined): Promise<void> {
    const key = keyOf(name);
    if (this.#transactions.has(key)) return;
    const observer = this.#observer;
    const options = {
      ...(scheme && { canonicalFolders: (folders: readonly string[]) => scheme.canonicalFolders(folders) }),
      ...(observer && { observer }),
    };
    this.#transactions.set(key, await TableTransaction.begin(this.#store, this.#relations.address(name), options));
  }

  /** Where the next write puts its files, and how their names begin. */
  nextWrite(name: RelationName): Pick<TableWriter, 'stagingFolder' | 'filePrefix'> {
    const { stagingFolder, filePrefix } = this.#transactions.get(keyOf(name))!;
    return { stagingFolder, filePrefix: `${filePrefix}${++this.#writes}-` };
  }

  async stage(files: readonly WrittenFile[], scheme: PartitionScheme): Promise<BlockFile[]> {
    return await mapConcurrently(files, STAT_CONCURRENCY, async ({ path, partitionValues }): Promise<BlockFile> => {
      const info = await this.#store.stat(path);
      const folders = scheme.foldersOfText(partitionValues);
      if (folders.length !== scheme.columns.length) throw scheme.layoutError(folders);
      this.#written.add(path);
      return { path, byteLength: info?.byteLength ?? 0, version: info?.version ?? '', folders };
    });
  }

  /** Files of another table, staged for this one. */
  async link(files: readonly TableFile[], to: RelationName, scheme: PartitionScheme): Promise<BlockFile[]> {
    const { stagingFolder, filePrefix } = this.nextWrite(to);
    const numbered = files.map((file, number) => ({ file, number }));
    return await mapConcurrently(numbered, STAT_CONCURRENCY, async ({ file, number }): Promise<BlockFile> => {
      const path = `${stagingFolder}/${filePrefix}${number}.parquet`;
      await this.#store.copy(file.path, path);
      this.#written.add(path);
      const { byteLength, version } = file;
      return { path, byteLength, version, folders: scheme.folders(file.partitionValues) };
    });
  }

  async assertNoConflict(changes: readonly PendingRelation[]): Promise<void> {
    for (const change of changes) await this.#transactionOf(change).assertNoConflict(requestOf(change));
  }

  async publish(change: PendingRelation): Promise<void> {
    await this.#transactionOf(change).commit(change.files, requestOf(change));
  }

  /** Files that a later statement of the block has replaced, or a savepoint undone. */
  async deleteUnused(changes: readonly PendingRelation[]): Promise<void> {
    const used = new Set(changes.flatMap(({ files }) => files.map(({ path }) => path)));
    const unused = [...this.#written].filter((path) => !used.has(path));
    await mapConcurrently(unused, STAT_CONCURRENCY, (path) => this.#store.delete(path));
  }

  async abortUnused(changes: readonly PendingRelation[]): Promise<void> {
    const used = new Set(changes.map(({ name }) => keyOf(name)));
    for (const [key, transaction] of this.#transactions) {
      if (!used.has(key)) await transaction.abort().catch(() => undefined);
    }
  }

  async abort(): Promise<void> {
    await this.abortUnused([]);
  }

  #transactionOf({ name }: PendingRelation): TableTransaction {
    return this.#transactions.get(keyOf(name))!;
  }
}

function requestOf({ replace, definition, files }: PendingRelation) {
  const alone = definition !== undefined && definition.value !== null;
  return { replace, definition, alone, files };
}
