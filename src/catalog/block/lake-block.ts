import { resourceError, userError } from '../../common/errors.js';
import type { CommitObserver } from '../../storage/commit/commit-observer.js';
import type { NumberSequence } from '../../storage/commit/number-sequence.js';
import { PartitionSet } from '../../storage/commit/partition-set.js';
import type { ObjectStore, PinnedFile } from '../../storage/object-store.js';
import type { DefinitionState } from '../definition-state.js';
import type { CreateOptions, LakeAccess } from '../lake-access.js';
import { PartitionScheme } from '../partition-scheme.js';
import {
  assertIsNoSchema,
  assertSchemaIsEmpty,
  assertTableDefinition,
  existsError,
  isPathError,
  notAError,
  partitionsIn,
  schemaFolderError,
} from '../relation-errors.js';
import { displayNameOf, type ListedRelation, type Relations } from '../relations.js';
import type { MatchedFiles } from '../resolve-path.js';
import type { Schemas } from '../schemas.js';
import { PUBLIC_SCHEMA, type RelationName, type TableDefinition, type ViewDefinition } from '../table-definition.js';
import { definitionOfTable } from '../table-definition-of.js';
import type {
  InferSchema,
  PartitionPredicate,
  PartitionValue,
  Relation,
  TableFile,
  TableRelation,
  TableSnapshot,
} from '../table-snapshot.js';
import type { TableWriter, WriteMode, WrittenFile } from '../table-write.js';
import { BlockFiles } from './block-files.js';
import { type BlockState, keyOf, type PendingRelation, UNCHANGED, withWrite } from './block-state.js';

/** What a block is made of. */
export interface BlockParts {
  /** The lake as it is for all others. */
  readonly lake: LakeAccess;
  readonly store: ObjectStore;
  readonly relations: Relations;
  readonly schemas: Schemas;
  readonly observer?: CommitObserver | undefined;
}

/**
 * A transaction block: what it changes is staged, and seen by nobody but itself, until `commit` publishes it, table by table;
 * `abort` leaves nothing behind. A commit of others that stands in the way of one of its tables, since the block
 * first touched it, makes it fail as a whole (40001).
 */
export class LakeBlock implements LakeAccess {
  readonly root: string;
  readonly #parts: BlockParts;
  #state: BlockState = UNCHANGED;
  readonly #files: BlockFiles;

  constructor(parts: BlockParts) {
    this.#parts = parts;
    this.#files = new BlockFiles(parts.store, parts.relations, parts.observer);
    this.root = parts.lake.root;
  }

  /** What has been changed so far, to go back to with `restore`. */
  get state(): BlockState {
    return this.#state;
  }

  restore(state: BlockState): void {
    this.#state = state;
  }

  restoreNothing(): void {
    this.#state = UNCHANGED;
  }

  // ── Finding ────────────────────────────────────────────────────────────────────────────────────────────────────────

