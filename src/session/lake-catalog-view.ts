import type { LakeAccess } from '../catalog/lake-access.js';
import { isFunctionName, PUBLIC_SCHEMA, type RelationName } from '../catalog/table-definition.js';
import type { PartitionValue, Relation, TableRelation, TableSnapshot } from '../catalog/table-snapshot.js';
import { userError } from '../common/errors.js';
import { parseStatement } from '../parser/index.js';
import type {
  CatalogFile,
  CatalogRelation,
  CatalogTable,
  CatalogView,
  ScanRequest,
  TableFiles,
} from '../planner/catalog-view.js';
import type { ConstantExpression } from '../planner/expression.js';
import type { FileRequest } from '../planner/file-request.js';
import type { SqlType } from '../types/sql-type.js';
import type { FooterService } from './footer-service.js';
import { columnStatisticsOf, partitionStatisticsOf, rowGroupStatisticsOf } from './footer-statistics.js';
import { functionOf } from './function-definition.js';
import { RelationMemory } from './relation-memory.js';
import type { StatisticsService } from './statistics-service.js';
import { TextTables } from './text-files/text-catalog-table.js';

/** Footers are read for planning up to this many files of a scan; beyond, rows are estimated from bytes. */
const MAX_FOOTER_FILES = 5_000;

let viewCount = 0;

/** The lake as the planner sees it. */
export class LakeCatalogView implements CatalogView {
  /** Tells tables of one name in several lakes apart. */
  private readonly number = ++viewCount;
  private readonly lake: LakeAccess;
  private readonly footers: FooterService;
  private readonly statistics: StatisticsService;
  private readonly relations: RelationMemory;
  private readonly textTables: TextTables;
  private readonly definitions = new WeakMap<Relation, string>();

  constructor(lake: LakeAccess, footers: FooterService, statistics: StatisticsService) {
    this.lake = lake;
    this.footers = footers;
    this.statistics = statistics;
    this.relations = new RelationMemory(lake, footers);
    this.textTables = new TextTables(lake);
  }

  /** A statement may have created, changed or dropped relations. */
  forgetRelations(): void {
    this.relations.forget();
  }

  async findRelation(name: readonly string[]): Promise<CatalogRelation | undefined> {
    const relationName = relationNameOf(name);
    if (relationName === undefined) return undefined;
    const relation = await this.relations.find(relationName);
    if (relation === undefined) return undefined;
    if (relation.kind === 'table') return this.tableOf(relation);
    const { definition } = relation;
    if (definition.function !== undefined) {
      const shape = functionOf(definition.sql, definition.function);
      return { kind: 'view', name: relation.displayName, definition: this.definitionOf(relation), ...shape };
    }
    const statement = parseStatement(definition.sql);
    if (statement.kind !== 'queryStatement')
      throw userError('42P17', `the view "${relation.displayName}" is not a query`);
    return {
      kind: 'view',
      name: relation.displayName,
      definition: this.definitionOf(relation),
      query: statement.query,
      columnNames: definition.columnNames,
    };
  }

  async findFiles(request: FileRequest): Promise<CatalogTable | undefined> {
    const format = request.format === 'auto' ? formatOfPath(request.paths[0]!) : request.format;
    if (format !== 'parquet') return await this.textTables.find({ ...request, format });
    const [option] = request.options.keys();
    if (option !== undefined) {
      throw userError('22023', `unrecognized option "${option}" of read_parquet`, { hint: 'It takes paths only.' });
    }
    return this.tableOf(await this.lake.resolvePath(request.paths, this.footers.inferSchema));
  }

  async relationNames(): Promise<readonly string[]> {
    const relations = await this.lake.listRelations(PUBLIC_SCHEMA);
    return relations.flatMap(({ name }) => (isFunctionName(name) ? [] : [name]));
  }

  private tableOf(relation: TableRelation): CatalogTable {
    return {
      kind: 'table',
      name: relation.displayName,
      definition: this.definitionOf(relation),
      columns: relation.columns,
      partitionColumns: relation.partitionColumns.map((column) => column.name),
      primaryKey: relation.definition?.primaryKey?.columns,
      openScan: async (request) => (await this.openScans(relation, [request]))[0]!,
      shared: {
        key: `${this.number} ${JSON.stringify(relation.source)}`,
        openScans: (requests) => this.openScans(relation, requests),
      },
      listScans: async (requests) => (await this.snapshots(relation, requests)).map(({ files }) => files),
    };
  }

