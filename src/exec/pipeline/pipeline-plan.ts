import { unreachable } from '../../common/errors.js';
import { oncePer } from '../../common/once-per.js';
import { aggregateOverload } from '../../functions/registry.js';
import { canProbeAgain, handsOnBuildRows } from '../../planner/physical/join-tables.js';
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
  RecursionInRoundsNode,
  ScanNode,
  SharedNode,
  SortNode,
  StreamedRecursionNode,
  TextScanNode,
  UnnestNode,
  ValuesNode,
  WindowNode,
  WorkingTableNode,
} from '../../planner/physical/physical-plan.js';
import { workingTablesOf } from '../../planner/physical/working-tables.js';

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
  | { readonly kind: 'recursive'; readonly node: StreamedRecursionNode; readonly step: readonly PipelineStep[] }
  /** `handsOnAnchor`: otherwise a pipeline before it reads the rows of the anchor, in as many lanes as it likes. */
  | { readonly kind: 'rounds'; readonly node: RecursionInRoundsNode; readonly handsOnAnchor: boolean }
  | { readonly kind: 'workingTable'; readonly node: WorkingTableNode }
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
  /**
   * The recursion in each of whose rounds it runs again, by the id of its node: the innermost whose working table is
   * read for what the sink keeps. Undefined for what runs once.
   */
  readonly recursion: number | undefined;
}

/**
 * Splits a plan at its pipeline breakers. Pipelines are listed in an order in which they can run one after the other;
 * those of the rounds of a recursion stand before the one whose source it is.
 * The same plan always gives the same pipelines, so that every thread derives them by itself.
 */
export const splitIntoPipelines: (root: PhysicalNode) => readonly PipelinePlan[] = oncePer((root) => {
  const splitter = new PipelineSplitter();
  if (root.kind === 'parquetSink') splitter.visit(root.input, [], { kind: 'parquet', node: root });
  else if (root.kind === 'analyzeSink') splitter.visit(root.input, [], { kind: 'analyze', node: root });
  else splitter.visit(root, [], { kind: 'result' });
  return splitter.pipelines;
});

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

class PipelineSplitter {
  readonly pipelines: PipelinePlan[] = [];
  /** Recursions whose rounds are being visited, the outermost first. */
  private readonly recursions: number[] = [];

  visit(node: PhysicalNode, steps: readonly PipelineStep[], sink: PipelineSink): void {
    const emit = (source: PipelineSource): void => this.emit(source, steps, sink);
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
        this.visit(node.input, [node, ...steps], sink);
        return;
      case 'hashAggregate':
        this.visit(node.input, [], { kind: 'aggregate', node });
        emit({ kind: 'aggregate', node });
        return;
      case 'sort':
        this.visit(node.input, [], { kind: 'sort', node });
        emit({ kind: 'sort', node });
        return;
      case 'window':
        this.visit(node.input, [], { kind: 'window', node });
        emit({ kind: 'window', node });
        return;
      case 'hashJoin':
        this.visit(node.build, [], { kind: 'build', node });
        this.visit(node.probe, [node, ...steps], sink);
        if (handsOnBuildRows(node)) emit({ kind: 'buildRows', node });
        emit({ kind: 'deferred', node });
        return;
      case 'unionAll':
        for (const input of node.inputs) this.visit(input, steps, sink);
        return;
      case 'recursive':
        this.visit(node.anchor.input, [], { kind: 'shared', node: node.anchor });
        if (node.isStreamed) emit({ kind: 'recursive', node, step: this.stepOf(node.step) });
        else {
          this.visitRounds(node);
          // Equal rows are told apart by one lane, and a LIMIT may stop before there is a round.
          const handsOnAnchor = node.keys !== undefined || steps.some((step) => step.kind === 'limit');
          if (!handsOnAnchor) emit({ kind: 'shared', node: node.anchor });
          emit({ kind: 'rounds', node, handsOnAnchor });
        }
        return;
      case 'workingTable':
        emit({ kind: 'workingTable', node });
        return;
      case 'shared':
        // Collected before the first of its readers, in the name of the node that stands for all of them.
        if (
          !this.pipelines.some((pipeline) => pipeline.sink.kind === 'shared' && pipeline.sink.node.id === node.share)
        ) {
          this.visit(node.input, [], { kind: 'shared', node: { ...node, id: node.share } });
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

  private visitRounds({ id, step }: RecursionInRoundsNode): void {
    this.recursions.push(id);
    this.visit(step.input, [], { kind: 'shared', node: step });
    this.recursions.pop();
  }

  /** What a round does with a batch, from the working table on; what the joins build comes before. */
  private stepOf(node: PhysicalNode): PipelineStep[] {
    switch (node.kind) {
      case 'workingTable':
        return [];
      case 'filter':
      case 'project':
        return [...this.stepOf(node.input), node];
      case 'hashJoin':
        this.visit(node.build, [], { kind: 'build', node });
        return [...this.stepOf(node.probe), node];
      default:
        throw new TypeError(`a ${node.kind} in a recursive term`);
    }
  }

  private emit(source: PipelineSource, steps: readonly PipelineStep[], sink: PipelineSink): void {
    const isOneLane = sink.kind === 'parquet' && (sink.node.isSingleFile === true || sink.node.isOrdered === true);
    const isSorted = source.kind === 'sort' || (source.kind === 'window' && isOrderSeen(source.node, steps, sink));
    const ordered = isOneLane || (isSorted && steps.every((step) => step.kind !== 'hashJoin'));
    const tables = workingTablesOfSink(sink);
    const recursion = this.recursions.findLast((id) => tables.has(id));
    this.pipelines.push({ index: this.pipelines.length, source, steps, sink, ordered, recursion });
  }
}

/** The recursions whose working tables decide what a sink keeps; those of both sides, where a join's table is probed once. */
function workingTablesOfSink(sink: PipelineSink): ReadonlySet<number> {
  switch (sink.kind) {
    case 'result':
      return new Set();
    case 'build':
      return workingTablesOf(canProbeAgain(sink.node) ? sink.node.build : sink.node);
    default:
      return workingTablesOf(sink.node.input);
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

/** One more than the largest node id. */
export const countNodeIds: (node: PhysicalNode) => number = oncePer((node) =>
  Math.max(node.id + 1, ...inputsOf(node).map((input) => countNodeIds(input))),
);
