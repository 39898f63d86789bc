import type { Expression } from '../../expression.js';
import { columnsOf, refer, substituteColumns } from '../../logical/expression-tree.js';
import type { LogicalColumn, LogicalJoin, LogicalNode, LogicalScan, ProjectItem } from '../../logical/logical-plan.js';
import { outputOf } from '../../logical/plan-tree.js';
import { estimate } from '../../statistics/estimate.js';
import { mayFail } from '../may-fail.js';
import { isVolatile } from '../volatility.js';

/** A plan without the conditions that its output could be tested for as well, and these, in terms of its output. */
export interface RelaxedPlan {
  readonly plan: LogicalNode;
  readonly conditions: readonly Expression[];
}

/** Columns of the output, by the ids of columns further down that have their values. */
type Visible = ReadonlyMap<number, LogicalColumn>;

/**
 * Takes out of a plan the conditions on columns that it hands on: what has been pushed down from above, and more. Where one
 * could fail, all stay, since it would be computed for other rows.
 *
 *     aggregate sum(x) by y over scan t where y = 2000 and z > 1   →   aggregate sum(x) by y over scan t where z > 1,   y = 2000
 */
export function relaxedPlan(node: LogicalNode): RelaxedPlan {
  const conditions: Expression[] = [];
  const visible = new Map(outputOf(node).map((column) => [column.id, column]));
  return { plan: withoutConditions(node, visible, conditions), conditions };
}

function withoutConditions(node: LogicalNode, visible: Visible, taken: Expression[]): LogicalNode {
  if (visible.size === 0) return node;
  switch (node.kind) {
    case 'scan': {
      if (node.limit !== undefined || someMayFail(node, node.filters)) return node;
      const filters = takeConditions(node.filters, visible, taken);
      return filters.length === node.filters.length ? node : { ...node, filters };
    }
    case 'filter': {
      // Conditions below may guard one that could fail.
      if (someMayFail(node.input, node.conjuncts)) return node;
      const conjuncts = takeConditions(node.conjuncts, visible, taken);
      const input = withoutConditions(node.input, visible, taken);
      return conjuncts.length === 0 ? input : { ...node, conjuncts, input };
    }
    case 'project':
      return { ...node, input: withoutConditions(node.input, visibleBelow(node.items, visible), taken) };
    case 'aggregate':
      return { ...node, input: withoutConditions(node.input, visibleBelow(node.groupKeys, visible), taken) };
    case 'join':
      return {
        ...node,
        left: node.joinKind === 'full' ? node.left : withoutConditions(node.left, visible, taken),
        right: KEEPS_RIGHT_ROWS.has(node.joinKind) ? withoutConditions(node.right, visible, taken) : node.right,
      };
    default:
      return node;
  }
}

/** Of what they hand on, the right side's columns are as they came. */
const KEEPS_RIGHT_ROWS: ReadonlySet<LogicalJoin['joinKind']> = new Set(['inner']);

function someMayFail(input: LogicalNode, conditions: readonly Expression[]): boolean {
  return conditions.some((condition) => mayFail(condition, estimate(input).columns));
}

/** Adds conditions that can be tested above to `taken`; returns the others. */
function takeConditions(conditions: readonly Expression[], visible: Visible, taken: Expression[]): Expression[] {
  return conditions.filter((condition) => {
    const ids = [...columnsOf(condition)];
    if (ids.length === 0 || !ids.every((id) => visible.has(id)) || isVolatile(condition)) return true;
    const above = new Map(ids.map((id): [number, Expression] => [id, refer(visible.get(id)!)]));
    taken.push(substituteColumns(condition, above));
    return false;
  });
}

function visibleBelow(items: readonly ProjectItem[], visible: Visible): Visible {
  const below = new Map<number, LogicalColumn>();
  for (const { column, expression } of items) {
    const above = visible.get(column.id);
    if (above !== undefined && expression.kind === 'column') below.set(expression.column, above);
  }
  return below;
}

/** The scan that a column of a plan comes from, as it is. */
export function scanBehind(node: LogicalNode, id: number): LogicalScan | undefined {
  switch (node.kind) {
    case 'scan':
      return node.columns.some((column) => column.id === id) ? node : undefined;
    case 'filter':
      return scanBehind(node.input, id);
    case 'project':
    case 'aggregate': {
      const items = node.kind === 'project' ? node.items : node.groupKeys;
      const item = items.find(({ column }) => column.id === id);
      return item?.expression.kind === 'column' ? scanBehind(node.input, item.expression.column) : undefined;
    }
    case 'join':
      return scanBehind(node.left, id) ?? scanBehind(node.right, id);
    default:
      return undefined;
  }
}
