import type { PhysicalNode } from '../physical/physical-plan.js';
import type { ExplainOptions } from './explain-options.js';
import { formatBytes } from './format-bytes.js';
import { detailsOf } from './node-details.js';
import { titleOf } from './node-title.js';
import { shownInputs } from './shown-inputs.js';
import { describeSkew } from './skew.js';

/** The plan as a tree in PostgreSQL's form, one string a line. */
export function explainPlan(plan: PhysicalNode, options: ExplainOptions = {}): string[] {
  const lines: string[] = [];
  writeNode(plan, 0, options, lines);
  return lines;
}

function writeNode(node: PhysicalNode, depth: number, options: ExplainOptions, lines: string[]): void {
  const arrow = depth === 0 ? '' : `${' '.repeat(depth * 6 - 4)}->  `;
  const indent = ' '.repeat(depth * 6 + 2);
  lines.push(`${arrow}${titleOf(node)}  (${measuresOf(node, options)})`);
  if (options.verbose) lines.push(`${indent}Output: ${node.columns.map((column) => column.name).join(', ')}`);
  for (const detail of detailsOf(node)) lines.push(`${indent}${detail}`);
  for (const input of shownInputs(node)) writeNode(input, depth + 1, options, lines);
}

/** The estimate, and what it was compared with. */
function measuresOf(node: PhysicalNode, { counters }: ExplainOptions): string {
  const estimate = `rows=${node.estimatedRows}`;
  if (!counters) return estimate;
  const actual = counters.get(node.id);
  if (!actual) return `${estimate}) (never executed`;
  const parts = [`actual rows=${actual.rows}`, `time=${actual.timeMs.toFixed(actual.timeMs < 10 ? 2 : 1)} ms`];
  if (actual.bytesRead !== undefined) parts.push(`read=${formatBytes(actual.bytesRead)}`);
  if (actual.rowGroupsSkipped) parts.push(`skipped=${actual.rowGroupsSkipped} row groups`);
  if (actual.memoryBytes !== undefined) parts.push(`memory=${formatBytes(actual.memoryBytes)}`);
  if (actual.spilledBytes !== undefined) parts.push(`spilled=${formatBytes(actual.spilledBytes)}`);
  const skew = describeSkew(actual);
  if (skew !== undefined) parts.push(skew);
  return `${estimate}) (${parts.join(' ')}`;
}
