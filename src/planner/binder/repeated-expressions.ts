import type * as Ast from '../../parser/ast/index.js';
import { hasNode } from '../../parser/index.js';
import type { Expression } from '../expression.js';
import { functionName } from './bind-function-call.js';
import { hasSubquery } from './has-subquery.js';
import { isSetFunction } from './set-functions.js';
import { wordsOf } from './words-of.js';

/**
 * Each subquery or set function that is bound makes columns of its own. So that one which is repeated is what was bound
 * before, and not another that happens to be written alike, it is found by its words.
 */
export function findsRepeated(
  bound: Iterable<readonly [Ast.Expression, Expression]>,
): (ast: Ast.Expression) => Expression | undefined {
  const byWords = new Map<string, Expression>();
  for (const [ast, expression] of bound) if (isBoundAnew(ast)) byWords.set(wordsOf(ast), expression);
  return (ast) => (byWords.size > 0 && isBoundAnew(ast) ? byWords.get(wordsOf(ast)) : undefined);
}

/** Do two expressions of these words differ when they are bound? */
export function isBoundAnew(ast: Ast.Expression): boolean {
  return hasSubquery(ast) || hasSetCall(ast);
}

function hasSetCall(ast: Ast.Expression): boolean {
  return hasNode(ast, (node) => node.kind === 'functionCall' && isSetFunction(functionName(node)));
}
