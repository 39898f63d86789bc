import { unreachable, userError } from '../../common/errors.js';
import type { AggregateOverload } from '../../functions/function-types.js';
import { aggregateOverload, isCounting, resolveAggregateFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { BOOLEAN, INTEGER, type PhysicalType, physicalTypeOf, sameType, TEXT } from '../../types/sql-type.js';
import type { AggregateCall, AggregateOrder, ConstantExpression, Expression } from '../expression.js';
import { caseBranch, expressionKey, FALSE, mapOperands, refer } from '../logical/expression-tree.js';
import type { LogicalAggregateItem, LogicalColumn, LogicalNode, ProjectItem } from '../logical/logical-plan.js';
import { freeColumnsOf, mapPlanExpressions, outputIdsOf } from '../logical/plan-tree.js';
import { isVolatile } from '../optimizer/volatility.js';
import {
  type AggregateSortItem,
  argumentOrder,
  checkAggregateCall,
  concatenation,
  directionOf,
  sortKeyOf,
  splitParameter,
  wrappedValue,
  writtenArguments,
} from './aggregate-arguments.js';
import { filterOf } from './aggregate-filter.js';
import { bindInOwner, ownerOfAggregate } from './aggregate-owner.js';
import { type AggregateBinder, atPosition, type ExpressionContext, type PendingApply } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { functionName } from './bind-function-call.js';
import type { GroupKeys } from './bind-group-by.js';
import { bindUserAggregate, type UserAggregate } from './bind-user-aggregate.js';
import { coerce } from './coerce.js';
import type { DependentColumns } from './dependent-columns.js';
import { jsonOfTexts, jsonTexts } from './json-aggregates.js';
import { findsRepeated } from './repeated-expressions.js';
import { originOf } from './scope.js';

/** As PostgreSQL: the bits must fit an integer. */
const MAX_GROUPING_ARGUMENTS = 31;

/** Aggregates that DISTINCT does not change. */
const DISTINCT_FREE = new Set([
  ...['min', 'max', 'bool_and', 'bool_or', 'bit_and', 'bit_or', 'any_value', 'first', 'last'],
  ...['arg_min', 'arg_max', 'min_by', 'max_by', 'approx_count_distinct'],
]);
/** How keys are laid out that lists are ordered by as they are. */
const FITS_KEYS: ReadonlySet<PhysicalType> = new Set(['bool', 'i32', 'i64', 'f32', 'f64']);

interface BoundOrder {
  readonly order: AggregateOrder | undefined;
  readonly key: Expression | undefined;
}

/** Collects the aggregates of one SELECT while its expressions are bound; equal calls share a column. */
export class AggregateCollector implements AggregateBinder {
  readonly items: LogicalAggregateItem[] = [];
  private readonly byKey = new Map<string, LogicalAggregateItem>();
  private readonly inside: ExpressionContext;
  private madeSetColumn: LogicalColumn | undefined;
  /** Set once GROUP BY is bound. */
  groupKeys: GroupKeys | undefined;
  /** After grouping: the number of the grouping set that a group is of, where there are several. */
  get setColumn(): LogicalColumn {
    this.madeSetColumn ??= this.inside.context.ids.column('set', INTEGER, false);
    return this.madeSetColumn;
  }

  /** `input` is how arguments are bound: over the rows before grouping. */
  constructor(input: Omit<ExpressionContext, 'aggregates' | 'clause'>) {
    this.inside = {
      ...input,
      clause: 'aggregate arguments',
      sets: { refusal: 'aggregate function calls cannot contain set-returning function calls' },
      windows: {
        bind(call) {
          throw userError('42803', 'aggregate function calls cannot contain window function calls', {
            position: call.position,
            hint: 'Compute the window function in a subquery.',
          });
        },
      },
      aggregates: {
        bind(call) {
          throw userError('42803', 'aggregate function calls cannot be nested', {
            position: call.position,
            hint: 'Compute the inner aggregate in a subquery.',
          });
        },
      },
    };
  }

  private get insideFilter(): ExpressionContext {
    return { ...this.inside, clause: 'FILTER', aggregates: undefined, sets: undefined };
  }

  bind(call: Ast.FunctionCall): Expression {
    const name = functionName(call);
    checkAggregateCall(call, name);
    const written = writtenArguments(call);
    const { subqueries } = this.inside;
    const before = subqueries?.length ?? 0;
    const args = written.map(({ value }) => bindExpression(value, this.inside));
    if (args.length === 0 && !call.star && name === 'count') {
      throw userError('42809', `${name}(*) must be used to call a parameterless aggregate function`, {
        position: call.position,
      });
    }
    const filter = filterOf(call, args, this.insideFilter);
    const owner = ownerOfAggregate(
      filter ? [...args, filter] : args,
      subqueries?.slice(before) ?? [],
      this.inside.scope,
    );
    if (owner) {
      subqueries?.splice(before);
      return bindInOwner(call, owner);
    }
    const types = args.map((arg) => arg.type);
    const { context } = this.inside;
    const user = bindUserAggregate(call, name, args, written, context);
    if (user) return this.bindUser(call, name, user, args, filter);
    const resolved = atPosition(call.position, () => resolveAggregateFunction(name, types, call.distinct));
    const overload = aggregateOverload(resolved.overload);
    const coerced = args.map((arg, i) => coerce(context, arg, resolved.argTypes[i]!, written[i]!.position));
    const { parameter, values: split } = splitParameter(context, overload, coerced, written);
    const wrapping = overload.wrapped === 'array' ? undefined : overload.wrapped;
    const values = wrapping
      ? jsonTexts(context, wrapping, split, resolved.returns)
      : overload.wrapped
        ? wrappedValue(split[0]!)
        : split;
    const { order, key } = this.bindOrder(call, overload, args, wrapping ? undefined : values[0]);
    const bound: AggregateCall = {
      overload: resolved.overload,
      type: wrapping ? TEXT : resolved.returns,
      args: key ? [...values, key] : values,
      filter,
      order,
      parameter,
    };
    const result = refer(this.itemFor(bound, call.distinct && !DISTINCT_FREE.has(overload.name), name).column);
    return wrapping ? jsonOfTexts(wrapping, result, resolved.returns) : result;
  }

  private bindUser(
    call: Ast.FunctionCall,
    name: string,
    { overload, type, values, finish }: UserAggregate,
    args: readonly Expression[],
    filter: Expression | undefined,
  ): Expression {
    const { order, key } = this.bindOrder(call, aggregateOverload(overload), args, values[0]);
    const collect: AggregateCall = { overload, type, args: key ? [...values, key] : values, filter, order };
    return finish(refer(this.itemFor(collect, call.distinct, name).column));
  }

  grouping(call: Ast.FunctionCall): Expression {
    if (call.args.length > MAX_GROUPING_ARGUMENTS) {
      throw userError('54023', `GROUPING must have fewer than ${MAX_GROUPING_ARGUMENTS + 1} arguments`, {
        position: call.position,
      });
    }
    const keys = this.groupKeys?.items ?? [];
    const bound = call.args.map(({ value }) => this.groupKeys?.byAst.get(value) ?? bindExpression(value, this.inside));
    const written = bound.filter((arg): arg is Expression => 'kind' in arg);
    const owner = ownerOfAggregate(written, [], this.inside.scope);
    if (owner?.aggregates?.grouping) return owner.aggregates.grouping(call);
    const args = call.args.map(({ position }, i) => {
      const arg = bound[i]!;
      const key = 'kind' in arg ? expressionKey(arg) : undefined;
      const index = keys.findIndex((item) => item === arg || expressionKey(item.expression) === key);
      if (index >= 0) return index;
      throw userError('42803', 'arguments to GROUPING must be grouping expressions of the associated query level', {
        position,
      });
    });
    return groupingValue(args, this.groupKeys?.sets, () => this.setColumn);
  }

  /** ORDER BY: by the first argument if that is a text, by one key that fits 64 bits, or by bytes made of all keys. */
  private bindOrder(
    call: Ast.FunctionCall,
    overload: AggregateOverload,
    args: readonly Expression[],
    value: Expression | undefined,
  ): BoundOrder {
    const { ordered, withinGroup } = overload;
    const written = writtenArguments(call);
    const keyOf = findsRepeated(
      args.map((arg, i) => [written[i]!.value, arg]),
      this.inside.context,
    );
    const bindKey = ({ expression }: Ast.OrderByItem): Expression =>
      bindExpression(expression, { ...this.inside, keyOf });
    const asked = (withinGroup ? call.withinGroup! : call.orderBy).map(
      (item): AggregateSortItem => ({ position: item.position, key: bindKey(item), ...directionOf(item) }),
    );
    // PostgreSQL finds what is distinct by sorting, and its lists show it.
    const isSorted = call.distinct && ordered === 'list' && asked.length === 0;
    const items = isSorted ? argumentOrder(args, call.position) : asked;
    const [first] = items;
    if (withinGroup) {
      const { descending, nullsFirst } = first ?? { descending: false, nullsFirst: false };
      return { order: first && { by: 'value', descending, nullsFirst }, key: undefined };
    }
    for (const { position, key } of items) {
      if (call.distinct && !args.some((arg) => expressionKey(arg) === expressionKey(key))) {
        throw userError('42P10', 'in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list', {
          position,
        });
      }
    }
    if (ordered === undefined) return { order: undefined, key: undefined };
    if (!first) return { order: undefined, key: ordered === 'key' ? FALSE : undefined };
    const { key, descending, nullsFirst } = first;
    const direction = { descending, nullsFirst };
    if (ordered === 'list' && items.length === 1) {
      const isValue =
        value !== undefined && expressionKey(key) === expressionKey(args[0]!) && sameType(key.type, value.type);
      if (isValue && physicalTypeOf(key.type) === 'string')
        return { order: { by: 'value', ...direction }, key: undefined };
      if (FITS_KEYS.has(physicalTypeOf(key.type))) return { order: { by: 'key', ...direction }, key };
    }
    const { context } = this.inside;
    const bytes = items.map((item) => sortKeyOf(context, item.key, item.descending, item.nullsFirst, item.position));
    return {
      order: { by: 'bytes', descending: false, nullsFirst: false },
      key: bytes.reduce((left, right) => concatenation(left, right)),
    };
  }

  private itemFor(call: AggregateCall, distinct: boolean, name: string): LogicalAggregateItem {
    const key = aggregateKey(call, distinct);
    let item = call.args.some(isVolatile) ? undefined : this.byKey.get(key);
    if (!item) {
      const nullable = !isCounting(call.overload);
      item = { column: this.inside.context.ids.column(name, call.type, nullable), call, distinct };
      this.byKey.set(key, item);
      this.items.push(item);
    }
    return item;
  }
}

/** One bit for each argument, the last the lowest: is it left out of the group's set? */
function groupingValue(args: readonly number[], sets: GroupKeys['sets'], setColumn: () => LogicalColumn): Expression {
  const constant = (value: number): ConstantExpression => ({ kind: 'constant', type: INTEGER, value });
  const members = new Map<number, number[]>();
  sets?.forEach((set, number) => {
    const value = args.reduce((bits, key) => (bits << 1) | (set.includes(key) ? 0 : 1), 0);
    members.set(value, [...(members.get(value) ?? []), number]);
  });
  const [first, ...others] = members;
  if (!first || others.length === 0) return constant(first?.[0] ?? 0);
  const branches = others.map(([value, numbers]) => {
    const when: Expression = {
      kind: 'inList',
      type: BOOLEAN,
      input: refer(setColumn()),
      items: numbers.map(constant),
      negated: false,
    };
    return caseBranch(when, constant(value));
  });
  return { kind: 'case', type: INTEGER, branches, otherwise: constant(first[0]) };
}

function aggregateKey(call: AggregateCall, distinct: boolean): string {
  const filter = call.filter ? expressionKey(call.filter) : '';
  const order = call.order ? JSON.stringify(call.order) : '';
  return `${call.overload} ${distinct} ${call.args.map(expressionKey).join(',')} ${filter} ${order} ${call.parameter}`;
}

/**
 * Rewrites expressions that were bound over the rows before grouping to the rows after it: whatever equals a group key
 * becomes a reference to it, so do columns that keys determine, and any other column of the input is an error (42803).
 */
export class GroupedRewriter {
  private readonly keys: ReadonlyMap<string, ProjectItem>;
  private readonly input: ReadonlySet<number>;
  private readonly dependents: DependentColumns;

  constructor(groupKeys: GroupKeys | undefined, dependents: DependentColumns, input: LogicalNode) {
    this.keys = groupKeys?.byExpression ?? new Map();
    this.dependents = dependents;
    this.input = outputIdsOf(input);
  }

  rewrite(expression: Expression): Expression {
    return this.rewriteIn(expression, false);
  }

  /** A subquery that is evaluated after grouping may refer to group keys. */
  rewriteApply(apply: PendingApply): PendingApply {
    const conditions = apply.conditions.map((condition) => this.rewrite(condition));
    const correlated = [...freeColumnsOf(apply.right)].some((id) => this.input.has(id));
    const right = correlated ? mapPlanExpressions(apply.right, (inner) => this.rewriteIn(inner, true)) : apply.right;
    return { ...apply, right, conditions };
  }

  private rewriteIn(expression: Expression, inSubquery: boolean): Expression {
    const key = this.keys.get(expressionKey(expression));
    if (key) return refer(key.column);
    if (expression.kind === 'column' && this.input.has(expression.column)) {
      const dependent = this.dependents.find(expression);
      if (dependent === undefined) throw ungroupedError(expression, inSubquery);
      return refer(dependent.column);
    }
    return mapOperands(expression, (operand) => this.rewriteIn(operand, inSubquery));
  }
}

function ungroupedError(expression: Expression, inSubquery: boolean): Error {
  if (expression.kind !== 'column') return unreachable(expression as never, 'ungrouped expression');
  const origin = originOf(expression);
  const label = origin?.label ?? `#${expression.column}`;
  const message = inSubquery
    ? `subquery uses ungrouped column "${label}" from outer query`
    : `column "${label}" must appear in the GROUP BY clause or be used in an aggregate function`;
  return userError('42803', message, {
    position: origin?.position,
    hint: `Add it to GROUP BY, or say which of its values is wanted: min(${label}), max(${label}) …`,
  });
}
