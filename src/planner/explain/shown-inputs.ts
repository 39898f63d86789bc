import { inputsOf } from '../physical/physical-inputs.js';
import type { PhysicalNode } from '../physical/physical-plan.js';

/** The inputs of a plan node as EXPLAIN shows them: what is shared stands where it is first read. */
export function shownInputs(node: PhysicalNode): readonly PhysicalNode[] {
  if (node.kind === 'shared') return node.share === node.id ? [node.input] : [];
  if (node.kind !== 'recursive') return inputsOf(node);
  return [node.anchor.input, node.isStreamed ? node.step : node.step.input];
}
