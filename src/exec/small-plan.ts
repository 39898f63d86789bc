import type { PhysicalNode } from '../planner/physical/physical-plan.js';

/** Plans over so few rows are not worth a thread: to ask one and to hear of it takes longer than they do. */
const SMALL_ROWS = 10_000;

/** Whether a plan should run on the calling thread: never where it reads files, whose columns are for workers only. */
export function isSmallPlan(node: PhysicalNode): boolean {
  switch (node.kind) {
    case 'scan':
    case 'textScan':
    // Nobody knows how long it takes.
    case 'recursive':
    case 'workingTable':
    case 'parquetSink':
    case 'analyzeSink':
      return false;
    case 'values':
      return node.rows.length < SMALL_ROWS;
    case 'generateSeries':
      return node.estimatedRows < SMALL_ROWS;
    case 'hashJoin': {
      // Without keys each row of one side meets each of the other.
      const pairs = node.probeKeys.length > 0 ? 0 : node.probe.estimatedRows * node.build.estimatedRows;
      return node.estimatedRows + pairs / 100 < SMALL_ROWS && isSmallPlan(node.probe) && isSmallPlan(node.build);
    }
    case 'unionAll':
      return node.inputs.every(isSmallPlan);
    default:
      return isSmallPlan(node.input);
  }
}
