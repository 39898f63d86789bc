import { isCounting, resolveAggregateFunction } from '../../functions/registry.js';
import { asDecimal, isNumber } from '../../types/decimal-rules.js';
import { DOUBLE, type SqlType, sameType } from '../../types/sql-type.js';
import type { AggregateCall, Expression } from '../expression.js';
import { functionOf } from '../format-expression.js';
import { callByName } from '../logical/call-by-name.js';
import { caseBranch, equals, refer } from '../logical/expression-tree.js';
import type { ColumnIds, LogicalAggregateItem, LogicalColumn } from '../logical/logical-plan.js';

/** An aggregate in two steps: over parts of a group, over what came of the parts, and what is made of that. */
export interface TwoSteps {
  readonly partial: readonly LogicalAggregateItem[];
  readonly combined: readonly LogicalAggregateItem[];
  /** Over the columns of `combined`; of the type of the original. */
  readonly result: Expression;
}

/** The function that combines partial results of an aggregate. */
const COMBINED_BY: Readonly<Record<string, string>> = {
  count: 'sum',
  sum: 'sum',
  min: 'min',
  max: 'max',
  bool_and: 'bool_and',
  bool_or: 'bool_or',
  bit_and: 'bit_and',
  bit_or: 'bit_or',
  bit_xor: 'bit_xor',
  count_if: 'sum',
  any_value: 'any_value',
};

export function isDecomposable({ call, distinct }: LogicalAggregateItem): boolean {
  const name = functionOf(call.overload);
  // Averages of intervals and the like are not quotients of numbers.
  return !distinct && call.order === undefined && (name === 'avg' ? isNumber(call.args[0]!.type) : name in COMBINED_BY);
}

export function twoStepsOf(item: LogicalAggregateItem, ids: ColumnIds): TwoSteps {
  const name = functionOf(item.call.overload);
  return name === 'avg' ? averageSteps(item, ids) : simpleSteps(item, name, ids);
}

function simpleSteps(item: LogicalAggregateItem, name: string, ids: ColumnIds): TwoSteps {
  const partial = { ...item, column: { ...item.column, id: ids.create() } };
  const combined = itemOf(COMBINED_BY[name]!, [refer(partial.column)], undefined, partial.column.name, ids);
  const result = cast(refer(combined.column), item.column.type);
  return { partial: [partial], combined: [combined], result: isCounting(item.call.overload) ? orZero(result) : result };
}

/** The quotient of a sum and a count has the scale of an average, and is rounded like it. */
function averageSteps({ call, column }: LogicalAggregateItem, ids: ColumnIds): TwoSteps {
  const { filter } = call;
  const arg = call.args[0]!;
  const isFloat = column.type.kind === 'double';
  const partial = [
    itemOf('sum', [isFloat ? cast(arg, DOUBLE) : arg], filter, 'sum', ids),
    itemOf('count', [arg], filter, 'count', ids),
  ];
  const combined = partial.map((part) => itemOf('sum', [refer(part.column)], undefined, part.column.name, ids));
  const [sum, count] = combined.map((part) => refer(part.column)) as [Expression, Expression];
  return { partial, combined, result: quotient(sum, count, column) };
}

function itemOf(
  name: string,
  args: readonly Expression[],
  filter: Expression | undefined,
  label: string,
  ids: ColumnIds,
): LogicalAggregateItem {
  const resolved = resolveAggregateFunction(
    name,
    args.map((arg) => arg.type),
  );
  const call: AggregateCall = { overload: resolved.overload, type: resolved.returns, args, filter };
  return { column: ids.column(label, resolved.returns, name !== 'count'), call, distinct: false };
}

function quotient(sum: Expression, count: Expression, column: LogicalColumn): Expression {
  const operands =
    column.type.kind === 'double' ? [sum, cast(count, DOUBLE)] : [cast(sum, asDecimal(sum.type)!), count];
  const zero: Expression = { kind: 'constant', type: count.type, value: 0n };
  const none: Expression = { kind: 'constant', type: column.type, value: null };
  const value = cast(callByName('/', operands), column.type);
  return { kind: 'case', type: column.type, branches: [caseBranch(equals(count, zero), none)], otherwise: value };
}

/** A count of nothing is zero. */
function orZero(count: Expression): Expression {
  const { type } = count;
  return { kind: 'coalesce', type, operands: [count, { kind: 'constant', type, value: 0n }] };
}

function cast(input: Expression, type: SqlType): Expression {
  return sameType(input.type, type) ? input : { kind: 'cast', type, input };
}
