import type * as Ast from '../../parser/ast/index.js';
import type { SelectEntry } from './bind-select-list.js';
import { findColumn, type Scope } from './scope.js';

/** The condition with the expressions of the select list for their names, unless a column of FROM has the name. */
export function withAliases(ast: Ast.Expression, entries: readonly SelectEntry[], scope: Scope): Ast.Expression {
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    const node = value as { readonly kind?: unknown };
    if (node.kind === 'query') return value;
    if (node.kind === 'columnReference') return aliased(value as Ast.ColumnReference, entries, scope);
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, replace(part)]));
  };
  return replace(ast) as Ast.Expression;
}

function aliased(reference: Ast.ColumnReference, entries: readonly SelectEntry[], scope: Scope): Ast.Expression {
  const [name, ...more] = reference.parts;
  if (more.length > 0 || findColumn(scope.namespace.visible, name!.name, reference.position)) return reference;
  return entries.find((entry) => entry.name === name!.name)?.ast ?? reference;
}
