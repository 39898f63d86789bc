import { userError } from '../../common/errors.js';
import { resolveOperator } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { arrayOf, type SqlType, TEXT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import type { BindContext, ExpressionContext } from './bind-context.js';
import type { BindExpression } from './bind-operator.js';
import { coerce } from './coerce.js';
import { foldIfConstant } from './fold.js';

const NAME = /^(jsonb?)_extract_path(_text)?$/;
const TEXTS: SqlType = arrayOf(TEXT);

/** `jsonb_extract_path(j, 'a', 'b')` and `…(j, VARIADIC path)` are `j #> path`; undefined for other functions. */
export function bindExtractPath(
  call: Ast.FunctionCall,
  name: string,
  at: ExpressionContext,
  bind: BindExpression,
): Expression | undefined {
  const [, kind, asText] = NAME.exec(name) ?? [];
  const [target, ...steps] = call.args;
  if (kind === undefined || target === undefined || steps.length === 0) return undefined;
  if (call.args.some((arg) => arg.name) || call.star || call.distinct || call.filter) return undefined;
  const { context } = at;
  const json = coerce(context, bind(target.value, at), { kind: kind as 'json' | 'jsonb' }, target.position);
  const variadic = call.args.find((arg) => arg.variadic);
  const values = steps.map(({ value, position }) => {
    const bound = bind(value, at);
    if (variadic && bound.type.kind !== 'array' && bound.type.kind !== 'unknown') {
      throw userError('42804', 'VARIADIC argument must be an array', { position });
    }
    return coerce(context, bound, variadic ? TEXTS : TEXT, position);
  });
  const path = variadic ? values[0]! : pathOf(values, context, call.position);
  return partAt(json, path, asText !== undefined);
}

/** What lies at a path of steps. */
export function extractSteps(
  context: BindContext,
  json: Expression,
  steps: readonly Expression[],
  position: number,
): Expression {
  return partAt(json, pathOf(steps, context, position), false);
}

function pathOf(steps: readonly Expression[], context: BindContext, position: number): Expression {
  return foldIfConstant(context, { kind: 'call', type: TEXTS, overload: 'list_value(any...)', args: steps }, position);
}

function partAt(json: Expression, path: Expression, asText: boolean): Expression {
  const { overload, returns } = resolveOperator(asText ? '#>>' : '#>', json.type, TEXTS);
  return { kind: 'call', type: returns, overload, args: [json, path] };
}
