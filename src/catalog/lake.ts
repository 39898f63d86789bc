import { type MillraceError, userError } from '../common/errors.js';
import { cleanLake, DEFAULT_RETENTION_MS } from '../storage/commit/clean-lake.js';
import type { CommitObserver } from '../storage/commit/commit-observer.js';
import type { PartitionFolders } from '../storage/commit/intent.js';
import { pathInLake, statisticsFolder } from '../storage/commit/lake-layout.js';
import { type NumberSequence, reserveNumbers } from '../storage/commit/number-sequence.js';
import { TableTransaction } from '../storage/commit/table-transaction.js';
import { parseLocation } from '../storage/location.js';
import type { ObjectStore, PinnedFile } from '../storage/object-store.js';
import { objectStoreFor } from '../storage/open-object-store.js';
import { LakeBlock } from './block/lake-block.js';
import type { DefinitionState } from './definition-state.js';
import type { CreateOptions, LakeAccess } from './lake-access.js';
import { PartitionScheme } from './partition-scheme.js';
import {
  assertIsNoSchema,
  assertSchemaIsEmpty,
  assertTableDefinition,
  existsError,
  isPathError,
  notAError,
  partitionsIn,
  schemaFolderError,
} from './relation-errors.js';
import { displayNameOf, type ListedRelation, Relations } from './relations.js';
import { type MatchedFiles, matchPatterns, resolvePatterns } from './resolve-path.js';
import { Schemas } from './schemas.js';
import { snapshotFolder, snapshotPatterns } from './snapshot-table.js';
import { cleanDroppedStatistics, cleanTableStatistics } from './statistics/clean-statistics.js';
import { PUBLIC_SCHEMA, type RelationName, type TableDefinition, type ViewDefinition } from './table-definition.js';
import type {
  InferSchema,
  PartitionPredicate,
  PartitionValue,
  Relation,
  TableFile,
  TableRelation,
  TableSnapshot,
} from './table-snapshot.js';
import { TableWrite } from './table-write.js';

const CLEANING_INTERVAL_MS = 10 * 60 * 1000;
const MAX_DROP_ATTEMPTS = 10;

export interface LakeOptions {
  /** Where relative paths start; the working directory by default. */
  readonly base?: string | undefined;
  /** Create the folder if it does not exist. */
  readonly create?: boolean | undefined;
  /** How long removed files and abandoned staged files are kept. */
  readonly retentionMs?: number | undefined;
  readonly store?: ObjectStore | undefined;
  /** For tests: told after each step of a commit. */
  readonly commitObserver?: CommitObserver | undefined;
}

/** A folder of tables: what is in it, which files a table consists of, and every change to that. */
export class Lake implements LakeAccess {
  readonly root: string;
  readonly #base: string;
  readonly #store: ObjectStore;
  readonly #options: LakeOptions;
  readonly #schemas: Schemas;
  readonly #relations: Relations;
  #lastCleaningMs = 0;

  private constructor(root: string, base: string, store: ObjectStore, options: LakeOptions) {
    this.root = root;
    this.#base = base;
    this.#store = store;
    this.#options = options;
    this.#schemas = new Schemas(store, root);
    this.#relations = new Relations(store, root, this.#schemas);
  }

  static async open(location: string, options: LakeOptions = {}): Promise<Lake> {
    const base = parseLocation(options.base ?? '.');
    const root = parseLocation(location, base);
    const store = options.store ?? objectStoreFor(root);
    if (!(await store.folderExists(root))) {
      if (options.create !== true) {
        throw userError('58P01', `the lake "${location}" does not exist`, {
          hint: 'Give an existing folder as the lake, or create it first.',
        });
      }
      await store.createFolder(root);
    }
    return new Lake(root, base, store, options);
  }

  // ── Finding ────────────────────────────────────────────────────────────────────────────────────────────────────────

  async listSchemas(): Promise<string[]> {
    return await this.#schemas.list();
  }

  async schemaExists(schema: string): Promise<boolean> {
    return await this.#schemas.exists(schema);
  }

  async listRelations(schema: string = PUBLIC_SCHEMA): Promise<ListedRelation[]> {
    return await this.#relations.list(schema);
  }

  async findRelation(name: RelationName, inferSchema: InferSchema): Promise<Relation | undefined> {
    return await this.#relations.find(name, inferSchema);
  }

