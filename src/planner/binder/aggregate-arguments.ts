import { userError } from '../../common/errors.js';
import { OCCURRENCES } from '../../functions/aggregate/occurrences.js';
import type { AggregateOverload } from '../../functions/function-types.js';
import { isOrderedSet, resolveOperator } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { arrayOf, BYTEA, someType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { someExpression, textConstant } from '../logical/expression-tree.js';
import { type BindContext, unsupported } from './bind-context.js';
import { foldOnce } from './fold.js';
import { sortKeyCall } from './sort-key.js';

/** Refuses what PostgreSQL does: WITHIN GROUP where it does not belong, or its absence. */
export function checkAggregateCall(call: Ast.FunctionCall, name: string): void {
  const { position } = call;
  for (const argument of call.args) {
    if (argument.name) throw unsupported('a named argument', argument.position, 'Give the arguments by position.');
    if (argument.variadic) throw unsupported('VARIADIC', argument.position);
  }
  if (isOrderedSet(name)) {
    if (!call.withinGroup) {
      throw userError('42809', `WITHIN GROUP is required for ordered-set aggregate ${name}`, {
        position,
        hint: `Write ${name}(…) WITHIN GROUP (ORDER BY …).`,
      });
    }
    if (call.distinct) throw userError('42601', 'cannot use DISTINCT with WITHIN GROUP', { position });
    if (call.orderBy.length > 0)
      throw userError('42601', 'cannot use multiple ORDER BY clauses with WITHIN GROUP', { position });
  } else if (call.withinGroup) {
    throw userError('42809', `${name} is not an ordered-set aggregate, so it cannot have WITHIN GROUP`, {
      position,
      hint: 'Put ORDER BY behind the arguments, inside the parentheses.',
    });
  }
}

export interface WrittenArgument {
  readonly value: Ast.Expression;
  readonly position: number;
}

/** The arguments, those of WITHIN GROUP last. */
export function writtenArguments(call: Ast.FunctionCall): WrittenArgument[] {
  const sorted = (call.withinGroup ?? []).map(({ expression, position }) => ({ value: expression, position }));
  return [...call.args.map(({ value, position }) => ({ value, position })), ...sorted];
}

/** Takes out the argument that is the same for all rows. */
export function splitParameter(
  context: BindContext,
  { name, parameter, defaultParameter }: AggregateOverload,
  args: readonly Expression[],
  written: readonly WrittenArgument[],
): { readonly parameter: number | null | undefined; readonly values: readonly Expression[] } {
  if (parameter === undefined) return { parameter: defaultParameter, values: args };
  const index = parameter === 'first' ? 0 : args.length - 1;
  const { position } = written[index]!;
  const folded = foldOnce(context, args[index]!, position);
  if (folded.kind !== 'constant') {
    throw unsupported(`${name}() with a fraction that is not a constant`, position, 'Give it a literal.');
  }
  const value = folded.value as number | null;
  if (value !== null && !(value >= 0 && value <= 1)) {
    throw userError('22003', `percentile value ${value} is not between 0 and 1`, { position });
  }
  return { parameter: value, values: args.filter((_, i) => i !== index) };
}

export function directionOf({ direction, nulls }: Ast.OrderByItem): {
  readonly descending: boolean;
  readonly nullsFirst: boolean;
} {
  const descending = direction === 'desc';
  return { descending, nullsFirst: nulls ? nulls === 'first' : descending };
}

/** What an ORDER BY within an aggregate sorts by. */
export interface AggregateSortItem {
  readonly position: number;
  readonly key: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** The arguments of an aggregate with DISTINCT, as an ORDER BY; json has no order, and what is counted is ordered later. */
export function argumentOrder(args: readonly Expression[], position: number): readonly AggregateSortItem[] {
  if (args.some(({ type }) => someType(type, ({ kind }) => kind === 'json'))) return [];
  const isCounted = (part: Expression): boolean => part.kind === 'call' && part.overload === OCCURRENCES;
  if (args.some((arg) => someExpression(arg, isCounted))) return [];
  return args
    .filter(({ kind }) => kind !== 'constant')
    .map((key) => ({ position, key, descending: false, nullsFirst: false }));
}

/** Bytes that are ordered as an ORDER BY of the expression has it, NULLs included. */
export function sortKeyOf(
  context: BindContext,
  value: Expression,
  descending: boolean,
  nullsFirst: boolean,
  position: number,
): Expression {
  const call = sortKeyCall(context, value, descending, position);
  // Keys of values begin with 1.
  const ofNull: Expression = { kind: 'constant', type: BYTEA, value: new Uint8Array([nullsFirst ? 0 : 2]) };
  return { kind: 'coalesce', type: BYTEA, operands: [call, ofNull] };
}

/** The value as an array of one element, and no separator: what lists are made of that become arrays. */
export function wrappedValue(value: Expression): readonly Expression[] {
  const type = arrayOf(value.type);
  const array: Expression = { kind: 'call', type, overload: 'list_value(any...)', args: [value] };
  return [array, textConstant('')];
}

export function concatenation(left: Expression, right: Expression): Expression {
  const { overload, returns } = resolveOperator('||', left.type, right.type);
  return { kind: 'call', type: returns, overload, args: [left, right] };
}
