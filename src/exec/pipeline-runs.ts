import type { SharedMemory } from '../vector/shared-memory.js';
import { countAggregateMorsels } from './operators/aggregate-source.js';
import { countSeriesMorsels } from './operators/generate-series-source.js';
import { JOIN_DEFERRED } from './operators/join-layout.js';
import { countScanWork } from './operators/scan-morsels.js';
import { listSharedMorsels, readerOf } from './operators/shared-rows.js';
import { countWindowMorsels } from './operators/window-layout.js';
import { type PipelinePlan, sinkKey } from './pipeline/pipeline-plan.js';
import type { QueryBlock } from './query-block.js';
import { PARTITION_COUNT } from './rows/row-collection.js';
import { countTextMorsels } from './text/text-morsels.js';

/** Has the join deferred nothing? That is known before the pipeline runs that would defer: see `JOIN_DEFERRED`. */
export function isEmptyPipeline(block: QueryBlock, { source }: PipelinePlan): boolean {
  return source.kind === 'deferred' && block.getWord(source.node.id, JOIN_DEFERRED) === 0;
}

/** Does no pipeline after this one feed the same sink? */
export function endsItsSink(block: QueryBlock, pipelines: readonly PipelinePlan[], pipeline: PipelinePlan): boolean {
  const key = sinkKey(pipeline.sink);
  return !pipelines.some(
    (later) => later.index > pipeline.index && sinkKey(later.sink) === key && !isEmptyPipeline(block, later),
  );
}

/** How many lanes find something to do. */
export function countLanes(shared: SharedMemory, block: QueryBlock, pipeline: PipelinePlan): number {
  if (pipeline.ordered) return 1;
  return Math.max(1, Math.min(block.shape.laneCount, countMorsels(shared, block, pipeline)));
}

/** Parts of a source that lanes can take, as many as make sense; 1 for what cannot be divided. */
export function countMorsels(shared: SharedMemory, block: QueryBlock, { source }: PipelinePlan): number {
  switch (source.kind) {
    case 'scan':
      return countScanWork(source.node);
    case 'textScan':
      return countTextMorsels(source.node);
    case 'generateSeries':
      return countSeriesMorsels(source.node);
    case 'aggregate':
      return countAggregateMorsels(shared, block, source.node);
    case 'window':
      return countWindowMorsels(block, source.node);
    case 'shared':
    case 'workingTable':
      return listSharedMorsels(shared, block, readerOf(source.node).rows).length;
    case 'recursive': {
      // Where equal rows need not be told apart, what comes of one row of the anchor needs nothing of the others.
      const { anchor, keys } = source.node;
      return keys === undefined ? listSharedMorsels(shared, block, readerOf(anchor).rows).length : 1;
    }
    case 'buildRows':
      return PARTITION_COUNT;
    case 'deferred':
      // Lanes without a partition help with those of others.
      return block.shape.laneCount;
    default:
      return 1;
  }
}
