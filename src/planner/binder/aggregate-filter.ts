import type * as Ast from '../../parser/ast/index.js';
import type { Expression } from '../expression.js';
import { andOf, isNullOf } from '../logical/expression-tree.js';
import type { ExpressionContext } from './bind-context.js';
import { bindCondition } from './bind-expression.js';

/** Which rows an aggregate looks at: those of its FILTER and, with IGNORE NULLS, only where there is a value. */
export function filterOf(
  call: Ast.FunctionCall,
  [value]: readonly Expression[],
  at: ExpressionContext,
): Expression | undefined {
  const filter = call.filter && bindCondition(call.filter, at, 'FILTER');
  if (call.nullTreatment !== 'ignore' || value === undefined) return filter;
  const hasValue = isNullOf(value, true);
  return filter ? andOf([filter, hasValue]) : hasValue;
}
