import { MillraceError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { BOOLEAN, type StructType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { caseBranch, isNullOf } from '../logical/expression-tree.js';
import { columnsOfRow, reference, resolveColumn, type Scope, type ScopeTable } from './scope.js';

/**
 * `t`, where t is no column but an entry of FROM: its row. The innermost query that has such an entry wins, as with
 * columns. Undefined where there is none.
 */
export function wholeRow(scope: Scope, name: Ast.Identifier): Expression | undefined {
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    const table = level.namespace.tables.find((candidate) => candidate.alias === name.name);
    if (table) return rowOf(table, name.position);
  }
  return undefined;
}

/** The entry of FROM that `x.*` expands; x may be a column too, as a function's value is. */
function expandedEntry(scope: Scope, operand: Ast.Expression): ScopeTable | undefined {
  if (operand.kind !== 'columnReference' || operand.parts.length > 1) return undefined;
  const { name } = operand.parts[0]!;
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    const table = level.namespace.tables.find((candidate) => candidate.alias === name);
    if (table || level.namespace.visible.some((column) => column.name === name)) return table;
  }
  return undefined;
}

/** `x.*` as one value. Undefined where x is no entry of FROM. */
export function rowOfEntry(scope: Scope, operand: Ast.Expression): Expression | undefined {
  const table = expandedEntry(scope, operand);
  return table && rowOf(table, operand.position);
}

/** `x.*` among the fields of a row. Undefined where x is no entry of FROM. */
export function fieldsOfEntry(scope: Scope, operand: Ast.Expression): readonly Expression[] | undefined {
  const table = expandedEntry(scope, operand);
  return table && fieldsOf(table, operand.position);
}

/** A column, or where there is none of the name, the row of an entry of FROM. */
export function resolveColumnOrRow(scope: Scope, parts: Ast.ColumnReference['parts'], position: number): Expression {
  try {
    return resolveColumn(scope, parts, position);
  } catch (thrown) {
    const isUnknown = thrown instanceof MillraceError && thrown.code === '42703';
    const row = isUnknown && parts.length === 1 ? wholeRow(scope, parts[0]!) : undefined;
    if (row) return row;
    throw thrown;
  }
}

function rowOf(table: ScopeTable, position: number): Expression {
  // A function's only column is its value, not a row.
  const fields = fieldsOf(table, position);
  if (table.isValue && fields.length === 1) return fields[0]!;
  const type: StructType = {
    kind: 'struct',
    fields: columnsOfRow(table).map((column) => ({ name: column.name, type: column.column.type })),
  };
  const row: Expression = { kind: 'call', type, overload: 'row(any...)', args: fields };
  return table.isOptional ? whereMatched(table, fields, row) : row;
}

function fieldsOf(table: ScopeTable, position: number): readonly Expression[] {
  return columnsOfRow(table).map((column) => reference({ tables: [table], visible: [] }, column, position));
}

/**
 * NULL where an outer join found no row: a column that is never NULL tells it, else all columns do. (A row that was found
 * and is NULL in every column cannot be told from none.)
 */
function whereMatched(table: ScopeTable, fields: readonly Expression[], row: Expression): Expression {
  const required = columnsOfRow(table).findIndex(({ column }) => !column.nullable);
  const tests = required >= 0 ? [fields[required]!] : fields;
  const isThere: readonly Expression[] = tests.map((field) => isNullOf(field, true));
  const when: Expression = isThere.length === 1 ? isThere[0]! : { kind: 'or', type: BOOLEAN, operands: isThere };
  return {
    kind: 'case',
    type: row.type,
    branches: [caseBranch(when, row)],
    otherwise: { kind: 'constant', type: row.type, value: null },
  };
}
