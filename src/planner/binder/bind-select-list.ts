import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { formatType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { functionName } from './bind-function-call.js';
import { bindTypeName } from './bind-type-name.js';
import { reference, resolveTable, type Scope, type ScopeColumn } from './scope.js';

/** One output column: still text to be bound, or a column that a star stands for. */
export type SelectEntry =
  | { readonly name: string; readonly position: number; readonly ast: Ast.Expression }
  | { readonly name: string; readonly position: number; readonly ast: undefined; readonly column: Expression };

/** The select list with its stars written out. */
export function expandSelectList(items: readonly Ast.SelectItem[], scope: Scope): SelectEntry[] {
  return items.flatMap((item): SelectEntry[] =>
    item.kind === 'star'
      ? expandStar(item, scope)
      : [{ name: item.alias?.name ?? outputName(item.expression), position: item.position, ast: item.expression }],
  );
}

function expandStar(star: Ast.Star, scope: Scope): SelectEntry[] {
  const { namespace } = scope;
  if (namespace.tables.length === 0) {
    throw userError('42601', 'SELECT * with no tables specified is not valid', { position: star.position });
  }
  const columns: readonly ScopeColumn[] =
    star.qualifier.length === 0 ? namespace.visible : resolveTable(scope, star.qualifier, star.position).columns;
  const changed = [...star.replace.map((entry) => entry.alias!), ...star.rename.map(({ column }) => column)];
  for (const name of [...star.exclude, ...changed]) {
    if (!columns.some((column) => column.name === name.name)) {
      throw userError('42703', `column "${name.name}" does not exist`, { position: name.position });
    }
  }
  const excluded = new Set(star.exclude.map((name) => name.name));
  return columns
    .filter(({ name }) => !excluded.has(name))
    .map((found): SelectEntry => {
      const replacement = star.replace.find((entry) => entry.alias?.name === found.name);
      const name = star.rename.find(({ column }) => column.name === found.name)?.name.name ?? found.name;
      if (replacement) return { name, position: replacement.position, ast: replacement.expression };
      return { name, position: star.position, ast: undefined, column: reference(namespace, found, star.position) };
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
      return functionName(expression);
    case 'sessionValue':
      return expression.name;
    case 'cast':
      return figureName(expression.operand) ?? typeLabel(expression.type);
    case 'typedLiteral':
      return typeLabel(expression.type);
    case 'intervalLiteral':
      return 'interval';
    case 'booleanLiteral':
      return 'bool';
    case 'collate':
      return figureName(expression.operand);
    case 'case':
      return (expression.otherwise && figureName(expression.otherwise)) ?? 'case';
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

function typeLabel(type: Ast.TypeName): string {
  const { parts } = type.name;
  return parts[parts.length - 1]?.name ?? formatType(bindTypeName(type));
}

function subqueryName(query: Ast.Query): string | undefined {
  const { body } = query;
  if (body.kind !== 'select') return body.kind === 'values' ? 'column1' : undefined;
  const [item] = body.items;
  return item?.kind === 'selectExpression' ? (item.alias?.name ?? figureName(item.expression)) : undefined;
}
