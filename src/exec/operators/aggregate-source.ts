import type { HashAggregateNode } from '../../planner/physical/physical-plan.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, type Vector } from '../../vector/vector.js';
import type { AggregateProgram } from '../expression/aggregate-program.js';
import type { OperatorCounters, QueryBlock } from '../query-block.js';
import { PARTITION_COUNT } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { createAggregateLayout } from './aggregate-layout.js';
import { createAggregateProgram } from './aggregate-sink.js';
import { GroupFreezer } from './group-freezer.js';
import { GroupMerge } from './group-merge.js';
import { attachLaneGroups, countGroups, type GroupPartition, type LaneGroups } from './group-partition.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';

/** Fewer groups than this are merged and handed on by one lane. */
const SINGLE_MORSEL_GROUPS = 16_384;

/** How many morsels the merge of an aggregate has: its partitions, or one when there is little to do. */
export function countAggregateMorsels(shared: SharedMemory, block: QueryBlock, node: HashAggregateNode): number {
  if (node.groupKeys.length === 0) return 1;
  return countGroups(shared, block, node.id) < SINGLE_MORSEL_GROUPS ? 1 : PARTITION_COUNT;
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
  private morselCount = 0;
  private readonly states: number;
  private readonly merge: GroupMerge;
  private lanes: LaneGroups | undefined;
  /** The morsel that is being worked on. */
  private work: Generator<void, void, void> | undefined;

  constructor(context: LaneContext, node: HashAggregateNode, next: Operator) {
    this.context = context;
    this.node = node;
    this.next = next;
    this.program = createAggregateProgram(context, node);
    this.layout = createAggregateLayout(node, this.program.stateBytes);
    this.keys = new RowUnpacker(context.kernels, context.scope, this.layout.keys);
    this.counters = createCounters(context, node.id);
    this.states = context.scope.allocate(BATCH_ROWS * 4);
    const freezer = new GroupFreezer(context, this.layout, this.program);
    this.merge = new GroupMerge(context, node.id, this.program, this.layout, freezer, this.counters);
    this.restart();
  }

  restart(): void {
    this.morselCount = countAggregateMorsels(this.context.shared, this.context.block, this.node);
    this.lanes = undefined;
    this.work = undefined;
  }

  step(): boolean {
    if (this.work === undefined) {
      const morsel = this.context.block.takeMorsel(this.context.pipeline);
      if (morsel >= this.morselCount) {
        this.merge.release();
        return false;
      }
      if (this.node.groupKeys.length === 0) {
        this.emitSingle();
        return true;
      }
      this.work = this.emitMorsel(morsel);
    }
    if (this.work.next().done) this.work = undefined;
    return true;
  }

  private emitSingle(): void {
    const { shared, block, scope } = this.context;
    const { program, states } = this;
    const total = scope.allocateCleared(Math.max(16, program.stateBytes));
    const source = scope.allocate(4);
    shared.u32[states / 4] = total;
    for (let other = 0; other < block.shape.laneCount; other++) {
      shared.u32[source / 4] = block.getSink(this.node.id, other);
      if (shared.u32[source / 4] !== 0) program.combine(states, source, 1);
    }
    this.counters.addBatch(1);
    this.next.push({ rowCount: 1, columns: program.finalize(states, 1) });
  }

  private *emitMorsel(morsel: number): Generator<void, void, void> {
    const { shared, block, owner } = this.context;
    this.lanes ??= attachLaneGroups(shared, block, this.node, owner, this.layout);
    const to = this.morselCount === 1 ? PARTITION_COUNT : morsel + 1;
    const parts: GroupPartition[] = [{ ...this.lanes, from: morsel, to, hashBits: 0 }];
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      if (!this.merge.fits(part)) {
        parts.push(...(yield* this.merge.split(part)));
        continue;
      }
      yield* this.merge.merge(part);
      for (let emitted = 0; emitted < this.merge.survivorCount; emitted += BATCH_ROWS) {
        this.emitBatch(emitted);
        yield;
      }
      this.merge.free(part);
    }
  }

  private emitBatch(from: number): void {
    const { kernels } = this.context;
    const count = Math.min(BATCH_ROWS, this.merge.survivorCount - from);
    const rows = this.merge.survivors + from * 4;
    kernels.offsetPointers(rows, this.layout.stateOffset, count, this.states);
    const columns = [...this.keys.unpack(rows, count)];
    if (this.node.aggregates.length > 0) columns.push(...this.program.finalize(this.states, count));
    this.counters.addBatch(count);
    this.next.push({ rowCount: count, columns: columns as Vector[] });
  }
}
