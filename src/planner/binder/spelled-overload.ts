import { scalarOverload } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import type { Expression } from '../expression.js';
import { isVolatile } from '../optimizer/volatility.js';
import type { BindContext, ExpressionContext } from './bind-context.js';
import type { BindExpression } from './bind-operator.js';
import { coerce } from './coerce.js';
import type { Scope } from './scope.js';
import { expressionOf } from './spelled-call.js';

const NO_SCOPE: Scope = { namespace: { tables: [], visible: [] }, parent: undefined, commonTables: new Map() };

/** What a call of an overload stands for that is spelled in SQL; any other expression as it is. */
export function inWordsOfSql(
  bound: Expression,
  position: number,
  context: BindContext,
  bind: BindExpression,
): Expression {
  if (bound.kind !== 'call') return bound;
  const { implementation, strict, name } = scalarOverload(bound.overload);
  if (implementation.kind !== 'spelled') return bound;
  const { args, type } = bound;
  const inside: ExpressionContext = {
    context: { ...context, parameters: { types: [], values: args } },
    scope: NO_SCOPE,
    clause: `function ${name}`,
    subqueries: undefined,
  };
  const references = args.map((_, i): Ast.Expression => ({ kind: 'parameterReference', index: i + 1, position }));
  const sql = evaluatingOnce(strict ? strictly(implementation.sql, args) : implementation.sql, args);
  return coerce(context, bind(expressionOf(sql, references, position), inside), type, position, 'assignment');
}

function strictly(sql: string, args: readonly Expression[]): string {
  const tests = args.map((_, i) => `$${i + 1} is null`);
  return `case when ${tests.join(' or ')} then null else ${sql} end`;
}

/**
 * Equal expressions are computed once, but for volatile ones: where these stand more than once, or within a lambda, they
 * become the one element of an array, and the expression a lambda of it.
 */
function evaluatingOnce(sql: string, args: readonly Expression[]): string {
  return args.reduce((inner, arg, i) => {
    const place = new RegExp(`\\$${i + 1}\\b`, 'g');
    const stands = sql.match(place)?.length ?? 0;
    if (!isVolatile(arg) || (stands === 1 && !sql.includes('->'))) return inner;
    return `(list_transform(array[$${i + 1}], argument_${i + 1} -> ${inner.replaceAll(place, `argument_${i + 1}`)}))[1]`;
  }, sql);
}
