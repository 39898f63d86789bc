import type { WindowNode } from '../../planner/physical/physical-plan.js';
import type { LaneContext, SharedWork } from '../operators/operator.js';
import { SORT_RANGES } from '../operators/sort-layout.js';
import { sortOfWindow, stretchStart, WINDOW_STRETCHES } from '../operators/window-layout.js';
import { divideIntoRanges, listsToDivide, RangeSorter } from '../sort/range-sorter.js';
import { SortRanges } from '../sort/sort-ranges.js';
import { RangeEvaluators } from './range-evaluators.js';

/**
 * Divides the rows of a window without partitions into ranges that lanes sort: see `divideIntoRanges`. Each lane computes
 * over a stretch of them, too, unless that must be done `inOrder` or a function must have the whole partition.
 */
export function prepareWindowRanges(context: LaneContext, node: WindowNode, inOrder: boolean): boolean {
  const { block, shared } = context;
  const sort = sortOfWindow(node);
  const { laneCount } = block.shape;
  // Few rows are not worth evaluators.
  const lists = listsToDivide(context, sort);
  if (lists === undefined) return false;
  const evaluators = inOrder || laneCount === 1 ? undefined : RangeEvaluators.open(context, node);
  evaluators?.close();
  if (evaluators === undefined || !divideIntoRanges(context, sort, lists, evaluators)) {
    return divideIntoRanges(context, sort, lists);
  }
  const { count } = new SortRanges(shared, block.getWord(node.id, SORT_RANGES));
  block.setWord(node.id, WINDOW_STRETCHES, Math.min(laneCount, count));
  return true;
}

/** Sorts ranges and makes the summaries that are needed behind them. */
export class WindowRangeSorter implements SharedWork {
  private readonly evaluators: RangeEvaluators | undefined;
  private readonly sorter: RangeSorter;

  constructor(context: LaneContext, node: WindowNode) {
    const { shared, block } = context;
    const stretches = block.getWord(node.id, WINDOW_STRETCHES);
    const evaluators = stretches > 0 ? RangeEvaluators.open(context, node) : undefined;
    const ranges = new SortRanges(shared, block.getWord(node.id, SORT_RANGES));
    this.evaluators = evaluators;
    this.sorter = new RangeSorter(context, sortOfWindow(node), {
      keepsPeers: evaluators?.keepsPeers ?? false,
      summarise: (range, entries, count) => {
        const isPassed = evaluators !== undefined && range < stretchStart(ranges, stretches - 1, stretches);
        return isPassed ? evaluators.summarise(entries, count) : 0;
      },
    });
  }

  next(): boolean {
    return this.sorter.next();
  }

  close(): void {
    this.sorter.close();
    this.evaluators?.close();
  }
}
