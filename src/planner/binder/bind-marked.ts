import type * as Ast from '../../parser/ast/index.js';
import { BOOLEAN } from '../../types/sql-type.js';
import { refer } from '../logical/expression-tree.js';
import type { LogicalNode } from '../logical/logical-plan.js';
import { outputOf } from '../logical/plan-tree.js';
import { type BindContext, type PendingApply, withSubqueries } from './bind-context.js';
import { bindCondition } from './bind-expression.js';
import type { BoundFrom } from './bind-from.js';
import { joinNamespaces, type Scope } from './scope.js';

/** Rows with a condition over them as a column: a projection, which is where a volatile condition stays. */
export function marked(
  { plan, namespace }: BoundFrom,
  { condition, alias }: Ast.MarkedRelation,
  scope: Scope,
  context: BindContext,
): BoundFrom {
  const subqueries: PendingApply[] = [];
  const inner: Scope = { namespace, parent: scope, commonTables: scope.commonTables };
  const expression = bindCondition(condition, { context, scope: inner, clause: 'WHERE', subqueries });
  const input = withSubqueries(plan, subqueries);
  const [{ name }] = alias.columns as [Ast.Identifier];
  const column = context.ids.column(name, BOOLEAN, true);
  const items = outputOf(plan).map((own) => ({ column: own, expression: refer(own) }));
  const project: LogicalNode = { kind: 'project', input, items: [...items, { column, expression }] };
  const columns = [{ name, column }];
  return {
    plan: project,
    namespace: joinNamespaces(namespace, { tables: [{ alias: alias.name.name, columns }], visible: columns }),
  };
}
