import type { PartitionFolders } from '../storage/commit/intent.js';
import type { CommitResult, Replacement, TableTransaction } from '../storage/commit/table-transaction.js';
import type { DefinitionState } from './definition-state.js';
import type { PartitionScheme } from './partition-scheme.js';
import type { PartitionValue } from './table-snapshot.js';

/** What the new rows do to the old ones. */
export type WriteMode =
  /** INSERT INTO: nothing. */
  | { readonly kind: 'append' }
  /** CREATE OR REPLACE TABLE: whatever is in the folder goes. */
  | { readonly kind: 'replace table' }
  /** INSERT OVERWRITE of a table as a whole. */
  | { readonly kind: 'overwrite table' }
  /** `PARTITION (date = '…')`: replaces it, also with nothing. Values of the first partition columns. */
  | { readonly kind: 'overwrite partition'; readonly values: readonly PartitionValue[] }
  /** Replaces all of these partitions, by the values of all partition columns. */
  | { readonly kind: 'overwrite partitions'; readonly partitions: readonly (readonly PartitionValue[])[] }
  /** `PARTITION (date)`: replaces the partitions that there are new rows for. */
  | { readonly kind: 'overwrite written partitions' };

/** A Parquet file that was written under the staging folder. */
export interface WrittenFile {
  readonly path: string;
  /** The values of all partition columns, as text; none for a table without. */
  readonly partitionValues: readonly (string | null)[];
}

/** What statements do with a change of a table's content, of the lake itself or of a transaction block. */
export interface TableWriter {
  /** New files go anywhere beneath it, named `filePrefix` + something unique + `.parquet`. */
  readonly stagingFolder: string;
  readonly filePrefix: string;
  commit(files: readonly WrittenFile[], mode: WriteMode): Promise<unknown>;
  abort(): Promise<void>;
}

/**
 * One change of a table's content. Write files named `filePrefix` + something unique + `.parquet` anywhere under
 * `stagingFolder`, then `commit`, or `abort`; either leaves nothing behind.
 */
export class TableWrite implements TableWriter {
  readonly stagingFolder: string;
  readonly filePrefix: string;
  readonly #transaction: TableTransaction;
  readonly #scheme: PartitionScheme;
  readonly #definition: DefinitionState | undefined;
  readonly #afterCommit: () => Promise<void>;

  constructor(
    transaction: TableTransaction,
    scheme: PartitionScheme,
    definition: DefinitionState | undefined,
    afterCommit: () => Promise<void>,
  ) {
    this.stagingFolder = transaction.stagingFolder;
    this.filePrefix = transaction.filePrefix;
    this.#transaction = transaction;
    this.#scheme = scheme;
    this.#definition = definition;
    this.#afterCommit = afterCommit;
  }

  async commit(files: readonly WrittenFile[], mode: WriteMode): Promise<CommitResult> {
    try {
      const staged = files.map(({ path, partitionValues }) => ({ path, folders: this.#folders(partitionValues) }));
      const result = await this.#transaction.commit(staged, {
        replace: this.#replacement(mode),
        definition: this.#definition === undefined ? undefined : { value: this.#definition },
        alone: this.#definition !== undefined,
      });
      await this.#afterCommit();
      return result;
    } catch (thrown) {
      await this.abort().catch(() => {});
      throw thrown;
    }
  }

  async abort(): Promise<void> {
    await this.#transaction.abort();
  }

  #folders(partitionValues: readonly (string | null)[]): PartitionFolders {
    const folders = this.#scheme.foldersOfText(partitionValues);
    if (folders.length !== this.#scheme.columns.length) throw this.#scheme.layoutError(folders);
    return folders;
  }

  #replacement(mode: WriteMode): Replacement {
    switch (mode.kind) {
      case 'append':
        return { kind: 'nothing' };
      case 'replace table':
        return { kind: 'folder' };
      case 'overwrite table':
        return { kind: 'table' };
      case 'overwrite partition':
        return { kind: 'partitions', partitions: [this.#scheme.folders(mode.values)] };
      case 'overwrite partitions':
        return { kind: 'partitions', partitions: mode.partitions.map((values) => this.#scheme.folders(values)) };
      case 'overwrite written partitions':
        return this.#scheme.columns.length === 0 ? { kind: 'table' } : { kind: 'written partitions' };
    }
  }
}
