import type { PhysicalNode, ScanNode } from '../planner/physical/physical-plan.js';

/** Plans over so few rows are not worth a thread: to ask one and to hear of it takes longer than they do. */
const SMALL_ROWS = 10_000;
/** Bytes and files of a scan; such files are kept in memory (`worker/small-file-cache.ts`). */
const SMALL_SCAN_BYTES = 256 * 1024;
const SMALL_SCAN_FILES = 256;

/**
 * Whether a plan should run on the calling thread. `withScans`: also over files, if they are small; tests on checked
 * memory leave those to the workers, so that their lanes are tested.
 */
export function isSmallPlan(node: PhysicalNode, withScans: boolean): boolean {
  const isSmall = (input: PhysicalNode): boolean => isSmallPlan(input, withScans);
  switch (node.kind) {
    case 'scan':
      return withScans && isSmallScan(node);
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
      return node.estimatedRows + pairs / 100 < SMALL_ROWS && isSmall(node.probe) && isSmall(node.build);
    }
    case 'unionAll':
      return node.inputs.every(isSmall);
    default:
      return isSmall(node.input);
  }
}

function isSmallScan({ files, estimatedRows }: ScanNode): boolean {
  if (files.length > SMALL_SCAN_FILES || estimatedRows >= SMALL_ROWS) return false;
  return files.reduce((sum, file) => sum + file.byteLength, 0) <= SMALL_SCAN_BYTES;
}
