import type { LogicalNode } from '../../logical/logical-plan.js';
import { outputOf } from '../../logical/plan-tree.js';
import type { PlanRule, RuleContext } from '../rule.js';
import { PlanMerger } from '../subplans/merge-plans.js';
import type { Occurrence } from '../subplans/occurrences.js';
import { PlanForms } from '../subplans/plan-forms.js';
import { readsTableTwice } from '../subplans/reads-table-twice.js';
import { type Reader, type Sharing, shareBest } from '../subplans/share-best.js';
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

function share(plan: LogicalNode, context: RuleContext): LogicalNode | undefined {
  const forms = PlanForms.of(context.ids);
  return shareBest<Occurrence>(plan, context.ids, {
    groupOf: (part) => {
      const form = forms.formOf(part.node);
      return form && { number: form.rows, part };
    },
    sharingOf: (occurrences) => sharedBy(occurrences, forms, context),
  });
}

function sharedBy(
  occurrences: readonly Occurrence[],
  forms: PlanForms,
  { isForced }: RuleContext,
): Sharing | undefined {
  const [first, ...others] = occurrences;
  if (!first || others.length === 0) return undefined;
  const merger = new PlanMerger(forms);
  const merged = others.reduce((plan, { node }) => merger.merge(plan, node), first.node);
  const readers = occurrences.map(({ node, required }): Reader => {
    const columns = outputOf(node).filter(({ id }) => required.has(id));
    return { node, conditions: [], columns, inputColumns: columns.map((column) => merger.twinOf(column).id) };
  });
  const kept = new Set(readers.flatMap(({ inputColumns }) => inputColumns));
  const input = pruneColumns(merged, kept);
  const copies = occurrences.map(({ node, filters, required }) => copyWork(input, node, filters, required));
  const gain = sharingGain(input, kept.size, copies);
  return isForced || gain > 0 ? { input, kept, readers, gain } : undefined;
}
