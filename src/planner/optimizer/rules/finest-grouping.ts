import type { Expression } from '../../expression.js';
import { refer, refersOnlyTo } from '../../logical/expression-tree.js';
import type {
  LogicalAggregate,
  LogicalExpand,
  LogicalFilter,
  LogicalNode,
  ProjectItem,
} from '../../logical/logical-plan.js';
import { outputIdsOf } from '../../logical/plan-tree.js';
import { estimate } from '../../statistics/estimate.js';
import { isDecomposable, twoStepsOf } from '../partial-aggregates.js';
import type { NodeRule, RuleContext } from '../rule.js';
import { filterOver } from './predicate-pushdown.js';

/** Grouping in two steps must leave this share of the rows to group, or less. */
const WORTHWHILE = 0.9;
/** Where keys are taken for independent, more groups than this share of the rows are only an upper bound. */
const MOST_GROUPS = 0.5;

/**
 * Grouping sets are groups of the groups by all keys: where these are few, the rows are grouped once, and the sets are
 * made of what came of that. An average is a sum and a count until the end.
 *
 *     aggregate sum(x) by a, b, set over expand (a, b), (a), () over t
 *       →  aggregate sum(s) by a, b, set over expand (a, b), (a), () over aggregate sum(x) as s by a, b over t
 */
export const finestGrouping: NodeRule = {
  name: 'finest-grouping',
  description: 'Makes grouping sets of the groups by all keys, where these are few.',
  traversal: 'up',
  rewrite(node, context) {
    if (node.kind !== 'aggregate' || !node.aggregates.every(isDecomposable)) return undefined;
    const { input } = node;
    if (input.kind === 'expand') return regroup(node, input, undefined, context);
    if (input.kind !== 'filter' || input.input.kind !== 'expand') return undefined;
    return regroup(node, input.input, input, context);
  },
};

function regroup(
  node: LogicalAggregate,
  expand: LogicalExpand,
  filter: LogicalFilter | undefined,
  { ids, isForced }: RuleContext,
): LogicalNode | undefined {
  const made = new Set([...expand.keys.map(({ column }) => column.id), expand.setColumn.id]);
  if (filter && !filter.conjuncts.every((conjunct) => refersOnlyTo(conjunct, made))) return undefined;
  const ofInput = outputIdsOf(expand.input);
  const finest: ProjectItem[] = [];
  /** The expression as a key of the finest grouping. */
  const keyOf = (expression: Expression, name: string): Expression => {
    const column = ids.column(name, expression.type, true);
    finest.push({ column, expression });
    return refer(column);
  };
  const groupKeys = node.groupKeys.map((key): ProjectItem | undefined => {
    if (refersOnlyTo(key.expression, made)) return key;
    if (!refersOnlyTo(key.expression, ofInput)) return undefined;
    return { ...key, expression: keyOf(key.expression, key.column.name) };
  });
  if (groupKeys.includes(undefined)) return undefined;
  const keys = expand.keys.map((key) => ({ ...key, expression: keyOf(key.expression, key.column.name) }));
  const steps = node.aggregates.map((item) => twoStepsOf(item, ids));
  const first: LogicalAggregate = {
    kind: 'aggregate',
    input: expand.input,
    groupKeys: finest,
    aggregates: steps.flatMap(({ partial }) => partial),
  };
  const { rows } = estimate(expand.input);
  const sets = expand.sets.length;
  const groups = Math.min(estimate(first).rows, finest.length > 1 ? rows * MOST_GROUPS : rows);
  const pays = rows + groups * sets <= WORTHWHILE * rows * sets;
  if (finest.length === 0 || !(pays || isForced)) return undefined;
  const second: LogicalAggregate = {
    kind: 'aggregate',
    input: filterOver({ ...expand, input: first, keys }, filter?.conjuncts ?? []),
    groupKeys: groupKeys as ProjectItem[],
    aggregates: steps.flatMap(({ combined }) => combined),
  };
  return {
    kind: 'project',
    input: second,
    items: [
      ...node.groupKeys.map(({ column }) => ({ column, expression: refer(column) })),
      ...node.aggregates.map(({ column }, i) => ({ column, expression: steps[i]!.result })),
    ],
  };
}
