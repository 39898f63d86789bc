import type { ColumnDefinition, TableDefinition } from '../../catalog/table-definition.js';
import { definitionOfTable } from '../../catalog/table-definition-of.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import type { TableWriter } from '../../catalog/table-write.js';
import { MillraceError, userError } from '../../common/errors.js';
import type {
  ColumnDefinition as ColumnSyntax,
  CreateSchemaStatement,
  CreateTableStatement,
  DefaultClause,
  Option,
  PartitionColumn,
  QualifiedName,
  TruncateStatement,
} from '../../parser/index.js';
import { bindTypeName } from '../../planner/binder/bind-type-name.js';
import { timePrecisionOf } from '../../planner/binder/time-modifiers.js';
import type { StatementResult } from '../statement-result.js';
import { beginRedefinition } from './begin-redefinition.js';
import { checkDefinitions } from './check-constraints.js';
import { defaultTextOf, sourceText } from './column-defaults.js';
import { checkGenerated } from './generated-columns.js';
import { identityColumns, identityOf, isIdentity, renewed, withoutSerial } from './identity-columns.js';
import { likeTables } from './like-tables.js';
import * as make from './make-syntax.js';
import { warnOfKeys, withKeyColumns, withPrimaryKeys } from './primary-keys.js';
import { getTable } from './relation-names.js';
import type { StatementContext } from './statement-context.js';

function done(command: string): StatementResult {
  return { kind: 'done', completion: { command, rowCount: undefined } };
}

/** Options of WITH (…), as text. */
export function tableOptions(options: readonly Option[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const option of options) {
    const { value } = option;
    if (option.name !== 'compression') {
      throw userError('22023', `unrecognized parameter "${option.name}"`, {
        position: option.position,
        hint: "Tables have one option: WITH (compression = 'snappy' | 'zstd' | 'gzip' | 'none').",
      });
    }
    const text = value?.kind === 'stringLiteral' ? value.value : value?.kind === 'identifier' ? value.name : '';
    if (!['snappy', 'zstd', 'gzip', 'none'].includes(text)) {
      throw userError('22023', `invalid value for parameter "compression": "${text}"`, {
        position: option.position,
        hint: 'Use snappy, zstd, gzip or none.',
      });
    }
    result.compression = text;
  }
  return result;
}

/** Puts partition columns last, as Hive does; those with a type of their own are added. */
export function definitionOf(
  columns: readonly ColumnDefinition[],
  partitionedBy: readonly PartitionColumn[],
  options: Readonly<Record<string, string>>,
): TableDefinition {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const partitions = partitionedBy.map((partition): ColumnDefinition => {
    const { name, type, position } = partition;
    const existing = byName.get(name.name);
    if (type === undefined) {
      if (existing !== undefined) return existing;
      throw userError('42703', `column "${name.name}" named in PARTITIONED BY does not exist`, {
        position,
        hint: 'Name one of the columns of the table, or give a type to add a column.',
      });
    }
    if (existing !== undefined) {
      throw userError('42701', `column "${name.name}" specified more than once`, {
        position,
        hint: 'Leave the type out of PARTITIONED BY, or the column out of the list.',
      });
    }
    const bound = bindTypeName(type);
    return { name: name.name, type: bound, nullable: true, timePrecision: timePrecisionOf(bound, type.modifiers) };
  });
  const names = new Set(partitions.map((column) => column.name));
  return {
    columns: [...columns.filter((column) => !names.has(column.name)), ...partitions],
    partitionColumns: partitions.map((column) => column.name),
    options,
  };
}

export async function createTable(
  context: StatementContext,
  statement: CreateTableStatement,
): Promise<StatementResult> {
  const address = await context.session.catalog.locateNew(statement.name, statement.temporary);
  const { lake, name } = address;
  const columns: ColumnDefinition[] = [];
  const copied = await likeTables(context, statement.likes);
  for (const [index, column] of statement.columns.entries()) {
    for (const like of copied) if (like.columnsBefore === index) columns.push(...like.columns);
    columns.push(await columnOf(context, column, name.name));
  }
  for (const like of copied) if (like.columnsBefore === statement.columns.length) columns.push(...like.columns);
  assertNamedOnce(
    columns.map((column) => column.name),
    statement.name.position,
  );
  const inherited = copied.flatMap(({ partitionColumns }) => partitionColumns).map(partitionNamed);
  const partitionedBy = statement.partitionedBy.length > 0 ? statement.partitionedBy : inherited;
  const defined = definitionOf(columns, partitionedBy, tableOptions(statement.options));
  checkGenerated(context, name.name, defined, generatedClauses(statement.columns));
  const written = [...statement.columns.flatMap(({ checks }) => checks), ...statement.checks];
  const known = copied.flatMap((like) => like.checks);
  const keys = { ...statement, constraints: [...copied.flatMap((like) => like.keys), ...statement.constraints] };
  const table = { name: name.name, columns: defined.columns, checks: known, primaryKey: undefined };
  const primaryKey = withPrimaryKeys(table, keys);
  const taken = primaryKey === undefined ? known : [...known, primaryKey];
  const checks = [...known, ...checkDefinitions(context, name.name, defined.columns, written, taken)];
  const definition: TableDefinition = {
    ...defined,
    columns: withKeyColumns(defined.columns, primaryKey),
    comment: statement.comment?.value,
    ...(primaryKey !== undefined && { primaryKey }),
    ...(checks.length > 0 && { checks }),
  };
  const { orReplace } = statement;
  const created = await unlessExists(context, statement.ifNotExists, name.name, () =>
    lake.createTable(name, definition, { orReplace }),
  );
  if (created) warnOfKeys(context, keys);
  if (created) tellIgnored(context, statement);
  return done('CREATE TABLE');
}

