import type { SharedMemory } from '../vector/shared-memory.js';
import { waitForChange } from './wait-for-change.js';

/** What is counted per operator and lane; f64 each. */
export const COUNTERS = [
  'rows',
  'timeMs',
  'bytesRead',
  'rowGroupsRead',
  'rowGroupsSkipped',
  'memoryBytes',
  'batches',
  'inputRows',
  'spilledBytes',
  'assignedRows',
  'pagesSkipped',
  'hostCalls',
  'keyedRows',
] as const;
export type CounterName = (typeof COUNTERS)[number];

export interface QueryShape {
  readonly pipelineCount: number;
  /** One more than the largest node id of the plan. */
  readonly nodeCount: number;
  readonly laneCount: number;
}

/*
 * The words of one query that all threads share:
 *
 *   0    u32 cancelled, u32 whether other queries run at the same time, padded to 64
 *   64   16 bytes a pipeline: u32 next morsel, u32 lanes still running, u32 stopped, u32 unused
 *        64 bytes a node: sixteen words whose meaning is the operator's (see the constants of the operators)
 *        4 bytes a node and lane: pointer to the lane's sink state; of a scan, what the lane has claimed (see `ScanClaims`)
 *        8 bytes a node, lane and counter: COUNTERS
 */
const HEADER_BYTES = 64;
const PIPELINE_BYTES = 16;
const NODE_WORDS = 16;
const COUNTER_BYTES = COUNTERS.length * 8;

const CANCELLED = 0;
const HAS_COMPANY = 1;
const NEXT_MORSEL = 0;
const RUNNING_LANES = 1;
const STOPPED = 2;

/** Progress, cancellation and hand-over between pipelines, as words in the shared memory. */
export class QueryBlock {
  readonly pointer: number;
  readonly shape: QueryShape;
  private readonly words: number;
  private readonly nodes: number;
  private readonly sinks: number;
  private readonly counters: number;
  private readonly shared: SharedMemory;

  /** A view of the block at `pointer`, which must hold `byteLengthOf(shape)` bytes, cleared by its creator. */
  constructor(shared: SharedMemory, pointer: number, shape: QueryShape) {
    this.shared = shared;
    this.pointer = pointer;
    this.shape = shape;
    this.words = pointer / 4;
    this.nodes = (pointer + HEADER_BYTES + shape.pipelineCount * PIPELINE_BYTES) / 4;
    this.sinks = this.nodes + shape.nodeCount * NODE_WORDS;
    const counters = (this.sinks + shape.nodeCount * shape.laneCount) * 4;
    this.counters = ((counters + 7) & ~7) / 8;
  }

  static byteLengthOf(shape: QueryShape): number {
    const perNode = NODE_WORDS * 4 + shape.laneCount * (4 + COUNTER_BYTES);
    return HEADER_BYTES + shape.pipelineCount * PIPELINE_BYTES + shape.nodeCount * perNode + 8;
  }

  cancel(): void {
    Atomics.store(this.shared.i32, this.words + CANCELLED, 1);
  }

  get cancelled(): boolean {
    return Atomics.load(this.shared.i32, this.words + CANCELLED) !== 0;
  }

  /** Where the word lies that is not 0 then, for generated code. */
  get addressOfCancelled(): number {
    return this.pointer + CANCELLED * 4;
  }

  /** Do other queries run at the same time? Then workers are given back sooner. */
  get hasCompany(): boolean {
    return Atomics.load(this.shared.i32, this.words + HAS_COMPANY) !== 0;
  }

  set hasCompany(value: boolean) {
    Atomics.store(this.shared.i32, this.words + HAS_COMPANY, value ? 1 : 0);
  }

  private pipelineWord(pipeline: number, word: number): number {
    return (this.pointer + HEADER_BYTES + pipeline * PIPELINE_BYTES) / 4 + word;
  }

  /** Makes the words of a pipeline and of a node what they were before anything ran; counters go on. */
  resetPipeline(pipeline: number): void {
    const first = this.pipelineWord(pipeline, 0);
    this.shared.u32.fill(0, first, first + PIPELINE_BYTES / 4);
  }

  resetNode(node: number): void {
    const { u32 } = this.shared;
    const { laneCount } = this.shape;
    u32.fill(0, this.nodes + node * NODE_WORDS, this.nodes + (node + 1) * NODE_WORDS);
    u32.fill(0, this.sinks + node * laneCount, this.sinks + (node + 1) * laneCount);
  }

