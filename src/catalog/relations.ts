import { isDeepStrictEqual } from 'node:util';
import { corruptError, type MillraceError, userError } from '../common/errors.js';
import { nearestNameHint } from '../common/nearest-name.js';
import { conflictError } from '../storage/commit/conflict.js';
import { type TableAddress, tableFolder, tablesStateFolder } from '../storage/commit/lake-layout.js';
import { isPartitionFolder } from '../storage/commit/list-table-folder.js';
import { readTable, tryRollForward } from '../storage/commit/read-table.js';
import { readTableHead } from '../storage/commit/table-head.js';
import { baseName, isIgnoredName, joinLocation } from '../storage/location.js';
import { mapConcurrently } from '../storage/map-concurrently.js';
import type { FolderListing, ObjectStore } from '../storage/object-store.js';
import { type DefinitionState, toDefinitionState } from './definition-state.js';
import { relationFolderName, relationNameOfFolder } from './hive-path.js';
import { discoverFolder, inferPartitionColumns } from './infer-partitions.js';
import type { Schemas } from './schemas.js';
import { type ColumnDefinition, PUBLIC_SCHEMA, type RelationName, type TableDefinition } from './table-definition.js';
import type { InferSchema, Relation, TableRelation } from './table-snapshot.js';

const CONCURRENCY = 8;

export interface ListedRelation extends RelationName {
  readonly kind: 'table' | 'view';
}

/** What the head of a table says. */
interface RelationState {
  readonly definition: DefinitionState;
  /** A commit is left that could not be rolled forward, in a lake that we may only read. */
  readonly isUnfinished: boolean;
}

/** Finds tables and views by name: those that were created, and folders that hold Parquet files. */
export class Relations {
  readonly #store: ObjectStore;
  readonly #lake: string;
  readonly #schemas: Schemas;

  constructor(store: ObjectStore, lake: string, schemas: Schemas) {
    this.#store = store;
    this.#lake = lake;
    this.#schemas = schemas;
  }

  address({ schema, name }: RelationName): TableAddress {
    const [schemaFolder, folder] = [relationFolderName(schema), relationFolderName(name)];
    return {
      lake: this.#lake,
      name: `${stateName(schemaFolder)}.${stateName(folder)}`,
      folder: schema === PUBLIC_SCHEMA ? folder : `${schemaFolder}/${folder}`,
    };
  }

