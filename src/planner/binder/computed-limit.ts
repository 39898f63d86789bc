import { MillraceError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { hasNode } from '../../parser/index.js';
import { BIGINT, BOOLEAN } from '../../types/sql-type.js';
import type { ComparisonOperator, Expression } from '../expression.js';
import { isNullOf, orOf, refer } from '../logical/expression-tree.js';
import type { LogicalColumn, LogicalNode } from '../logical/logical-plan.js';
import { numberedRows } from '../logical/numbered-rows.js';
import { type BindContext, type PendingApply, unsupported, withSubqueries } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { applyOperator } from './bind-operator.js';
import { coerce } from './coerce.js';
import { hasSubquery } from './has-subquery.js';
import { EMPTY_NAMESPACE, resolveColumn, type Scope } from './scope.js';

/** Is the number computed: by a subquery, or of columns of a query around this one? */
export function isComputed(ast: Ast.Expression | undefined, outer: Scope): boolean {
  if (ast === undefined) return false;
  return hasSubquery(ast) || hasNode(ast, (node) => node.kind === 'columnReference' && isColumnOf(outer, node));
}

function isColumnOf(scope: Scope, { parts, position }: Ast.ColumnReference): boolean {
  try {
    resolveColumn(scope, parts, position);
    return true;
  } catch (error) {
    if (error instanceof MillraceError) return false;
    throw error;
  }
}

/** LIMIT and OFFSET that are computed: rows are numbered, and those between are kept. */
export function limitByNumbers(plan: LogicalNode, query: Ast.Query, scope: Scope, context: BindContext): LogicalNode {
  if (query.limit?.withTies) {
    throw unsupported('WITH TIES of a computed number', query.limit.position, 'Give it as a number or a parameter.');
  }
  const subqueries: PendingApply[] = [];
  const bind = (ast: Ast.Expression, clause: string): Expression => {
    const at = { context, scope: { ...scope, namespace: EMPTY_NAMESPACE, parent: scope }, clause, subqueries };
    return coerce(context, bindExpression(ast, at), BIGINT, ast.position, 'assignment');
  };
  const limit = query.limit && bind(query.limit.count, 'LIMIT');
  const zero: Expression = { kind: 'constant', type: BIGINT, value: 0n };
  const written = query.offset && bind(query.offset, 'OFFSET');
  const offset: Expression = written ? { kind: 'coalesce', type: BIGINT, operands: [written, zero] } : zero;
  const number = context.ids.column('row_number', BIGINT, false);
  const conjuncts = [compared(number, '>', offset)];
  if (limit) {
    const end = applyOperator(context, '+', limit, offset, query.limit!.position);
    conjuncts.push(orOf([isNullOf(limit), compared(number, '<=', end)]));
  }
  return numberedBelow(plan, number, (numbered) => ({
    kind: 'filter',
    input: withSubqueries(numbered, subqueries),
    conjuncts,
  }));
}

function compared(number: LogicalColumn, operator: ComparisonOperator, right: Expression): Expression {
  return { kind: 'comparison', type: BOOLEAN, operator, left: refer(number), right };
}

/** Below the sort that gives the rows their order, so that they have it still. */
function numberedBelow(
  plan: LogicalNode,
  number: LogicalColumn,
  keep: (numbered: LogicalNode) => LogicalNode,
): LogicalNode {
  if (plan.kind === 'project' && isSorted(plan.input)) {
    return { ...plan, input: numberedBelow(plan.input, number, keep) };
  }
  if (plan.kind === 'sort') return { ...plan, input: keep(numberedRows(plan.input, [], plan.keys, number)) };
  return keep(numberedRows(plan, [], [], number));
}

function isSorted(plan: LogicalNode): boolean {
  return plan.kind === 'sort' || (plan.kind === 'project' && isSorted(plan.input));
}
