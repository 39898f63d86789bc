import type { LakeAccess } from '../catalog/lake-access.js';
import { PUBLIC_SCHEMA, type RelationName } from '../catalog/table-definition.js';
import type { Relation, TableRelation } from '../catalog/table-snapshot.js';
import { notSupportedError, userError } from '../common/errors.js';
import type { QualifiedName } from '../parser/index.js';
import type { CatalogRelation, CatalogTable, CatalogView } from '../planner/catalog-view.js';
import type { FileRequest } from '../planner/file-request.js';
import type { Engine } from './engine.js';
import type { LakeCatalogView } from './lake-catalog-view.js';
import { SessionBlock } from './session-block.js';
import { TEMPORARY_SCHEMA, TemporaryLake } from './temporary-lake.js';

/** A table or view, and the lake that it is in: the engine's, or that of the session's temporary tables. */
export interface RelationAddress {
  readonly lake: LakeAccess;
  readonly name: RelationName;
}

/** What the catalog asks of its session. */
export interface SessionState {
  /** Schemas in which names without one are looked up. */
  searchPath(): readonly string[];
  isInBlock(): boolean;
}

/**
 * What names stand for in one session. A name without a schema is looked up among the temporary tables, then in the
 * schemas of `search_path`. In a transaction block they stand for what the block has made of them.
 */
export class SessionCatalog implements CatalogView {
  private readonly engine: Engine;
  private readonly session: SessionState;
  private opening: Promise<TemporaryLake> | undefined;
  private temporary: TemporaryLake | undefined;
  private block: SessionBlock | undefined;
  private temporaryBlock: SessionBlock | undefined;

  constructor(engine: Engine, session: SessionState) {
    this.engine = engine;
    this.session = session;
  }

  async findRelation(parts: readonly string[]): Promise<CatalogRelation | undefined> {
    if (parts.length > 1) return await this.viewOf(parts[0]!)?.findRelation(parts);
    for (const schema of this.schemas()) {
      const view = this.viewOf(schema);
      const relation = await view?.findRelation([schema, parts[0]!]);
      if (relation !== undefined) return relation;
    }
    return undefined;
  }

  async findFiles(request: FileRequest): Promise<CatalogTable | undefined> {
    return await this.engine.catalog.findFiles(request);
  }

  async relationNames(): Promise<readonly string[]> {
    const names = await this.viewOf(PUBLIC_SCHEMA)!.relationNames();
    const temporary = await this.listTemporary();
    return [...temporary.map(({ name }) => name), ...names];
  }

  /** Where the relation of that name is; where it would be looked for last, if there is none. */
  async locate(name: QualifiedName): Promise<RelationAddress> {
    const [schema, relation] = partsOf(name);
    if (schema === TEMPORARY_SCHEMA) return await this.inTemporary(relation);
    const { lake } = this;
    const { footers } = this.engine;
    if (schema !== undefined) return { lake, name: { schema, name: relation } };
    for (const candidate of this.schemas()) {
      const place = candidate === TEMPORARY_SCHEMA ? this.temporaryLake : lake;
      const address = { schema: candidate, name: relation };
      const found = await place?.findRelation(address, footers.inferSchema).catch(() => null);
      if (place !== undefined && found !== undefined) return { lake: place, name: address };
    }
    return { lake, name: { schema: await this.creationSchema(), name: relation } };
  }

  /** Where CREATE puts a relation of that name. */
  async locateNew(name: QualifiedName, temporary: boolean): Promise<RelationAddress> {
    const [schema, relation] = partsOf(name);
    if (schema === TEMPORARY_SCHEMA || (temporary && schema === undefined)) return await this.inTemporary(relation);
    if (temporary) {
      throw userError('42P16', 'cannot create temporary relation in non-temporary schema', {
        position: name.position,
        hint: 'Leave the schema out of the name.',
      });
    }
    const { lake } = this;
    return { lake, name: { schema: schema ?? (await this.creationSchema(name.position)), name: relation } };
  }

  async get({ lake, name }: RelationAddress): Promise<Relation> {
    return await lake.getRelation(name, this.engine.footers.inferSchema);
  }

  lakeOf(table: TableRelation): LakeAccess {
    return this.isTemporary(table) ? this.temporaryLake! : this.lake;
  }

  isTemporary({ source }: TableRelation): boolean {
    return source.kind === 'folder' && source.schema === TEMPORARY_SCHEMA && this.temporary !== undefined;
  }

  async listTemporary(): Promise<readonly { readonly name: string; readonly kind: 'table' | 'view' }[]> {
    return (await this.temporaryLake?.listRelations(TEMPORARY_SCHEMA)) ?? [];
  }

