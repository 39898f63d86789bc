import { setTimeout as delay } from 'node:timers/promises';
import { bugError, type MillraceError, resourceError } from '../../common/errors.js';
import { joinLocation, parentLocation } from '../location.js';
import { mapConcurrently } from '../map-concurrently.js';
import type { ObjectStore } from '../object-store.js';
import type { CommitObserver } from './commit-observer.js';
import { assertNoConflict } from './conflict.js';
import {
  deleteIntent,
  type Intent,
  type IntentAdd,
  type IntentRemove,
  intentFileName,
  type PartitionFolders,
  type TouchedPartitions,
  writeIntent,
} from './intent.js';
import {
  filePrefixOf,
  intentsFolder,
  newCommitId,
  pathInLake,
  stagingFolder,
  type TableAddress,
  tableFolder,
} from './lake-layout.js';
import { type ListedFile, listTableFolder, listWithIgnored } from './list-table-folder.js';
import { PartitionSet } from './partition-set.js';
import { tryRollForward } from './read-table.js';
import { readTableHead, swapTableHead, type VersionedHead } from './table-head.js';

const MAX_ATTEMPTS = 100;
const STAT_CONCURRENCY = 8;

/** Which files of the table a commit replaces by those it adds. */
export type Replacement =
  /** INSERT INTO. */
  | { readonly kind: 'nothing' }
  /** Exactly these partitions (canonical folders, or prefixes of them), whether or not there are new files for them. */
  | { readonly kind: 'partitions'; readonly partitions: readonly PartitionFolders[] }
  /** The partitions that there are new files for. */
  | { readonly kind: 'written partitions' }
  /** All data files. */
  | { readonly kind: 'table' }
  /** Those and the files beside them that are no data (`_SUCCESS`): DROP TABLE. */
  | { readonly kind: 'folder' };

export interface CommitRequest {
  readonly replace: Replacement;
  /** A new definition for the head; it stays as it is when absent. */
  readonly definition?: { readonly value: unknown } | undefined;
  /** Fail when there was any other commit since this one began. */
  readonly alone?: boolean | undefined;
}

/** A file written under `stagingFolder`, and the partition it belongs to (canonical folders; none when unpartitioned). */
export interface StagedFile {
  readonly path: string;
  readonly folders: PartitionFolders;
}

export interface CommitResult {
  readonly commit: string;
  readonly addedFiles: number;
  readonly removedFiles: number;
  /** The commit is made and durable, but its files could not all be moved; whoever opens the table next tries again. */
  readonly rollForwardError?: MillraceError | undefined;
}

export interface TransactionOptions {
  /** The canonical form of a partition's folders as found in the table: `hour=03` → `hour=3`. */
  readonly canonicalFolders?: (folders: PartitionFolders) => PartitionFolders;
  readonly observer?: CommitObserver;
}

/** One change of one table: stage files, then `commit`, or `abort` to leave nothing behind. */
export class TableTransaction {
  readonly commitId: string = newCommitId();
  /** Where new files go, in whatever folders; an absolute location. */
  readonly stagingFolder: string;
  /** Names of new files start with this, so that no two commits ever write the same name. */
  readonly filePrefix: string;
  /** The definition when the transaction began. */
  readonly definition: unknown;
  readonly #store: ObjectStore;
  readonly #table: TableAddress;
  readonly #baseSequence: number;
  readonly #canonicalFolders: (folders: PartitionFolders) => PartitionFolders;
  readonly #observer: CommitObserver;

  private constructor(store: ObjectStore, table: TableAddress, base: VersionedHead, options: TransactionOptions) {
    this.#store = store;
    this.#table = table;
    this.#baseSequence = base.head?.sequence ?? 0;
    this.definition = base.head?.definition ?? null;
    this.#canonicalFolders = options.canonicalFolders ?? ((folders) => folders);
    this.#observer = options.observer ?? (() => {});
    this.stagingFolder = joinLocation(stagingFolder(table.lake, this.commitId), table.folder);
    this.filePrefix = filePrefixOf(this.commitId);
  }

  static async begin(
    store: ObjectStore,
    table: TableAddress,
    options: TransactionOptions = {},
  ): Promise<TableTransaction> {
    return new TableTransaction(store, table, await readTableHead(store, table), options);
  }

  async abort(): Promise<void> {
    const { lake } = this.#table;
    await this.#store.deleteFolder(stagingFolder(lake, this.commitId));
    // A lake that nobody has written to before has no folder of ours.
    await this.#store.removeEmptyFolders(stagingFolder(lake), lake);
  }

