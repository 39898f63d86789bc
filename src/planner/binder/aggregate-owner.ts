import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import type { Expression } from '../expression.js';
import { collectColumns } from '../expression-columns.js';
import { freeColumnsOf } from '../logical/plan-tree.js';
import type { PendingApply } from './bind-context.js';
import type { Scope } from './scope.js';

/**
 * An aggregate belongs to the innermost query that one of its columns comes from, in its arguments, its FILTER, or the
 * subqueries within them. Undefined where that is the query it stands in.
 */
export function ownerOfAggregate(
  parts: readonly Expression[],
  subqueries: readonly PendingApply[],
  scope: Scope,
): Scope | undefined {
  const columns = new Set<number>();
  for (const part of parts) collectColumns(part, columns);
  for (const subquery of subqueries) for (const id of columnsUsedBy(subquery)) columns.add(id);
  const has = ({ namespace }: Scope): boolean =>
    namespace.tables.some((table) => table.columns.some(({ column }) => columns.has(column.id)));
  if (columns.size === 0 || has(scope)) return undefined;
  for (let level = scope.parent; level; level = level.parent) if (has(level)) return level;
  return undefined;
}

/** The columns of the rows around it that a subquery, or what it is compared with, uses. */
export function columnsUsedBy(subquery: PendingApply): ReadonlySet<number> {
  return freeColumnsOf({ kind: 'apply', left: { kind: 'values', columns: [], rows: [] }, ...subquery });
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
