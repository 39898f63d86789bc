import type { LogicalNode, LogicalShared } from '../../logical/logical-plan.js';
import { outputOf, visitPlan } from '../../logical/plan-tree.js';
import type { Ids } from '../required-columns.js';
import type { PlanRule, RuleContext } from '../rule.js';
import { PlanMerger } from '../subplans/merge-plans.js';
import { collectOccurrences, covers, type Occurrence, replaced } from '../subplans/occurrences.js';
import { PlanForms } from '../subplans/plan-forms.js';
import { readsTableTwice } from '../subplans/reads-table-twice.js';
import { copyWork, sharingGain } from '../subplans/sharing-gain.js';
import { pruneColumns } from './column-pruning.js';

/**
 * What a query computes more than once is computed once, and its rows are kept and read several times, where that costs
 * less: a WITH that is used twice, a view (TPC-H Q15), equal subqueries (Q11). Plans are equal when they compute the
 * same rows, whatever their columns are called, and whichever of them they hand on: the shared one has all that any
 * reader needs. A copy by itself may cost far less than the whole, where scans leave out what finds no match in a join with
 * few rows above: the copies that would be are weighed as such.
 *
 *     (aggregate over j) join (aggregate over j)   →   (aggregate over shared 1) join (aggregate over shared 1)
 *
 * Runs last, when conditions have moved as far down as they go: plans that differ by a condition are not equal. Not
 * shared is what gives other rows each time, and what a LIMIT may stop early.
 */
export const commonSubplans: PlanRule = {
  name: 'common-subplans',
  description: 'Computes equal parts of a plan once, where keeping their rows costs less.',
  traversal: 'plan',
  rewrite: (plan, context) => (readsTableTwice(plan) ? share(plan, context) : undefined),
};

function share(plan: LogicalNode, context: RuleContext): LogicalNode {
  const forms = PlanForms.of(context.ids);
  const groups = new Map<number, Occurrence[]>();
  collectOccurrences(plan, (occurrence) => {
    const form = forms.formOf(occurrence.node);
    if (form) groups.set(form.rows, [...(groups.get(form.rows) ?? []), occurrence]);
  });
  const candidates = [...groups.values()].flatMap((occurrences) => sharedBy(occurrences, forms, context) ?? []);
  candidates.sort((a, b) => b.gain - a.gain);
  const taken = new Set<LogicalNode>();
  const replacements = new Map<LogicalNode, LogicalShared>();
  for (const candidate of candidates) {
    const isFree = candidate.occurrences.every(({ node }) => !taken.has(node) && !covers(node, replacements));
    const left = candidate.occurrences.filter(({ node }) => !taken.has(node) && !covers(node, replacements));
    const chosen = isFree ? candidate : sharedBy(left, forms, context);
    if (!chosen) continue;
    const number = context.ids.createShared();
    for (const { node, columns, inputColumns } of chosen.occurrences) {
      const { input, kept } = chosen;
      replacements.set(node, { kind: 'shared', number, input, kept, columns, inputColumns });
      visitPlan(node, (below) => taken.add(below));
    }
  }
  return replacements.size === 0 ? plan : replaced(plan, replacements);
}

/** Occurrences of the same rows as readers of one plan. */
interface Candidate {
  readonly input: LogicalNode;
  readonly kept: Ids;
  readonly occurrences: readonly (Occurrence & Pick<LogicalShared, 'columns' | 'inputColumns'>)[];
  readonly gain: number;
}

/** Undefined where sharing does not pay. */
function sharedBy(
  occurrences: readonly Occurrence[],
  forms: PlanForms,
  { isForced }: RuleContext,
): Candidate | undefined {
  const [first, ...others] = occurrences;
  if (!first || others.length === 0) return undefined;
  const merger = new PlanMerger(forms);
  const merged = others.reduce((plan, { node }) => merger.merge(plan, node), first.node);
  const readers = occurrences.map((occurrence) => {
    const columns = outputOf(occurrence.node).filter(({ id }) => occurrence.required.has(id));
    return { ...occurrence, columns, inputColumns: columns.map((column) => merger.twinOf(column).id) };
  });
  const kept = new Set(readers.flatMap(({ inputColumns }) => inputColumns));
  const input = pruneColumns(merged, kept);
  const copies = readers.map(({ node, filters, required }) => copyWork(input, node, filters, required));
  const gain = sharingGain(input, kept.size, copies);
  return isForced || gain > 0 ? { input, kept, occurrences: readers, gain } : undefined;
}