  /** Fails (42P01, or 3F000 for the schema) with the nearest name as the hint. */
  async getRelation(name: RelationName, inferSchema: InferSchema): Promise<Relation> {
    return (await this.findRelation(name, inferSchema)) ?? throwError(await this.#relations.missingError(name));
  }

  /** A file, a folder, a pattern (`data/*.parquet`, `data/**`) or a list of them as a table. */
  async resolvePath(patterns: string | readonly string[], inferSchema: InferSchema): Promise<TableRelation> {
    const list = typeof patterns === 'string' ? [patterns] : patterns;
    return await resolvePatterns(this.#store, list, this.#base, inferSchema);
  }

  /** The files that patterns name, whatever is in them. */
  async matchFiles(patterns: readonly string[]): Promise<MatchedFiles> {
    return await matchPatterns(this.#store, patterns, this.#base);
  }

  /** The files of a table now. Partition folders that `predicate` rules out are not listed. */
  async snapshot(table: TableRelation, predicate?: PartitionPredicate): Promise<TableSnapshot> {
    const { source } = table;
    if (source.kind === 'folder') {
      return await snapshotFolder(this.#store, table, this.#relations.address(source), predicate);
    }
    return await snapshotPatterns(this.#store, table, source.patterns, source.base, predicate);
  }

  /** Where the statistics of a table are; undefined for a path, which has none. */
  statisticsFolder({ source }: TableRelation): string | undefined {
    return source.kind === 'folder' ? statisticsFolder(this.root, this.#relations.address(source).name) : undefined;
  }

  /** Where there are statistics, of whichever files. */
  async listStatistics(folder: string): Promise<ReadonlySet<string>> {
    return new Set((await this.#store.listFolder(folder)).files.map(({ path }) => path));
  }

  /** Files as statistics know them: by their path in the lake. */
  inLake(files: readonly TableFile[]): PinnedFile[] {
    return files.map(({ path, byteLength, version }) => ({ path: pathInLake(this.root, path), byteLength, version }));
  }

  /** The partitions that have files, in the order of their folders; values of all partition columns. */
  async listPartitions(table: TableRelation): Promise<(readonly PartitionValue[])[]> {
    return partitionsIn(table, await this.snapshot(table));
  }

  // ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────────

  async reserveNumbers(sequence: NumberSequence, count: number, name: string): Promise<bigint> {
    return await reserveNumbers(this.#store, this.root, sequence, count, name);
  }

  /** INSERT. Begin before reading what is inserted: a conflicting commit since then makes this one fail (40001). */
  async beginWrite(table: TableRelation): Promise<TableWrite> {
    if (table.source.kind !== 'folder') {
      throw isPathError(table);
    }
    const write = await this.#begin(table.source, table.displayName, table, undefined);
    if (table.definition !== undefined && (await this.#relations.definitionState(table.source))?.kind !== 'table') {
      throw await this.#relations.missingError(table.source);
    }
    return write;
  }

  /**
   * CREATE TABLE, also AS: the table appears with its rows when the result is committed, in mode `append`, or in mode
   * `replace table` when begun with `orReplace`: until then a table of that name stays what it is.
   */
  async beginCreateTable(
    name: RelationName,
    definition: TableDefinition,
    options: CreateOptions = {},
  ): Promise<TableWrite> {
    assertTableDefinition(definition);
    await this.#schemas.assertExists(name.schema);
    const partitionColumns = definition.partitionColumns.map(
      (column) => definition.columns.find((candidate) => candidate.name === column)!,
    );
    const write = await this.#begin(name, displayNameOf(name), { partitionColumns }, { kind: 'table', definition });
    const kind = await this.#relations.kindOf(name);
    if (kind !== undefined && options.orReplace !== true) throw existsError(name);
    if (kind === 'view') throw notAError(name, 'table', 'view');
    if (options.redefines !== undefined) {
      this.#relations.assertDefinedAs(name, options.redefines, await this.#relations.definitionState(name));
    }
    if (kind === 'table') return write;
    await assertIsNoSchema(name, (schema) => this.schemaExists(schema));
    await this.#relations.assertFolderIsFree(name);
    return write;
  }

  async createTable(
    name: RelationName,
    definition: TableDefinition,
    options: { readonly orReplace?: boolean } = {},
  ): Promise<void> {
    const write = await this.beginCreateTable(name, definition, options);
    await write.commit([], { kind: options.orReplace === true ? 'replace table' : 'append' });
  }

  /** Two commits: the relation appears under its new name before it goes under the old one. */
  async renameRelation(from: RelationName, to: RelationName, inferSchema: InferSchema): Promise<void> {
    await this.#inBlock((block) => block.renameRelation(from, to, inferSchema));
  }

  /** A transaction block, which nobody sees before it is committed. */
  openBlock(): LakeBlock {
    return new LakeBlock({
      lake: this,
      store: this.#store,
      relations: this.#relations,
      schemas: this.#schemas,
      observer: this.#options.commitObserver,
    });
  }

  /** Its files go to the trash. Fails when there is no such table. */
  async dropTable(name: RelationName): Promise<void> {
    await this.#drop((block) => block.dropTable(name));
  }

  async dropView(name: RelationName): Promise<void> {
    await this.#drop((block) => block.dropView(name));
  }

  async createView(
    name: RelationName,
    definition: ViewDefinition,
    options: { readonly orReplace?: boolean } = {},
  ): Promise<void> {
    await this.#inBlock((block) => block.createView(name, definition, options));
  }

  /** Answers false if there is one of that name. */
  async createSchema(schema: string): Promise<boolean> {
    if (await this.#relations.exists({ schema: PUBLIC_SCHEMA, name: schema })) {
      throw schemaFolderError(schema);
    }
    return await this.#schemas.create(schema);
  }

  async dropSchema(schema: string): Promise<void> {
    assertSchemaIsEmpty(schema, await this.listRelations(schema));
    await this.#schemas.drop(schema);
  }

  /** Deletes old trash and what crashed writers left. Done after commits too, from time to time. */
  async clean(nowMs: number = Date.now()): Promise<void> {
    this.#lastCleaningMs = Date.now();
    const retentionMs = this.#options.retentionMs ?? DEFAULT_RETENTION_MS;
    await cleanLake(this.#store, this.root, retentionMs, nowMs);
    await this.#cleanStatistics(nowMs - retentionMs);
  }

  /** Deletes the statistics of files of a table that are gone. */
  async cleanStatistics({ source }: TableRelation): Promise<void> {
    if (source.kind !== 'folder') return;
    const oldestMs = Date.now() - (this.#options.retentionMs ?? DEFAULT_RETENTION_MS);
    await cleanTableStatistics(this.#store, this.#relations.address(source), oldestMs);
  }

  async #cleanStatistics(oldestMs: number): Promise<void> {
    if (!(await this.#store.folderExists(statisticsFolder(this.root)))) return;
    const tables = new Set<string>();
    for (const schema of await this.listSchemas()) {
      for (const { name, kind } of await this.listRelations(schema)) {
        if (kind !== 'table') continue;
        const address = this.#relations.address({ schema, name });
        tables.add(address.name);
        await cleanTableStatistics(this.#store, address, oldestMs);
      }
    }
    await cleanDroppedStatistics(this.#store, this.root, tables);
  }

  async #begin(
    name: RelationName,
    displayName: string,
    { partitionColumns }: Pick<TableRelation, 'partitionColumns'>,
    definition: DefinitionState | undefined,
  ): Promise<TableWrite> {
    const scheme = new PartitionScheme(displayName, partitionColumns);
    const transaction = await this.#transaction(name, (folders) => scheme.canonicalFolders(folders));
    return new TableWrite(transaction, scheme, definition, () => this.#cleanSometimes());
  }

  async #transaction(
    name: RelationName,
    canonicalFolders: (folders: PartitionFolders) => PartitionFolders = (folders) => folders,
  ): Promise<TableTransaction> {
    const observer = this.#options.commitObserver;
    const options = observer === undefined ? { canonicalFolders } : { canonicalFolders, observer };
    return await TableTransaction.begin(this.#store, this.#relations.address(name), options);
  }

  /** What a statement does that is one change, as the block of that statement. */
  async #inBlock(change: (block: LakeBlock) => Promise<void>): Promise<void> {
    const block = this.openBlock();
    try {
      await change(block);
    } catch (thrown) {
      await block.abort();
      throw thrown;
    }
    await block.commit();
  }

  /** Whatever others commit meanwhile goes with it. */
  async #drop(change: (block: LakeBlock) => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#inBlock(change);
      } catch (thrown) {
        if ((thrown as MillraceError).code !== '40001' || attempt === MAX_DROP_ATTEMPTS) throw thrown;
      }
    }
  }

  async #cleanSometimes(): Promise<void> {
    if (Date.now() - this.#lastCleaningMs < CLEANING_INTERVAL_MS) return;
    // What could not be deleted is no concern of the statement that just committed.
    await this.clean().catch(() => {});
  }
}

function throwError(error: MillraceError): never {
  throw error;
}
