import type { Expression } from '../expression.js';
import type { HashAggregateNode, PhysicalNode, ScanNode } from '../physical/physical-plan.js';

/** So many units of work a lane, at least: lanes take another as they finish one. */
const UNITS_PER_LANE = 4;

/**
 * Where partition columns are among the keys of a GROUP BY, the rows of a group lie in one partition. A lane then reads
 * whole partitions, the largest first, and its groups are whole: nothing is merged at the end.
 *
 * Not where partitions are few, or one holds much of the rows: lanes would wait for each other longer than the merge
 * takes.
 */
export function partitionWise(node: HashAggregateNode, laneCount: number): HashAggregateNode {
  const input = laneCount < 2 ? undefined : withUnits(node.input, node.groupKeys, laneCount);
  return input === undefined ? node : { ...node, input, isPartitionWise: true };
}

/** The input with units for its scan; undefined where there are none. `keys` are over the columns of the node. */
function withUnits(node: PhysicalNode, keys: readonly Expression[], laneCount: number): PhysicalNode | undefined {
  const columns = keys.flatMap((key) => (key.kind === 'column' ? [key.column] : []));
  if (node.kind === 'scan') {
    const units = unitsOf(node, columns, laneCount);
    return units && { ...node, units };
  }
  if (node.kind !== 'filter' && node.kind !== 'project') return undefined;
  const below = node.kind === 'filter' ? keys : columns.map((column) => node.expressions[column]!);
  const input = withUnits(node.input, below, laneCount);
  return input && { ...node, input };
}

/** Numbers of files, by the values that they have in those of the columns that are in their paths. */
function unitsOf(
  { scanColumns, files }: ScanNode,
  columns: readonly number[],
  laneCount: number,
): number[][] | undefined {
  const partitions = columns.flatMap((column) => {
    const bound = scanColumns[column]!;
    return bound.kind === 'partition' ? [bound.partition] : [];
  });
  if (partitions.length === 0) return undefined;
  const units = new Map<string, number[]>();
  for (const [index, { partitionValues }] of files.entries()) {
    const key = JSON.stringify(partitions.map((partition) => String(partitionValues[partition]!.value)));
    units.set(key, [...(units.get(key) ?? []), index]);
  }
  const bytesOf = (unit: readonly number[]): number => unit.reduce((sum, index) => sum + files[index]!.byteLength, 0);
  const sorted = [...units.values()].map((unit) => ({ unit, bytes: bytesOf(unit) })).sort((a, b) => b.bytes - a.bytes);
  const total = sorted.reduce((sum, { bytes }) => sum + bytes, 0);
  const isBalanced = sorted.length >= UNITS_PER_LANE * laneCount && sorted[0]!.bytes * 2 * laneCount <= total;
  return isBalanced ? sorted.map(({ unit }) => unit) : undefined;
}
