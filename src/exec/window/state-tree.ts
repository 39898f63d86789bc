import { BATCH_ROWS } from '../../vector/vector.js';
import type { FrameAggregates } from './aggregate-evaluator.js';
import { PositionList } from './position-list.js';
import type { WindowContext } from './window-context.js';

/** States below one of the next level. */
const FAN_OUT = 16;
/** 16 to the eighth is more rows than there can be. */
const MAX_LEVELS = 8;
/** Parts shorter than this are not looked up: see `assembly/state-tree.ts`. */
export const LEAST_TREE_PART = 64;
/** Pairs of states that are combined at once; at least MOST_PART_STATES of `assembly/state-tree.ts`. */
const PAIRS = 4 * BATCH_ROWS;
const PART_BYTES = 12;

/**
 * Aggregates of stretches of 16, 256, 4,096 … rows of a segment, so that a frame of n rows is made of log n of them (a
 * segment tree: Leis et al., Efficient Processing of Window Functions in Analytical SQL Queries, VLDB 2015). Stretches
 * pay no heed to partitions: those that go beyond one are in no frame.
 */
export class StateTree {
  private readonly context: WindowContext;
  private readonly aggregates: FrameAggregates;
  private readonly levels: PositionList[] = [];
  /** States that are complete, by level. */
  private readonly built: number[] = [];
  private readonly descriptor: number;
  private readonly cursor: number;
  private readonly rest: number;
  private readonly targets: number;
  private readonly sources: number;
  private readonly parts: number;

  /** `aggregates` keep the texts of the tree, so they are its own. */
  constructor(context: WindowContext, aggregates: FrameAggregates) {
    const { scope } = context.lane;
    this.context = context;
    this.aggregates = aggregates;
    this.descriptor = scope.allocate(8 + MAX_LEVELS * 4);
    this.cursor = scope.allocate(12);
    this.rest = scope.allocate(6 * BATCH_ROWS * PART_BYTES);
    this.targets = scope.allocate(PAIRS * 4);
    this.sources = scope.allocate(PAIRS * 4);
    this.parts = scope.allocate(BATCH_ROWS * PART_BYTES);
  }

  /** Adds the rows of parts to their states, which are those of `aggregates`. */
  addParts(aggregates: FrameAggregates, parts: number, partCount: number): void {
    this.build();
    const { shared, kernels } = this.context.lane;
    const { cursor, rest, targets, sources } = this;
    const at = cursor / 4;
    shared.u32[at] = 0;
    while (shared.u32[at]! < partCount) {
      kernels.divideParts(this.descriptor, parts, partCount, cursor, PAIRS, rest, targets, sources);
      aggregates.addParts(rest, shared.u32[at + 1]!);
      aggregates.program.combine(targets, sources, shared.u32[at + 2]!);
    }
  }

  /** Positions have changed: what there is, is built again when it is asked for. */
  clear(): void {
    this.built.fill(0);
    this.aggregates.program.forgetKept();
  }

  free(): void {
    for (const level of this.levels) level.free();
    this.levels.length = 0;
    this.built.length = 0;
  }

  /** Completes the tree up to the last rows of the segment. */
  private build(): void {
    const { stateBytes } = this.aggregates;
    let count = this.context.segment.count;
    let depth = 0;
    for (; depth === 0 || count >= FAN_OUT; depth++) {
      count = Math.floor(count / FAN_OUT);
      const level = this.levelAt(depth);
      const built = this.built[depth]!;
      if (count > built) {
        level.ensure((count * stateBytes) / 4, (built * stateBytes) / 4);
        this.aggregates.clearStates(level.pointer + built * stateBytes, count - built);
        if (depth === 0) this.addRows(level.pointer, built, count);
        else this.combineBelow(this.levels[depth - 1]!.pointer, level.pointer, built, count);
        this.built[depth] = count;
      }
    }
    const pointers = this.levels.slice(0, depth).map((level) => level.pointer);
    this.context.lane.shared.u32.set([stateBytes, depth, ...pointers], this.descriptor / 4);
  }

  private levelAt(depth: number): PositionList {
    const { shared, owner } = this.context.lane;
    this.levels[depth] ??= new PositionList(shared, owner);
    this.built[depth] ??= 0;
    return this.levels[depth];
  }

  private addRows(states: number, from: number, to: number): void {
    const { aggregates, parts } = this;
    for (let first = from; first < to; first += BATCH_ROWS) {
      const end = Math.min(to, first + BATCH_ROWS);
      this.context.lane.kernels.treeParts(states, aggregates.stateBytes, first, end, parts);
      aggregates.addParts(parts, end - first);
    }
  }

  private combineBelow(below: number, states: number, from: number, to: number): void {
    const { aggregates, targets, sources } = this;
    const step = PAIRS / FAN_OUT;
    for (let first = from; first < to; first += step) {
      const end = Math.min(to, first + step);
      this.context.lane.kernels.treeLinks(below, states, aggregates.stateBytes, first, end, targets, sources);
      aggregates.program.combine(targets, sources, (end - first) * FAN_OUT);
    }
  }
}
