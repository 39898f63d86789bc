import { userError } from '../../common/errors.js';
import { isAggregate } from '../../functions/registry.js';
import { isSpelledAggregate, spelledExpression } from '../../functions/spelled/spelled-functions.js';
import type * as Ast from '../../parser/ast/index.js';
import { parseExpression } from '../../parser/index.js';

const parsed = new Map<string, Ast.Expression>();

/** SQL with the arguments in the places of $1, $2 …; `clauses`: of a call that its aggregates get. */
export function expressionOf(
  sql: string,
  args: readonly Ast.Expression[],
  position: number,
  clauses?: Ast.FunctionCall,
): Ast.Expression {
  let expression = parsed.get(sql);
  if (expression === undefined) {
    expression = parseExpression(sql);
    parsed.set(sql, expression);
  }
  const template = clauses ? withClauses(expression, clauses) : expression;
  return substituted(template, args, position) as Ast.Expression;
}

/** With the arguments in the places of the parameters, and the position of the call. */
function substituted(node: unknown, args: readonly Ast.Expression[], position: number): unknown {
  if (Array.isArray(node)) return node.map((part) => substituted(part, args, position));
  if (typeof node !== 'object' || node === null) return node;
  if ('kind' in node && node.kind === 'parameterReference') return args[(node as Ast.ParameterReference).index - 1];
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'position' || key === 'operatorPosition' ? position : substituted(value, args, position),
    ]),
  );
}

export function spelledCall(call: Ast.FunctionCall, name: string): Ast.Expression | undefined {
  const sql = spelledExpression(name, call.args.length);
  if (sql === undefined || call.star || call.withinGroup) return undefined;
  const isPlain = !call.distinct && call.orderBy.length === 0 && !call.filter && !call.over;
  if (!isPlain && !isSpelledAggregate(name)) {
    throw userError('42809', `${name} is not an aggregate function`, { position: call.position });
  }
  const expression = expressionOf(
    sql,
    call.args.map(({ value }) => value),
    call.position,
    isPlain ? undefined : call,
  );
  return expression;
}

/** DISTINCT, FILTER, ORDER BY and OVER of a call, for the aggregates of what it stands for. */
function withClauses(node: unknown, call: Ast.FunctionCall): unknown {
  if (Array.isArray(node)) return node.map((part) => withClauses(part, call));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, withClauses(value, call)]);
  const inner: unknown = Object.fromEntries(entries);
  if (!('kind' in node) || node.kind !== 'functionCall') return inner;
  const aggregate = inner as Ast.FunctionCall;
  if (!isAggregate(aggregate.name.parts.at(-1)!.name)) return inner;
  const operands = [aggregate.filter, call.filter].filter((condition) => condition !== undefined);
  return {
    ...aggregate,
    distinct: aggregate.distinct || call.distinct,
    orderBy: call.orderBy.length > 0 ? call.orderBy : aggregate.orderBy,
    filter: operands.length > 1 ? { kind: 'logical', operator: 'and', operands, position: call.position } : operands[0],
    over: call.over,
  };
}
