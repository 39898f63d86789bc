import type { LogicalNode } from '../../logical/logical-plan.js';
import { inputsOf, outputIdsOf } from '../../logical/plan-tree.js';
import { type Ids, requiredOfInputs } from '../required-columns.js';
import { filtersOfInputs, type RunTimeFilter } from './run-time-filters.js';

/** A part of a plan, which of its columns are used above, and what would filter its scans. */
export interface Occurrence {
  readonly node: LogicalNode;
  readonly required: Ids;
  readonly filters: readonly RunTimeFilter[];
}

/** What is known of a place in the plan from above. */
interface Place extends Omit<Occurrence, 'node'> {
  /** May its rows not all be asked for? */
  readonly mayStop: boolean;
}

/** Visits what several may read, from the top. */
export function collectOccurrences(plan: LogicalNode, visit: (occurrence: Occurrence) => void): void {
  collect(plan, { required: outputIdsOf(plan), mayStop: false, filters: [] }, visit);
}

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
