import { partitionFolderName } from '../../catalog/hive-path.js';
import { formatPartitionValue } from '../../catalog/partition-value.js';
import { isFunctionName, PUBLIC_SCHEMA } from '../../catalog/table-definition.js';
import { definitionOfTable } from '../../catalog/table-definition-of.js';
import { userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import { listFunctions } from '../../functions/registry.js';
import type {
  DescribeStatement,
  Identifier,
  QualifiedName,
  ShowObjectsStatement,
  ShowSettingStatement,
  ShowTableStatement,
  Statement,
} from '../../parser/index.js';
import type { ConstantExpression, ConstantValue } from '../../planner/expression.js';
import { pathRequest } from '../../planner/file-request.js';
import { formatType, type SqlType, TEXT } from '../../types/sql-type.js';
import { textColumns } from '../constant-rows.js';
import type { ResultColumn } from '../session.js';
import type { StatementResult } from '../statement-result.js';
import { TEMPORARY_SCHEMA } from '../temporary-lake.js';
import { formatOf } from './explain-format.js';
import { partitionPredicate } from './partition-predicate.js';
import { planQueryOf } from './query-statement.js';
import { getTable } from './relation-names.js';
import { createStatementOf } from './show-create.js';
import type { StatementContext } from './statement-context.js';

/** Columns of the statements that show something, known before they run. */
export function shownColumns(statement: Statement): ResultColumn[] | undefined {
  switch (statement.kind) {
    case 'showSetting':
      return statement.name === undefined ? textColumns('name', 'setting', 'description') : textColumns(statement.name);
    case 'showObjects':
      return statement.objects === 'tables' ? textColumns('name', 'kind') : textColumns('name');
    case 'showTable':
      if (statement.what === 'create') return textColumns('create_statement');
      if (statement.what === 'properties') return textColumns('key', 'value');
      return statement.what === 'partitions'
        ? textColumns('partition')
        : textColumns('column', 'type', 'null', 'partition');
    case 'describe':
      return textColumns('column', 'type', 'null', 'partition');
    case 'explain':
      return [{ name: 'QUERY PLAN', type: formatOf(statement) === 'json' ? { kind: 'json' } : TEXT }];
    default:
      return undefined;
  }
}

function constant(statement: Statement, rows: readonly (readonly ConstantValue[])[], command: string): StatementResult {
  return { kind: 'constant', rows: { columns: shownColumns(statement)!, rows }, command };
}

export function showSetting({ session }: StatementContext, statement: ShowSettingStatement): StatementResult {
  if (statement.name === undefined) {
    const rows = session.settings.list().map(({ name, value, doc }) => [name, value, doc]);
    return constant(statement, rows, 'SHOW');
  }
  const value = session.settings.get(statement.name);
  if (value === undefined) {
    throw userError('42704', `unrecognized configuration parameter "${statement.name}"`, {
      hint: 'SHOW ALL lists the settings.',
    });
  }
  return constant(statement, [[value]], 'SHOW');
}

export async function showObjects(
  { engine, session }: StatementContext,
  statement: ShowObjectsStatement,
): Promise<StatementResult> {
  const matches = likeMatcher(statement.pattern?.value);
  if (statement.objects === 'schemas') {
    const schemas = await session.catalog.lake.listSchemas();
    return constant(
      statement,
      schemas.filter(matches).map((name) => [name]),
      'SHOW',
    );
  }
  if (statement.objects === 'functions') {
    const names = functionNames([...engine.functions.overloads.keys()]).filter(matches);
    return constant(
      statement,
      names.map((name) => [name]),
      'SHOW',
    );
  }
  const { catalog } = session;
  const schema = statement.schema?.name;
  const temporary = schema === undefined || schema === TEMPORARY_SCHEMA ? await catalog.listTemporary() : [];
  const stored = schema === TEMPORARY_SCHEMA ? [] : await catalog.lake.listRelations(schema ?? PUBLIC_SCHEMA);
  const hidden = new Set(temporary.map(({ name }) => name));
  const relations = [...temporary, ...stored.filter(({ name }) => !hidden.has(name))];
  const rows = relations
    .toSorted(byName)
    .filter(({ name }) => matches(name) && !isFunctionName(name))
    .filter(({ kind }) => statement.objects === 'tables' || kind === 'view')
    .map(({ name, kind }) => (statement.objects === 'tables' ? [name, kind] : [name]));
  return constant(statement, rows, 'SHOW');
}

/** Built in and registered, operators left out. */
function functionNames(registered: readonly string[]): string[] {
  const { scalar, aggregate } = listFunctions();
  const shown = [...scalar.filter(({ internal }) => internal !== true), ...aggregate];
  const names = shown.flatMap(({ name, aliases = [] }) => [name, ...aliases]).filter((name) => /^[a-z]/.test(name));
  return [...new Set([...names, ...registered])].sort();
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** LIKE, for names; as in Spark, `*` is any text as well, and `|` stands between several patterns. */
function likeMatcher(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const source = pattern
    .replace(/[.+?^${}()[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  const expression = new RegExp(`^(?:${source})$`, 'su');
  return (name) => expression.test(name);
}

export async function showTable(context: StatementContext, statement: ShowTableStatement): Promise<StatementResult> {
  if (statement.what === 'columns') return constant(statement, await columnRows(context, statement.table), 'SHOW');
  if (statement.what === 'create') {
    return constant(statement, [[await createStatementOf(context, statement.table)]], 'SHOW');
  }
  const table = await getTable(context, statement.table);
  if (statement.what === 'properties') {
    return constant(statement, Object.entries(definitionOfTable(table).options), 'SHOW');
  }
  if (table.partitionColumns.length === 0) {
    throw userError('42809', `"${table.displayName}" is not partitioned`, { position: statement.table.position });
  }
  const partitions = await context.session.catalog.lakeOf(table).listPartitions(table);
  const wanted = statement.partition && (await partitionPredicate(context, statement.partition, table, []));
  const rows = partitions
    .filter(wanted ?? (() => true))
    .map((values) => [
      table.partitionColumns
        .map((column, index) => partitionFolderName(column.name, formatPartitionValue(values[index]!, column.type)))
        .join('/'),
    ]);
  return constant(statement, rows, 'SHOW');
}

export async function describe(
  context: StatementContext,
  statement: DescribeStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const { target } = statement;
  if (target.kind === 'qualifiedName') {
    const rows = await columnRows(context, target);
    return constant(statement, columnNamed(rows, statement.column), 'DESCRIBE');
  }
  if (target.kind === 'stringLiteral') {
    const table = (await context.session.catalog.findFiles(pathRequest(target.value)))!;
    const partitions = new Set(table.partitionColumns);
    const rows = table.columns.map(({ name, type, nullable }) =>
      describeColumn(name, table.castTypes?.get(name) ?? type, nullable, partitions.has(name)),
    );
    return constant(statement, rows, 'DESCRIBE');
  }
  const { columns } = await planQueryOf(context, target, parameters);
  return constant(
    statement,
    columns.map(({ name, type }) => describeColumn(name, type, true, false)),
    'DESCRIBE',
  );
}

/** `DESCRIBE t column`: the row of that one. */
function columnNamed(rows: ConstantValue[][], column: Identifier | undefined): ConstantValue[][] {
  if (column === undefined) return rows;
  const { name, position } = column;
  const names = rows.map(([known]) => String(known));
  const found = rows.filter((_, index) => names[index] === name);
  if (found.length > 0) return found;
  throw userError('42703', `column "${name}" does not exist`, {
    position,
    hint: nearestNameHint(name, names, `Its columns are ${names.join(', ')}.`),
  });
}

async function columnRows(context: StatementContext, name: QualifiedName): Promise<ConstantValue[][]> {
  const parts = name.parts.map((part) => part.name);
  const relation = await context.session.catalog.findRelation(parts);
  if (relation?.kind === 'view') {
    const { columns } = await planQueryOf(context, relation.query, []);
    return columns.map((column, index) =>
      describeColumn(relation.columnNames?.[index] ?? column.name, column.type, true, false),
    );
  }
  const table = await getTable(context, name);
  const partitions = new Set(table.partitionColumns.map((column) => column.name));
  return table.columns.map((column) =>
    describeColumn(column.name, column.type, column.nullable, partitions.has(column.name)),
  );
}

function describeColumn(name: string, type: SqlType, nullable: boolean, isPartition: boolean): ConstantValue[] {
  return [name, formatType(type), nullable ? 'YES' : 'NO', isPartition ? 'YES' : 'NO'];
}
