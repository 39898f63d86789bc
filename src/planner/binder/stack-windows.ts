import type { Expression } from '../expression.js';
import { expressionKey } from '../logical/expression-tree.js';
import type { LogicalNode, LogicalWindow, LogicalWindowItem } from '../logical/logical-plan.js';
import type { SortKey } from '../physical/physical-plan.js';
import type { BoundWindow } from './window-collector.js';

interface WindowNode {
  readonly partitions: string;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortKey[];
  readonly order: readonly string[];
  readonly functions: LogicalWindowItem[];
}

/**
 * Puts windows on a plan: those with the same partitions, of which the order of one begins with that of the other, share
 * a node and so a sort.
 */
export function stackWindows(input: LogicalNode, windows: readonly BoundWindow[]): LogicalNode {
  const nodes: WindowNode[] = [];
  // Those with most keys first: the others look for a node whose order begins with theirs.
  for (const window of windows.toSorted((a, b) => b.orderBy.length - a.orderBy.length)) {
    const partitions = [...new Set(window.partitionBy.map(expressionKey))].sort().join();
    const order = window.orderBy.map((key) => `${expressionKey(key.expression)} ${key.descending} ${key.nullsFirst}`);
    let node = nodes.find(
      (other) => other.partitions === partitions && order.every((key, i) => key === other.order[i]),
    );
    if (!node) {
      const { partitionBy, orderBy } = window;
      node = { partitions, partitionBy, orderBy, order, functions: [] };
      nodes.push(node);
    }
    node.functions.push({ column: window.column, call: { ...window.call, orderCount: order.length } });
  }
  return nodes.reduce<LogicalNode>((below, { partitionBy, orderBy, functions }): LogicalWindow => {
    return { kind: 'window', input: below, partitionBy, orderBy, functions };
  }, input);
}
