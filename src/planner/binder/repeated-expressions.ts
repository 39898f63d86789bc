import type * as Ast from '../../parser/ast/index.js';
import { hasNode } from '../../parser/index.js';
import type { Expression } from '../expression.js';
import type { BindContext } from './bind-context.js';
import { functionName } from './bind-function-call.js';
import { findSqlFunction } from './bind-sql-function.js';
import { hasSubquery } from './has-subquery.js';
import { isSetFunction } from './set-functions.js';
import { wordsOf } from './words-of.js';

/**
 * Each subquery, set function or function in SQL that is bound makes columns of its own. So that one which is repeated is what was bound
 * before, and not another that happens to be written alike, it is found by its words.
 */
export function findsRepeated(
  bound: Iterable<readonly [Ast.Expression, Expression]>,
  context: BindContext,
): (ast: Ast.Expression) => Expression | undefined {
  const byWords = new Map<string, Expression>();
  for (const [ast, expression] of bound) if (isBoundAnew(ast, context)) byWords.set(wordsOf(ast), expression);
  return (ast) => (byWords.size > 0 && isBoundAnew(ast, context) ? byWords.get(wordsOf(ast)) : undefined);
}

/** Do two expressions of these words differ when they are bound? */
export function isBoundAnew(ast: Ast.Expression, context: BindContext): boolean {
  return hasSubquery(ast) || hasCallBoundAnew(ast, context);
}

function hasCallBoundAnew(ast: Ast.Expression, context: BindContext): boolean {
  return hasNode(ast, (node) => {
    if (node.kind !== 'functionCall') return false;
    return isSetFunction(functionName(node)) || findSqlFunction(node, context) !== undefined;
  });
}
