import { collectColumns } from '../../planner/expression-columns.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, type Batch, Vector } from '../../vector/vector.js';
import { AggregateProgram } from '../expression/aggregate-program.js';
import type { ColumnSlot } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { FrameBounds } from './frame-bounds.js';
import type { FramedAggregates } from './framed-aggregates.js';
import { RunningResumption } from './running-resumption.js';
import { LEAST_TREE_PART, StateTree } from './state-tree.js';
import type { WindowContext } from './window-context.js';
import type { Resumption, WindowEvaluator, WindowReach } from './window-evaluator.js';

const PART_BYTES = 12;

/** What all ways to aggregate over frames share: the program, and the rows of parts as its batches. */
export class FrameAggregates {
  readonly program: AggregateProgram;
  readonly stateBytes: number;
  readonly frame: FrameBounds;
  readonly aggregates: FramedAggregates;
  private readonly context: WindowContext;
  private readonly unpacker: RowUnpacker;
  private readonly batch: Batch;
  private readonly pointers: number;
  private readonly targets: number;
  private readonly cursor: number;

  constructor(context: WindowContext, aggregates: FramedAggregates) {
    const { scope, kernels, expressions } = context.lane;
    const { node } = context;
    const first = node.functions[aggregates.functions[0]!]!;
    const types = node.input.columns.map((column) => column.type);
    this.context = context;
    this.aggregates = aggregates;
    this.program = new AggregateProgram(expressions, aggregates.calls);
    this.stateBytes = Math.max(16, this.program.stateBytes);
    this.frame = new FrameBounds(context, first.frame, context.groupsOf(first.orderCount));
    const used = new Set<number>();
    for (const { args, filter } of aggregates.calls) {
      for (const expression of filter ? [...args, filter] : args) collectColumns(expression, used);
    }
    const columns = [...used];
    const slots = columns.map((column): ColumnSlot => context.slotOf(column));
    this.unpacker = new RowUnpacker(kernels, scope, slots);
    const vectors = types.map((type) => new Vector(physicalTypeOf(type)));
    columns.forEach((column, i) => {
      vectors[column] = this.unpacker.vectors[i]!;
    });
    this.batch = { rowCount: 0, columns: vectors };
    this.pointers = scope.allocate(BATCH_ROWS * 4);
    this.targets = scope.allocate(BATCH_ROWS * 4);
    this.cursor = scope.allocate(8);
  }

  get functions(): readonly number[] {
    return this.aggregates.functions;
  }

  /** Adds the rows of parts to the states of the parts. */
  addParts(parts: number, partCount: number): void {
    const { shared, kernels } = this.context.lane;
    const { cursor, pointers, targets, batch } = this;
    shared.u32.fill(0, cursor / 4, cursor / 4 + 2);
    const rows = this.context.segment.rows.pointer;
    for (;;) {
      const count = kernels.expandParts(parts, partCount, cursor, rows, BATCH_ROWS, pointers, targets);
      if (count === 0) return;
      this.unpacker.unpack(pointers, count);
      batch.rowCount = count;
      this.program.updateGrouped(batch, targets);
    }
  }

  clearStates(states: number, count: number): void {
    this.context.lane.kernels.clearBytes(states, count * this.stateBytes);
  }
}

/**
 * Aggregates over frames that begin with their partition: a state for each end of a frame, to which the rows since the
 * end before are added, and then that one's state.
 */
export class RunningAggregateEvaluator implements WindowEvaluator {
  readonly functions: readonly number[];
  readonly reach: WindowReach;
  readonly resumption: Resumption | undefined;
  vectors: readonly Vector[] = [];
  private readonly context: WindowContext;
  private readonly aggregates: FrameAggregates;
  /** The state that goes on from the batch before, then one for each row of a batch. */
  private readonly states: number;
  private readonly empty: number;
  private readonly carry: number;
  private readonly parts: number;
  private readonly linkTargets: number;
  private readonly linkSources: number;
  private readonly rowStates: number;
  private readonly texts: Scope;

  constructor(context: WindowContext, aggregates: FrameAggregates) {
    const { scope } = context.lane;
    this.texts = scope.createChild();
    const { stateBytes, frame } = aggregates;
    this.context = context;
    this.aggregates = aggregates;
    this.functions = aggregates.functions;
    const { end } = context.node.functions[aggregates.functions[0]!]!.frame;
    const before = end.kind === 'offset' && frame.reach.behind !== 'partition' ? Math.max(0, -end.distance) + 1 : 1;
    this.reach = {
      before: end.kind === 'value' || isGroups(context, aggregates) ? 'partition' : before,
      behind: frame.reach.behind,
    };
    this.states = scope.allocate((BATCH_ROWS + 1) * stateBytes);
    this.empty = scope.allocateCleared(stateBytes);
    this.carry = scope.allocateCleared(20);
    this.parts = scope.allocate(BATCH_ROWS * PART_BYTES);
    this.linkTargets = scope.allocate(BATCH_ROWS * 4);
    this.linkSources = scope.allocate(BATCH_ROWS * 4);
    this.rowStates = scope.allocate(BATCH_ROWS * 4);
    this.resumption = RunningResumption.open(context, aggregates, this.carry, this.states);
  }