  /** Fails (40001) where `commit` would, as things are now. */
  async assertNoConflict(request: CommitRequest & { readonly files: readonly StagedFile[] }): Promise<void> {
    const { head } = await readTableHead(this.#store, this.#table);
    const replaces = replacedPartitions(request.replace, distinctPartitions(request.files));
    const rule = { replaces, alone: request.alone === true };
    await assertNoConflict(this.#store, this.#table, this.#baseSequence, head, rule);
  }

  /** Makes the change visible, all at once. When it fails, nothing has changed and nothing is left behind. */
  async commit(files: readonly StagedFile[], request: CommitRequest): Promise<CommitResult> {
    let intent: Intent;
    try {
      const adds = await this.#prepareAdds(files);
      await this.#observer('staged');
      intent = await this.#publish(adds, files, request);
    } catch (thrown) {
      await this.abort().catch(() => {});
      throw thrown;
    }
    const rollForwardError = await this.#finish();
    return {
      commit: this.commitId,
      addedFiles: intent.adds.length,
      removedFiles: intent.removes.length,
      rollForwardError,
    };
  }

  /** Staged files lie under the staging folder as they will in the table: `openPinnedFile` relies on it. */
  async #prepareAdds(files: readonly StagedFile[]): Promise<IntentAdd[]> {
    const lake = this.#table.lake;
    const names = new Set<string>();
    const moved = new Set<string>();
    const adds = await mapConcurrently(files, STAT_CONCURRENCY, async (file) => {
      const name = file.path.slice(file.path.lastIndexOf('/') + 1);
      if (!name.startsWith(this.filePrefix) || names.has(name)) throw bugError(`bad name of a new file: "${name}"`);
      names.add(name);
      const staged = joinLocation(this.stagingFolder, ...file.folders, name);
      if (staged !== file.path && (await this.#store.move(file.path, staged))) moved.add(parentLocation(staged));
      const info = await this.#store.stat(staged);
      if (info === undefined) throw lostStagedFileError(staged);
      return {
        staged: pathInLake(lake, staged),
        path: joinLocation(this.#table.folder, ...file.folders, name),
        byteLength: info.byteLength,
        version: info.version,
      };
    });
    await this.#store.syncFolders(moved);
    return adds;
  }

  async #publish(adds: readonly IntentAdd[], files: readonly StagedFile[], request: CommitRequest): Promise<Intent> {
    const written = distinctPartitions(files);
    const replaces = replacedPartitions(request.replace, written);
    const rule = { replaces, alone: request.alone === true };
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const current = await readTableHead(this.#store, this.#table);
      await assertNoConflict(this.#store, this.#table, this.#baseSequence, current.head, rule);
      if (current.head?.pending) {
        const problem = await tryRollForward(this.#store, this.#table, current);
        if (problem !== undefined) throw problem;
        continue;
      }
      const intent: Intent = {
        commit: this.commitId,
        sequence: (current.head?.sequence ?? 0) + 1,
        previous: current.head?.intent ?? null,
        table: this.#table.name,
        adds,
        removes: await this.#listReplaced(request.replace, replaces),
        touches: replaces === null ? null : [...replaces, ...written],
        changesDefinition: request.definition !== undefined,
      };
      if (await this.#trySwap(current, intent, request)) return intent;
      await delay(Math.random() * Math.min(2 ** attempt, 50));
    }
    throw resourceError('40001', `table "${this.#table.name}" is being written to too often`, {
      hint: 'Nothing was changed. Run the statement again.',
    });
  }

  async #trySwap(current: VersionedHead, intent: Intent, request: CommitRequest): Promise<boolean> {
    await writeIntent(this.#store, this.#table, intent);
    await this.#observer('intent written');
    const head = {
      commit: intent.commit,
      sequence: intent.sequence,
      intent: intentFileName(intent),
      pending: intent.adds.length + intent.removes.length > 0,
      definition: request.definition === undefined ? (current.head?.definition ?? null) : request.definition.value,
    };
    let swapped: boolean;
    try {
      swapped = await swapTableHead(this.#store, this.#table, current.version, head);
    } catch (thrown) {
      // The swap may have happened before it failed.
      const now = await readTableHead(this.#store, this.#table);
      if (now.head?.commit !== intent.commit) {
        await deleteIntent(this.#store, this.#table, intent).catch(() => {});
        await this.#store.removeEmptyFolders(intentsFolder(this.#table), this.#table.lake);
        throw thrown;
      }
      swapped = true;
    }
    if (swapped) await this.#observer('head swapped');
    else await deleteIntent(this.#store, this.#table, intent);
    return swapped;
  }

  async #finish(): Promise<MillraceError | undefined> {
    const current = await readTableHead(this.#store, this.#table);
    if (current.head?.commit !== this.commitId) return undefined;
    if (!current.head.pending) await this.abort().catch(() => {});
    return await tryRollForward(this.#store, this.#table, current, this.#observer);
  }

  async #listReplaced(replace: Replacement, replaces: TouchedPartitions): Promise<IntentRemove[]> {
    if (replaces?.length === 0) return [];
    const folder = tableFolder(this.#table);
    const files =
      replace.kind === 'folder'
        ? await listWithIgnored(this.#store, folder)
        : replaces === null
          ? await listTableFolder(this.#store, folder, () => true)
          : await this.#listPartitions(folder, new PartitionSet(replaces));
    return files.map(({ path, byteLength, version }) => ({
      path: pathInLake(this.#table.lake, path),
      byteLength,
      version,
    }));
  }

  async #listPartitions(folder: string, set: PartitionSet): Promise<ListedFile[]> {
    const enters = (folders: PartitionFolders) => set.overlaps(this.#canonicalFolders(folders));
    const files = await listTableFolder(this.#store, folder, enters);
    return files.filter((file) => set.contains(this.#canonicalFolders(file.folders)));
  }
}

function replacedPartitions(replace: Replacement, written: readonly PartitionFolders[]): TouchedPartitions {
  switch (replace.kind) {
    case 'nothing':
      return [];
    case 'partitions':
      return replace.partitions;
    case 'written partitions':
      return written;
    case 'table':
    case 'folder':
      return null;
  }
}

function distinctPartitions(files: readonly StagedFile[]): PartitionFolders[] {
  return [...new Map(files.map(({ folders }) => [folders.join('/'), folders])).values()];
}

function lostStagedFileError(path: string): MillraceError {
  return resourceError('58030', `the new file "${path}" has disappeared before it was committed`, {
    hint: 'Nothing was changed. Something deletes files under _millrace/staging; stop it and run the statement again.',
  });
}
