import { bugError } from '../../common/errors.js';
import type { SortNode } from '../../planner/physical/physical-plan.js';
import { JoinInserter, prepareJoinTable } from '../operators/join-build-sink.js';
import type { LaneContext, SharedWork } from '../operators/operator.js';
import { sortOfWindow } from '../operators/window-layout.js';
import type { PipelineSink } from '../pipeline/pipeline-plan.js';
import { prepareSortRanges, RangeSorter } from '../sort/range-sorter.js';

/** Asked by the last lane that ends a sink: is there work left that all lanes should do together? */
export function prepareSharedWork(context: LaneContext, sink: PipelineSink): boolean {
  if (sink.kind === 'build') return prepareJoinTable(context, sink.node);
  const sort = sortOf(sink);
  return sort !== undefined && prepareSortRanges(context, sort);
}

/** The part that a lane takes of it. */
export function openSharedWork(context: LaneContext, sink: PipelineSink): SharedWork {
  if (sink.kind === 'build') return new JoinInserter(context, sink.node);
  const sort = sortOf(sink);
  if (sort === undefined) throw bugError(`nothing is left to do of a sink of kind ${sink.kind}`);
  return new RangeSorter(context, sort);
}

/** What the sink sorts: a window without partitions does. */
function sortOf(sink: PipelineSink): SortNode | undefined {
  if (sink.kind === 'sort') return sink.node;
  return sink.kind === 'window' && sink.node.partitionKeys.length === 0 ? sortOfWindow(sink.node) : undefined;
}
