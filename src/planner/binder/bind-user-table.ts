import { resolveUserFunction } from '../../functions/registry.js';
import { userFunctionOf } from '../../functions/user/user-function.js';
import type * as Ast from '../../parser/ast/index.js';
import type { ArrayType, StructType } from '../../types/sql-type.js';
import { BIGINT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { refer } from '../logical/expression-tree.js';
import { type LogicalNode, type ProjectItem, SINGLE_ROW } from '../logical/logical-plan.js';
import { atPosition, type BindContext } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { functionName } from './bind-function-call.js';
import { fieldAt } from './bind-nested.js';
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
  const rowType = (returns as ArrayType).element as StructType;
  const row = context.ids.column(name, rowType, false);
  const ordinality = withOrdinality ? context.ids.column('ordinality', BIGINT, false) : undefined;
  const unnest: LogicalNode = {
    kind: 'unnest',
    input: SINGLE_ROW,
    items: [{ expression: rows, column: row }],
    ordinality,
    outer: false,
  };
  const items = rowType.fields.map(
    (field, index): ProjectItem => ({
      column: context.ids.column(field.name, field.type, true),
      expression: fieldAt(refer(row), rowType, index),
    }),
  );
  if (ordinality) items.push({ column: ordinality, expression: refer(ordinality) });
  return {
    plan: { kind: 'project', input: unnest, items },
    columns: items.map(({ column }) => ({ name: column.name, column })),
  };
}
