import type { Expression } from '../../expression.js';
import { columnsOf } from '../../logical/expression-tree.js';
import type { LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import { outputIdsOf } from '../../logical/plan-tree.js';
import type { NodeRule } from '../rule.js';
import { isVolatile } from '../volatility.js';
import { filterOver } from './predicate-pushdown.js';

/**
 * A subquery that gives one value for all rows (a `single` join without a condition) moves, with the filter that
 * compares it, down to the relation whose columns it is compared with: rows die before the joins above, and the joins'
 * build sides can filter scans.
 *
 *     filter d.month = s.x over ((f join d) single join s)   →   f join (filter d.month = s.x over (d single join s))
 */
export const singleRowPushdown: NodeRule = {
  name: 'single-row-pushdown',
  description: 'Moves a subquery of one value, and the filter that compares it, below joins.',
  traversal: 'down',
  rewrite(node) {
    if (node.kind !== 'filter' || node.input.kind !== 'join') return undefined;
    const single = node.input;
    if (single.joinKind !== 'single' || single.conditions.length > 0) return undefined;
    const value = outputIdsOf(single.right);
    for (const conjunct of node.conjuncts) {
      const used = columnsOf(conjunct);
      const compared = new Set([...used].filter((id) => !value.has(id)));
      if (compared.size === 0 || compared.size === used.size || isVolatile(conjunct)) continue;
      const placed = place(single.left, single, conjunct, compared);
      if (placed === undefined) continue;
      return filterOver(
        placed,
        node.conjuncts.filter((other) => other !== conjunct),
      );
    }
    return undefined;
  },
};

/** The joins whose left rows come out, or not, by themselves: what is put beside them stays there. */
const KEEPS_LEFT: ReadonlySet<LogicalJoin['joinKind']> = new Set<LogicalJoin['joinKind']>([
  ...(['inner', 'left', 'semi', 'anti', 'nullAwareAnti', 'mark', 'single'] as const),
]);

/** Does the join leave fewer or more rows? Below others the subquery would cost as much as above. */
const CHANGES_ROWS: ReadonlySet<LogicalJoin['joinKind']> = new Set<LogicalJoin['joinKind']>([
  ...(['inner', 'left', 'semi', 'anti', 'nullAwareAnti'] as const),
]);

/** The plan with the subquery as low as it may be; undefined where that is not below a join. */
function place(
  node: LogicalNode,
  single: LogicalJoin,
  conjunct: Expression,
  compared: ReadonlySet<number>,
): LogicalNode | undefined {
  if (node.kind === 'filter') {
    const input = place(node.input, single, conjunct, compared);
    return input && { ...node, input };
  }
  if (node.kind !== 'join') return undefined;
  const below = (input: LogicalNode): LogicalNode | undefined => {
    const lower = place(input, single, conjunct, compared);
    if (lower !== undefined || !CHANGES_ROWS.has(node.joinKind)) return lower;
    return filterOver({ ...single, left: input }, [conjunct]);
  };
  if (KEEPS_LEFT.has(node.joinKind) && includesAll(outputIdsOf(node.left), compared)) {
    const left = below(node.left);
    return left && { ...node, left };
  }
  if (node.joinKind === 'inner' && includesAll(outputIdsOf(node.right), compared)) {
    const right = below(node.right);
    return right && { ...node, right };
  }
  return undefined;
}

const includesAll = (ids: ReadonlySet<number>, wanted: ReadonlySet<number>): boolean =>
  [...wanted].every((id) => ids.has(id));
