import type { LogicalLimit, LogicalNode } from '../../logical/logical-plan.js';
import type { NodeRule } from '../rule.js';

/**
 * A limit meets the sort that it belongs to, which then keeps only as many rows (top-N); two limits become one; inputs
 * of a union and scans learn how many rows are wanted at most.
 *
 *     limit 10 over sort a over t   →   sort a limit 10 over t
 */
export const limitPushdown: NodeRule = {
  name: 'limit-pushdown',
  description: 'Moves limits into sorts, unions and scans.',
  traversal: 'down',
  rewrite: (node) => (node.kind === 'limit' ? push(node) : undefined),
};

/** Beyond this many rows a top-N is a sort. */
const MAX_TOP_N = 100_000;

function push(node: LogicalLimit): LogicalNode | undefined {
  const { input, limit, offset } = node;
  if (limit === undefined && offset === 0) return input;
  switch (input.kind) {
    case 'project':
      return { ...input, input: { ...node, input: input.input } };
    case 'sort':
      if (limit === undefined || limit + offset > MAX_TOP_N || input.limit !== undefined) return undefined;
      return { ...input, limit, offset };
    case 'limit':
      return combined(node, input);
    case 'unionAll': {
      if (limit === undefined) return undefined;
      const most = limit + offset;
      const inputs = input.inputs.map((branch) => limited(branch, most));
      if (inputs.every((branch, i) => branch === input.inputs[i])) return undefined;
      return { ...node, input: { ...input, inputs } };
    }
    case 'scan': {
      const most = limit === undefined ? undefined : limit + offset;
      if (most === undefined || (input.limit !== undefined && input.limit <= most)) return undefined;
      return { ...node, input: { ...input, limit: most } };
    }
    default:
      return undefined;
  }
}

function limited(branch: LogicalNode, most: number): LogicalNode {
  if (branch.kind === 'limit' && branch.limit !== undefined && branch.limit <= most) return branch;
  if (branch.kind === 'sort' && branch.limit !== undefined && branch.limit <= most) return branch;
  if (branch.kind === 'values' && branch.rows.length <= most) return branch;
  if (alreadyLimited(branch, most)) return branch;
  return { kind: 'limit', input: branch, limit: most, offset: 0 };
}

function alreadyLimited(branch: LogicalNode, most: number): boolean {
  return branch.kind === 'project' ? limited(branch.input, most) === branch.input : false;
}

/** The outer limit counts within what the inner one lets through. */
function combined(outer: LogicalLimit, inner: LogicalLimit): LogicalLimit {
  const rest = inner.limit === undefined ? undefined : Math.max(0, inner.limit - outer.offset);
  const limits = [outer.limit, rest].filter((limit) => limit !== undefined);
  return {
    kind: 'limit',
    input: inner.input,
    limit: limits.length > 0 ? Math.min(...limits) : undefined,
    offset: inner.offset + outer.offset,
  };
}
