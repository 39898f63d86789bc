import type { PhysicalNode } from '../physical/physical-plan.js';
import type { ExplainOptions } from './explain-options.js';
import { detailsOf } from './node-details.js';
import { measuresOf } from './node-measures.js';
import { titleOf } from './node-title.js';
import { shownInputs } from './shown-inputs.js';

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
  for (const detail of detailsOf(node, options)) lines.push(`${indent}${detail}`);
  for (const input of shownInputs(node)) writeNode(input, depth + 1, options, lines);
}
