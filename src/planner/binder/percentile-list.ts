import type * as Ast from '../../parser/ast/index.js';
import { expressionOf } from './spelled-call.js';

export const PERCENTILES: ReadonlySet<string> = new Set(['percentile_cont', 'percentile_disc']);

/** `percentile_cont(ARRAY[a, b]) WITHIN GROUP (ORDER BY x)`: the array of fractions; undefined of any other call. */
export function fractionsOf(call: Ast.FunctionCall, name: string): Ast.ArrayExpression | undefined {
  const [fractions] = call.args;
  const isList = PERCENTILES.has(name) && call.withinGroup?.length === 1 && call.args.length === 1;
  return isList && fractions!.value.kind === 'array' ? fractions!.value : undefined;
}

/** An array of percentiles, one of each fraction; NULL where there are no values. */
export function percentileList(call: Ast.FunctionCall, fractions: Ast.ArrayExpression): Ast.Expression {
  const [{ expression }] = call.withinGroup as [Ast.OrderByItem];
  const elements = fractions.elements.map(
    (value): Ast.Expression => ({ ...call, args: [{ ...call.args[0]!, value }] }),
  );
  return expressionOf(
    'case when count($1) > 0 then $2 end',
    [expression, { ...fractions, elements }],
    call.position,
    call,
  );
}
