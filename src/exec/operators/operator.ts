import type { Kernels } from '../../kernels/kernels.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { Batch } from '../../vector/vector.js';
import type { ExpressionContext } from '../expression/expression-context.js';
import type { WrittenFile } from '../pipeline/lane-task.js';
import { OperatorCounters, type QueryBlock } from '../query-block.js';
import type { SpillContext } from '../spill/spill-context.js';
import type { FileCache } from '../worker/file-cache.js';

/** What an operator gets of its surroundings: one object a lane of a pipeline. */
export interface LaneContext {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
  /** Freed when the query ends; for buffers that are reused from batch to batch. */
  readonly scope: Scope;
  /** Owner of chunks that live until the query ends. */
  readonly owner: number;
  readonly expressions: ExpressionContext;
  readonly spill: SpillContext;
  readonly files: FileCache;
  readonly block: QueryBlock;
  readonly pipeline: number;
  readonly lane: number;
  /** Which unit of its scan (`ScanNode.units`) the batches of the lane are of now. */
  readonly unit: { current: number };
}

/** What can run again in the next round of a recursion, for which nothing that it was made of has changed. */
export interface Restartable {
  /**
   * As it was when it was new. Memory that it had is not freed: it is when the rounds end, or some rounds later. Undefined
   * where it has to be made anew.
   */
  readonly restart?: (() => void) | undefined;
}

/** A source makes batches; `step` pushes at most one and returns whether there may be more. */
export interface Source extends Restartable {
  step(): boolean | Promise<boolean>;
  /** Set where the source goes on when a round of its recursion has run: see `RoundsSource`. */
  readonly awaitsRound?: boolean;
  close?(): Promise<void>;
}

/**
 * A step of a pipeline: `push` hands on at most one batch. Batches are valid until the next call of whoever pushed
 * them; whoever keeps rows longer copies them. `finish` is called once, after the last batch.
 */
export interface Operator extends Restartable {
  push(batch: Batch): void;
  finish(): void;
}

/**
 * An operator that may make several batches of one. Each is taken before the next is made, so that a lane never works
 * for long, nor gathers much: `resume`, which hands on at most one, is called while the operator has more. A sink is
 * one if a batch may make it move rows to disk: `resume` moves some, and no batch comes before all are moved.
 */
export interface ResumableOperator extends Operator {
  readonly hasMore: boolean;
  resume(): void;
}

export function isResumable(operator: Operator): operator is ResumableOperator {
  return 'resume' in operator;
}

/** The end of a pipeline. */
export interface Sink extends Operator {
  /** Set while the sink cannot take more; the lane waits for it before the next batch. */
  readonly blocked?: Promise<void> | undefined;
  /** Whether the lane should hand over what it has before going on (a full result chunk). */
  readonly full?: boolean;
  /**
   * After `finish`, again and again while it returns true: a part of what is to be done once all rows are there. A part
   * takes milliseconds, so that other queries get their turn and a cancellation is noticed.
   */
  finishStep?(): boolean;
  /** After `finish` and its steps: waits for what is still being written. Returns the files, where the sink writes any. */
  complete?(): Promise<readonly WrittenFile[]>;
  /** The query failed: leaves nothing behind. */
  abort?(): Promise<void>;
}

/** What is left to do when the last lane has ended a sink: parts that lanes take, each with an object of its own. */
export interface SharedWork {
  /** Does a part, which takes milliseconds; answers whether there may be more. */
  next(): boolean;
  close(): void;
}

export function createCounters(
  context: Pick<LaneContext, 'shared' | 'block' | 'lane'>,
  node: number,
): OperatorCounters {
  return new OperatorCounters(context.shared, context.block, node, context.lane);
}
