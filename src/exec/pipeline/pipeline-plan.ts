import { unreachable } from '../../common/errors.js';
import { aggregateOverload } from '../../functions/registry.js';
import { inputsOf } from '../../planner/physical/physical-inputs.js';
import type {
  AnalyzeSinkNode,
  ExpandNode,
  FilterNode,
  GenerateSeriesNode,
  HashAggregateNode,
  HashJoinNode,
  LimitNode,
  ParquetSinkNode,
  PhysicalNode,
  ProjectNode,
  RecursiveNode,
  ScanNode,
  SharedNode,
  SortNode,
  TextScanNode,
  UnnestNode,
  ValuesNode,
  WindowNode,
} from '../../planner/physical/physical-plan.js';

/** Where the rows of a pipeline come from: a leaf of the plan, or what an earlier pipeline has collected. */
export type PipelineSource =
  | { readonly kind: 'scan'; readonly node: ScanNode }
  | { readonly kind: 'textScan'; readonly node: TextScanNode }
  | { readonly kind: 'values'; readonly node: ValuesNode }
  | { readonly kind: 'generateSeries'; readonly node: GenerateSeriesNode }
  | { readonly kind: 'aggregate'; readonly node: HashAggregateNode }
  | { readonly kind: 'sort'; readonly node: SortNode }
  | { readonly kind: 'window'; readonly node: WindowNode }
  | { readonly kind: 'shared'; readonly node: SharedNode }
  | { readonly kind: 'recursive'; readonly node: RecursiveNode; readonly step: readonly PipelineStep[] }
  | { readonly kind: 'buildRows'; readonly node: HashJoinNode }
  | { readonly kind: 'deferred'; readonly node: HashJoinNode };

export type PipelineStep = FilterNode | ProjectNode | ExpandNode | UnnestNode | LimitNode | HashJoinNode;

/** Where they go: out of the engine, or into a pipeline breaker. */
export type PipelineSink =
  | { readonly kind: 'result' }
  | { readonly kind: 'build'; readonly node: HashJoinNode }
  | { readonly kind: 'aggregate'; readonly node: HashAggregateNode }
  | { readonly kind: 'sort'; readonly node: SortNode }
  | { readonly kind: 'window'; readonly node: WindowNode }
  | { readonly kind: 'shared'; readonly node: SharedNode }
  | { readonly kind: 'parquet'; readonly node: ParquetSinkNode }
  | { readonly kind: 'analyze'; readonly node: AnalyzeSinkNode };

export interface PipelinePlan {
  readonly index: number;
  readonly source: PipelineSource;
  /** From the source on. */
  readonly steps: readonly PipelineStep[];
  readonly sink: PipelineSink;
  /** Rows have an order that must be kept, or go into one file: one lane only. */
  readonly ordered: boolean;
}

/**
 * Splits a plan at its pipeline breakers. Pipelines are listed in an order in which they can run one after the other.
 * The same plan always gives the same pipelines, so that every thread derives them by itself.
 */
export function splitIntoPipelines(root: PhysicalNode): PipelinePlan[] {
  const pipelines: PipelinePlan[] = [];
  if (root.kind === 'parquetSink') visit(root.input, [], { kind: 'parquet', node: root }, pipelines);
  else if (root.kind === 'analyzeSink') visit(root.input, [], { kind: 'analyze', node: root }, pipelines);
  else visit(root, [], { kind: 'result' }, pipelines);
  return pipelines;
}

/** Equal for the sinks of pipelines that feed the same one. */
export function sinkKey(sink: PipelineSink): string {
  return sink.kind === 'result' ? 'result' : `${sink.kind} ${sink.node.id}`;
}

/** Does the pipeline read or write what the join keeps: its table, and the rows it deferred? */
export function usesJoin({ source, steps, sink }: PipelinePlan, join: HashJoinNode): boolean {
  const ends = [source, sink].some((end) => 'node' in end && end.node.id === join.id);
  const inner = source.kind === 'recursive' ? source.step : [];
  return ends || [...steps, ...inner].some((step) => step.id === join.id);
}