  evaluate(from: number, count: number): void {
    if (this.aggregates.program.keptBytes > MOST_KEPT_BYTES) this.moveTexts();
    const { shared, kernels } = this.context.lane;
    const { aggregates, states, carry, parts, linkTargets, linkSources, rowStates } = this;
    const { stateBytes, program, frame } = aggregates;
    const { partitions } = this.context.segment;
    frame.find(from, count);
    kernels.runningParts(
      from,
      count,
      frame.highs,
      partitions.ordinals.pointer,
      partitions.starts.pointer,
      carry,
      this.empty,
      states + stateBytes,
      stateBytes,
      parts,
      linkTargets,
      linkSources,
      rowStates,
    );
    const partCount = shared.u32[carry / 4 + 3]!;
    const linkCount = shared.u32[carry / 4 + 4]!;
    aggregates.clearStates(states + stateBytes, partCount);
    aggregates.addParts(parts, partCount);
    if (linkCount > 0) program.combine(linkTargets, linkSources, linkCount);
    this.vectors = program.finalize(rowStates, count);
    const current = shared.u32[carry / 4 + 2]!;
    if (current === this.empty || current === states) return;
    shared.u8.copyWithin(states, current, current + stateBytes);
    shared.u32[carry / 4 + 2] = states;
  }

  /** Of the texts that were kept, only those of the state that goes on are still needed. */
  private moveTexts(): void {
    const { u8, u32 } = this.context.lane.shared;
    const { program } = this.aggregates;
    const isRunning = u32[this.carry / 4 + 2] === this.states;
    const views = (isRunning ? program.textOffsets : []).map((offset) => (this.states + offset) / 4);
    const texts = views.map((view) => u8.slice(u32[view + 1]!, u32[view + 1]! + u32[view]!));
    program.forgetKept();
    this.texts.reset();
    for (const [i, view] of views.entries()) {
      const copy = this.texts.allocate(texts[i]!.length);
      u8.set(texts[i]!, copy);
      u32[view + 1] = copy;
    }
  }

  shift(dropped: number): void {
    const { u32 } = this.context.lane.shared;
    for (const word of [0, 1]) {
      const at = this.carry / 4 + word;
      u32[at] = Math.max(0, u32[at]! - dropped);
    }
    this.aggregates.frame.shift(dropped);
  }

  reset(): void {
    this.context.lane.shared.u8.fill(0, this.carry, this.carry + 20);
    this.aggregates.program.forgetKept();
    this.aggregates.frame.reset();
  }
}

/** Texts that states of batches before have kept are freed when they take this much. */
const MOST_KEPT_BYTES = 4 * 2 ** 20;

function isGroups(context: WindowContext, aggregates: FrameAggregates): boolean {
  const { frame } = context.node.functions[aggregates.functions[0]!]!;
  return frame.unit === 'groups' && frame.end.kind === 'offset';
}

/** Aggregates over any frames: the rows of each are added to a state of its own. */
export class FrameAggregateEvaluator implements WindowEvaluator {
  readonly functions: readonly number[];
  readonly reach: WindowReach;
  vectors: readonly Vector[] = [];
  private readonly context: WindowContext;
  private readonly aggregates: FrameAggregates;
  private readonly states: number;
  private readonly parts: number;
  private readonly rowStates: number;
  private readonly tree: StateTree | undefined;

  constructor(context: WindowContext, aggregates: FrameAggregates) {
    const { scope } = context.lane;
    const { stateBytes, frame } = aggregates;
    this.context = context;
    this.aggregates = aggregates;
    this.functions = aggregates.functions;
    this.reach = frame.reach;
    this.states = scope.allocate(BATCH_ROWS * stateBytes);
    this.parts = scope.allocate(BATCH_ROWS * 3 * PART_BYTES);
    this.rowStates = scope.allocate(BATCH_ROWS * 4);
    const { isRunning, isOrderless } = aggregates.program;
    this.tree = isLong(this.reach) && isRunning && isOrderless ? createTree(context, aggregates) : undefined;
  }

  evaluate(from: number, count: number): void {
    const { aggregates, states, parts } = this;
    const { frame, stateBytes, program } = aggregates;
    frame.find(from, count);
    const { kernels } = this.context.lane;
    const partCount = kernels.frameParts(
      from,
      count,
      frame.lows,
      frame.highs,
      frame.exclude,
      frame.groups.ordinals.pointer,
      frame.groups.starts.pointer,
      states,
      stateBytes,
      parts,
      this.rowStates,
    );
    aggregates.clearStates(states, count);
    program.forgetKept();
    if (this.tree && kernels.longestPart(parts, partCount) >= LEAST_TREE_PART) {
      this.tree.addParts(aggregates, parts, partCount);
    } else aggregates.addParts(parts, partCount);
    this.vectors = program.finalize(this.rowStates, count);
  }

  shift(dropped: number): void {
    this.tree?.clear();
    this.aggregates.frame.shift(dropped);
  }

  reset(): void {
    this.tree?.clear();
    this.aggregates.program.forgetKept();
    this.aggregates.frame.reset();
  }

  close(): void {
    this.tree?.free();
  }
}

function createTree(context: WindowContext, { aggregates }: FrameAggregates): StateTree {
  return new StateTree(context, new FrameAggregates(context, aggregates));
}

function isLong({ before, behind }: WindowReach): boolean {
  return typeof before !== 'number' || typeof behind !== 'number' || before + behind >= LEAST_TREE_PART;
}
