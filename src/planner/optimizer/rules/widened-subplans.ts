import type { Expression } from '../../expression.js';
import { andOf, columnsOf, expressionKey, orOf } from '../../logical/expression-tree.js';
import type { LogicalNode, LogicalShared } from '../../logical/logical-plan.js';
import { mapInputs, outputOf, visitPlan } from '../../logical/plan-tree.js';
import type { Ids } from '../required-columns.js';
import type { PlanRule, RuleContext } from '../rule.js';
import { PlanMerger } from '../subplans/merge-plans.js';
import { collectOccurrences, covers, type Occurrence, replaced } from '../subplans/occurrences.js';
import { PlanForms } from '../subplans/plan-forms.js';
import { readsTableTwice } from '../subplans/reads-table-twice.js';
import { type RelaxedPlan, relaxedPlan, scanBehind } from '../subplans/relaxed-plan.js';
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
  const groups = new Map<number, RelaxedOccurrence[]>();
  collectOccurrences(plan, (occurrence) => {
    if (!isGrouped(occurrence.node)) return;
    const relaxed = relaxedPlan(occurrence.node);
    const form = relaxed.conditions.length === 0 ? undefined : forms.formOf(relaxed.plan);
    if (form) groups.set(form.rows, [...(groups.get(form.rows) ?? []), { ...occurrence, relaxed }]);
  });
  const candidates = [...groups.values()].flatMap((occurrences) => sharedBy(occurrences, forms, context) ?? []);
  candidates.sort((a, b) => b.gain - a.gain);
  const taken = new Set<LogicalNode>();
  const replacements = new Map<LogicalNode, LogicalNode>();
  for (const { input, kept, readers } of candidates) {
    if (readers.some(({ node }) => taken.has(node) || covers(node, replacements))) continue;
    const number = context.ids.createShared();
    for (const { node, conditions, ...columns } of readers) {
      const shared: LogicalShared = { kind: 'shared', number, input, kept, ...columns };
      replacements.set(node, filterOver(shared, conditions));
      visitPlan(node, (below) => taken.add(below));
    }
  }
  return replacements.size === 0 ? undefined : replaced(plan, replacements);
}

function isGrouped(node: LogicalNode): boolean {
  return node.kind === 'project' ? isGrouped(node.input) : node.kind === 'aggregate' && node.groupKeys.length > 0;
}

interface Reader extends Pick<LogicalShared, 'columns' | 'inputColumns'> {
  readonly node: LogicalNode;
  readonly conditions: readonly Expression[];
}

interface Candidate {
  readonly input: LogicalNode;
  readonly kept: Ids;
  readonly readers: readonly Reader[];
  readonly gain: number;
}

/** Undefined where it does not pay, and where all have the same conditions, which is another rule's. */
function sharedBy(
  occurrences: readonly RelaxedOccurrence[],
  forms: PlanForms,
  context: RuleContext,
): Candidate | undefined {
  const [first, ...others] = occurrences;
  if (!first || others.length === 0) return undefined;
  const merger = new PlanMerger(forms);
  const merged = others.reduce((plan, { relaxed }) => merger.merge(plan, relaxed.plan), first.relaxed.plan);
  const lists = occurrences.map(({ relaxed }) => relaxed.conditions.map((one) => merger.translated(one)));
  const keys = lists.map((list) => new Set(list.map(expressionKey)));
  const isCommon = (condition: Expression): boolean => keys.every((list) => list.has(expressionKey(condition)));
  const rests = lists.map((list) => list.filter((condition) => !isCommon(condition)));
  const wanted = new Map(rests.map((rest) => [rest.map(expressionKey).sort().join(), andOf(rest)]));
  if (wanted.size === 1 || rests.some((rest) => rest.length === 0)) return undefined;
  const anyWanted = orOf([...wanted.values()]);
  const scans = new Set([...columnsOf(anyWanted)].map((id) => scanBehind(merged, id)));
  if (scans.size !== 1 || scans.has(undefined)) return undefined;
  const filtered = filterOver(merged, [...lists[0]!.filter(isCommon), anyWanted]);
  const restricted = pushedDown(orToInList.rewrite(filtered, context) ?? filtered, context);
  const readers = occurrences.map(({ node, required, relaxed }, i): Reader => {
    const conditions = relaxed.conditions.filter((_, c) => !isCommon(lists[i]![c]!));
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

function pushedDown(node: LogicalNode, context: RuleContext): LogicalNode {
  let pushed = node;
  for (
    let next: LogicalNode | undefined = node;
    next !== undefined;
    next = predicatePushdown.rewrite(pushed, context)
  ) {
    pushed = next;
  }
  return mapInputs(pushed, (input) => pushedDown(input, context));
}
