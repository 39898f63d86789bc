import { resolveUserFunction } from '../../functions/registry.js';
import { userFunctionOf } from '../../functions/user/user-function.js';
import type * as Ast from '../../parser/ast/index.js';
import type { Expression } from '../expression.js';
import { atPosition, type BindContext } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { functionName } from './bind-function-call.js';
import { bindRowSet } from './bind-row-set.js';
import { coerce } from './coerce.js';
import type { BoundRelation, Namespace, Scope } from './scope.js';

/** A registered table function in FROM: the array of rows that it gives is taken apart, and then each row. */
export function bindUserTable(
  { call, withOrdinality }: Ast.FunctionRelation,
  scope: Scope,
  lateral: Namespace,
  context: BindContext,
): BoundRelation {
  const name = functionName(call);
  const inner = { ...scope, namespace: lateral, parent: scope };
  const at = { context, scope: inner, clause: 'functions in FROM', subqueries: undefined };
  const args = call.args.map(({ value }) => bindExpression(value, at));
  const types = args.map((arg) => arg.type);
  const { userFunctions = new Map() } = context;
  const id = atPosition(call.position, () => resolveUserFunction(name, types, 'table', userFunctions));
  const { args: declared, returns } = userFunctionOf(id);
  const given = args.map((arg, i) => coerce(context, arg, declared[i]!, call.args[i]!.position));
  const rows: Expression = { kind: 'call', type: returns, overload: id, args: given };
  return bindRowSet(rows, name, withOrdinality, context);
}