  takeMorsel(pipeline: number): number {
    return Atomics.add(this.shared.i32, this.pipelineWord(pipeline, NEXT_MORSEL), 1);
  }

  startLanes(pipeline: number, count: number): void {
    Atomics.store(this.shared.i32, this.pipelineWord(pipeline, RUNNING_LANES), count);
  }

  /** Returns whether this was the last lane of the pipeline to finish. */
  finishLane(pipeline: number): boolean {
    return Atomics.sub(this.shared.i32, this.pipelineWord(pipeline, RUNNING_LANES), 1) === 1;
  }

  /** No more rows of this pipeline's source are needed (LIMIT is reached); what has passed the LIMIT still is. */
  stop(pipeline: number): void {
    Atomics.store(this.shared.i32, this.pipelineWord(pipeline, STOPPED), 1);
  }

  isStopped(pipeline: number): boolean {
    return Atomics.load(this.shared.i32, this.pipelineWord(pipeline, STOPPED)) !== 0;
  }

  getWord(node: number, word: number): number {
    return Atomics.load(this.shared.u32, this.nodes + node * NODE_WORDS + word);
  }

  setWord(node: number, word: number, value: number): void {
    Atomics.store(this.shared.u32, this.nodes + node * NODE_WORDS + word, value);
  }

  /** Where a word lies, for kernels. */
  addressOfWord(node: number, word: number): number {
    return (this.nodes + node * NODE_WORDS + word) * 4;
  }

  /** Sets bits of a word. */
  setBits(node: number, word: number, bits: number): void {
    Atomics.or(this.shared.u32, this.nodes + node * NODE_WORDS + word, bits);
  }

  /** Sets a word that is 0, unless another lane was first; returns what it is then. */
  initializeWord(node: number, word: number, value: number): number {
    const before = Atomics.compareExchange(this.shared.u32, this.nodes + node * NODE_WORDS + word, 0, value);
    return before === 0 ? value : before;
  }

  /** Adds to a word; returns its value before. */
  addWord(node: number, word: number, value: number): number {
    return Atomics.add(this.shared.u32, this.nodes + node * NODE_WORDS + word, value);
  }

  /** Counts a word on, and wakes whoever waits for that. */
  announce(node: number, word: number): void {
    const index = this.nodes + node * NODE_WORDS + word;
    Atomics.add(this.shared.i32, index, 1);
    Atomics.notify(this.shared.i32, index);
  }

  /** Waits for an announcement after the word was `seen`, a moment at most. */
  awaitAnnouncement(node: number, word: number, seen: number): Promise<void> {
    return waitForChange(this.shared.i32, this.nodes + node * NODE_WORDS + word, seen);
  }

  getSink(node: number, lane: number): number {
    return this.shared.u32[this.sinks + node * this.shape.laneCount + lane]!;
  }

  setSink(node: number, lane: number, pointer: number): void {
    this.shared.u32[this.sinks + node * this.shape.laneCount + lane] = pointer;
  }

  /** Index into `SharedMemory.i32` of the word of a node and lane that has no sink. */
  laneWordIndex(node: number, lane: number): number {
    return this.sinks + node * this.shape.laneCount + lane;
  }

  /** Index into `SharedMemory.f64` of the first counter of a node and lane. */
  counterIndex(node: number, lane: number): number {
    return this.counters + (node * this.shape.laneCount + lane) * COUNTERS.length;
  }

  /** Values over all lanes, one a lane. */
  readCounter(node: number, counter: CounterName): number[] {
    const at = COUNTERS.indexOf(counter);
    return Array.from(
      { length: this.shape.laneCount },
      (_, lane) => this.shared.f64[this.counterIndex(node, lane) + at]!,
    );
  }
}

/** The counters of one operator in one lane. */
export class OperatorCounters {
  private readonly f64: Float64Array;
  private readonly index: number;

  constructor(shared: SharedMemory, block: QueryBlock, node: number, lane: number) {
    this.f64 = shared.f64;
    this.index = block.counterIndex(node, lane);
  }

  addBatch(rowCount: number): void {
    this.f64[this.index]! += rowCount;
    this.f64[this.index + 6]! += 1;
  }

  add(counter: CounterName, value: number): void {
    this.f64[this.index + COUNTERS.indexOf(counter)]! += value;
  }

  /** For a counter of peaks. */
  raise(counter: CounterName, value: number): void {
    const at = this.index + COUNTERS.indexOf(counter);
    if (this.f64[at]! < value) this.f64[at] = value;
  }
}
