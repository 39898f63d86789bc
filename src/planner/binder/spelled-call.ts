import { userError } from '../../common/errors.js';
import { isAggregate } from '../../functions/registry.js';
import { isSpelledAggregate, spelledExpression } from '../../functions/spelled/spelled-functions.js';
import type * as Ast from '../../parser/ast/index.js';
import { parseExpression } from '../../parser/index.js';

const parsed = new Map<string, Ast.Expression>();
/** Templates with the schema of a from_json are as many as people write. */
const MOST_KEPT = 1000;

/** SQL with the arguments in the places of $1, $2 …; `clauses`: of a call that its aggregates get. */
export function expressionOf(
  sql: string,
  args: readonly Ast.Expression[],
  position: number,
  clauses?: Ast.FunctionCall,
): Ast.Expression {
  let template = parsed.get(sql);
  if (template === undefined) {
    template = parseExpression(sql);
    if (parsed.size < MOST_KEPT) parsed.set(sql, template);
  }
  return filledIn(template, { args, position, clauses }) as Ast.Expression;
}

interface Filling {
  readonly args: readonly Ast.Expression[];
  /** Of the call: what the template says stands there. */
  readonly position: number;
  readonly clauses: Ast.FunctionCall | undefined;
}

/** Arguments and clauses are the caller's, and stay as they are: parameters in them are those of the query. */
function filledIn(template: unknown, filling: Filling): unknown {
  if (Array.isArray(template)) return template.map((part) => filledIn(part, filling));
  if (typeof template !== 'object' || template === null) return template;
  const { args, position, clauses } = filling;
  const node = template as Ast.Expression;
  if (node.kind === 'parameterReference') return args[node.index - 1];
  const filled: unknown = Object.fromEntries(
    Object.entries(template).map(([key, part]) => [
      key,
      key === 'position' || key === 'operatorPosition' ? position : filledIn(part, filling),
    ]),
  );
  return clauses && node.kind === 'functionCall' ? withClauses(filled as Ast.FunctionCall, clauses) : filled;
}

/** DISTINCT, FILTER, ORDER BY and OVER of a call, for an aggregate of what it stands for. */
function withClauses(inner: Ast.FunctionCall, call: Ast.FunctionCall): Ast.FunctionCall {
  if (!isAggregate(inner.name.parts.at(-1)!.name)) return inner;
  // What the call leaves out first need not bear the other condition.
  const operands = [call.filter, inner.filter].filter((condition) => condition !== undefined);
  return {
    ...inner,
    distinct: inner.distinct || call.distinct,
    orderBy: call.orderBy.length > 0 ? call.orderBy : inner.orderBy,
    filter: operands.length > 1 ? { kind: 'logical', operator: 'and', operands, position: call.position } : operands[0],
    over: call.over,
  };
}

export function spelledCall(call: Ast.FunctionCall, name: string): Ast.Expression | undefined {
  const standing = spelledExpression(name, call.args.length);
  if (standing === undefined || call.star || call.withinGroup) return undefined;
  const isPlain = !call.distinct && call.orderBy.length === 0 && !call.over;
  const isBare = isPlain && !call.filter;
  if (!isBare && !isSpelledAggregate(name)) {
    throw userError('42809', `${name} is not an aggregate function`, { position: call.position });
  }
  const sql = (isPlain ? standing.plain : undefined) ?? standing.sql;
  const values = call.args.map(({ value }) => value);
  return expressionOf(sql, values, call.position, isBare ? undefined : call);
}
