import type { PhysicalNode } from './physical-plan.js';

/** The inputs of a plan node, probe side first. */
export function inputsOf(node: PhysicalNode): readonly PhysicalNode[] {
  switch (node.kind) {
    case 'scan':
    case 'textScan':
    case 'values':
    case 'generateSeries':
    case 'workingTable':
      return [];
    case 'hashJoin':
      return [node.probe, node.build];
    case 'recursive':
      return [node.anchor, node.step];
    case 'unionAll':
      return node.inputs;
    default:
      return [node.input];
  }
}