function partitionNamed(name: string): PartitionColumn {
  return { kind: 'partitionColumn', name: make.identifier(name), type: undefined, position: 0 };
}

/** Clauses of Spark that nothing comes of. */
export function tellIgnored(
  { session }: StatementContext,
  { ignored = [] }: Pick<CreateTableStatement, 'ignored'>,
): void {
  for (const clause of ignored) {
    session.notify({ severity: 'NOTICE', code: '00000', message: `${clause} is not kept` });
  }
}

/** A column as CREATE TABLE or ALTER TABLE … ADD declares it. */
export async function columnOf(
  context: StatementContext,
  syntax: ColumnSyntax,
  table: string,
): Promise<ColumnDefinition> {
  const { name, type: written, notNull, comment, default: clause, generated, identity } = withoutSerial(syntax);
  const type = bindTypeName(written);
  const timePrecision = timePrecisionOf(type, written.modifiers);
  const column = { name: name.name, type, nullable: !notNull, timePrecision, comment: comment?.value };
  if (generated !== undefined) {
    if (clause === undefined) return { ...column, generated: sourceText(context, generated) };
    const message = `both default and generation expression specified for column "${name.name}" of table "${table}"`;
    throw userError('42601', message, { position: generated.position, hint: 'Leave one of them out.' });
  }
  if (identity !== undefined) {
    if (clause === undefined) return { ...column, nullable: false, identity: identityOf(column, identity) };
    const message = `both default and identity specified for column "${name.name}" of table "${table}"`;
    throw userError('42601', message, { position: identity.position, hint: 'Leave one of them out.' });
  }
  if (clause === undefined) return column;
  return { ...column, default: await defaultTextOf(context, clause, name.name, type) };
}

export function generatedClauses(columns: readonly ColumnSyntax[]): ReadonlyMap<string, DefaultClause> {
  return new Map(columns.flatMap(({ name, generated }) => (generated ? [[name.name, generated]] : [])));
}

/** Fails (42701) when two columns of a table or view made from a query have one name. */
export function assertNamedOnce(names: readonly string[], position: number): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw userError('42701', `column "${name}" specified more than once`, {
        position,
        hint: 'Give each column a name of its own with AS.',
      });
    }
    seen.add(name);
  }
}

/** With IF NOT EXISTS, a relation that is there already is only worth a notice. */
export async function unlessExists(
  context: StatementContext,
  ifNotExists: boolean,
  name: string,
  create: () => Promise<void>,
): Promise<boolean> {
  if (!ifNotExists) {
    await create();
    return true;
  }
  const created = !(await ignoring(['42P07', '42P06'], create));
  if (!created) {
    const message = `relation "${name}" already exists, skipping`;
    context.session.notify({ severity: 'NOTICE', code: '42P07', message });
  }
  return created;
}

/** Answers whether `work` failed with one of these codes. */
export async function ignoring(codes: readonly string[], work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (error instanceof MillraceError && codes.includes(error.code)) return true;
    throw error;
  }
}

export async function createSchema(
  context: StatementContext,
  statement: CreateSchemaStatement,
): Promise<StatementResult> {
  const { name } = statement.name;
  const created = await context.session.catalog.lake.createSchema(name);
  if (created) return done('CREATE SCHEMA');
  if (!statement.ifNotExists)
    throw userError('42P06', `schema "${name}" already exists`, { position: statement.name.position });
  context.session.notify({ severity: 'NOTICE', code: '42P06', message: `schema "${name}" already exists, skipping` });
  return done('CREATE SCHEMA');
}

export async function truncateTables(
  context: StatementContext,
  statement: TruncateStatement,
): Promise<StatementResult> {
  await context.session.catalog.asBlock(async () => {
    for (const name of statement.tables) {
      const table = await getTable(context, name);
      const write = await beginTruncation(context, name, table, statement.restarts);
      await write.commit([], { kind: 'overwrite table' });
    }
  });
  return done('TRUNCATE TABLE');
}

/** RESTART IDENTITY is a change of the definition, so that numbers begin anew in the commit that removes the rows. */
async function beginTruncation(
  context: StatementContext,
  name: QualifiedName,
  table: TableRelation,
  restarts: boolean,
): Promise<TableWriter> {
  if (!restarts || identityColumns(table).length === 0) {
    return await context.session.catalog.lakeOf(table).beginWrite(table);
  }
  const columns = table.columns.map((column) =>
    isIdentity(column) ? { ...column, identity: renewed(column) } : column,
  );
  return await beginRedefinition(context, name, table, { ...definitionOfTable(table), columns });
}
