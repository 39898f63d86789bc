import { notSupportedError, userError } from '../../common/errors.js';
import { isAggregate } from '../../functions/registry.js';
import { type Expression, findNode, type SyntaxNode } from '../../parser/index.js';
import { functionName } from '../../planner/binder/bind-function-call.js';
import { isSetFunction } from '../../planner/binder/set-functions.js';

/** Clauses whose expressions are computed of one row and give one value, by PostgreSQL's names. */
export type RowClause = 'UPDATE' | 'VALUES' | 'RETURNING' | 'MERGE WHEN conditions';

/**
 * Such a clause becomes a part of a query, where set-returning functions, aggregates and window functions would have a
 * meaning: as in PostgreSQL they are errors (0A000, 42803, 42P20) but in subqueries.
 */
export function assertOfOneRow(expression: Expression, clause: RowClause): void {
  const call = findNode(expression, isOfSeveralRows, ({ kind }) => kind === 'query');
  if (call?.kind !== 'functionCall') return;
  const { position } = call;
  if (call.over !== undefined) {
    throw userError('42P20', `window functions are not allowed in ${clause}`, {
      position,
      hint: 'Compute it in a subquery.',
    });
  }
  if (isSetFunction(functionName(call))) {
    throw notSupportedError(`set-returning functions are not allowed in ${clause}`, {
      position,
      hint: 'Put it into FROM, or into a subquery that gives one of its values.',
    });
  }
  throw userError('42803', `aggregate functions are not allowed in ${clause}`, {
    position,
    hint: 'Compute it in a subquery.',
  });
}

function isOfSeveralRows(node: SyntaxNode): boolean {
  if (node.kind !== 'functionCall') return false;
  const name = functionName(node);
  return node.over !== undefined || isSetFunction(name) || isAggregate(name);
}
