import { unreachable } from '../../common/errors.js';
import { inputsOf } from '../../planner/physical/physical-inputs.js';
import type { HashJoinNode, PhysicalNode, ScanNode, SortNode } from '../../planner/physical/physical-plan.js';
import { AggregateSink } from '../operators/aggregate-sink.js';
import { AggregateSource } from '../operators/aggregate-source.js';
import { AnalyzeSink } from '../operators/analyze-sink.js';
import { ExpandOperator } from '../operators/expand-operator.js';
import { FilterOperator } from '../operators/filter-operator.js';
import { GenerateSeriesSource } from '../operators/generate-series-source.js';
import { JoinBuildRowsSource } from '../operators/join-build-rows-source.js';
import { JoinBuildSink } from '../operators/join-build-sink.js';
import { JoinDeferredSource } from '../operators/join-deferred-source.js';
import { JoinProbeOperator } from '../operators/join-probe-operator.js';
import { LimitOperator } from '../operators/limit-operator.js';
import {
  createCounters,
  isResumable,
  type LaneContext,
  type Operator,
  type Restartable,
  type ResumableOperator,
  type Sink,
  type Source,
} from '../operators/operator.js';
import { ParquetFileSink } from '../operators/parquet-file-sink.js';
import { ParquetSink } from '../operators/parquet-sink.js';
import { ProjectOperator } from '../operators/project-operator.js';
import { RecursionRounds } from '../operators/recursion-rounds.js';
import { RecursiveSource } from '../operators/recursive-source.js';
import { RoundsSource } from '../operators/rounds-source.js';
import { ScanSource } from '../operators/scan-source.js';
import { readerOf } from '../operators/shared-rows.js';
import { SharedRowsSink } from '../operators/shared-rows-sink.js';
import { SharedRowsSource } from '../operators/shared-rows-source.js';
import { SortSink } from '../operators/sort-sink.js';
import { SortSource } from '../operators/sort-source.js';
import { LaneClock, TimedOperator, TimedSource } from '../operators/timed-operator.js';
import { UnnestOperator } from '../operators/unnest-operator.js';
import { ValuesSource } from '../operators/values-source.js';
import { createWindowSink } from '../operators/window-sink.js';
import { WindowSource } from '../operators/window-source.js';
import { findCodedColumns } from '../pipeline/coded-columns.js';
import type { QueryDescription } from '../pipeline/lane-task.js';
import type { PipelinePlan, PipelineSink, PipelineSource, PipelineStep } from '../pipeline/pipeline-plan.js';
import type { OperatorCounters } from '../query-block.js';
import { assertInMemory } from '../recursion-rounds-run.js';
import { ArrowEncoder } from '../result/arrow-encoder.js';
import { LineEncoder } from '../result/line-encoder.js';
import { PostgresEncoder } from '../result/postgres-encoder.js';
import type { ResultChunk } from '../result/result-format.js';
import { ResultSink } from '../result/result-sink.js';
import { TextScanSource } from '../text/text-scan-source.js';
import type { LocalRound } from './local-round.js';
import type { SinkRegistry } from './sink-registry.js';

/** One lane of a pipeline, ready to run: a source that pushes through operators into a sink. */
export interface Lane {
  readonly source: Source;
  /** Operators that may have more to hand on, those nearest to the sink first: they must be drained in this order. */
  readonly resumable: ResumableOperator[];
  /** The source has no more batches, or none that are wanted. */
  isExhausted: boolean;
  readonly sink: Sink;
  readonly endsSink: boolean;
  /** As if it were opened now, but for the sink; undefined where it must be. */
  readonly restart: (() => void) | undefined;
  /** It is the one whose source waits for the rounds of its recursion. */
  hasBegunRounds: boolean;
  /** The round of its recursion that it runs itself. */
  round: LocalRound | undefined;
  /** The operators, and the sink when this pipeline ends it, were told that there are no more rows. */
  isFinished: boolean;
  /** A LIMIT is reached: the source and the operators before it are not asked for more; those behind it still are. */
  stop(): void;
  /** Flushes the operators, and the sink when this pipeline ends it. */
  finish(): void;
  /** Does a part of what the sink has to do after `finish`; answers whether there is more. */
  finishStep(): boolean;
  takeChunks(): ResultChunk[];
}

