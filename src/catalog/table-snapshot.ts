import type { PinnedFile } from '../storage/object-store.js';
import type { ColumnDefinition, TableDefinition, ViewDefinition } from './table-definition.js';

/**
 * A partition column's value. By physical type: bool → boolean; i32, f32, f64 → number (dates: days since 1970); i64
 * and i128 → bigint (scaled, for decimals; µs, for timestamps); string → string; NULL → null.
 */
export type PartitionValue = null | boolean | number | bigint | string;

/** Like `PinnedFile`, with where it lies in the table. */
export interface TableFile extends PinnedFile {
  /** One per partition column of the table. */
  readonly partitionValues: readonly PartitionValue[];
}

/**
 * Could a partition hold rows that are wanted? Asked level by level: `values` holds the values of the first partition
 * columns only, as many as are known at that level; answer true as long as the predicate is undecided.
 */
export type PartitionPredicate = (values: readonly PartitionValue[]) => boolean;

/** The files of a table as of one moment; plain data. */
export interface TableSnapshot {
  readonly files: readonly TableFile[];
  /** Files of the table when nothing was pruned; `undefined` when pruned folders were never listed. */
  readonly totalFiles?: number | undefined;
  /** Partition folders that the predicate ruled out before they were listed. */
  readonly prunedFolders: number;
  /** Identifies the last commit of Millrace; `undefined` for a table it never wrote. */
  readonly commit: string | undefined;
}

/** What a name or path stands for, before any file is chosen. Plain data. */
export type Relation = TableRelation | ViewRelation;

export interface TableRelation {
  readonly kind: 'table';
  /** For messages: `public.events`, or the path as written. */
  readonly displayName: string;
  /** All columns, partition columns last; from the definition, or inferred from a file and the folders. */
  readonly columns: readonly ColumnDefinition[];
  /** The columns that come from folders, outermost first. */
  readonly partitionColumns: readonly ColumnDefinition[];
  /** Absent when the table was discovered and not created. */
  readonly definition?: TableDefinition | undefined;
  readonly source: TableSource;
}

/** Where the files of a table are to be found: in a folder that commits know, or at the places a pattern names. */
export type TableSource =
  | { readonly kind: 'folder'; readonly folder: string; readonly schema: string; readonly name: string }
  | { readonly kind: 'files'; readonly patterns: readonly string[]; readonly base: string };

export interface ViewRelation {
  readonly kind: 'view';
  readonly displayName: string;
  readonly definition: ViewDefinition;
}

/** Columns of a Parquet file, from its footer; supplied by whoever can read footers. */
export type InferSchema = (file: PinnedFile) => Promise<readonly ColumnDefinition[]>;