function visit(
  node: PhysicalNode,
  steps: readonly PipelineStep[],
  sink: PipelineSink,
  pipelines: PipelinePlan[],
): void {
  const emit = (source: PipelineSource): void => {
    const isOneFile = sink.kind === 'parquet' && sink.node.isSingleFile === true;
    const isSorted = source.kind === 'sort' || (source.kind === 'window' && isOrderSeen(source.node, steps, sink));
    const ordered = isOneFile || (isSorted && steps.every((step) => step.kind !== 'hashJoin'));
    pipelines.push({ index: pipelines.length, source, steps, sink, ordered });
  };
  switch (node.kind) {
    case 'scan':
      emit({ kind: 'scan', node });
      return;
    case 'textScan':
      emit({ kind: 'textScan', node });
      return;
    case 'values':
      emit({ kind: 'values', node });
      return;
    case 'generateSeries':
      emit({ kind: 'generateSeries', node });
      return;
    case 'filter':
    case 'project':
    case 'expand':
    case 'unnest':
    case 'limit':
      visit(node.input, [node, ...steps], sink, pipelines);
      return;
    case 'hashAggregate':
      visit(node.input, [], { kind: 'aggregate', node }, pipelines);
      emit({ kind: 'aggregate', node });
      return;
    case 'sort':
      visit(node.input, [], { kind: 'sort', node }, pipelines);
      emit({ kind: 'sort', node });
      return;
    case 'window':
      visit(node.input, [], { kind: 'window', node }, pipelines);
      emit({ kind: 'window', node });
      return;
    case 'hashJoin':
      visit(node.build, [], { kind: 'build', node }, pipelines);
      visit(node.probe, [node, ...steps], sink, pipelines);
      if (handsOnBuildRows(node)) emit({ kind: 'buildRows', node });
      emit({ kind: 'deferred', node });
      return;
    case 'unionAll':
      for (const input of node.inputs) visit(input, steps, sink, pipelines);
      return;
    case 'recursive': {
      const { anchor } = node;
      visit(anchor.input, [], { kind: 'shared', node: anchor }, pipelines);
      emit({ kind: 'recursive', node, step: stepOf(node.step, pipelines) });
      return;
    }
    case 'workingTable':
      throw new TypeError('a working table outside of its recursion');
    case 'shared':
      // Collected before the first of its readers, in the name of the node that stands for all of them.
      if (!pipelines.some((pipeline) => pipeline.sink.kind === 'shared' && pipeline.sink.node.id === node.share)) {
        visit(node.input, [], { kind: 'shared', node: { ...node, id: node.share } }, pipelines);
      }
      emit({ kind: 'shared', node });
      return;
    case 'parquetSink':
    case 'analyzeSink':
      throw new TypeError(`a ${node.kind} can only be the root of a plan`);
    default:
      unreachable(node, 'plan node');
  }
}

/**
 * Rows of a window without partitions come in its order. Nobody was promised that, but who reads the result, its first rows
 * or a list made of them sees it.
 */
function isOrderSeen({ partitionKeys }: WindowNode, steps: readonly PipelineStep[], sink: PipelineSink): boolean {
  if (partitionKeys.length > 0) return false;
  if (steps.some(({ kind }) => kind === 'limit')) return true;
  switch (sink.kind) {
    case 'result':
      return true;
    case 'aggregate':
      return sink.node.aggregates.some(
        ({ overload, order }) => aggregateOverload(overload).ordered === 'list' && !order,
      );
    case 'window':
      return sink.node.partitionKeys.length + sink.node.orderKeys.length === 0;
    default:
      return false;
  }
}

/** What a round does with a batch, from the working table on; what the joins build comes before. */
function stepOf(node: PhysicalNode, pipelines: PipelinePlan[]): PipelineStep[] {
  switch (node.kind) {
    case 'workingTable':
      return [];
    case 'filter':
    case 'project':
      return [...stepOf(node.input, pipelines), node];
    case 'hashJoin':
      visit(node.build, [], { kind: 'build', node }, pipelines);
      return [...stepOf(node.probe, pipelines), node];
    default:
      throw new TypeError(`a ${node.kind} in a recursive term`);
  }
}

/** One more than the largest node id. */
export function countNodeIds(node: PhysicalNode): number {
  let count = node.id + 1;
  for (const input of inputsOf(node)) count = Math.max(count, countNodeIds(input));
  return count;
}

/** Does the join hand on build rows when all probe rows are done, for they have, or have not, found a match? */
export function handsOnBuildRows({ joinKind }: HashJoinNode): boolean {
  return joinKind === 'right' || joinKind === 'full' || joinKind === 'rightSemi' || joinKind === 'rightAnti';
}
