import type { LogicalNode } from '../logical/logical-plan.js';
import { estimate } from '../statistics/estimate.js';

/** Rows of a full batch (vector/vector.ts). */
export const BATCH_ROWS = 4096;

/**
 * In how many batches a plan hands its rows on. Filters and joins make batches smaller and not fewer; what collects all of
 * its input first makes them full.
 */
export function batchesOf(node: LogicalNode): number {
  switch (node.kind) {
    case 'scan':
      return atMost(estimate(node).rows, (node.files?.rowCount ?? 0) / BATCH_ROWS);
    case 'filter':
      return atMost(estimate(node).rows, batchesOf(node.input));
    case 'project':
    case 'limit':
      return batchesOf(node.input);
    case 'join':
      return Math.max(estimate(node).rows / BATCH_ROWS, atMost(estimate(node).rows, batchesOf(node.left)));
    case 'unionAll':
      return node.inputs.reduce((sum, input) => sum + batchesOf(input), 0);
    default:
      return Math.ceil(estimate(node).rows / BATCH_ROWS);
  }
}

const atMost = (rows: number, batches: number): number => Math.max(1, Math.min(rows, Math.ceil(batches)));
