import type { LogicalNode, LogicalShared } from '../../logical/logical-plan.js';
import { inputsOf, mapInputs, outputIdsOf, outputOf, visitPlan } from '../../logical/plan-tree.js';
import { type Ids, requiredOfInputs } from '../required-columns.js';
import type { PlanRule, RuleContext } from '../rule.js';
import { PlanMerger } from '../subplans/merge-plans.js';
import { PlanForms } from '../subplans/plan-forms.js';
import { paysToShare, workOf } from '../subplans/sharing-gain.js';
import { pruneColumns } from './column-pruning.js';

/**
 * What a query computes more than once is computed once, and its rows are kept and read several times, where that costs
 * less: a WITH that is used twice, a view (TPC-H Q15), equal subqueries (Q11). Plans are equal when they compute the
 * same rows, whatever their columns are called, and whichever of them they hand on: the shared one has all that any
 * reader needs.
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

/** Otherwise there is nothing to share, as most queries can tell at once. */
function readsTableTwice(plan: LogicalNode): boolean {
  const names = new Set<string>();
  let isTwice = false;
  visitPlan(plan, (node) => {
    if (node.kind !== 'scan') return;
    if (names.has(node.table.name)) isTwice = true;
    names.add(node.table.name);
  });
  return isTwice;
}

function share(plan: LogicalNode, context: RuleContext): LogicalNode {
  const forms = PlanForms.of(context.ids);
  const groups = new Map<number, Occurrence[]>();
  collect(plan, outputIdsOf(plan), false, (occurrence) => {
    const form = forms.formOf(occurrence.node);
    if (form) groups.set(form.rows, [...(groups.get(form.rows) ?? []), occurrence]);
  });
  const taken = new Set<LogicalNode>();
  const replacements = new Map<LogicalNode, LogicalShared>();
  const candidates = [...groups.values()].filter((occurrences) => occurrences.length > 1);
  candidates.sort(([a], [b]) => workOf(b!.node) - workOf(a!.node));
  let number = 0;
  for (const occurrences of candidates) {
    const free = occurrences.filter(({ node }) => !taken.has(node));
    if (free.length < 2) continue;
    const readers = shared(free, number + 1, forms);
    if (!readers) continue;
    number++;
    free.forEach(({ node }, i) => {
      replacements.set(node, readers[i]!);
      visitPlan(node, (below) => taken.add(below));
    });
  }
  return replacements.size === 0 ? plan : replaced(plan, replacements);
}

/** A part of the plan, and which of its columns are used above. */
interface Occurrence {
  readonly node: LogicalNode;
  readonly required: Ids;
}

/** Visits what may be shared, from the top. */
function collect(node: LogicalNode, required: Ids, mayStop: boolean, visit: (occurrence: Occurrence) => void): void {
  if (!mayStop && !isOrdered(node) && node.kind !== 'values' && node.kind !== 'generateSeries') {
    visit({ node, required });
  }
  let [below, uses] = [node, required];
  // Projections compute no rows of their own: below one, the same rows would be found again.
  while (below.kind === 'project') [below, uses] = [below.input, requiredOfInputs(below, uses)];
  const ofInputs = requiredOfInputs(below, uses);
  inputsOf(below).forEach((input, i) => {
    collect(input, ofInputs, stopsEarly(below, i, mayStop), visit);
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
    case 'sort':
      return false;
    case 'join':
      return index === 0 && mayStop;
    default:
      return mayStop;
  }
}

function shared(occurrences: readonly Occurrence[], number: number, forms: PlanForms): LogicalShared[] | undefined {
  const [first, ...others] = occurrences;
  const merger = new PlanMerger(forms);
  const merged = others.reduce((plan, { node }) => merger.merge(plan, node), first!.node);
  const columns = occurrences.map(({ node, required }) => outputOf(node).filter(({ id }) => required.has(id)));
  const sources = columns.map((list) => list.map((column) => merger.twinOf(column).id));
  const kept = new Set(sources.flat());
  const input = pruneColumns(merged, kept);
  if (!paysToShare(input, kept.size, occurrences.length)) return undefined;
  return occurrences.map((_, i) => ({
    kind: 'shared',
    number,
    input,
    kept,
    columns: columns[i]!,
    inputColumns: sources[i]!,
  }));
}

function replaced(node: LogicalNode, replacements: ReadonlyMap<LogicalNode, LogicalShared>): LogicalNode {
  return replacements.get(node) ?? mapInputs(node, (input) => replaced(input, replacements));
}