  /** What was created under this name, after any commit that was left half done has been finished. */
  async definitionState(name: RelationName): Promise<DefinitionState> {
    return (await this.#state(name)).definition;
  }

  /** Fails (40001) where a table is not defined any more as it was read. */
  assertDefinedAs(name: RelationName, { definition }: TableRelation, now: DefinitionState): void {
    const current = now?.kind === 'table' ? now.definition : undefined;
    if (!isDeepStrictEqual(current, definition)) throw conflictError(this.address(name));
  }

  async #state(name: RelationName): Promise<RelationState> {
    const address = this.address(name);
    const current = await readTableHead(this.#store, address);
    const wasPending = current.head?.pending === true;
    if (wasPending) await tryRollForward(this.#store, address, current);
    return {
      definition: toDefinitionState(current.head?.definition, displayNameOf(name)),
      isUnfinished: wasPending && (await readTableHead(this.#store, address)).head?.pending === true,
    };
  }

  /** `undefined` when there is no such table or view. `inferSchema` is asked for tables that were never created. */
  async find(name: RelationName, inferSchema: InferSchema): Promise<Relation | undefined> {
    if (!(await this.#schemas.exists(name.schema))) return undefined;
    const { definition, isUnfinished } = await this.#state(name);
    const displayName = displayNameOf(name);
    if (definition?.kind === 'view') return { kind: 'view', displayName, definition: definition.definition };
    if (definition?.kind === 'table') return this.createdTable(name, definition.definition);
    const listing = await this.#discover(name, isUnfinished);
    return listing && (await this.#discoveredTable(name, isUnfinished, listing, inferSchema));
  }

  /** `undefined` when there is none of that name. */
  async kindOf(name: RelationName): Promise<'table' | 'view' | undefined> {
    const { definition, isUnfinished } = await this.#state(name);
    return definition?.kind ?? ((await this.#discover(name, isUnfinished)) ? 'table' : undefined);
  }

  async exists(name: RelationName): Promise<boolean> {
    return (await this.kindOf(name)) !== undefined;
  }

  /** A table must not take possession of files that have nothing to do with it. */
  async assertFolderIsFree(name: RelationName): Promise<void> {
    const folder = tableFolder(this.address(name));
    const { files, folders } = await this.#store.listFolder(folder);
    const [stranger] = [...files.map((file) => baseName(file.path)), ...folders].filter(
      (entry) => !isIgnoredName(entry),
    );
    if (stranger === undefined) return;
    throw userError('42P07', `the folder of table "${displayNameOf(name)}" is not empty`, {
      detail: `There is "${stranger}" in "${folder}".`,
      hint: 'Move its files elsewhere, or choose another name for the table.',
    });
  }

  /** Sorted by name. */
  async list(schema: string): Promise<ListedRelation[]> {
    await this.#schemas.assertExists(schema);
    const created = await this.#createdNames(schema);
    const discovered = await this.#folderNames(schema);
    const names = [...new Set([...created, ...discovered])].sort();
    const relations = await mapConcurrently(names, CONCURRENCY, async (name): Promise<ListedRelation[]> => {
      const kind = await this.kindOf({ schema, name });
      return kind === undefined ? [] : [{ schema, name, kind }];
    });
    return relations.flat();
  }

  /** 42P01, with the nearest name of those that `list` gives; 3F000 if it is the schema that is missing. */
  async missingError(
    name: RelationName,
    list?: (schema: string) => Promise<readonly ListedRelation[]>,
  ): Promise<MillraceError> {
    if (list === undefined) await this.#schemas.assertExists(name.schema);
    const listed = await (list?.(name.schema) ?? this.list(name.schema));
    const names = listed.map((relation) => relation.name);
    const displayName = name.schema === PUBLIC_SCHEMA ? name.name : `${name.schema}.${name.name}`;
    const otherwise =
      names.length === 0
        ? `The lake "${this.#lake}" has no tables in schema "${name.schema}".`
        : 'Tables are the folders of the lake that hold Parquet files; SHOW TABLES lists them.';
    return userError('42P01', `relation "${displayName}" does not exist`, {
      hint: nearestNameHint(name.name, names, otherwise),
    });
  }

  /** The table that a definition makes. */
  createdTable(name: RelationName, definition: TableDefinition): TableRelation {
    const partitionColumns = definition.partitionColumns.map((column) => {
      const found = definition.columns.find((candidate) => candidate.name === column);
      if (found !== undefined) return found;
      throw corruptError(`table "${displayNameOf(name)}" has no column "${column}" to be partitioned by`);
    });
    return this.#tableRelation(name, definition.columns, partitionColumns, definition);
  }

  async #discoveredTable(
    name: RelationName,
    isUnfinished: boolean,
    listing: FolderListing,
    inferSchema: InferSchema,
  ): Promise<TableRelation | undefined> {
    const address = this.address(name);
    const displayName = displayNameOf(name);
    let { partitionColumns, sample } = await discoverFolder(this.#store, tableFolder(address), listing, displayName);
    if (sample === undefined || isUnfinished) {
      // The last partition is empty, or a commit that we cannot finish moves its files.
      const file = (await readTable(this.#store, address)).files.at(-1);
      if (file === undefined) return undefined;
      sample = file;
      if (partitionColumns.length === 0) {
        const levels = file.folders.map((_, depth) => [file.folders.slice(0, depth + 1)]);
        partitionColumns = inferPartitionColumns(displayName, levels);
      }
    }
    const columns = withPartitionColumns(await inferSchema(sample), partitionColumns);
    return this.#tableRelation(name, columns, partitionColumns);
  }

  #tableRelation(
    name: RelationName,
    columns: readonly ColumnDefinition[],
    partitionColumns: readonly ColumnDefinition[],
    definition?: TableDefinition,
  ): TableRelation {
    return {
      kind: 'table',
      displayName: displayNameOf(name),
      columns,
      partitionColumns,
      definition,
      source: { kind: 'folder', folder: tableFolder(this.address(name)), schema: name.schema, name: name.name },
    };
  }

  /** What the folder of a table lists that nobody created: data, or `key=value` folders; undefined where it has neither. */
  async #discover(name: RelationName, isUnfinished: boolean): Promise<FolderListing | undefined> {
    if (name.schema === PUBLIC_SCHEMA && (await this.#isSchemaFolder(name.name))) return undefined;
    const address = this.address(name);
    const listing = await this.#store.listFolder(tableFolder(address));
    const isTable = isUnfinished ? (await readTable(this.#store, address)).files.length > 0 : holdsData(listing);
    return isTable ? listing : undefined;
  }

  async #isSchemaFolder(name: string): Promise<boolean> {
    return name !== PUBLIC_SCHEMA && (await this.#schemas.exists(name));
  }

  async #createdNames(schema: string): Promise<string[]> {
    const prefix = `${stateName(relationFolderName(schema))}.`;
    const { folders } = await this.#store.listFolder(tablesStateFolder(this.#lake));
    return folders
      .filter((folder) => folder.startsWith(prefix))
      .map((folder) => relationNameOfFolder(folder.slice(prefix.length).replaceAll('%2E', '.')))
      .filter((name) => name !== undefined);
  }

  async #folderNames(schema: string): Promise<string[]> {
    const folder = schema === PUBLIC_SCHEMA ? this.#lake : joinLocation(this.#lake, relationFolderName(schema));
    const { folders } = await this.#store.listFolder(folder);
    return folders
      .filter((name) => !isIgnoredName(name) && !isPartitionFolder(name))
      .map(relationNameOfFolder)
      .filter((name) => name !== undefined);
  }
}

export function displayNameOf({ schema, name }: RelationName): string {
  return `${schema}.${name}`;
}

/** Partition columns come from the folders even when the files have columns of the same name. */
export function withPartitionColumns(
  fileColumns: readonly ColumnDefinition[],
  partitionColumns: readonly ColumnDefinition[],
): ColumnDefinition[] {
  const names = new Set(partitionColumns.map(({ name }) => name));
  return [...fileColumns.filter(({ name }) => !names.has(name)), ...partitionColumns];
}

/** Schema and table are separated by a dot in the names under `_millrace/tables`. */
function stateName(folder: string): string {
  return folder.replaceAll('.', '%2E');
}

function holdsData({ files, folders }: FolderListing): boolean {
  if (folders.some(isPartitionFolder)) return true;
  return files.some(({ path }) => /\.(parquet|parq|pq)$/i.test(path) && !isIgnoredName(baseName(path)));
}