  /** The engine's lake; in a transaction block, as the block has it. */
  get lake(): LakeAccess {
    return this.openBlock()?.lake ?? this.engine.lake;
  }

  private get temporaryLake(): LakeAccess | undefined {
    return this.openTemporaryBlock()?.lake ?? this.temporary?.lake;
  }

  private viewOf(schema: string): LakeCatalogView | undefined {
    if (schema === TEMPORARY_SCHEMA) return this.openTemporaryBlock()?.catalog ?? this.temporary?.catalog;
    return this.openBlock()?.catalog ?? this.engine.catalog;
  }

  private openBlock(): SessionBlock | undefined {
    const { lake, footers, statistics } = this.engine;
    if (this.session.isInBlock()) this.block ??= new SessionBlock(lake, footers, statistics);
    return this.block;
  }

  private openTemporaryBlock(): SessionBlock | undefined {
    const { temporary } = this;
    if (temporary !== undefined && this.session.isInBlock()) {
      this.temporaryBlock ??= new SessionBlock(temporary.lake, this.engine.footers, temporary.statistics);
    }
    return this.temporaryBlock;
  }

  /**
   * What one statement does to several relations: all of it or, where it fails, nothing. It is a block of its own, and part
   * of the block that is open.
   */
  async asBlock(work: () => Promise<void>): Promise<void> {
    if (this.session.isInBlock()) {
      await work();
      return;
    }
    const { temporary } = this;
    const { lake, footers, statistics } = this.engine;
    this.block = new SessionBlock(lake, footers, statistics);
    if (temporary !== undefined) this.temporaryBlock = new SessionBlock(temporary.lake, footers, temporary.statistics);
    try {
      await work();
    } catch (error) {
      await this.abortBlock();
      throw error;
    }
    await this.commitBlock();
  }

  /** Publishes what the block has written. Its temporary tables come last: nobody else can be in their way. */
  async commitBlock(): Promise<void> {
    const { block, temporaryBlock } = this;
    this.leaveBlock();
    try {
      await block?.lake.commit();
    } catch (error) {
      await temporaryBlock?.lake.abort();
      throw error;
    }
    await temporaryBlock?.lake.commit();
  }

  async abortBlock(): Promise<void> {
    const { block, temporaryBlock } = this;
    this.leaveBlock();
    await block?.lake.abort();
    await temporaryBlock?.lake.abort();
  }

  private leaveBlock(): void {
    this.block = undefined;
    this.temporaryBlock = undefined;
    this.forgetRelations();
  }

  keepSavepoint(depth: number): void {
    this.openBlock()?.keepSavepoint(depth);
    this.openTemporaryBlock()?.keepSavepoint(depth);
  }

  rollBackTo(depth: number): void {
    this.block?.rollBackTo(depth);
    this.temporaryBlock?.rollBackTo(depth);
  }

  forgetRelations(): void {
    this.engine.catalog.forgetRelations();
    this.temporary?.catalog.forgetRelations();
    this.block?.catalog.forgetRelations();
    this.temporaryBlock?.catalog.forgetRelations();
  }

  /** DISCARD TEMP, and the end of the session. */
  async dropTemporary(): Promise<void> {
    const { opening } = this;
    this.opening = undefined;
    this.temporary = undefined;
    this.temporaryBlock = undefined;
    await (await opening?.catch(() => undefined))?.remove();
  }

  /** Temporary tables come first unless `search_path` says otherwise, as in PostgreSQL. */
  private schemas(): readonly string[] {
    const path = this.session.searchPath();
    return path.includes(TEMPORARY_SCHEMA) ? path : [TEMPORARY_SCHEMA, ...path];
  }

  private async creationSchema(position?: number): Promise<string> {
    for (const schema of this.session.searchPath()) {
      if (schema !== TEMPORARY_SCHEMA && (await this.lake.schemaExists(schema))) return schema;
    }
    throw userError('3F000', 'no schema has been selected to create in', {
      position,
      hint: 'Name the schema, or SET search_path to one that exists.',
    });
  }

  private async inTemporary(name: string): Promise<RelationAddress> {
    this.opening ??= TemporaryLake.open(this.engine);
    this.temporary = await this.opening;
    return { lake: this.temporaryLake!, name: { schema: TEMPORARY_SCHEMA, name } };
  }
}

function partsOf({ parts, position }: QualifiedName): readonly [schema: string | undefined, name: string] {
  const names = parts.map((part) => part.name);
  if (names.length === 1) return [undefined, names[0]!];
  if (names.length === 2) return [names[0], names[1]!];
  throw notSupportedError(`cross-database references are not implemented: "${names.join('.')}"`, {
    position,
    hint: 'Write schema.table at most.',
  });
}
