import { refersOnlyTo, substituteColumns } from '../../logical/expression-tree.js';
import type { LogicalJoin, LogicalLimit, LogicalNode, LogicalSort } from '../../logical/logical-plan.js';
import { outputIdsOf } from '../../logical/plan-tree.js';
import { valuesOf } from '../../logical/projections.js';
import type { NodeRule } from '../rule.js';
import { isVolatile } from '../volatility.js';

/**
 * A limit meets the sort that it belongs to, which then keeps only as many rows (top-N), or skips the first; two limits
 * become one; inputs of a union and scans learn how many rows are wanted at most. A join that keeps all rows of its left
 * side needs no more of them than are wanted of the result; a top-N by columns of that side can be taken there first.
 *
 *     limit 10 over sort a over t   →   sort a limit 10 over t
 */
export const limitPushdown: NodeRule = {
  name: 'limit-pushdown',
  description: 'Moves limits into sorts, unions, outer joins and scans.',
  traversal: 'down',
  rewrite(node) {
    if (node.kind === 'limit') return push(node);
    return node.kind === 'sort' ? pushTopN(node) : undefined;
  },
};

/** Beyond this many rows a top-N is a sort: its bound would come late, and it holds twice as many. */
const MAX_TOP_N = 1_000_000;

function push(node: LogicalLimit): LogicalNode | undefined {
  const { input, limit, offset } = node;
  if (limit === undefined && offset === 0) return input;
  switch (input.kind) {
    case 'project':
      return { ...input, input: { ...node, input: input.input } };
    case 'sort':
      return intoSort(node, input);
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
    case 'join':
      return throughJoin(node, input);
    default:
      return undefined;
  }
}

/** Rows that a sort skips need not be handed on, nor looked at; with a limit, few need be kept. */
function intoSort({ limit, offset }: LogicalLimit, sort: LogicalSort): LogicalNode | undefined {
  if (sort.limit !== undefined) return undefined;
  const skipped = offset + (sort.offset ?? 0);
  if (limit !== undefined && limit + skipped <= MAX_TOP_N) return { ...sort, limit, offset: skipped };
  if (offset === 0) return undefined;
  const rest: LogicalSort = { ...sort, offset: skipped };
  return limit === undefined ? rest : { kind: 'limit', input: rest, limit, offset: 0 };
}

/** Joins that return each left row at least once; some exactly once. */
const KEEPS_LEFT: ReadonlySet<LogicalJoin['joinKind']> = new Set(['left', 'single', 'mark']);

function throughJoin(node: LogicalLimit, join: LogicalJoin): LogicalNode | undefined {
  if (!KEEPS_LEFT.has(join.joinKind)) return undefined;
  if (join.joinKind !== 'left') return { ...join, left: { ...node, input: join.left } };
  if (node.limit === undefined) return undefined;
  const left = limited(join.left, node.limit + node.offset);
  return left === join.left ? undefined : { ...node, input: { ...join, left } };
}

/** The best left rows give the best rows; the sort above stays, for a left row may come several times. */
function pushTopN(node: LogicalSort): LogicalNode | undefined {
  if (node.limit === undefined) return undefined;
  const join = node.input.kind === 'project' ? node.input.input : node.input;
  if (join.kind !== 'join' || !KEEPS_LEFT.has(join.joinKind)) return undefined;
  const values = valuesOf(node.input.kind === 'project' ? node.input.items : []);
  const keys = node.keys.map((key) => ({ ...key, expression: substituteColumns(key.expression, values) }));
  const ids = outputIdsOf(join.left);
  if (!keys.every(({ expression }) => refersOnlyTo(expression, ids) && !isVolatile(expression))) return undefined;
  const most = node.limit + (node.offset ?? 0);
  if (limited(join.left, most) === join.left) return undefined;
  const best: LogicalJoin = { ...join, left: { kind: 'sort', input: join.left, keys, limit: most } };
  return { ...node, input: node.input.kind === 'project' ? { ...node.input, input: best } : best };
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
