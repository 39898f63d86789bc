import type * as Ast from '../../parser/ast/index.js';
import { hasNode } from '../../parser/index.js';
import { PERCENTILES } from './percentile-list.js';
import { expressionOf } from './spelled-call.js';

/** Does an argument that is given once for the group depend on it, or on rows of a query around? */
export const isOfGroup = (argument: Ast.Expression): boolean =>
  hasNode(argument, ({ kind }) => kind === 'columnReference' || kind === 'query');

/** `percentile_cont(p) WITHIN GROUP (ORDER BY x)` where p is a value of the group. */
export const hasFractionOfGroup = (call: Ast.FunctionCall, name: string): boolean =>
  PERCENTILES.has(name) && call.withinGroup?.length === 1 && call.args.length === 1 && isOfGroup(call.args[0]!.value);

/** The same percentile of a fraction that is known: what it gives is of the same type. */
export function ofKnownFraction(call: Ast.FunctionCall): Ast.FunctionCall {
  const [argument] = call.args as [Ast.FunctionCall['args'][number]];
  const half: Ast.Expression = { kind: 'numericLiteral', text: '0.5', position: argument.position };
  return { ...call, args: [{ ...argument, value: half }] };
}

/** The fraction is applied to the list of the group's values, when that is complete; `type`: what of. */
export function percentileOfGroup(call: Ast.FunctionCall, name: string, type: 'interval' | 'double'): Ast.Expression {
  const [{ value: fraction }] = call.args as [Ast.FunctionCall['args'][number]];
  const [{ expression }] = call.withinGroup as [Ast.OrderByItem];
  const { position } = call;
  const listed = { ...call, orderBy: call.withinGroup! };
  const say = (sql: string, ...args: readonly Ast.Expression[]): Ast.Expression => expressionOf(sql, args, position);
  const list = (sql: string): Ast.Expression => expressionOf(sql, [expression], position, listed);
  if (name === 'percentile_disc') {
    const rows = list('array_agg(row($1)) filter (where $1 is not null)');
    const place = say('ceil(percentile_fraction($1) * cardinality($2))::integer + ($1 = 0)::integer', fraction, rows);
    return say('($1[$2]).f1', rows, place);
  }
  const values = list(
    `array_agg($1::${type === 'interval' ? type : 'double precision'}) filter (where $1 is not null)`,
  );
  const place = say('percentile_fraction($1) * (cardinality($2) - 1)', fraction, values);
  const [below, above] = ['floor', 'ceil'].map((nearest) => say(`$1[${nearest}($2)::integer + 1]`, values, place));
  return say('$1 + ($2 - $1) * ($3 - floor($3))', below!, above!, place);
}