  async listSchemas(): Promise<string[]> {
    const names = new Set(await this.#parts.lake.listSchemas());
    for (const [schema, isThere] of this.#state.schemas) {
      if (isThere) names.add(schema);
      else names.delete(schema);
    }
    const [first, ...others] = names;
    return [first!, ...others.sort()];
  }

  async schemaExists(schema: string): Promise<boolean> {
    return this.#state.schemas.get(schema) ?? (await this.#parts.lake.schemaExists(schema));
  }

  async listRelations(schema: string = PUBLIC_SCHEMA): Promise<ListedRelation[]> {
    const isThere = this.#state.schemas.get(schema);
    const stored = isThere === undefined ? await this.#parts.lake.listRelations(schema) : [];
    if (isThere === false) await this.#assertSchemaExists(schema);
    const byName = new Map(stored.map((relation) => [relation.name, relation]));
    for (const { name, definition } of this.#state.relations.values()) {
      if (name.schema !== schema || definition === undefined) continue;
      if (definition.value === null) byName.delete(name.name);
      else byName.set(name.name, { ...name, kind: definition.value.kind });
    }
    return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async findRelation(name: RelationName, inferSchema: InferSchema): Promise<Relation | undefined> {
    const changed = this.#pending(name)?.definition;
    if (changed === undefined) {
      return this.#state.schemas.has(name.schema) ? undefined : await this.#parts.lake.findRelation(name, inferSchema);
    }
    const state = changed.value;
    if (state === null) return undefined;
    if (state.kind === 'table') return this.#parts.relations.createdTable(name, state.definition);
    return { kind: 'view', displayName: displayNameOf(name), definition: state.definition };
  }

  async getRelation(name: RelationName, inferSchema: InferSchema): Promise<Relation> {
    const found = await this.findRelation(name, inferSchema);
    if (found !== undefined) return found;
    throw await this.#missingError(name);
  }

  async resolvePath(patterns: string | readonly string[], inferSchema: InferSchema): Promise<TableRelation> {
    return await this.#parts.lake.resolvePath(patterns, inferSchema);
  }

  async matchFiles(patterns: readonly string[]): Promise<MatchedFiles> {
    return await this.#parts.lake.matchFiles(patterns);
  }

  inLake(files: readonly TableFile[]): PinnedFile[] {
    return this.#parts.lake.inLake(files);
  }

  /** The files that are there before the block and that it leaves, and those it has written. */
  async snapshot(table: TableRelation, predicate?: PartitionPredicate): Promise<TableSnapshot> {
    const { source } = table;
    const pending = source.kind === 'folder' ? this.#pending(source) : undefined;
    if (pending === undefined) return await this.#parts.lake.snapshot(table, predicate);
    const scheme = new PartitionScheme(table.displayName, table.partitionColumns);
    const { replace, existed } = pending;
    const isGone = !existed || replace.kind === 'table' || replace.kind === 'folder';
    const before = isGone ? EMPTY_SNAPSHOT : await this.#parts.lake.snapshot(table, predicate);
    const replaced = new PartitionSet(replace.kind === 'partitions' ? replace.partitions : []);
    const kept = before.files.filter((file) => !replaced.contains(scheme.folders(file.partitionValues)));
    const files: TableFile[] = [...kept];
    for (const { path, byteLength, version, folders } of pending.files) {
      const partitionValues = scheme.parseAll(folders);
      if (predicate?.(partitionValues) !== false) files.push({ path, byteLength, version, partitionValues });
    }
    const { totalFiles } = before;
    return { ...before, files, totalFiles: totalFiles && totalFiles - before.files.length + files.length };
  }

  async listPartitions(table: TableRelation): Promise<(readonly PartitionValue[])[]> {
    return partitionsIn(table, await this.snapshot(table));
  }

  // ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────────

  // Each begins by touching what it changes and looks at it then: who commits in between stands in the way.

  async reserveNumbers(sequence: NumberSequence, count: number, name: string): Promise<bigint> {
    return await this.#parts.lake.reserveNumbers(sequence, count, name);
  }

  async beginWrite(table: TableRelation): Promise<TableWriter> {
    const { source, displayName, partitionColumns } = table;
    if (source.kind !== 'folder') throw isPathError(table);
    const name = { schema: source.schema, name: source.name };
    const write = await this.#begin(name, new PartitionScheme(displayName, partitionColumns), undefined);
    if (!(await this.#exists(name))) throw await this.#missingError(name);
    return write;
  }

  async beginCreateTable(
    name: RelationName,
    definition: TableDefinition,
    { orReplace = false, redefines }: CreateOptions = {},
  ): Promise<TableWriter> {
    assertTableDefinition(definition);
    await this.#assertSchemaExists(name.schema);
    const { partitionColumns } = this.#parts.relations.createdTable(name, definition);
    const scheme = new PartitionScheme(displayNameOf(name), partitionColumns);
    const write = await this.#begin(name, scheme, { kind: 'table', definition });
    const kind = await this.#kindOf(name);
    if (kind === undefined) {
      await this.#assertIsNoSchema(name);
      if (this.#pending(name)?.replace.kind !== 'folder') await this.#parts.relations.assertFolderIsFree(name);
    } else if (!orReplace) throw existsError(name);
    else if (kind === 'view') throw notAError(name, 'table', 'view');
    if (redefines !== undefined) {
      this.#parts.relations.assertDefinedAs(name, redefines, await this.#definitionState(name));
    }
    return write;
  }

  async createTable(name: RelationName, definition: TableDefinition, options: CreateOptions = {}): Promise<void> {
    const write = await this.beginCreateTable(name, definition, options);
    await write.commit([], { kind: options.orReplace === true ? 'replace table' : 'append' });
  }

  async dropTable(name: RelationName): Promise<void> {
    await this.#drop(name, 'table');
  }

  async dropView(name: RelationName): Promise<void> {
    await this.#drop(name, 'view');
  }

  async createView(
    name: RelationName,
    definition: ViewDefinition,
    { orReplace = false }: CreateOptions = {},
  ): Promise<void> {
    await this.#assertSchemaExists(name.schema);
    const pending = await this.#touch(name);
    const kind = await this.#kindOf(name);
    if (kind === undefined) await this.#assertIsNoSchema(name);
    else if (kind !== 'view' || !orReplace) throw existsError(name);
    this.#change({ ...pending, definition: { value: { kind: 'view', definition } } });
  }

  /** The files of a table stay what they are: they are linked under the names that the new table gives them. */
  async renameRelation(from: RelationName, to: RelationName, inferSchema: InferSchema): Promise<void> {
    await this.#touch(from);
    const relation = await this.getRelation(from, inferSchema);
    await this.#assertSchemaExists(to.schema);
    if (relation.kind === 'view') {
      await this.createView(to, relation.definition);
      await this.dropView(from);
      return;
    }
    const scheme = new PartitionScheme(displayNameOf(to), relation.partitionColumns);
    const pending = await this.#touch(to, scheme);
    if (await this.#exists(to)) throw existsError(to);
    await this.#assertIsNoSchema(to);
    if (pending.replace.kind !== 'folder') await this.#parts.relations.assertFolderIsFree(to);
    const { files } = await this.snapshot(relation);
    const linked = await this.#files.link(files, to, scheme);
    const definition = definitionOfTable(relation);
    this.#change({ ...pending, definition: { value: { kind: 'table', definition } }, files: linked });
    await this.dropTable(from);
  }

  async createSchema(schema: string): Promise<boolean> {
    if (await this.#exists({ schema: PUBLIC_SCHEMA, name: schema })) throw schemaFolderError(schema);
    if (this.#parts.schemas.isReserved(schema) || (await this.schemaExists(schema))) return false;
    this.#changeSchema(schema, true);
    return true;
  }

  async dropSchema(schema: string): Promise<void> {
    this.#parts.schemas.assertDroppable(schema);
    assertSchemaIsEmpty(schema, await this.listRelations(schema));
    this.#changeSchema(schema, false);
  }

  // ── The end ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Publishes everything. Whether others stand in the way is found out for all tables first; tables are then committed one
   * by one, and an error between two of them names those that have been.
   */
  async commit(): Promise<void> {
    const { schemas } = this.#parts;
    const changes = [...this.#state.relations.values()].filter(
      ({ existed, definition }) => existed || definition?.value !== null,
    );
    try {
      await this.#files.assertNoConflict(changes);
      await this.#files.deleteUnused(changes);
    } catch (thrown) {
      await this.abort();
      throw thrown;
    }
    for (const [schema, isThere] of this.#state.schemas) if (isThere) await schemas.create(schema);
    const published: string[] = [];
    try {
      for (const change of changes) {
        await this.#files.publish(change);
        published.push(displayNameOf(change.name));
      }
      for (const [schema, isThere] of this.#state.schemas) {
        if (!isThere && (await schemas.exists(schema))) await schemas.drop(schema);
      }
    } catch (thrown) {
      if (published.length === 0) throw thrown;
      throw resourceError('40001', 'the transaction was committed in part', {
        detail: `Committed: ${published.join(', ')}. The next table failed: ${(thrown as Error).message}`,
        hint: 'Run what is missing again.',
        cause: thrown,
      });
    } finally {
      await this.#files.abortUnused(changes);
    }
  }

  async abort(): Promise<void> {
    await this.#files.abort();
  }

  // ── Within ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #pending(name: RelationName): PendingRelation | undefined {
    return this.#state.relations.get(keyOf(name));
  }

  async #kindOf(name: RelationName): Promise<'table' | 'view' | undefined> {
    const changed = this.#pending(name)?.definition;
    if (changed !== undefined) return changed.value?.kind;
    if (this.#state.schemas.has(name.schema)) return undefined;
    return await this.#parts.relations.kindOf(name);
  }

  async #definitionState(name: RelationName): Promise<DefinitionState> {
    const changed = this.#pending(name)?.definition;
    return changed === undefined ? await this.#parts.relations.definitionState(name) : changed.value;
  }

  async #exists(name: RelationName): Promise<boolean> {
    return (await this.#kindOf(name)) !== undefined;
  }

  async #missingError(name: RelationName): Promise<Error> {
    await this.#assertSchemaExists(name.schema);
    return await this.#parts.relations.missingError(name, (schema) => this.listRelations(schema));
  }

  async #assertSchemaExists(schema: string): Promise<void> {
    const isThere = this.#state.schemas.get(schema);
    if (isThere === undefined) await this.#parts.schemas.assertExists(schema);
    else if (!isThere) throw userError('3F000', `schema "${schema}" does not exist`);
  }

  async #assertIsNoSchema(name: RelationName): Promise<void> {
    await assertIsNoSchema(name, (schema) => this.schemaExists(schema));
  }

  /** The relation as the block has it, whose commit begins now if it has not begun. */
  async #touch(name: RelationName, scheme?: PartitionScheme): Promise<PendingRelation> {
    await this.#files.begin(name, scheme);
    const pending = this.#pending(name);
    if (pending !== undefined) return pending;
    const existed = !this.#state.schemas.has(name.schema) && (await this.#parts.relations.exists(name));
    return { name, existed, definition: undefined, replace: { kind: 'nothing' }, files: [] };
  }

  #change(pending: PendingRelation): void {
    const relations = new Map(this.#state.relations);
    relations.set(keyOf(pending.name), pending);
    this.#state = { ...this.#state, relations };
  }

  #changeSchema(schema: string, isThere: boolean): void {
    this.#state = { ...this.#state, schemas: new Map(this.#state.schemas).set(schema, isThere) };
  }

  async #drop(name: RelationName, kind: 'table' | 'view'): Promise<void> {
    const pending = await this.#touch(name);
    const actualKind = await this.#kindOf(name);
    if (actualKind === undefined) throw await this.#missingError(name);
    if (actualKind !== kind) throw notAError(name, kind, actualKind);
    const replace = kind === 'table' ? ({ kind: 'folder' } as const) : pending.replace;
    this.#change({ ...pending, definition: { value: null }, replace, files: [] });
  }

  async #begin(
    name: RelationName,
    scheme: PartitionScheme,
    definition: DefinitionState | undefined,
  ): Promise<TableWriter> {
    // Also when nothing is written in the end: whoever commits from now on stands in the way.
    await this.#touch(name, scheme);
    const commit = async (files: readonly WrittenFile[], mode: WriteMode): Promise<void> => {
      const staged = await this.#files.stage(files, scheme);
      const pending = await this.#touch(name, scheme);
      const written = withWrite(pending, staged, mode, scheme);
      this.#change(definition === undefined ? written : { ...written, definition: { value: definition } });
    };
    return { ...this.#files.nextWrite(name), commit, abort: async () => {} };
  }
}

const EMPTY_SNAPSHOT: TableSnapshot = { files: [], totalFiles: 0, prunedFolders: 0, commit: undefined };
