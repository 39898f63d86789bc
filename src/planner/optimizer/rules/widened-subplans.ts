import { columnsOf } from '../../logical/expression-tree.js';
import type { LogicalNode } from '../../logical/logical-plan.js';
import { outputOf } from '../../logical/plan-tree.js';
import { estimate } from '../../statistics/estimate.js';
import { rewriteDown } from '../optimize.js';
import type { PlanRule, RuleContext } from '../rule.js';
import { anyListHolds, splitCommon } from '../subplans/condition-lists.js';
import { PlanMerger } from '../subplans/merge-plans.js';
import type { Occurrence } from '../subplans/occurrences.js';
import { PlanForms } from '../subplans/plan-forms.js';
import { readsTableTwice } from '../subplans/reads-table-twice.js';
import { type RelaxedPlan, relaxedPlan, scanBehind } from '../subplans/relaxed-plan.js';
import { type Reader, type Sharing, shareBest } from '../subplans/share-best.js';
import { copyWork, sharingGain } from '../subplans/sharing-gain.js';
import { pruneColumns } from './column-pruning.js';
import { orToInList } from './or-to-in-list.js';
import { filterOver, predicatePushdown } from './predicate-pushdown.js';

/**
 * Groups that are asked for several times, and differ by conditions on their keys only, are computed once for all of the
 * conditions together, where that costs less: one year and the next of a WITH (TPC-DS Q4, Q11, Q31, Q74). Each reader tests
 * its own condition.
 *
 *     (aggregate by y over scan where y = 1) join (aggregate by y over scan where y = 2)
 *       →  (filter y = 1 over shared 1) join (filter y = 2 over shared 1)
 *          with shared 1: aggregate by y over scan where y = 1 or y = 2
 *
 * What conditions differ by must be about one scan, so that exactly the rows that some reader wants are computed.
 */
export const widenedSubplans: PlanRule = {
  name: 'widened-subplans',
  description: 'Computes groups once that differ by conditions on their keys, where that costs less.',
  traversal: 'plan',
  rewrite: (plan, context) => (readsTableTwice(plan) ? share(plan, context) : undefined),
};

interface RelaxedOccurrence extends Occurrence {
  readonly relaxed: RelaxedPlan;
}

function share(plan: LogicalNode, context: RuleContext): LogicalNode | undefined {
  const forms = PlanForms.of(context.ids);
  return shareBest<RelaxedOccurrence>(plan, context.ids, {
    groupOf: (occurrence) => {
      if (!isGrouped(occurrence.node)) return undefined;
      const relaxed = relaxedPlan(occurrence.node);
      const form = relaxed.conditions.length === 0 ? undefined : forms.formOf(relaxed.plan);
      return form && { number: form.rows, part: { ...occurrence, relaxed } };
    },
    sharingOf: (occurrences) => sharedBy(occurrences, forms, context),
  });
}

function isGrouped(node: LogicalNode): boolean {
  return node.kind === 'project' ? isGrouped(node.input) : node.kind === 'aggregate' && node.groupKeys.length > 0;
}

/** Undefined where it does not pay, and where all have the same conditions, which is another rule's. */
function sharedBy(
  occurrences: readonly RelaxedOccurrence[],
  forms: PlanForms,
  context: RuleContext,
): Sharing | undefined {
  const [first, ...others] = occurrences;
  if (!first || others.length === 0) return undefined;
  const merger = new PlanMerger(forms);
  const merged = others.reduce((plan, { relaxed }) => merger.merge(plan, relaxed.plan), first.relaxed.plan);
  const lists = occurrences.map(({ relaxed }) => relaxed.conditions.map((one) => merger.translated(one)));
  const [common, rests] = splitCommon(lists, estimate(merged).columns);
  const wanted = anyListHolds(rests);
  if (wanted === undefined) return undefined;
  const scans = new Set([...columnsOf(wanted)].map((id) => scanBehind(merged, id)));
  if (scans.size !== 1 || scans.has(undefined)) return undefined;
  const filtered = filterOver(merged, [...common, wanted]);
  const restricted = rewriteDown(orToInList.rewrite(filtered, context) ?? filtered, predicatePushdown, context);
  const readers = occurrences.map(({ node, required, relaxed }, i): Reader => {
    const conditions = relaxed.conditions.filter((_, c) => rests[i]!.includes(lists[i]![c]!));
    const tested = new Set(conditions.flatMap((condition) => [...columnsOf(condition)]));
    const columns = outputOf(node).filter(({ id }) => required.has(id) || tested.has(id));
    return { node, conditions, columns, inputColumns: columns.map((column) => merger.twinOf(column).id) };
  });
  const kept = new Set(readers.flatMap(({ inputColumns }) => inputColumns));
  const input = pruneColumns(restricted, kept);
  const copies = occurrences.map(({ node, filters, required }) => copyWork(node, node, filters, required));
  const gain = sharingGain(input, kept.size, copies);
  return context.isForced || gain > 0 ? { input, kept, readers, gain } : undefined;
}
