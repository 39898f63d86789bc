import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { encodeNested } from '../../types/nested-codec.js';
import { arrayOf, BOOLEAN } from '../../types/sql-type.js';
import type { AggregateCall, ComparisonOperator, Expression } from '../expression.js';
import { notOf, refer, substituteColumns } from '../logical/expression-tree.js';
import type { LogicalColumn, LogicalNode } from '../logical/logical-plan.js';
import type { SortKey } from '../physical/physical-plan.js';
import { concatenation, sortKeyOf, wrappedValue } from './aggregate-arguments.js';
import {
  type BindContext,
  type BoundQuery,
  type ExpressionContext,
  type PendingApply,
  unsupported,
} from './bind-context.js';
import { applyOperator, type BindExpression, compare, compareRows } from './bind-operator.js';

function bindInner(query: Ast.Query, at: ExpressionContext): BoundQuery {
  if (!at.subqueries)
    throw unsupported(`a subquery in ${at.clause}`, query.position, 'Join with the subquery instead.');
  // An aggregate over this query's columns is this query's, wherever it stands.
  return at.context.bindQuery(query, { ...at.scope, clause: at.clause, aggregates: at.aggregates });
}

function add(at: ExpressionContext, apply: PendingApply): void {
  at.subqueries!.push(apply);
}

/** Its value is a column of the plan that the subquery is put on: NULL where it has no row, 21000 where it has two. */
export function bindScalarSubquery(ast: Ast.ScalarSubquery, at: ExpressionContext): Expression {
  const { plan, columns } = bindInner(ast.query, at);
  const [only] = columns;
  if (!only || columns.length > 1) {
    throw userError('42601', 'subquery must return only one column', {
      position: ast.position,
      hint: 'Name the one column it is used for in its SELECT list.',
    });
  }
  add(at, { joinKind: 'single', right: plan, conditions: [] });
  return refer(only.column);
}

/** ARRAY(SELECT …): its rows in its order; an empty array where it has none. */
export function bindArraySubquery(ast: Ast.ArraySubquery, at: ExpressionContext): Expression {
  const { plan, columns } = bindInner(ast.query, at);
  const [only] = columns;
  if (!only || columns.length > 1) {
    throw userError('42601', 'subquery must return only one column', { position: ast.position });
  }
  const { apply, array } = arrayOfRows(plan, refer(only.column), ast.position, at.context);
  add(at, apply);
  return array;
}

/** The rows of a plan as an array, in their order: what is joined to the rows that it stands beside, and its value. */
export function arrayOfRows(
  plan: LogicalNode,
  element: Expression,
  position: number,
  context: BindContext,
): { readonly apply: PendingApply; readonly array: Expression } {
  const { input, value, keys } = orderedRows(plan, element);
  const type = arrayOf(value.type);
  const args = wrappedValue(value);
  const bytes = keys.map(({ expression, descending, nullsFirst }) =>
    sortKeyOf(context, expression, descending, nullsFirst, position),
  );
  const call: AggregateCall =
    bytes.length === 0
      ? { overload: 'array_agg(any)', type, args }
      : {
          overload: 'array_agg(any)',
          type,
          args: [...args, bytes.reduce((left, right) => concatenation(left, right))],
          order: { by: 'bytes', descending: false, nullsFirst: false },
        };
  const column = context.ids.column('array', type, true);
  const right: LogicalNode = {
    kind: 'aggregate',
    input,
    groupKeys: [],
    aggregates: [{ column, call, distinct: false }],
  };
  const empty: Expression = { kind: 'constant', type, value: encodeNested([], type) };
  return {
    apply: { joinKind: 'single', right, conditions: [] },
    array: { kind: 'coalesce', type, operands: [refer(column), empty] },
  };
}

interface OrderedRows {
  readonly input: LogicalNode;
  readonly value: Expression;
  readonly keys: readonly SortKey[];
}

/** The rows of a plan that ends in a sort, and what they are sorted by, also where a projection leaves that out. */
function orderedRows(plan: LogicalNode, value: Expression): OrderedRows {
  if (plan.kind === 'sort') return { input: plan, value, keys: plan.keys };
  if (plan.kind === 'limit' && plan.input.kind === 'sort') return { input: plan, value, keys: plan.input.keys };
  if (plan.kind === 'project') {
    const items = new Map(plan.items.map(({ column, expression }) => [column.id, expression]));
    const below = orderedRows(plan.input, substituteColumns(value, items));
    if (below.keys.length > 0) return below;
  }
  return { input: plan, value, keys: [] };
}

