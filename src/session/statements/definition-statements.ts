import type { ColumnDefinition, TableDefinition } from '../../catalog/table-definition.js';
import { MillraceError, notSupportedError, userError } from '../../common/errors.js';
import type {
  CreateSchemaStatement,
  CreateTableStatement,
  CreateViewStatement,
  DropStatement,
  Option,
  PartitionColumn,
  TruncateStatement,
  TypeName,
} from '../../parser/index.js';
import { typeFromName } from '../../types/coercion.js';
import type { SqlType } from '../../types/sql-type.js';
import type { StatementResult } from '../statement-result.js';
import { planQueryOf } from './query-statement.js';
import { getTable, toRelationName } from './relation-names.js';
import type { StatementContext } from './statement-context.js';

function done(command: string): StatementResult {
  return { kind: 'done', completion: { command, rowCount: undefined } };
}

export function resolveType(type: TypeName): SqlType {
  if (type.arrayDimensions.length > 0) {
    throw notSupportedError('columns of array types are not supported yet', { position: type.position });
  }
  try {
    return typeFromName(
      type.name.parts.map((part) => part.name),
      type.modifiers,
    );
  } catch (error) {
    throw error instanceof MillraceError ? withPosition(error, type.position) : error;
  }
}

function withPosition(error: MillraceError, position: number): MillraceError {
  const { kind, code, message, detail, hint } = error;
  return new MillraceError(kind, code, message, { detail, hint, position, cause: error });
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
    return { name: name.name, type: resolveType(type), nullable: true };
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
  const { lake } = context.engine;
  const name = toRelationName(statement.name);
  if (statement.temporary)
    throw notSupportedError('temporary tables are not supported yet', { position: statement.position });
  const columns = statement.columns.map((column): ColumnDefinition => {
    if (column.default !== undefined) {
      throw notSupportedError('DEFAULT is not supported yet', {
        position: column.default.position,
        hint: 'Name all columns when inserting.',
      });
    }
    return { name: column.name.name, type: resolveType(column.type), nullable: !(column.notNull || column.primaryKey) };
  });
  const definition = definitionOf(columns, statement.partitionedBy, tableOptions(statement.options));
  const { orReplace } = statement;
  await unlessExists(context, statement.ifNotExists, name.name, () =>
    lake.createTable(name, definition, { orReplace }),
  );
  return done('CREATE TABLE');
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
async function ignoring(codes: readonly string[], work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (error instanceof MillraceError && codes.includes(error.code)) return true;
    throw error;
  }
}

export async function createView(context: StatementContext, statement: CreateViewStatement): Promise<StatementResult> {
  const { engine, sql, sqlOffset } = context;
  const name = toRelationName(statement.name);
  const { position, end } = statement.query;
  const planned = await planQueryOf(context, statement.query, []); // a view that cannot be read is an error now, not later
  if (statement.columns.length > planned.columns.length) {
    throw userError('42601', 'CREATE VIEW specifies more column names than columns', {
      position: statement.columns[planned.columns.length]!.position,
    });
  }
  const names = planned.columns.map(({ name: column }, index) => statement.columns[index]?.name ?? column);
  assertNamedOnce(names, position);
  const definition = {
    sql: sql.slice(position - sqlOffset, end - sqlOffset),
    columnNames: statement.columns.length === 0 ? undefined : statement.columns.map((column) => column.name),
  };
  await unlessExists(context, statement.ifNotExists, name.name, () =>
    engine.lake.createView(name, definition, { orReplace: statement.orReplace }),
  );
  return done('CREATE VIEW');
}

export async function createSchema(
  context: StatementContext,
  statement: CreateSchemaStatement,
): Promise<StatementResult> {
  const { name } = statement.name;
  const created = await context.engine.lake.createSchema(name);
  if (created) return done('CREATE SCHEMA');
  if (!statement.ifNotExists)
    throw userError('42P06', `schema "${name}" already exists`, { position: statement.name.position });
  context.session.notify({ severity: 'NOTICE', code: '42P06', message: `schema "${name}" already exists, skipping` });
  return done('CREATE SCHEMA');
}

export async function dropRelations(context: StatementContext, statement: DropStatement): Promise<StatementResult> {
  const { lake } = context.engine;
  for (const qualified of statement.names) {
    const shown = qualified.parts.map((part) => part.name).join('.');
    const drop = async (): Promise<void> => {
      if (statement.target === 'schema') await lake.dropSchema(shown);
      else if (statement.target === 'view') await lake.dropView(toRelationName(qualified));
      else await lake.dropTable(toRelationName(qualified));
    };
    if (!statement.ifExists) {
      await drop().catch((error: unknown) => {
        if (!(error instanceof MillraceError) || error.code !== '42P01') throw error;
        throw userError('42P01', `${statement.target} "${shown}" does not exist`, {
          position: qualified.position,
          hint: error.hint,
        });
      });
    } else if (await ignoring(['42P01', '3F000'], drop)) {
      const message = `${statement.target} "${shown}" does not exist, skipping`;
      context.session.notify({ severity: 'NOTICE', code: '00000', message });
    }
  }
  return done(`DROP ${statement.target.toUpperCase()}`);
}

export async function truncateTables(
  context: StatementContext,
  statement: TruncateStatement,
): Promise<StatementResult> {
  for (const name of statement.tables) {
    const write = await context.engine.lake.beginWrite(await getTable(context, name));
    await write.commit([], { kind: 'overwrite table' });
  }
  return done('TRUNCATE TABLE');
}