  private async openScans(relation: TableRelation, requests: readonly ScanRequest[]): Promise<TableFiles[]> {
    const snapshots = await this.snapshots(relation, requests);
    return await Promise.all(snapshots.map((snapshot, i) => this.describeFiles(relation, snapshot, requests[i]!)));
  }

  /** All as of one commit: folders are listed that any of them wants. */
  private async snapshots(relation: TableRelation, requests: readonly ScanRequest[]): Promise<ScanSnapshot[]> {
    const tests = requests.map((request) => partitionTestOf(relation, request));
    const predicate = tests.includes(undefined)
      ? undefined
      : (values: readonly PartitionValue[]): boolean => tests.some((test) => test!(values));
    const snapshot = await this.lake.snapshot(relation, predicate);
    return tests.map((test) => ({
      ...snapshot,
      files: test ? snapshot.files.filter(({ partitionValues }) => test(partitionValues)) : snapshot.files,
      listed: snapshot.files.length,
    }));
  }

  /** Where it is, and all that its definition says. */
  private definitionOf(relation: Relation): string {
    let definition = this.definitions.get(relation);
    if (definition === undefined) {
      definition = JSON.stringify([this.lake.root, relation]);
      this.definitions.set(relation, definition);
    }
    return definition;
  }

  private async describeFiles(
    relation: TableRelation,
    snapshot: ScanSnapshot,
    request: ScanRequest,
  ): Promise<TableFiles> {
    const { partitionColumns } = relation;
    const footers = snapshot.files.length <= MAX_FOOTER_FILES ? await this.footers.read(snapshot.files) : undefined;
    const wanted = relation.columns.filter((column) => request.columns.includes(column.name));
    const files = snapshot.files.map(
      ({ path, byteLength, version, partitionValues }, index): CatalogFile => ({
        path,
        byteLength,
        version,
        partitionValues: partitionColumns.map((column, at) => partitionConstant(partitionValues[at]!, column.type)),
        rowGroups: footers && rowGroupStatisticsOf(footers[index]!, wanted),
      }),
    );
    const inFiles = wanted.filter(({ name }) => !partitionColumns.some((column) => column.name === name));
    const analyzed = footers && (await this.statistics.find(relation, snapshot.files, inFiles));
    const columnStatistics = columnStatisticsOf(footers ?? [], inFiles, analyzed);
    const rowCounts = footers?.map((footer) => footer.rowCount);
    for (const [partition, { name }] of partitionColumns.entries()) {
      columnStatistics.set(name, partitionStatisticsOf(files, partition, rowCounts));
    }
    return {
      files,
      totalFiles: snapshot.totalFiles ?? snapshot.listed + snapshot.prunedFolders,
      rowCount: footers?.reduce((sum, footer) => sum + footer.rowCount, 0),
      columnStatistics,
      analysis: analyzed && {
        files: files.filter((_, file) => inFiles.every(({ name }) => analyzed.covered.get(name)?.includes(file)))
          .length,
        totalFiles: files.length,
        problems: analyzed.problems,
      },
    };
  }
}

/** What one scan reads of a table; `listed`: files of the snapshot, of which those that it does not want were left out. */
interface ScanSnapshot extends TableSnapshot {
  readonly listed: number;
}

type PartitionTest = (values: readonly PartitionValue[]) => boolean;

/** `matchesPartition` in values of the catalog; undefined where every partition is wanted. */
function partitionTestOf(
  { partitionColumns }: TableRelation,
  { matchesPartition }: ScanRequest,
): PartitionTest | undefined {
  if (matchesPartition === undefined) return undefined;
  return (values) =>
    matchesPartition(
      partitionColumns.map((column, index) =>
        index < values.length ? partitionConstant(values[index]!, column.type) : undefined,
      ),
    );
}

export function relationNameOf(parts: readonly string[]): RelationName | undefined {
  if (parts.length === 1) return { schema: PUBLIC_SCHEMA, name: parts[0]! };
  if (parts.length === 2) return { schema: parts[0]!, name: parts[1]! };
  return undefined;
}

/** What the name of a file says it is; files of other names are taken for Parquet. */
function formatOfPath(path: string): 'parquet' | 'csv' | 'json' {
  const name = path.toLowerCase().replace(/\.(gz|zst)$/, '');
  if (/\.(csv|tsv|tab|psv|txt)$/.test(name)) return 'csv';
  return /\.(json|jsonl|ndjson)$/.test(name) ? 'json' : 'parquet';
}

function partitionConstant(value: PartitionValue, type: SqlType): ConstantExpression {
  return { kind: 'constant', type, value };
}
