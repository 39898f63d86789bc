import { OCCURRENCES } from '../../../functions/aggregate/occurrences.js';
import { aggregateOverload } from '../../../functions/registry.js';
import { BIGINT } from '../../../types/sql-type.js';
import type { AggregateCall, Expression } from '../../expression.js';
import { clonePlan } from '../../logical/clone-plan.js';
import {
  equals,
  expressionKey,
  isConstant,
  mapOperands,
  operandsOf,
  refer,
  substituteColumns,
  TRUE,
} from '../../logical/expression-tree.js';
import type {
  ColumnIds,
  LogicalAggregate,
  LogicalAggregateItem,
  LogicalColumn,
  LogicalNode,
  ProjectItem,
} from '../../logical/logical-plan.js';
import { mapCall } from '../../logical/plan-tree.js';
import { emptyAggregates } from '../decorrelation/pull-up.js';
import { isDecomposable, twoStepsOf } from '../partial-aggregates.js';
import type { NodeRule, RuleContext } from '../rule.js';
import { isVolatile } from '../volatility.js';
import { filterOver } from './predicate-pushdown.js';

/**
 * Aggregates over distinct values become two aggregations: the first makes the values distinct, the second aggregates
 * them. Other aggregates of the same query are computed along in two steps where that can be done; where not, or where
 * there are several sets of distinct arguments, each part is computed on its own and joined on the group keys.
 *
 *     count(distinct x), sum(y) by k   →   count(x), sum(s) by k over (sum(y) as s by k, x)
 */
export const distinctAggregates: NodeRule = {
  name: 'distinct-aggregates',
  description: 'Computes DISTINCT aggregates in two steps.',
  traversal: 'down',
  rewrite(node, context) {
    if (node.kind !== 'aggregate' || !node.aggregates.some((item) => item.distinct)) return undefined;
    const distinct = node.aggregates.filter((item) => item.distinct);
    const others = node.aggregates.filter((item) => !item.distinct);
    const [values, ...more] = grouped(distinct, ({ call }) => keysOf(decisiveValues(call)));
    if (more.length === 0 && others.every(isDecomposable)) {
      const known = [...node.groupKeys.map(({ expression }) => expression), ...decisiveValues(values![0]!.call)];
      const keys = new Set(known.map(expressionKey));
      if (distinct.every(({ call }) => !call.filter || followsFrom(call.filter, keys))) {
        return twoSteps(node, distinct, others, context);
      }
    }
    const sets = grouped(distinct, ({ call }) => {
      return `${keysOf(decisiveValues(call))} ${call.filter ? expressionKey(call.filter) : ''}`;
    });
    return joinedParts(node, sets, others, context);
  },
};

const keysOf = (expressions: readonly Expression[]): string => expressions.map(expressionKey).join();

