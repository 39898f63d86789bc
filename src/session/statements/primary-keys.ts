import type { CheckDefinition, ColumnDefinition, KeyDefinition } from '../../catalog/table-definition.js';
import { userError } from '../../common/errors.js';
import type {
  AlterAction,
  CreatedColumn,
  CreateTableStatement,
  Identifier,
  TableConstraint,
} from '../../parser/index.js';
import { freeName } from './check-constraints.js';
import type { StatementContext } from './statement-context.js';

export type DeclaredKeys = Pick<CreateTableStatement, 'constraints'> & {
  readonly columns: readonly Pick<CreatedColumn, 'name' | 'primaryKey' | 'unique'>[];
};

/** A PRIMARY KEY as it was written, with a column or behind them all. */
interface WrittenKey {
  readonly name: Identifier | undefined;
  readonly columns: readonly Identifier[];
  readonly position: number;
}

/** What is known of the table that a key is declared for. */
export interface KeyedTable {
  readonly name: string;
  readonly columns: readonly Pick<ColumnDefinition, 'name'>[];
  readonly checks: readonly CheckDefinition[];
  readonly primaryKey: KeyDefinition | undefined;
}

/** The primary key of a table with those that are declared now: there may be one. */
export function withPrimaryKeys(table: KeyedTable, { columns, constraints }: DeclaredKeys): KeyDefinition | undefined {
  let { primaryKey } = table;
  for (const written of [...columns.flatMap(keyOfColumn), ...constraints.flatMap(keyOfConstraint)]) {
    if (primaryKey !== undefined) {
      throw userError('42P16', `multiple primary keys for table "${table.name}" are not allowed`, {
        position: written.position,
        hint: 'One key may have several columns: PRIMARY KEY (a, b).',
      });
    }
    primaryKey = definitionOfKey(table, written);
  }
  return primaryKey;
}

/** Columns of a key are NOT NULL. */
export function withKeyColumns(
  columns: readonly ColumnDefinition[],
  key: KeyDefinition | undefined,
): readonly ColumnDefinition[] {
  return columns.map((column) =>
    column.nullable && key?.columns.includes(column.name) ? { ...column, nullable: false } : column,
  );
}

function keyOfColumn({ name, primaryKey }: DeclaredKeys['columns'][number]): WrittenKey[] {
  return primaryKey ? [{ name: primaryKey.name, columns: [name], position: primaryKey.position }] : [];
}

function keyOfConstraint({ constraint, name, columns, position }: TableConstraint): WrittenKey[] {
  return constraint === 'primary key' ? [{ name, columns, position }] : [];
}

function definitionOfKey({ name: table, columns, checks }: KeyedTable, written: WrittenKey): KeyDefinition {
  const names = new Set<string>();
  for (const { name, position } of written.columns) {
    if (!columns.some((column) => column.name === name)) {
      throw userError('42703', `column "${name}" named in key does not exist`, {
        position,
        hint: 'Name columns of the table.',
      });
    }
    if (names.has(name)) {
      throw userError('42701', `column "${name}" appears twice in primary key constraint`, {
        position,
        hint: 'Leave one of them out.',
      });
    }
    names.add(name);
  }
  const taken = new Set(checks.map((check) => check.name));
  const { name } = written;
  if (name !== undefined && taken.has(name.name)) {
    throw userError('42710', `constraint "${name.name}" for relation "${table}" already exists`, {
      position: name.position,
      hint: 'Choose another name.',
    });
  }
  return { name: name?.name ?? freeName(`${table}_pkey`, taken), columns: [...names] };
}

/** Files written by several writers, and by other engines, cannot be held to a key: nobody may believe that they are. */
export function warnOfKeys({ session }: StatementContext, { columns, constraints }: DeclaredKeys): void {
  if (constraints.length === 0 && !columns.some((column) => column.primaryKey || column.unique)) return;
  session.notify({
    severity: 'WARNING',
    code: '01000',
    message: 'PRIMARY KEY and UNIQUE are not enforced',
    hint: 'Remove duplicates where rows are written: SELECT DISTINCT ON (key) …',
  });
}

/** What the actions of ALTER TABLE declare. */
export function keysIn(actions: readonly AlterAction[]): DeclaredKeys {
  return {
    columns: actions.flatMap((action) => (action.kind === 'addColumn' ? [action.column] : [])),
    constraints: actions.flatMap((action) => (action.kind === 'addConstraint' ? [action.constraint] : [])),
  };
}
