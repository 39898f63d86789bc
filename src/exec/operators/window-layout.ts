import { oncePer } from '../../common/once-per.js';
import type { SortKey, SortNode, WindowNode } from '../../planner/physical/physical-plan.js';
import type { QueryBlock } from '../query-block.js';
import { PARTITION_COUNT } from '../rows/row-collection.js';
import type { SortRanges } from '../sort/sort-ranges.js';

/** What a lane publishes that has partitioned its rows: u32 table of its row collection, u32 table of what it has spilled. */
export const WINDOW_ROWS = 0;
export const WINDOW_SPILL = 1;
export const WINDOW_SINK_BYTES = 8;

/** Words of the node. In which order radix partitions are taken, see `orderPartitions`. */
export const WINDOW_ORDER = 0;
/** Into how many stretches rows without partition keys are divided, or 0; how many are done. Other words are the sort's. */
export const WINDOW_STRETCHES = 4;
export const WINDOW_DONE_STRETCHES = 5;

/** Rows with partition keys are taken radix partition by radix partition; without them they are one sequence, or stretches. */
export function countWindowMorsels(block: QueryBlock, node: WindowNode): number {
  return node.partitionKeys.length > 0 ? PARTITION_COUNT : Math.max(1, block.getWord(node.id, WINDOW_STRETCHES));
}

/** Where a stretch begins: each is about as many ranges of the sort (`sort/sort-ranges.ts`) as the others. */
export function stretchStart(ranges: SortRanges, stretch: number, stretchCount: number): number {
  return Math.floor((ranges.count * stretch) / stretchCount);
}

/** How the rows of a window are sorted: partitions one after the other, each in its order. */
export const sortOfWindow: (node: WindowNode) => SortNode = oncePer((node) => {
  const partitions = node.partitionKeys.map(
    (expression): SortKey => ({ expression, descending: false, nullsFirst: false }),
  );
  const { id, input, estimatedRows } = node;
  const keys = [...partitions, ...node.orderKeys];
  return { kind: 'sort', id, input, estimatedRows, columns: input.columns, keys, limit: limitOf(node) };
});

/** The rows that are looked at where numbers of all rows are limited: rows of equal keys may have numbers in any order. */
function limitOf({ partitionKeys, functions, limit }: WindowNode): number | undefined {
  const isNumbered = partitionKeys.length === 0 && functions.length === 1 && functions[0]!.name === 'row_number';
  return isNumbered ? limit?.count : undefined;
}
