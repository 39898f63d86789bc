import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { formatType, type SqlType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { storedName } from './bind-column-reference.js';
import { functionName } from './bind-function-call.js';
import { bindTypeName } from './bind-type-name.js';
import { expandColumns } from './columns-expression.js';
import { assertRow } from './row-fields.js';
import { columnsOfRow, reference, resolveTable, type Scope, type ScopeColumn } from './scope.js';
import { spelledName } from './spelling.js';

/** One output column: still text to be bound, or a column that a star stands for. */
export type SelectEntry =
  | { readonly name: string; readonly position: number; readonly ast: Ast.Expression }
  | { readonly name: string; readonly position: number; readonly ast: undefined; readonly column: Expression };

/** The type of an expression of the select list, which is bound for that only. */
export type TypeOf = (ast: Ast.Expression) => SqlType;

/** The select list with its stars written out. */
export function expandSelectList(items: readonly Ast.SelectItem[], scope: Scope, typeOf: TypeOf): SelectEntry[] {
  return items.flatMap((item): SelectEntry[] =>
    item.kind === 'star'
      ? expandStar(item, scope, typeOf)
      : expandColumns(item, scope).map(({ alias, expression, position }) => {
          return {
            name: alias?.name ?? shownName(expression, scope),
            position,
            ast: expression,
          };
        }),
  );
}

function shownName(expression: Ast.Expression, scope: Scope): string {
  const stored = expression.kind === 'columnReference' ? storedName(expression, scope) : undefined;
  return stored ?? outputName(expression);
}

/** What a star stands for: a column, or a field of a row. */
interface StarColumn {
  readonly name: string;
  readonly column?: Expression;
  readonly ast?: Ast.Expression;
}

function expandStar(star: Ast.Star, scope: Scope, typeOf: TypeOf): SelectEntry[] {
  const columns = columnsOfStar(star, scope, typeOf);
  const names = columns.map(({ name }) => name);
  const nameOf = (written: Ast.Identifier): string => {
    const name = spelledName(names, written, written.position);
    if (name !== undefined) return name;
    throw userError('42703', `column "${written.name}" does not exist`, { position: written.position });
  };
  const excluded = new Set(star.exclude.map(nameOf));
  const replacements = new Map(star.replace.map((entry) => [nameOf(entry.alias!), entry]));
  const renamed = new Map(star.rename.map(({ column, name }) => [nameOf(column), name.name]));
  return columns
    .filter(({ name }) => !excluded.has(name))
    .map((found): SelectEntry => {
      const replacement = replacements.get(found.name);
      const name = renamed.get(found.name) ?? found.name;
      if (replacement) return { name, position: replacement.position, ast: replacement.expression };
      const { position } = star;
      if (found.ast) return { name, position, ast: found.ast };
      return { name, position, ast: undefined, column: found.column! };
    });
}

function columnsOfStar(star: Ast.Star, scope: Scope, typeOf: TypeOf): readonly StarColumn[] {
  const { position, qualifier, row } = star;
  if (row) return fieldsOf(row, position, typeOf);
  const { namespace } = scope;
  const columnOf = (found: ScopeColumn): StarColumn => {
    return { name: found.name, column: reference(namespace, found, position) };
  };
  if (qualifier.length === 0) {
    if (namespace.tables.length > 0) return namespace.visible.map(columnOf);
    throw userError('42601', 'SELECT * with no tables specified is not valid', { position });
  }
  try {
    return columnsOfRow(resolveTable(scope, qualifier, position)).map(columnOf);
  } catch (thrown) {
    // `(r).*` of a column: the parentheses leave no trace.
    const column: Ast.Expression = { kind: 'columnReference', parts: qualifier, position };
    if (isColumn(column, typeOf)) return fieldsOf(column, position, typeOf);
    throw thrown;
  }
}

function isColumn(column: Ast.Expression, typeOf: TypeOf): boolean {
  try {
    typeOf(column);
    return true;
  } catch {
    return false;
  }
}

function fieldsOf(operand: Ast.Expression, position: number, typeOf: TypeOf): readonly StarColumn[] {
  const type = typeOf(operand);
  assertRow(type, position);
  return type.fields.map(({ name }): StarColumn => {
    const field: Ast.Identifier = { kind: 'identifier', name, quoted: true, position };
    return { name, ast: { kind: 'field', operand, field, position } };
  });
}

/** The name PostgreSQL gives to an output column without AS. */
export function outputName(expression: Ast.Expression): string {
  return figureName(expression) ?? '?column?';
}

function figureName(expression: Ast.Expression): string | undefined {
  switch (expression.kind) {
    case 'columnReference':
      return expression.parts[expression.parts.length - 1]!.name;
    case 'functionCall':
      return expression.form ?? functionName(expression);
    case 'sessionValue':
      return expression.name;
    case 'cast':
      return expression.form ?? strongName(expression.operand) ?? typeLabel(expression.type);
    case 'typedLiteral':
      return typeLabel(expression.type);
    case 'intervalLiteral':
      return 'interval';
    case 'collate':
    case 'rowExpansion':
      return figureName(expression.operand);
    case 'case':
      return (expression.otherwise && strongName(expression.otherwise)) ?? 'case';
    case 'exists':
      return 'exists';
    case 'row':
      return 'row';
    case 'array':
    case 'arraySubquery':
      return 'array';
    case 'subscript':
    case 'slice':
      return figureName(expression.operand);
    case 'field':
      return expression.field.name;
    case 'scalarSubquery':
      return subqueryName(expression.query);
    default:
      return undefined;
  }
}

/** Names that are only those of a type, or `case`, give way to what is written around them: `x::int::text` is `x`, `1::int::text` `text`. */
function strongName(expression: Ast.Expression): string | undefined {
  switch (expression.kind) {
    case 'cast':
      return expression.form ?? strongName(expression.operand);
    case 'collate':
      return strongName(expression.operand);
    case 'case':
      return expression.otherwise && strongName(expression.otherwise);
    case 'typedLiteral':
    case 'intervalLiteral':
    case 'booleanLiteral':
      return undefined;
    default:
      return figureName(expression);
  }
}

function typeLabel(type: Ast.TypeName): string {
  const { parts } = type.name;
  return parts[parts.length - 1]?.name ?? formatType(bindTypeName(type));
}

function subqueryName(query: Ast.Query): string | undefined {
  const { body } = query;
  if (body.kind !== 'select') return body.kind === 'values' ? 'column1' : undefined;
  const [item] = body.items;
  return item?.kind === 'selectExpression' ? (item.alias?.name ?? outputName(item.expression)) : undefined;
}