function grouped(
  items: readonly LogicalAggregateItem[],
  keyOf: (item: LogicalAggregateItem) => string,
): LogicalAggregateItem[][] {
  const groups = new Map<string, LogicalAggregateItem[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

/** Is the same for all rows in which the expressions with these keys are the same? */
function followsFrom(expression: Expression, keys: ReadonlySet<string>): boolean {
  const follows = (part: Expression): boolean => {
    if (part.kind === 'constant' || keys.has(expressionKey(part))) return true;
    const operands = operandsOf(part);
    return operands.length > 0 && operands.every(follows);
  };
  return follows(expression) && !isVolatile(expression);
}

function twoSteps(
  node: LogicalAggregate,
  distinct: readonly LogicalAggregateItem[],
  others: readonly LogicalAggregateItem[],
  context: RuleContext,
): LogicalNode {
  const { ids } = context;
  const keys = node.groupKeys.map(
    ({ column, expression }): ProjectItem => ({
      column: ids.column(column.name, column.type, column.nullable),
      expression,
    }),
  );
  const values = decisiveValues(distinct[0]!.call).map(
    (expression): ProjectItem => ({ column: ids.column('value', expression.type, true), expression }),
  );
  const made = new Map(
    [...keys, ...values].map(({ column, expression }) => [expressionKey(expression), refer(column)]),
  );
  const counts = countsOfRows(distinct, made, ids);
  const steps = others.map((item) => twoStepsOf(item, ids));
  const first: LogicalAggregate = {
    kind: 'aggregate',
    input: node.input,
    groupKeys: [...keys, ...values],
    aggregates: [...counts, ...steps.flatMap(({ partial }) => partial)],
  };
  const finals = distinct.map(
    (item): LogicalAggregateItem => ({
      ...item,
      distinct: false,
      call: withoutRow(mapCall(item.call, (part) => replaced(part, made))),
    }),
  );
  const second: LogicalAggregate = {
    kind: 'aggregate',
    input: first,
    groupKeys: node.groupKeys.map(({ column }, i) => ({ column, expression: refer(keys[i]!.column) })),
    aggregates: [...finals, ...steps.flatMap(({ combined }) => combined)],
  };
  if (others.length === 0) return second;
  const byId = new Map<number, Expression>(others.map((item, i) => [item.column.id, steps[i]!.result]));
  const items = [...node.groupKeys, ...node.aggregates].map(
    ({ column }): ProjectItem => ({ column, expression: byId.get(column.id) ?? refer(column) }),
  );
  return { kind: 'project', input: second, items };
}

/** Where it is asked how many rows a value stands for, the first step counts them; `made` gets what is put there. */
function countsOfRows(
  distinct: readonly LogicalAggregateItem[],
  made: Map<string, Expression>,
  ids: ColumnIds,
): LogicalAggregateItem[] {
  const asked = new Set(distinct.flatMap(({ call }) => call.args.flatMap(callsOfOccurrences)).map(expressionKey));
  if (asked.size === 0) return [];
  const call: AggregateCall = { overload: 'count()', type: BIGINT, args: [], filter: undefined };
  const item: LogicalAggregateItem = { column: ids.column('occurrences', BIGINT, false), call, distinct: false };
  for (const key of asked) made.set(key, refer(item.column));
  return [item];
}

function callsOfOccurrences(expression: Expression): readonly Expression[] {
  if (expression.kind === 'call' && expression.overload === OCCURRENCES) return [expression];
  return operandsOf(expression).flatMap(callsOfOccurrences);
}

/** A row is never NULL, whatever its fields are. */
function withoutRow(call: AggregateCall): AggregateCall {
  const [only] = call.args;
  return call.overload === 'count(any)' && only && isRow(only) ? { ...call, overload: 'count()', args: [] } : call;
}

/**
 * What must differ for arguments to be distinct. Where the planner has made an array or JSON of the first, that is the
 * values within it: the others may differ where these are equal (1 and 1.0 of jsonb), and cannot all be compared. Of a row,
 * it is the fields; of counts of rows, what is counted. A key of ORDER BY mostly follows from the rest.
 */
function decisiveValues({ overload, args, order }: AggregateCall): Expression[] {
  const isMade = aggregateOverload(overload).wrapped !== undefined;
  const hasKey = order !== undefined && order.by !== 'value';
  const written = hasKey ? args.slice(0, -1) : args;
  const decisive = written.flatMap((arg, i) => (isMade && i === 0 ? valuesWithin(arg) : [arg])).flatMap(partsOf);
  const key = hasKey ? args.at(-1)! : undefined;
  if (key && !followsFrom(key, new Set(decisive.map(expressionKey)))) decisive.push(...partsOf(key));
  const varying = decisive.filter(({ kind }) => kind !== 'constant');
  const values = varying.length > 0 ? varying : decisive;
  return [...new Map(values.map((value) => [expressionKey(value), value])).values()];
}

function partsOf(value: Expression): readonly Expression[] {
  const counts = callsOfOccurrences(value);
  if (counts.length > 0) return counts.flatMap(operandsOf);
  return isRow(value) && operandsOf(value).length > 0 ? operandsOf(value) : [value];
}

const isRow = (expression: Expression): boolean => expression.kind === 'call' && expression.overload === 'row(any...)';

const MADE_OF_VALUES: ReadonlySet<string> = new Set([
  ...['list_value(any...)', 'to_json(any)', 'json_entry(any,any)', 'jsonb_entry(any,any)'],
]);

function valuesWithin(made: Expression): readonly Expression[] {
  if (made.kind === 'call' && MADE_OF_VALUES.has(made.overload)) return made.args;
  return operandsOf(made).flatMap(valuesWithin);
}

function replaced(expression: Expression, values: ReadonlyMap<string, Expression>): Expression {
  return values.get(expressionKey(expression)) ?? mapOperands(expression, (operand) => replaced(operand, values));
}

/** One part per set of arguments, and one that has every group with the other aggregates; joined on the keys. */
function joinedParts(
  node: LogicalAggregate,
  sets: readonly (readonly LogicalAggregateItem[])[],
  others: readonly LogicalAggregateItem[],
  context: RuleContext,
): LogicalNode {
  const isScalar = node.groupKeys.length === 0;
  const parts = isScalar && others.length === 0 ? sets.slice(1) : sets;
  const [first] = sets;
  const base: LogicalNode =
    parts === sets
      ? { kind: 'aggregate', input: node.input, groupKeys: node.groupKeys, aggregates: others }
      : distinctPart(node, first!, node.input, []);
  const defaults = emptyAggregates(node);
  const counts: ProjectItem[] = [];
  const joined = parts.reduce<LogicalNode>((left, items) => {
    const { filter } = items[0]!.call;
    const clone = clonePlan(node.input, context.ids);
    const replacements = new Map([...clone.columns].map(([id, column]) => [id, refer(column)]));
    const replace = (expression: Expression): Expression => substituteColumns(expression, replacements);
    const keys = node.groupKeys.map(
      ({ column, expression }): ProjectItem => ({
        column: context.ids.column(column.name, column.type, column.nullable),
        expression: replace(expression),
      }),
    );
    const own = items.map((item) => ({ ...item, call: mapCall(item.call, replace) }));
    const right = distinctPart(node, own, clone.plan, keys);
    const conditions = keys.map(({ column }, i) =>
      equals(refer(node.groupKeys[i]!.column), refer(column), 'is not distinct from'),
    );
    if (filter && !isScalar) {
      for (const { column } of items) {
        const value = defaults.get(column.id)!;
        if (!isConstant(value, null)) counts.push(defaulted(column, value));
      }
    }
    return { kind: 'join', joinKind: filter && !isScalar ? 'left' : 'inner', left, right, conditions };
  }, base);
  const byId = new Map(counts.map((item) => [item.column.id, item]));
  const items = [...node.groupKeys, ...node.aggregates].map(
    ({ column }): ProjectItem => byId.get(column.id) ?? { column, expression: refer(column) },
  );
  return { kind: 'project', input: joined, items };
}

function defaulted(column: LogicalColumn, value: Expression): ProjectItem {
  return { column, expression: { kind: 'coalesce', type: column.type, operands: [refer(column), value] } };
}

/** Distinct aggregates of one set of arguments: what FILTER leaves of the input, made distinct, then aggregated. */
function distinctPart(
  node: LogicalAggregate,
  items: readonly LogicalAggregateItem[],
  input: LogicalNode,
  groupKeys: readonly ProjectItem[],
): LogicalNode {
  const filter = items[0]!.call.filter ?? TRUE;
  return {
    ...node,
    input: isConstant(filter, true) ? input : filterOver(input, [filter]),
    groupKeys,
    aggregates: items.map((item) => ({ ...item, call: { ...item.call, filter: undefined } })),
  };
}
