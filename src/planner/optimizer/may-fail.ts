import { castOf } from '../../functions/casts/casts.js';
import { scalarOverload } from '../../functions/registry.js';
import type { SqlType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { functionOf } from '../format-expression.js';
import { someExpression } from '../logical/expression-tree.js';
import { type ColumnEstimates, valueRange } from '../statistics/value-range.js';

/** Their results have room for what their arguments can be; only numbers near the end of the type's range overflow. */
const ROOMY_OPERATORS: ReadonlySet<string> = new Set(['+', '-', '*']);
const ROOMY: ReadonlySet<SqlType['kind']> = new Set<SqlType['kind']>(['decimal', 'double']);

/**
 * Can an expression be an error for a row that a query would leave out before it computes the expression? Sums and products
 * of decimals and doubles are taken not to be: everything that prices are computed with. Those of whole numbers are not
 * where the bounds of the columns keep them within their type.
 */
export function mayFail(expression: Expression, columns: ColumnEstimates): boolean {
  return someExpression(expression, (part) => isFallible(part) && valueRange(part, columns) === undefined);
}

function isFallible(part: Expression): boolean {
  if (part.kind === 'cast') return part.zone !== undefined || castOf(part.input.type, part.type).fallible;
  if (part.kind !== 'call') return false;
  const { fallible } = scalarOverload(part.overload);
  return fallible === true && !(ROOMY_OPERATORS.has(functionOf(part.overload)) && ROOMY.has(part.type.kind));
}