export function openLane(
  context: LaneContext,
  plan: PipelinePlan,
  endsSink: boolean,
  description: QueryDescription,
  sinks: SinkRegistry,
): Lane {
  const clock = description.timed ? new LaneClock() : undefined;
  const timed = (operator: Operator, node: number): Operator =>
    clock === undefined ? operator : new TimedOperator(context, node, operator, clock);
  const key = `${plan.sink.kind} ${plan.sink.kind === 'result' ? 0 : plan.sink.node.id} ${context.lane}`;
  let sink = sinks.get(key);
  if (sink === undefined) {
    sink = createSink(context, plan.sink, description);
    sinks.set(key, sink);
  }
  let head: Operator = plan.sink.kind === 'result' ? sink : timed(sink, plan.sink.node.id);
  const resumable: ResumableOperator[] = [];
  if (isResumable(sink) && isResumable(head)) resumable.push(head);
  if (!endsSink) head = new KeepOpen(head);
  const limits: { operator: LimitOperator; resumableBehind: number }[] = [];
  const operators: Operator[] = [];
  for (const step of plan.steps.toReversed()) {
    const operator = createOperator(context, step, head);
    operators.push(operator);
    if (operator instanceof LimitOperator) limits.push({ operator, resumableBehind: resumable.length });
    head = timed(operator, step.id);
    if (isResumable(operator) && isResumable(head)) resumable.push(head);
  }
  const source =
    plan.source.kind === 'recursive'
      ? openRecursion(context, plan.source, head, timed)
      : createSource(context, plan, plan.source, description.plan, head);
  const end = head;
  const ending: Sink | undefined = endsSink ? sink : undefined;
  const finishStep = (): boolean => ending?.finishStep?.() ?? false;
  const counters = plan.sink.kind === 'result' ? undefined : createCounters(context, plan.sink.node.id);
  const lane: Lane = {
    source: clock === undefined ? source : new TimedSource(context, plan.source.node.id, source, clock),
    resumable,
    isExhausted: false,
    isFinished: false,
    hasBegunRounds: false,
    round: undefined,
    sink,
    endsSink,
    restart: clock === undefined ? restartOf([source, ...operators], () => startLane(lane)) : undefined,
    stop: () => {
      lane.isExhausted = true;
      const reached = limits.find(({ operator }) => operator.isReached);
      if (reached !== undefined) resumable.length = reached.resumableBehind;
    },
    finish: () => end.finish(),
    finishStep: clock === undefined || counters === undefined ? finishStep : () => timeStep(finishStep, counters),
    takeChunks: () => (sink instanceof ResultSink ? sink.takeChunks() : []),
  };
  return lane;
}

/** Starts all parts again, then the whole; undefined where a part cannot be. */
function restartOf(parts: readonly Restartable[], start: () => void): (() => void) | undefined {
  if (parts.some(({ restart }) => restart === undefined)) return undefined;
  return () => {
    for (const part of parts) part.restart!();
    start();
  };
}

function startLane(lane: Lane): void {
  lane.isExhausted = false;
  lane.isFinished = false;
  lane.hasBegunRounds = false;
  lane.round = undefined;
}

/** Adds the time of a step to what its operator took. */
function timeStep(step: () => boolean, counters: OperatorCounters): boolean {
  const start = performance.now();
  const more = step();
  counters.add('timeMs', performance.now() - start);
  return more;
}

/** Stands before a sink that later pipelines go on to feed. */
class KeepOpen implements Operator {
  private readonly next: Operator;

  constructor(next: Operator) {
    this.next = next;
  }

  push(batch: Parameters<Operator['push']>[0]): void {
    this.next.push(batch);
  }

  finish(): void {}
}

/** A recursion runs the steps of its rounds itself. */
function openRecursion(
  context: LaneContext,
  { node, step }: PipelineSource & { kind: 'recursive' },
  next: Operator,
  timed: (operator: Operator, node: number) => Operator,
): Source {
  for (const part of step) {
    if (part.kind === 'hashJoin') assertInMemory(context.block, part.id);
  }
  const rounds = new RecursionRounds(context, node);
  const resumable: ResumableOperator[] = [];
  let head: Operator = rounds;
  for (const part of step.toReversed()) {
    const operator = createOperator(context, part, head);
    head = timed(operator, part.id);
    if (isResumable(operator) && isResumable(head)) resumable.push(head);
  }
  return new RecursiveSource(context, node, { rounds, step: head, resumable }, next);
}

