import { aggregateOverload } from '../../../functions/registry.js';
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
    const sets = argumentSets(node);
    const others = node.aggregates.filter((item) => !item.distinct);
    const [only] = sets;
    if (sets.length === 1 && !only![0]!.call.filter && others.every(isDecomposable)) {
      return twoSteps(node, only!, others, context);
    }
    return joinedParts(node, sets, others, context);
  },
};

/** DISTINCT aggregates, grouped by what must be distinct. */
function argumentSets(node: LogicalAggregate): LogicalAggregateItem[][] {
  const sets = new Map<string, LogicalAggregateItem[]>();
  for (const item of node.aggregates) {
    if (!item.distinct) continue;
    const { args, filter } = item.call;
    const key = `${args.map(expressionKey).join(',')} ${filter ? expressionKey(filter) : ''}`;
    sets.set(key, [...(sets.get(key) ?? []), item]);
  }
  return [...sets.values()];
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
  const made = new Map(values.map(({ column, expression }) => [expressionKey(expression), refer(column)]));
  const steps = others.map((item) => twoStepsOf(item, ids));
  const first: LogicalAggregate = {
    kind: 'aggregate',
    input: node.input,
    groupKeys: [...keys, ...values],
    aggregates: steps.flatMap(({ partial }) => partial),
  };
  const finals = distinct.map(
    (item): LogicalAggregateItem => ({
      ...item,
      distinct: false,
      call: { ...item.call, args: item.call.args.map((arg) => replaced(arg, made)) },
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

/**
 * What must differ for arguments to be distinct. Where the planner has made an array or JSON of the first, that is the
 * values within it: the others may differ where these are equal (1 and 1.0 of jsonb), and cannot all be compared.
 */
function decisiveValues({ overload, args }: AggregateCall): Expression[] {
  const isMade = aggregateOverload(overload).wrapped !== undefined;
  const decisive = isMade ? [...valuesWithin(args[0]!), ...args.slice(1)] : args;
  const varying = decisive.filter(({ kind }) => kind !== 'constant');
  const values = varying.length > 0 ? varying : decisive;
  return [...new Map(values.map((value) => [expressionKey(value), value])).values()];
}

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
