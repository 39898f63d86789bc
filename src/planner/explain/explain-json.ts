import type { PhysicalNode } from '../physical/physical-plan.js';
import type { ExplainOptions } from './explain-options.js';
import { detailsOf } from './node-details.js';
import { titleOf } from './node-title.js';
import { shownInputs } from './shown-inputs.js';

/** The plan as PostgreSQL's EXPLAIN (FORMAT JSON) nests it, for tools: details under the names that the text has. */
export function explainPlanAsJson(plan: PhysicalNode, options: ExplainOptions = {}): Readonly<Record<string, unknown>> {
  const actual = options.counters?.get(plan.id);
  const plans = shownInputs(plan).map((input) => explainPlanAsJson(input, options));
  return {
    'Node Type': titleOf(plan),
    'Plan Rows': plan.estimatedRows,
    ...(actual && { 'Actual Rows': actual.rows, 'Actual Total Time': actual.timeMs }),
    ...(actual?.bytesRead !== undefined && { 'Bytes Read': actual.bytesRead }),
    ...(actual?.rowGroupsSkipped !== undefined && { 'Row Groups Skipped': actual.rowGroupsSkipped }),
    ...(actual?.pagesSkipped !== undefined && { 'Pages Skipped': actual.pagesSkipped }),
    ...(actual?.memoryBytes !== undefined && { 'Memory Bytes': actual.memoryBytes }),
    ...(actual?.spilledBytes !== undefined && { 'Spilled Bytes': actual.spilledBytes }),
    ...(actual?.hostCalls !== undefined && { 'JavaScript Calls': actual.hostCalls }),
    ...(actual?.keyedRows !== undefined && { 'Rows by Key': actual.keyedRows }),
    ...(actual?.workerRows !== undefined && { 'Worker Rows': actual.workerRows }),
    ...(actual?.assignedRows !== undefined && { 'Worker Rows Before Help': actual.assignedRows }),
    ...(options.verbose && { Output: plan.columns.map((column) => column.name) }),
    ...detailsByName(plan, options),
    ...(plans.length > 0 && { Plans: plans }),
  };
}

/** A name that comes several times has a list of values. */
function detailsByName(
  node: PhysicalNode,
  options: ExplainOptions,
): Readonly<Record<string, string | readonly string[]>> {
  const values = new Map<string, string[]>();
  for (const detail of detailsOf(node, options)) {
    const colon = detail.indexOf(': ');
    const [name, value] = colon < 0 ? [detail, ''] : [detail.slice(0, colon), detail.slice(colon + 2)];
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0]! : all]));
}
