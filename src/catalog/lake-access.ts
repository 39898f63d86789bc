import type { NumberSequence } from '../storage/commit/number-sequence.js';
import type { PinnedFile } from '../storage/object-store.js';
import type { ListedRelation } from './relations.js';
import type { MatchedFiles } from './resolve-path.js';
import type { RelationName, TableDefinition, ViewDefinition } from './table-definition.js';
import type {
  InferSchema,
  PartitionPredicate,
  PartitionValue,
  Relation,
  TableFile,
  TableRelation,
  TableSnapshot,
} from './table-snapshot.js';
import type { TableWriter } from './table-write.js';

/**
 * What can be done with a lake: at once (`Lake`), or in a transaction block (`LakeBlock`), which nobody else sees before it
 * is committed.
 */
export interface LakeAccess {
  readonly root: string;
  listSchemas(): Promise<string[]>;
  schemaExists(schema: string): Promise<boolean>;
  listRelations(schema?: string): Promise<ListedRelation[]>;
  findRelation(name: RelationName, inferSchema: InferSchema): Promise<Relation | undefined>;
  /** Fails (42P01, or 3F000 for the schema) with the nearest name as the hint. */
  getRelation(name: RelationName, inferSchema: InferSchema): Promise<Relation>;
  resolvePath(patterns: string | readonly string[], inferSchema: InferSchema): Promise<TableRelation>;
  matchFiles(patterns: readonly string[]): Promise<MatchedFiles>;
  snapshot(table: TableRelation, predicate?: PartitionPredicate): Promise<TableSnapshot>;
  listPartitions(table: TableRelation): Promise<(readonly PartitionValue[])[]>;
  inLake(files: readonly TableFile[]): PinnedFile[];
  /** The first of `count` numbers that nobody else gets; a block that is rolled back leaves a gap. `name` is for errors. */
  reserveNumbers(sequence: NumberSequence, count: number, name: string): Promise<bigint>;
  beginWrite(table: TableRelation): Promise<TableWriter>;
  beginCreateTable(name: RelationName, definition: TableDefinition, options?: CreateOptions): Promise<TableWriter>;
  createTable(name: RelationName, definition: TableDefinition, options?: CreateOptions): Promise<void>;
  dropTable(name: RelationName): Promise<void>;
  dropView(name: RelationName): Promise<void>;
  createView(name: RelationName, definition: ViewDefinition, options?: CreateOptions): Promise<void>;
  /** Gives a table or view another name, or another schema; what there is of it goes along. */
  renameRelation(from: RelationName, to: RelationName, inferSchema: InferSchema): Promise<void>;
  /** Answers false if there is one of that name. */
  createSchema(schema: string): Promise<boolean>;
  /** Fails (2BP01) unless it is empty. */
  dropSchema(schema: string): Promise<void>;
}

export interface CreateOptions {
  readonly orReplace?: boolean;
  /**
   * The table as it was read by whoever changes its definition: fails (40001) where it has another one by now, which would
   * be lost.
   */
  readonly redefines?: TableRelation;
}
