import type { PartitionFolders } from '../../storage/commit/intent.js';
import { PartitionSet } from '../../storage/commit/partition-set.js';
import type { Replacement } from '../../storage/commit/table-transaction.js';
import type { DefinitionState } from '../definition-state.js';
import type { PartitionScheme } from '../partition-scheme.js';
import type { RelationName } from '../table-definition.js';
import type { WriteMode } from '../table-write.js';

/** A file that a block has written: staged, and read by the block itself. */
export interface BlockFile {
  readonly path: string;
  readonly byteLength: number;
  readonly version: string;
  /** Of its partition, canonical. */
  readonly folders: PartitionFolders;
}

/** What all statements of a block together do to one table or view: one commit, when the block is committed. */
export interface PendingRelation {
  readonly name: RelationName;
  /** Was there one of that name before the block? */
  readonly existed: boolean;
  /** What the block has made of it; undefined where it stays as it is. */
  readonly definition: { readonly value: DefinitionState } | undefined;
  /** Which of the files that were there before go. */
  readonly replace: Exclude<Replacement, { kind: 'written partitions' }>;
  readonly files: readonly BlockFile[];
}

/** What a block has changed so far. Never changed itself: a savepoint keeps the one of its moment. */
export interface BlockState {
  readonly relations: ReadonlyMap<string, PendingRelation>;
  /** Created: true; dropped: false. */
  readonly schemas: ReadonlyMap<string, boolean>;
}

/** What a relation is known by in maps. */
export function keyOf({ schema, name }: RelationName): string {
  return `${schema}\u0000${name}`;
}

export const UNCHANGED: BlockState = { relations: new Map(), schemas: new Map() };

/** The relation after a further write. */
export function withWrite(
  pending: PendingRelation,
  files: readonly BlockFile[],
  mode: WriteMode,
  scheme: PartitionScheme,
): PendingRelation {
  switch (mode.kind) {
    case 'append':
      return { ...pending, files: [...pending.files, ...files] };
    case 'replace table':
      return { ...pending, replace: { kind: 'folder' }, files };
    case 'overwrite table':
      return { ...pending, replace: wholeTable(pending), files };
    case 'overwrite partition':
      return withPartitions(pending, files, [scheme.folders(mode.values)]);
    case 'overwrite partitions':
      return withPartitions(
        pending,
        files,
        mode.partitions.map((values) => scheme.folders(values)),
      );
    case 'overwrite written partitions':
      return scheme.columns.length === 0
        ? { ...pending, replace: wholeTable(pending), files }
        : withPartitions(
            pending,
            files,
            files.map(({ folders }) => folders),
          );
  }
}

function wholeTable({ replace }: PendingRelation): PendingRelation['replace'] {
  return replace.kind === 'folder' ? replace : { kind: 'table' };
}

function withPartitions(
  pending: PendingRelation,
  files: readonly BlockFile[],
  partitions: readonly PartitionFolders[],
): PendingRelation {
  const { replace } = pending;
  const replaced = new PartitionSet(partitions);
  const known = replace.kind === 'partitions' ? replace.partitions : [];
  const isWhole = replace.kind === 'table' || replace.kind === 'folder';
  return {
    ...pending,
    replace: isWhole ? replace : { kind: 'partitions', partitions: [...known, ...partitions] },
    files: [...pending.files.filter(({ folders }) => !replaced.contains(folders)), ...files],
  };
}