function createSource(
  context: LaneContext,
  pipeline: PipelinePlan,
  source: Exclude<PipelineSource, { kind: 'recursive' }>,
  plan: PhysicalNode,
  next: Operator,
): Source {
  switch (source.kind) {
    case 'scan':
      return new ScanSource(context, source.node, filteringNodes(plan, source.node), findCodedColumns(pipeline), next);
    case 'textScan':
      return new TextScanSource(context, source.node, next);
    case 'values':
      return new ValuesSource(context, source.node, next);
    case 'generateSeries':
      return new GenerateSeriesSource(context, source.node, next);
    case 'aggregate':
      return new AggregateSource(context, source.node, next);
    case 'sort':
      return new SortSource(context, source.node, next);
    case 'window':
      return new WindowSource(context, source.node, next);
    case 'shared':
    case 'workingTable':
      return new SharedRowsSource(context, readerOf(source.node), next);
    case 'rounds':
      return new RoundsSource(
        context,
        source.node,
        { handsOnAnchor: source.handsOnAnchor, runsAgain: pipeline.recursion !== undefined },
        next,
      );
    case 'buildRows':
      return new JoinBuildRowsSource(context, source.node, next);
    case 'deferred':
      return new JoinDeferredSource(context, source.node, next);
    default:
      return unreachable(source, 'pipeline source');
  }
}

/** The joins and the sort that tell a scan which rows are wanted. */
function filteringNodes(plan: PhysicalNode, scan: ScanNode): (HashJoinNode | SortNode)[] {
  const { joinFilters = [], sortBound } = scan;
  const found: (HashJoinNode | SortNode)[] = [];
  const visit = (node: PhysicalNode): void => {
    if (node.kind === 'hashJoin' && joinFilters.some(({ join }) => join === node.id)) found.push(node);
    else if (node.kind === 'sort' && node.id === sortBound?.sort) found.push(node);
    for (const input of inputsOf(node)) visit(input);
  };
  if (joinFilters.length > 0 || sortBound !== undefined) visit(plan);
  return found;
}

function createOperator(context: LaneContext, step: PipelineStep, next: Operator): Operator {
  switch (step.kind) {
    case 'filter':
      return new FilterOperator(context, step, next);
    case 'project':
      return new ProjectOperator(context, step, next);
    case 'expand':
      return new ExpandOperator(context, step, next);
    case 'unnest':
      return new UnnestOperator(context, step, next);
    case 'limit':
      return new LimitOperator(context, step, next);
    case 'hashJoin':
      return new JoinProbeOperator(context, step, next);
    default:
      return unreachable(step, 'pipeline step');
  }
}

function createSink(context: LaneContext, sink: PipelineSink, description: QueryDescription): Sink {
  switch (sink.kind) {
    case 'result': {
      const { shared, kernels, scope } = context;
      const types = description.plan.columns.map((column) => column.type);
      const { format } = description;
      const { owner } = context;
      if (format.kind === 'arrow') return new ResultSink(new ArrowEncoder(shared, kernels, scope, types));
      if (format.kind === 'postgres') {
        return new ResultSink(new PostgresEncoder(shared, kernels, owner, types, format));
      }
      const { timeZone } = format;
      const lines = new LineEncoder(shared, kernels, owner, description.plan.columns, format.lines);
      const asText = { formatCodes: types.map(() => 0 as const), timeZone };
      return new ResultSink(new PostgresEncoder(shared, kernels, owner, types, asText, lines));
    }
    case 'build':
      return new JoinBuildSink(context, sink.node);
    case 'aggregate':
      return new AggregateSink(context, sink.node);
    case 'sort':
      return new SortSink(context, sink.node);
    case 'window':
      return createWindowSink(context, sink.node);
    case 'shared':
      return new SharedRowsSink(context, readerOf(sink.node).rows);
    case 'parquet':
      return sink.node.isSingleFile ? new ParquetFileSink(context, sink.node) : new ParquetSink(context, sink.node);
    case 'analyze':
      return new AnalyzeSink(context, sink.node);
    default:
      return unreachable(sink, 'pipeline sink');
  }
}
