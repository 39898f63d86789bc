import { setFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { arrayOf, BIGINT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { isConstant, refer } from '../logical/expression-tree.js';
import { type LogicalNode, type LogicalUnnest, type ProjectItem, SINGLE_ROW } from '../logical/logical-plan.js';
import { freeColumnsOf, outputIdsOf, outputOf } from '../logical/plan-tree.js';
import { filterOver } from '../optimizer/rules/predicate-pushdown.js';
import type { BindContext, ExpressionContext } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { functionName } from './bind-function-call.js';
import { bindRowSet, rowsOfRecordCall } from './bind-row-set.js';
import type { BoundRelation, Namespace, Scope } from './scope.js';
import { arraysOfSetCall, elementTypeOf } from './set-functions.js';

/** A set function in FROM, which may refer to the entries before it. */
export function bindSetRelation(
  relation: Ast.FunctionRelation,
  scope: Scope,
  lateral: Namespace,
  context: BindContext,
): BoundRelation {
  const { call, alias } = relation;
  const name = functionName(call);
  const inner = { ...scope, namespace: lateral, parent: scope };
  const at = { context, scope: inner, clause: 'functions in FROM', subqueries: undefined };
  const arrays = arraysOfSetCall(call, name, at, bindExpression);
  const { columns: names, rows } = setFunction(name) ?? {};
  if (rows)
    return bindRowSet(
      rowsOfRecordCall(arrays[0]!, rows, relation.columnDefinitions),
      name,
      relation.withOrdinality,
      context,
    );
  if (givesColumns(call, name, at) && elementTypeOf(arrays[0]!).kind === 'struct') {
    return bindRowSet(arrays[0]!, name, relation.withOrdinality, context);
  }
  // The alias of a function of one column names the column, too.
  const columnName = names?.[0] ?? (arrays.length === 1 ? (alias?.name.name ?? name) : name);
  const items = arrays.map((expression) => ({
    expression,
    column: context.ids.column(columnName, elementTypeOf(expression), true),
  }));
  const ordinality = relation.withOrdinality ? context.ids.column('ordinality', BIGINT, false) : undefined;
  const plan: LogicalNode = { kind: 'unnest', input: SINGLE_ROW, items, ordinality, outer: false };
  const columns = [...items.map(({ column }) => column), ...(ordinality ? [ordinality] : [])];
  const named = columns.map((column) => ({ name: column.name, column }));
  return { plan, columns: named, value: named.length === 1 ? named[0] : undefined };
}

/** Are the fields of its rows columns? Spark's explode has them of a map, and its inline of rows. */
function givesColumns({ args }: Ast.FunctionCall, name: string, at: ExpressionContext): boolean {
  if (name === 'inline' || setFunction(name)) return true;
  return name === 'explode' && args.length === 1 && bindExpression(args[0]!.value, at).type.kind === 'map';
}

/** Any function in FROM: one row of one column, or of the fields of the row that it gives. */
export function bindScalarRelation(
  relation: Ast.FunctionRelation,
  scope: Scope,
  lateral: Namespace,
  context: BindContext,
): BoundRelation {
  const { call, alias, withOrdinality } = relation;
  const name = functionName(call);
  const inner = { ...scope, namespace: lateral, parent: scope };
  const value = bindExpression(call, { context, scope: inner, clause: 'functions in FROM', subqueries: undefined });
  const rows: Expression = { kind: 'call', type: arrayOf(value.type), overload: 'list_value(any...)', args: [value] };
  if (value.type.kind === 'struct') return bindRowSet(rows, name, withOrdinality, context);
  const column = context.ids.column(alias?.name.name ?? name, value.type, true);
  const ordinality = withOrdinality ? context.ids.column('ordinality', BIGINT, false) : undefined;
  const items = [{ expression: rows, column }];
  const plan: LogicalNode = { kind: 'unnest', input: SINGLE_ROW, items, ordinality, outer: false };
  const columns = [column, ...(ordinality ? [ordinality] : [])];
  const named = columns.map((found) => ({ name: found.name, column: found }));
  return { plan, columns: named, value: named.length === 1 ? named[0] : undefined };
}

/** Is the entry of FROM one that refers to those before it? What is LATERAL may stand deep within a join. */
export function isLateral(relation: Ast.Relation, plan: LogicalNode, left: LogicalNode): boolean {
  if (relation.kind === 'subquery') return relation.lateral;
  if (relation.kind === 'table') return false;
  return refersTo(plan, left);
}

function refersTo(plan: LogicalNode, left: LogicalNode): boolean {
  const free = freeColumnsOf(plan);
  return free.size > 0 && [...outputIdsOf(left)].some((id) => free.has(id));
}

/**
 * What a set function in FROM gives beside each row of the left is no join: the rows are multiplied where they are. One
 * that asks nothing of the left gives the same rows to all, which are found by a join, and computed once.
 */
export function unnestOver(
  left: LogicalNode,
  right: LogicalNode,
  joinKind: 'inner' | 'left',
  conditions: readonly Expression[],
): LogicalNode | undefined {
  return refersTo(right, left) ? multipliedRows(left, right, joinKind, conditions) : undefined;
}

function multipliedRows(
  left: LogicalNode,
  right: LogicalNode,
  joinKind: 'inner' | 'left',
  conditions: readonly Expression[],
): LogicalNode | undefined {
  if (right.kind === 'project') {
    // Rows are taken apart into their fields.
    const rows = multipliedRows(left, right.input, joinKind, []);
    if (!rows || (joinKind === 'left' && !conditions.every((condition) => isConstant(condition, true))))
      return undefined;
    const handedOn = outputOf(left).map((column): ProjectItem => ({ column, expression: refer(column) }));
    const whole: LogicalNode = { kind: 'project', input: rows, items: [...handedOn, ...right.items] };
    return joinKind === 'inner' ? filterOver(whole, conditions) : whole;
  }
  if (right.kind !== 'unnest' || right.input !== SINGLE_ROW) return undefined;
  if (joinKind === 'inner') return filterOver({ ...right, input: left }, conditions);
  if (!conditions.every((condition) => isConstant(condition, true))) return undefined;
  return { ...asOuter(right), input: left };
}

function asOuter(unnest: LogicalUnnest): LogicalUnnest {
  const { ordinality } = unnest;
  return { ...unnest, outer: true, ordinality: ordinality && { ...ordinality, nullable: true } };
}
