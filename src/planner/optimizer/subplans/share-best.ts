import type { Expression } from '../../expression.js';
import type { ColumnIds, LogicalNode, LogicalShared } from '../../logical/logical-plan.js';
import { inputsOf, outputIdsOf, visitPlan } from '../../logical/plan-tree.js';
import type { Ids } from '../required-columns.js';
import { pruneColumns } from '../rules/column-pruning.js';
import { filterOver } from '../rules/predicate-pushdown.js';
import { collectOccurrences, type Occurrence } from './occurrences.js';
import { replaced } from './replaced.js';

/** A part of a plan as a reader of what is computed once. */
export interface Reader extends Pick<LogicalShared, 'columns' | 'inputColumns'> {
  readonly node: LogicalNode;
  /** What it tests of the rows, which are those of others as well; in terms of its own columns. */
  readonly conditions: readonly Expression[];
}

/** What may be computed once, for several readers. */
export interface Sharing {
  readonly input: LogicalNode;
  readonly kept: Ids;
  readonly readers: readonly Reader[];
  readonly gain: number;
}

/** Which parts may be read from one, by a number, and how. */
export interface SharingRule<Part extends Occurrence> {
  /** Parts of the same number can be shared; undefined for those that cannot. */
  readonly groupOf: (occurrence: Occurrence) => { readonly number: number; readonly part: Part } | undefined;
  /** Undefined where it does not pay. */
  readonly sharingOf: (parts: readonly Part[]) => Sharing | undefined;
}

/** The plan with what gains most shared, and whatever else can be then; undefined where nothing is. */
export function shareBest<Part extends Occurrence>(
  plan: LogicalNode,
  ids: ColumnIds,
  { groupOf, sharingOf }: SharingRule<Part>,
): LogicalNode | undefined {
  const groups = new Map<number, Part[]>();
  collectOccurrences(plan, (occurrence) => {
    const group = groupOf(occurrence);
    if (group) groups.set(group.number, [...(groups.get(group.number) ?? []), group.part]);
  });
  const candidates = [...groups.values()].flatMap((parts) => {
    const sharing = sharingOf(parts);
    return sharing ? [{ parts, sharing }] : [];
  });
  candidates.sort((a, b) => b.sharing.gain - a.sharing.gain);
  const taken = new Set<LogicalNode>();
  const replacements = new Map<LogicalNode, LogicalNode>();
  for (const { parts, sharing } of candidates) {
    const left = parts.filter(({ node }) => !taken.has(node) && !covers(node, replacements));
    const chosen = left.length === parts.length ? sharing : sharingOf(left);
    if (!chosen) continue;
    const { input, kept } = chosen;
    const number = ids.createShared();
    for (const { node, conditions, columns, inputColumns } of chosen.readers) {
      replacements.set(node, filterOver({ kind: 'shared', number, input, kept, columns, inputColumns }, conditions));
      visitPlan(node, (below) => taken.add(below));
    }
  }
  if (replacements.size === 0) return undefined;
  // Readers hand on what is used: what is above them must name nothing else, also where columns were not pruned yet.
  return pruneColumns(replaced(plan, replacements), outputIdsOf(plan));
}

/** Is a part of the node shared already? */
function covers(node: LogicalNode, replacements: ReadonlyMap<LogicalNode, LogicalNode>): boolean {
  return replacements.has(node) || inputsOf(node).some((input) => covers(input, replacements));
}
