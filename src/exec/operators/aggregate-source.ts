import type { HashAggregateNode } from '../../planner/physical/physical-plan.js';
import { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, type Vector } from '../../vector/vector.js';
import type { AggregateProgram } from '../expression/aggregate-program.js';
import type { OperatorCounters, QueryBlock } from '../query-block.js';
import { PARTITION_COUNT, RowCollection } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { AGGREGATE_FLUSHED, AGGREGATE_GROUPS, AGGREGATE_TABLE, createAggregateLayout } from './aggregate-layout.js';
import { createAggregateProgram } from './aggregate-sink.js';
import { createMergeTable } from './group-table.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';

/** Fewer groups than this are merged and handed on by one lane. */
const SINGLE_MORSEL_GROUPS = 16_384;

/** How many morsels the merge of an aggregate has: its partitions, or one when there is little to do. */
export function countAggregateMorsels(shared: SharedMemory, block: QueryBlock, node: HashAggregateNode): number {
  if (node.groupKeys.length === 0) return 1;
  let groups = 0;
  for (let lane = 0; lane < block.shape.laneCount; lane++) {
    const published = block.getSink(node.id, lane);
    if (published !== 0) groups += shared.u32[published / 4 + AGGREGATE_GROUPS]!;
  }
  return groups < SINGLE_MORSEL_GROUPS ? 1 : PARTITION_COUNT;
}

/** Merges the groups of all lanes, partition by partition, and hands on keys and finished aggregates. */
export class AggregateSource implements Source {
  private readonly context: LaneContext;
  private readonly node: HashAggregateNode;
  private readonly next: Operator;
  private readonly program: AggregateProgram;
  private readonly layout: RowLayout;
  private readonly keys: RowUnpacker;
  private readonly counters: OperatorCounters;
  private readonly morselCount: number;
  private readonly morselScope: Scope;
  private readonly states: number;
  /** Addresses of the merged groups of this morsel, in the morsel's scope. */
  private survivors = 0;
  private survivorCount = 0;
  private emitted = 0;

  constructor(context: LaneContext, node: HashAggregateNode, next: Operator) {
    this.context = context;
    this.node = node;
    this.next = next;
    this.program = createAggregateProgram(context, node);
    this.layout = createAggregateLayout(node, this.program.stateBytes);
    this.keys = new RowUnpacker(context.kernels, context.scope, this.layout.keys);
    this.counters = createCounters(context, node.id);
    this.morselCount = countAggregateMorsels(context.shared, context.block, node);
    this.morselScope = new Scope(context.shared, context.owner);
    this.states = context.scope.allocate(BATCH_ROWS * 4);
  }

  step(): boolean {
    if (this.emitted < this.survivorCount) {
      this.emitBatch();
      return true;
    }
    const morsel = this.context.block.takeMorsel(this.context.pipeline);
    if (morsel >= this.morselCount) {
      this.morselScope.free();
      return false;
    }
    this.morselScope.reset();
    if (this.node.groupKeys.length === 0) this.emitSingle();
    else this.mergePartitions(morsel, this.morselCount === 1 ? PARTITION_COUNT : morsel + 1);
    return true;
  }

  private emitSingle(): void {
    const { shared, block } = this.context;
    const { program, states } = this;
    const total = this.morselScope.allocateCleared(Math.max(16, program.stateBytes));
    const source = this.morselScope.allocate(4);
    shared.u32[states / 4] = total;
    for (let other = 0; other < block.shape.laneCount; other++) {
      shared.u32[source / 4] = block.getSink(this.node.id, other);
      if (shared.u32[source / 4] !== 0) program.combine(states, source, 1);
    }
    this.counters.addBatch(1);
    this.next.push({ rowCount: 1, columns: program.finalize(states, 1) });
  }

  private mergePartitions(from: number, to: number): void {
    const { block, shared } = this.context;
    const lanes: RowCollection[] = [];
    let distinct = true;
    for (let lane = 0; lane < block.shape.laneCount; lane++) {
      const published = block.getSink(this.node.id, lane) / 4;
      if (published === 0) continue;
      const table = shared.u32[published + AGGREGATE_TABLE]!;
      const rows = RowCollection.attach(shared, this.context.owner, this.layout, table, PARTITION_COUNT);
      if (rows.rowCount === 0) continue;
      lanes.push(rows);
      if (shared.u32[published + AGGREGATE_FLUSHED] !== 0) distinct = false;
    }
    let rowCount = 0;
    for (const lane of lanes)
      for (let partition = from; partition < to; partition++) rowCount += lane.rowCountOf(partition);
    this.survivors = this.morselScope.allocate(rowCount * 4);
    this.survivorCount = 0;
    this.emitted = 0;
    if (distinct && lanes.length === 1) this.listGroups(lanes[0]!, from, to);
    else this.mergeLanes(lanes, from, to, rowCount);
  }

  private listGroups(lane: RowCollection, from: number, to: number): void {
    for (let partition = from; partition < to; partition++) {
      const cursor = lane.openPartition(partition);
      for (;;) {
        const listed = cursor.next(this.context.kernels, this.survivors + this.survivorCount * 4);
        if (listed === 0) break;
        this.survivorCount += listed;
      }
    }
  }

  private mergeLanes(lanes: readonly RowCollection[], from: number, to: number, rowCount: number): void {
    const { shared, kernels } = this.context;
    const scope = this.morselScope;
    const table = createMergeTable(shared, kernels, scope, this.layout, rowCount);
    const pointers = scope.allocate(BATCH_ROWS * 4);
    const targets = scope.allocate(BATCH_ROWS * 4);
    const sources = scope.allocate(BATCH_ROWS * 4);
    const pairCount = scope.allocate(4);
    for (const lane of lanes) {
      for (let partition = from; partition < to; partition++) {
        lane.forEachBatch(partition, kernels, pointers, (count) => {
          const survivors = this.survivors + this.survivorCount * 4;
          this.survivorCount += kernels.mergeGroups(table, pointers, count, survivors, targets, sources, pairCount);
          const pairs = shared.u32[pairCount / 4]!;
          if (pairs > 0) this.program.combine(targets, sources, pairs);
        });
      }
    }
  }

  private emitBatch(): void {
    const { kernels } = this.context;
    const count = Math.min(BATCH_ROWS, this.survivorCount - this.emitted);
    const rows = this.survivors + this.emitted * 4;
    this.emitted += count;
    kernels.offsetPointers(rows, this.layout.stateOffset, count, this.states);
    const columns = [...this.keys.unpack(rows, count)];
    if (this.node.aggregates.length > 0) columns.push(...this.program.finalize(this.states, count));
    this.counters.addBatch(count);
    this.next.push({ rowCount: count, columns: columns as Vector[] });
  }
}
