import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import type { Expression } from '../expression.js';
import { collectColumns } from '../expression-columns.js';
import type { Scope } from './scope.js';

/**
 * An aggregate belongs to the innermost query that one of its columns comes from. Undefined where that is the query it
 * stands in.
 */
export function ownerOfAggregate(args: readonly Expression[], scope: Scope): Scope | undefined {
  const columns = new Set<number>();
  for (const arg of args) collectColumns(arg, columns);
  const has = ({ namespace }: Scope): boolean =>
    namespace.tables.some((table) => table.columns.some(({ column }) => columns.has(column.id)));
  if (columns.size === 0 || has(scope)) return undefined;
  for (let level = scope.parent; level; level = level.parent) if (has(level)) return level;
  return undefined;
}

/** 42803 where an aggregate stands in a clause that has none. */
export function misplacedAggregate(clause: string | undefined, position: number): Error {
  return userError('42803', `aggregate functions are not allowed in ${clause ?? 'FROM'}`, {
    position,
    hint: 'Compute it in a subquery, or use HAVING to filter groups.',
  });
}

/** An aggregate of a query around the one it stands in becomes a column of that query's groups. */
export function bindInOwner(call: Ast.FunctionCall, owner: Scope): Expression {
  if (owner.aggregates) return owner.aggregates.bind(call);
  throw misplacedAggregate(owner.clause, call.position);
}
