import { bugError } from '../../common/errors.js';
import { JoinInserter, prepareJoinTable } from '../operators/join-build-sink.js';
import type { LaneContext, SharedWork } from '../operators/operator.js';
import type { PipelinePlan, PipelineSink } from '../pipeline/pipeline-plan.js';
import { prepareSortRanges, RangeSorter } from '../sort/range-sorter.js';
import { prepareWindowRanges, WindowRangeSorter } from '../window/window-range-sorter.js';

/** Asked by the last lane that ends a sink: is there work left that all lanes should do together? */
export function prepareSharedWork(
  context: LaneContext,
  sink: PipelineSink,
  pipelines: readonly PipelinePlan[],
): boolean {
  switch (sink.kind) {
    case 'build':
      return prepareJoinTable(context, sink.node);
    case 'sort':
      return prepareSortRanges(context, sink.node);
    case 'window': {
      if (sink.node.partitionKeys.length > 0) return false;
      const reader = pipelines.find(({ source }) => source.kind === 'window' && source.node.id === sink.node.id);
      return prepareWindowRanges(context, sink.node, reader?.ordered ?? true);
    }
    default:
      return false;
  }
}

/** The part that a lane takes of it. */
export function openSharedWork(context: LaneContext, sink: PipelineSink): SharedWork {
  switch (sink.kind) {
    case 'build':
      return new JoinInserter(context, sink.node);
    case 'sort':
      return new RangeSorter(context, sink.node);
    case 'window':
      return new WindowRangeSorter(context, sink.node);
    default:
      throw bugError(`nothing is left to do of a sink of kind ${sink.kind}`);
  }
}