/** `(a, b) = (SELECT x, y …)`: NULLs where the subquery has no row. */
export function bindRowSubquery(
  operator: ComparisonOperator,
  row: Ast.RowExpression,
  query: Ast.Query,
  position: number,
  at: ExpressionContext,
  bind: BindExpression,
): Expression {
  const operands = row.elements.map((element) => bind(element, at));
  const { plan, columns } = bindInner(query, at);
  checkWidth(columns.length, operands.length, query.position);
  add(at, { joinKind: 'single', right: plan, conditions: [] });
  const pairs = operands.map((operand, i) => [operand, refer(columns[i]!.column)] as const);
  return compareRows(operator, pairs, position, at.context);
}

function checkWidth(columns: number, operands: number, position: number): void {
  if (columns === operands) return;
  throw userError('42601', `subquery has too ${columns > operands ? 'many' : 'few'} columns`, {
    position,
    hint: `It is compared with ${operands} value${operands === 1 ? '' : 's'}, and returns ${columns}.`,
  });
}

function newMark(at: ExpressionContext, nullable: boolean): LogicalColumn {
  return at.context.ids.column('mark', BOOLEAN, nullable);
}

export function bindExists(ast: Ast.ExistsExpression, at: ExpressionContext): Expression {
  const { plan } = bindInner(ast.query, at);
  const markColumn = newMark(at, false);
  add(at, { joinKind: 'mark', right: plan, conditions: [], markColumn });
  return refer(markColumn);
}

export function bindInSubquery(ast: Ast.InSubqueryExpression, at: ExpressionContext, bind: BindExpression): Expression {
  const mark = bindAny('=', ast.operand, ast.query, ast.operatorPosition, at, bind);
  return ast.negated ? notOf(mark) : mark;
}

const NEGATED: Readonly<Record<string, ComparisonOperator>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};
const NEGATED_MATCH: Readonly<Record<string, string>> = { '~~': '!~~', '!~~': '~~', '~~*': '!~~*', '!~~*': '~~*' };

/** `x op ALL (q)` is `NOT (x negated-op ANY (q))`. */
export function bindQuantified(ast: Ast.QuantifiedSubquery, at: ExpressionContext, bind: BindExpression): Expression {
  const { operator, operand, query, operatorPosition } = ast;
  if (ast.quantifier === 'any') return bindAny(operator, operand, query, operatorPosition, at, bind);
  const negated = NEGATED[operator] ?? NEGATED_MATCH[operator];
  if (negated === undefined) throw unsupported(`${operator} ALL`, operatorPosition);
  return notOf(bindAny(negated, operand, query, operatorPosition, at, bind));
}

function bindAny(
  operator: string,
  operandAst: Ast.Expression,
  query: Ast.Query,
  position: number,
  at: ExpressionContext,
  bind: BindExpression,
): Expression {
  const operands = (operandAst.kind === 'row' ? operandAst.elements : [operandAst]).map((part) => bind(part, at));
  const { plan, columns } = bindInner(query, at);
  checkWidth(columns.length, operands.length, position);
  const pairs = operands.map((operand, i) => [operand, refer(columns[i]!.column)] as const);
  if (operands.length > 1 && !(operator in NEGATED)) throw unsupported(`a row before ${operator} ANY or ALL`, position);
  const conditions =
    operands.length > 1 && operator !== '='
      ? [compareRows(operator as ComparisonOperator, pairs, position, at.context)]
      : pairs.map(([operand, column]) => applyComparison(operator, operand, column, position, at));
  const markColumn = newMark(at, true);
  add(at, { joinKind: 'mark', right: plan, conditions, markColumn, nullAware: true });
  return refer(markColumn);
}

function applyComparison(
  operator: string,
  left: Expression,
  right: Expression,
  position: number,
  { context }: ExpressionContext,
): Expression {
  if (operator in NEGATED) return compare(context, operator as ComparisonOperator, left, right, position);
  if (operator === '!~~' || operator === '!~~*') {
    return notOf(applyOperator(context, operator.slice(1), left, right, position));
  }
  return applyOperator(context, operator, left, right, position);
}
