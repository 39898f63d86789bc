import type { PhysicalNode, SharedNode } from './physical-plan.js';

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

/** The node over other inputs, which have the same columns; a node that reads the same ones is itself. */
export function mapInputs(node: PhysicalNode, map: (input: PhysicalNode) => PhysicalNode): PhysicalNode {
  const inputs = inputsOf(node);
  const mapped = inputs.map(map);
  if (mapped.every((input, i) => input === inputs[i])) return node;
  switch (node.kind) {
    case 'hashJoin':
      return { ...node, probe: mapped[0]!, build: mapped[1]! };
    case 'recursive': {
      const [anchor, step] = mapped as [SharedNode, SharedNode];
      return { ...node, anchor, step };
    }
    case 'unionAll':
      return { ...node, inputs: mapped };
    default:
      return 'input' in node ? { ...node, input: mapped[0]! } : node;
  }
}
