import type { GraphNode } from './expression-graph.js';

/** What some nodes compute, whatever the others of their graph: all that they need, each with the numbers of its children. */
export function structureOf(roots: readonly GraphNode[]): string {
  const nodes = reachable(roots);
  const numbers = new Map(nodes.map((node, index) => [node, index]));
  const numbersOf = (some: readonly GraphNode[]): string => some.map((node) => numbers.get(node)).join();
  return [numbersOf(roots), ...nodes.map((node) => `${node.shape} ${numbersOf(node.children)}`)].join(';');
}

/** Some nodes and all that they need, each once. */
export function reachable(roots: readonly GraphNode[]): GraphNode[] {
  const seen = new Set<GraphNode>();
  const visit = (node: GraphNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    node.children.forEach(visit);
  };
  roots.forEach(visit);
  return [...seen];
}
