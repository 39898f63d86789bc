import type * as Ast from '../../parser/ast/index.js';
import { expressionOf, spelledCall } from './spelled-call.js';
import { wordsOf } from './words-of.js';

const named = (call: Ast.FunctionCall, name: string): Ast.FunctionCall => ({
  ...call,
  name: { ...call.name, parts: [{ ...call.name.parts.at(-1)!, name }] },
});

/** Spark's count(a, b): rows in which none of them is NULL; with DISTINCT, each such row once. */
export function countOfRows(call: Ast.FunctionCall, values: readonly Ast.Expression[]): Ast.Expression {
  const { position } = call;
  const row: Ast.Expression = { kind: 'row', elements: values, position };
  const isPresent = values.map((_, i) => `$${i + 2} is not null`).join(' and ');
  return expressionOf(`count($1) filter (where ${isPresent})`, [row, ...values], position, call);
}

/**
 * first_value and last_value without a window, first and last over one, whose order they mean, and Spark's flag that
 * leaves NULLs out.
 */
export function ofOneRow(call: Ast.FunctionCall, name: string): Ast.Expression | undefined {
  const [value, flag] = call.args;
  const isFlagged = call.args.length === 2 && flag!.value.kind === 'booleanLiteral';
  const short = name === 'any_value' ? 'first' : name.replace('_value', '');
  const isShort = short === name || name === 'any_value';
  if (!isFlagged) {
    if (name === 'any_value' || (call.over && !isShort)) return undefined;
    const isOfFrame = call.over && call.orderBy.length === 0 && call.filter === undefined;
    if (isOfFrame) return named(call, `${short}_value`);
    return isShort ? undefined : named(call, short);
  }
  const nullTreatment = flag!.value.kind === 'booleanLiteral' && flag!.value.value ? 'ignore' : undefined;
  return { ...named(call, call.over ? `${short}_value` : short), args: [value!], nullTreatment };
}

/** WITHIN GROUP of the aggregates that join texts says what ORDER BY does. */
export function inOrderWithin(call: Ast.FunctionCall): Ast.Expression | undefined {
  const { withinGroup } = call;
  return withinGroup ? { ...call, withinGroup: undefined, orderBy: withinGroup } : spelledCall(call, nameOf(call));
}

const nameOf = ({ name }: Ast.FunctionCall): string => name.parts.at(-1)!.name;

/**
 * percentile(x, array(a, b)): an array of percentiles. DuckDB's quantile_cont(x, a ORDER BY x DESC) counts from the
 * greatest value.
 */
export function percentilesOf(
  call: Ast.FunctionCall,
  name: string,
  [value, fractions]: readonly Ast.Expression[],
): Ast.Expression {
  const continuous = name === 'percentile' || name === 'quantile_cont';
  const { position } = call;
  return {
    ...named(call, continuous ? 'percentile_cont' : 'percentile_disc'),
    args: [{ ...call.args[0]!, value: fractions! }],
    orderBy: [],
    withinGroup: [
      {
        kind: 'orderByItem',
        expression: value!,
        direction: isFromGreatest(call) ? 'desc' : 'asc',
        nulls: undefined,
        position,
      },
    ],
  };
}

/** Is the first argument also what the call is ordered by, in descending order? Any other order means nothing. */
export function isFromGreatest({ args, orderBy }: Ast.FunctionCall): boolean {
  const [item, ...others] = orderBy;
  return (
    item !== undefined &&
    others.length === 0 &&
    item.direction === 'desc' &&
    args.length > 0 &&
    wordsOf(item.expression) === wordsOf(args[0]!.value)
  );
}

/** DuckDB's and Spark's mode(x). */
export function modeOf(call: Ast.FunctionCall, values: readonly Ast.Expression[]): Ast.Expression {
  return expressionOf('mode() within group (order by $1)', values, call.position, call);
}
