import type { LogicalNode, LogicalShared } from '../../logical/logical-plan.js';
import { inputsOf, mapInputs, outputIdsOf, outputOf, visitPlan } from '../../logical/plan-tree.js';
import { type Ids, requiredOfInputs } from '../required-columns.js';
import type { PlanRule, RuleContext } from '../rule.js';
import { PlanMerger } from '../subplans/merge-plans.js';
import { PlanForms } from '../subplans/plan-forms.js';
import { readsTableTwice } from '../subplans/reads-table-twice.js';
import { filtersOfInputs, type RunTimeFilter } from '../subplans/run-time-filters.js';
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
  collect(plan, { required: outputIdsOf(plan), mayStop: false, filters: [] }, (occurrence) => {
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

/** Is a part of the node shared already? */
function covers(node: LogicalNode, replacements: ReadonlyMap<LogicalNode, LogicalShared>): boolean {
  return replacements.has(node) || inputsOf(node).some((input) => covers(input, replacements));
}

/** A part of the plan, which of its columns are used above, and what would filter its scans. */
interface Occurrence {
  readonly node: LogicalNode;
  readonly required: Ids;
  readonly filters: readonly RunTimeFilter[];
}

/** What is known of a place in the plan from above. */
interface Place extends Omit<Occurrence, 'node'> {
  /** May its rows not all be asked for? */
  readonly mayStop: boolean;
}

/** Visits what may be shared, from the top. */
function collect(node: LogicalNode, place: Place, visit: (occurrence: Occurrence) => void): void {
  const { mayStop } = place;
  if (!mayStop && !isOrdered(node) && node.kind !== 'values' && node.kind !== 'generateSeries') {
    visit({ node, required: place.required, filters: place.filters });
  }
  let [below, uses, filters] = [node, place.required, place.filters];
  // Projections compute no rows of their own: below one, the same rows would be found again.
  while (below.kind === 'project') {
    filters = filtersOfInputs(below, filters, uses)[0]!;
    [below, uses] = [below.input, requiredOfInputs(below, uses)];
  }
  // Its input stands in the plan once for each reader, and is computed once.
  if (below.kind === 'shared') return;
  const required = requiredOfInputs(below, uses);
  const ofInputs = filtersOfInputs(below, filters, required);
  inputsOf(below).forEach((input, i) => {
    const at = { required, mayStop: stopsEarly(below, i, mayStop), filters: ofInputs[i] ?? [] };
    collect(input, at, visit);
  });
}

/** Rows that are kept lose their order. */
function isOrdered(node: LogicalNode): boolean {
  if (node.kind === 'sort') return true;
  return (node.kind === 'project' || node.kind === 'filter' || node.kind === 'limit') && isOrdered(node.input);
}

/** May the rows of an input not all be asked for? */
function stopsEarly(node: LogicalNode, index: number, mayStop: boolean): boolean {
  switch (node.kind) {
    case 'limit':
      return true;
    case 'aggregate':
    case 'window':
    case 'sort':
      return false;
    case 'join':
      return index === 0 && mayStop;
    default:
      return mayStop;
  }
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

function replaced(node: LogicalNode, replacements: ReadonlyMap<LogicalNode, LogicalShared>): LogicalNode {
  return replacements.get(node) ?? mapInputs(node, (input) => replaced(input, replacements));
}
