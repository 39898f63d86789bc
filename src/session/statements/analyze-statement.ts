import type { ColumnDefinition } from '../../catalog/table-definition.js';
import type { PartitionPredicate, TableFile, TableRelation } from '../../catalog/table-snapshot.js';
import { userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import type { AnalyzeStatement } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { AnalyzeSinkNode, PhysicalNode, ScanNode } from '../../planner/physical/physical-plan.js';
import { INTEGER } from '../../types/sql-type.js';
import type { StatementResult } from '../statement-result.js';
import { partitionPredicate } from './partition-predicate.js';
import { getTable } from './relation-names.js';
import type { StatementContext } from './statement-context.js';

/**
 * ANALYZE: gathers statistics of the files that have none, table by table. What was written when it is cancelled, or
 * fails, stays: it is about whole files.
 */
export async function analyze(
  context: StatementContext,
  statement: AnalyzeStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const tables = await tablesOf(context, statement);
  const [first] = tables;
  const columns = statement.target && first && columnNames(statement, first);
  const predicate =
    statement.partition && first && (await partitionPredicate(context, statement.partition, first, parameters));
  const { engine } = context;
  const forget = (): void => {
    engine.statistics.forget();
    engine.plans.clear();
  };
  return {
    kind: 'series',
    steps: tables.map((table) => async () => {
      await engine.lake.cleanStatistics(table);
      forget();
      return await planAnalysis(context, table, columns, predicate, statement.verbose);
    }),
    end: forget,
    completion: { command: 'ANALYZE', rowCount: undefined },
  };
}

async function tablesOf(context: StatementContext, { target }: AnalyzeStatement): Promise<TableRelation[]> {
  if (target?.kind === 'qualifiedName') {
    const table = await getTable(context, target);
    if (!context.session.catalog.isTemporary(table)) return [table];
    const message = `"${table.displayName}" is temporary: it is planned by what its files tell`;
    context.session.notify({ severity: 'NOTICE', code: '00000', message });
    return [];
  }
  if (target !== undefined) {
    throw userError('42809', `cannot analyze the path "${target.value}"`, {
      position: target.position,
      hint: 'Statistics are kept for tables of the lake: name one.',
    });
  }
  const { lake, footers } = context.engine;
  const tables: TableRelation[] = [];
  for (const schema of await lake.listSchemas()) {
    for (const { name } of await lake.listRelations(schema)) {
      const relation = await lake.findRelation({ schema, name }, footers.inferSchema);
      if (relation?.kind === 'table') tables.push(relation);
    }
  }
  return tables;
}

function columnNames({ columns }: AnalyzeStatement, table: TableRelation): readonly string[] | undefined {
  if (columns.length === 0) return undefined;
  const names = table.columns.map((column) => column.name);
  for (const { name, position } of columns) {
    if (names.includes(name)) continue;
    throw userError('42703', `column "${name}" of relation "${table.displayName}" does not exist`, {
      position,
      hint: nearestNameHint(name, names, `Its columns are ${names.join(', ')}.`),
    });
  }
  return columns.map((column) => column.name);
}

/** Reads the files that lack statistics of a column; undefined when there are none. */
async function planAnalysis(
  context: StatementContext,
  table: TableRelation,
  names: readonly string[] | undefined,
  predicate: PartitionPredicate | undefined,
  isVerbose: boolean,
): Promise<PhysicalNode | undefined> {
  const { lake, footers, statistics } = context.engine;
  const { files } = await lake.snapshot(table, predicate);
  const inPaths = new Set(table.partitionColumns.map((column) => column.name));
  const columns = table.columns.filter(({ name }) => !inPaths.has(name) && (names?.includes(name) ?? true));
  const known = await statistics.find(table, files, columns);
  const missing = columns.filter(({ name }) => (known?.covered.get(name)?.length ?? 0) < files.length);
  const metadata = await footers.read(files);
  const wanted = files.flatMap((file, index) => {
    const isCovered = missing.every(({ name }) => known?.covered.get(name)?.includes(index));
    const { rowCount, rowGroups } = metadata[index]!;
    return isCovered || rowCount === 0 ? [] : [{ file, rowCount, groupCount: rowGroups.length }];
  });
  if (isVerbose) {
    const message = `"${table.displayName}": reading ${wanted.length} of ${files.length} files`;
    context.session.notify({ severity: 'INFO', code: '00000', message });
  }
  return wanted.length === 0 ? undefined : analysisPlan(context, table, missing, wanted);
}

interface WantedFile {
  readonly file: TableFile;
  readonly rowCount: number;
  readonly groupCount: number;
}

function analysisPlan(
  { engine }: StatementContext,
  table: TableRelation,
  columns: readonly ColumnDefinition[],
  wanted: readonly WantedFile[],
): AnalyzeSinkNode {
  const estimatedRows = wanted.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const scan: ScanNode = {
    kind: 'scan',
    id: 0,
    columns: [...columns.map(({ name, type }) => ({ name, type })), { name: 'file', type: INTEGER }],
    estimatedRows,
    table: table.displayName,
    files: wanted.map(({ file: { path, byteLength, version }, groupCount }, number) => ({
      path,
      byteLength,
      version,
      partitionValues: [{ kind: 'constant', type: INTEGER, value: number }],
      rowGroups: Array.from({ length: groupCount }, (_, group) => group),
    })),
    scanColumns: [
      ...columns.map(({ name, type }) => ({ kind: 'file' as const, name, type })),
      { kind: 'partition', partition: 0, type: INTEGER },
    ],
    filters: [],
    totalFiles: wanted.length,
  };
  const pinned = engine.lake.inLake(wanted.map(({ file }) => file));
  return {
    kind: 'analyzeSink',
    id: 1,
    columns: [],
    estimatedRows,
    input: scan,
    folder: engine.lake.statisticsFolder(table)!,
    files: pinned.map((file, index) => ({ ...file, rowCount: wanted[index]!.rowCount })),
  };
}
