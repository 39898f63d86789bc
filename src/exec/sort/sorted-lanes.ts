import type { LaneContext } from '../operators/operator.js';
import { SORT_LIST_COUNT, SORT_LISTS, SORT_ROWS, SORT_RUNS } from '../operators/sort-layout.js';
import { SortedRun } from './sorted-run.js';

/** What the sorts of all lanes have left for a node. */
export interface SortedLanes {
  /** Partition tables of the rows in memory, one a lane. */
  readonly rowTables: readonly number[];
  /** Published lists of entries. */
  readonly lists: readonly number[];
  readonly runs: readonly SortedRun[];
}

export function readSortedLanes({ shared, block }: LaneContext, node: number): SortedLanes {
  const rowTables: number[] = [];
  const lists: number[] = [];
  const runs: SortedRun[] = [];
  for (let lane = 0; lane < block.shape.laneCount; lane++) {
    const published = block.getSink(node, lane) / 4;
    if (published === 0) continue;
    const [table, pointers, listCount, firstRun] = [SORT_ROWS, SORT_LISTS, SORT_LIST_COUNT, SORT_RUNS].map(
      (word) => shared.u32[published + word]!,
    ) as [number, number, number, number];
    rowTables.push(table);
    lists.push(...shared.u32.subarray(pointers / 4, pointers / 4 + listCount));
    let run = firstRun === 0 ? undefined : new SortedRun(shared, firstRun);
    for (; run !== undefined; run = run.next) runs.push(run);
  }
  return { rowTables, lists, runs };
}
