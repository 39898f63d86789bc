import { setFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { arrayOf } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { isConstant, refer } from '../logical/expression-tree.js';
import { type LogicalNode, type LogicalUnnest, type ProjectItem, SINGLE_ROW } from '../logical/logical-plan.js';
import { freeColumnsOf, outputIdsOf, outputOf } from '../logical/plan-tree.js';
import { filterOver } from '../optimizer/rules/predicate-pushdown.js';
import type { BindContext, ExpressionContext } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { functionName } from './bind-function-call.js';
import { bindRowSets, type RowSet, rowsOfRecordCall } from './bind-row-set.js';
import type { BoundRelation, Namespace, Scope } from './scope.js';
import { arraysOfSetCall, elementTypeOf, isSetFunction } from './set-functions.js';

/** What a call in FROM needs to be bound: one that stands alone, or beside others in ROWS FROM. */
type CallInFrom = Pick<Ast.FunctionRelation, 'call' | 'columnDefinitions'>;

/** A set function in FROM, or any other but for aggregates, which may refer to the entries before it. */
export function bindSetRelation(
  relation: Ast.FunctionRelation,
  scope: Scope,
  lateral: Namespace,
  context: BindContext,
): BoundRelation {
  const sets = rowSetsOf(relation, relation.alias?.name.name, inFrom(scope, lateral, context));
  return bindRowSets(sets, relation.withOrdinality, context);
}

/** ROWS FROM: what several functions give, side by side. */
export function bindRowsFrom(
  { functions, alias, withOrdinality }: Ast.RowsFromRelation,
  scope: Scope,
  lateral: Namespace,
  context: BindContext,
): BoundRelation {
  const at = inFrom(scope, lateral, context);
  // Only where it is alone does the name of all stand for that of a function's column.
  const columnName = functions.length === 1 ? alias?.name.name : undefined;
  return bindRowSets(
    functions.flatMap((call) => rowSetsOf(call, columnName, at)),
    withOrdinality,
    context,
  );
}

function inFrom(scope: Scope, lateral: Namespace, context: BindContext): ExpressionContext {
  const inner = { ...scope, namespace: lateral, parent: scope };
  return { context, scope: inner, clause: 'functions in FROM', subqueries: undefined };
}

/** The elements that a call gives, one set a column or row; one row where it is no set function. */
function rowSetsOf(
  { call, columnDefinitions }: CallInFrom,
  columnName: string | undefined,
  at: ExpressionContext,
): readonly RowSet[] {
  const name = functionName(call);
  if (!isSetFunction(name)) {
    const value = bindExpression(call, at);
    const elements: Expression = {
      kind: 'call',
      type: arrayOf(value.type),
      overload: 'list_value(any...)',
      args: [value],
    };
    const takesApart = value.type.kind === 'struct';
    return [{ elements, name: takesApart ? name : (columnName ?? name), takesApart }];
  }
  const arrays = arraysOfSetCall(call, name, at, bindExpression);
  const { columns: names, rows } = setFunction(name) ?? {};
  if (rows)
    return [{ elements: rowsOfRecordCall(at.context, arrays[0]!, rows, columnDefinitions), name, takesApart: true }];
  if (givesColumns(call, name, at) && elementTypeOf(arrays[0]!).kind === 'struct') {
    return [{ elements: arrays[0]!, name, takesApart: true }];
  }
  // The alias of a function of one column names the column, too.
  const elementName = names?.[0] ?? (arrays.length === 1 ? (columnName ?? name) : name);
  return arrays.map((elements) => ({ elements, name: elementName, takesApart: false }));
}

/** Are the fields of its rows columns? Spark's explode has them of a map, and its inline of rows. */
function givesColumns({ args }: Ast.FunctionCall, name: string, at: ExpressionContext): boolean {
  if (name === 'inline' || setFunction(name)) return true;
  return name === 'explode' && args.length === 1 && bindExpression(args[0]!.value, at).type.kind === 'map';
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
