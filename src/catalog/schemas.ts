import { userError } from '../common/errors.js';
import { nearestNameHint } from '../common/nearest-name.js';
import { STATE_FOLDER } from '../storage/commit/lake-layout.js';
import { encodeStateFile } from '../storage/commit/state-file.js';
import { baseName, joinLocation } from '../storage/location.js';
import type { ObjectStore } from '../storage/object-store.js';
import { relationFolderName, relationNameOfFolder } from './hive-path.js';
import { PUBLIC_SCHEMA } from './table-definition.js';

const FILE_SUFFIX = '.json';
const RESERVED = new Set([PUBLIC_SCHEMA, 'pg_catalog', 'information_schema']);

/** Schemas besides `public` are folders of the lake that CREATE SCHEMA has registered. */
export class Schemas {
  readonly #store: ObjectStore;
  readonly #folder: string;

  constructor(store: ObjectStore, lake: string) {
    this.#store = store;
    this.#folder = joinLocation(lake, STATE_FOLDER, 'schemas');
  }

  /** `public` first. */
  async list(): Promise<string[]> {
    const { files } = await this.#store.listFolder(this.#folder);
    const names = files
      .map((file) => baseName(file.path))
      .filter((file) => file.endsWith(FILE_SUFFIX))
      .map((file) => relationNameOfFolder(file.slice(0, -FILE_SUFFIX.length)));
    return [PUBLIC_SCHEMA, ...names.filter((name) => name !== undefined).sort()];
  }

  async exists(schema: string): Promise<boolean> {
    return schema === PUBLIC_SCHEMA || (await this.#store.stat(this.#path(schema))) !== undefined;
  }

  async assertExists(schema: string): Promise<void> {
    if (await this.exists(schema)) return;
    throw userError('3F000', `schema "${schema}" does not exist`, {
      hint: nearestNameHint(schema, await this.list(), 'Create it with CREATE SCHEMA.'),
    });
  }

  /** Is it part of every lake? */
  isReserved(schema: string): boolean {
    return RESERVED.has(schema);
  }

  assertDroppable(schema: string): void {
    if (this.isReserved(schema)) throw userError('2BP01', `cannot drop schema "${schema}": it is part of every lake`);
  }

  /** Answers false if there is one of that name. */
  async create(schema: string): Promise<boolean> {
    if (this.isReserved(schema)) return false;
    return await this.#store.putIfAbsent(this.#path(schema), encodeStateFile('schema', 1, { name: schema }));
  }

  /** The schema must be empty. */
  async drop(schema: string): Promise<void> {
    this.assertDroppable(schema);
    await this.assertExists(schema);
    await this.#store.delete(this.#path(schema));
  }

  #path(schema: string): string {
    return joinLocation(this.#folder, `${relationFolderName(schema)}${FILE_SUFFIX}`);
  }
}
