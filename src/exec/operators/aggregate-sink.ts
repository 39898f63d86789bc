import type { HashAggregateNode } from '../../planner/physical/physical-plan.js';
import type { Batch } from '../../vector/vector.js';
import { AggregateProgram } from '../expression/aggregate-program.js';
import { Projector } from '../expression/projector.js';
import type { OperatorCounters } from '../query-block.js';
import { mustSpill } from '../spill/memory-pressure.js';
import {
  AGGREGATE_FLUSHED,
  AGGREGATE_GROUPS,
  AGGREGATE_SINK_BYTES,
  AGGREGATE_SPILL,
  AGGREGATE_TABLE,
  createAggregateLayout,
} from './aggregate-layout.js';
import { GroupFinder } from './group-finder.js';
import { GroupFreezer } from './group-freezer.js';
import { GroupSpill } from './group-spill.js';
import { GroupTable } from './group-table.js';
import { createCounters, type LaneContext, type ResumableOperator, type Sink } from './operator.js';

export function createAggregateProgram(context: LaneContext, node: HashAggregateNode): AggregateProgram {
  return new AggregateProgram(context.expressions, node.aggregates);
}

/** States of fewer groups stay in the cache by themselves. */
const TOUCHED_GROUPS = 16_384;

/**
 * Groups the rows of one lane and updates their accumulators; lanes are merged by `AggregateSource`. When memory is
 * short, groups go to disk between batches.
 */
export class AggregateSink implements Sink, ResumableOperator {
  private readonly context: LaneContext;
  private readonly node: HashAggregateNode;
  private readonly program: AggregateProgram;
  /** Undefined where all rows are one group. */
  private readonly keys: Projector | undefined;
  private single = 0;
  private grouping: Grouping | undefined;

  constructor(context: LaneContext, node: HashAggregateNode) {
    this.context = context;
    this.node = node;
    this.program = createAggregateProgram(context, node);
    this.keys = node.groupKeys.length === 0 ? undefined : new Projector(context.expressions, node.groupKeys);
    this.restart();
  }

  restart(): void {
    const { context, node, program, keys } = this;
    const { scope, block, lane } = context;
    program.forgetKept();
    const published = scope.allocateCleared(keys ? AGGREGATE_SINK_BYTES : Math.max(16, program.stateBytes));
    if (keys === undefined) this.single = published;
    else this.grouping = new Grouping(context, node, program, keys, published);
    block.setSink(node.id, lane, published);
  }

  push(batch: Batch): void {
    const { grouping, program } = this;
    if (grouping === undefined) {
      program.updateSingle(batch, this.single);
      return;
    }
    if (this.node.aggregates.length > 0) {
      const groups = grouping.findGroups(batch);
      if (grouping.table.collection.rowCount > TOUCHED_GROUPS) program.touchLists(groups, batch.rowCount);
      program.updateGrouped(batch, groups);
    } else {
      grouping.insertGroups(batch);
    }
    grouping.relieveMemory();
  }

  get hasMore(): boolean {
    return this.grouping?.spill.isBusy ?? false;
  }

  resume(): void {
    this.grouping?.spill.step();
  }

  finish(): void {
    this.grouping?.finish();
  }

  finishStep(): boolean {
    if (this.hasMore) {
      this.resume();
      return true;
    }
    this.grouping?.publish();
    return false;
  }
}

/** The groups of a lane, and those of them that are on disk. */
class Grouping {
  readonly table: GroupTable;
  readonly spill: GroupSpill;
  private readonly context: LaneContext;
  private readonly program: AggregateProgram;
  private readonly counters: OperatorCounters;
  private readonly keys: Projector;
  private readonly published: number;
  private readonly finder: GroupFinder;
  private readonly isPartitionWise: boolean;
  /** The one that the last batch was of. */
  private unit = 0;

  constructor(
    context: LaneContext,
    node: HashAggregateNode,
    program: AggregateProgram,
    keys: Projector,
    published: number,
  ) {
    const { shared, kernels, scope, owner } = context;
    const layout = createAggregateLayout(node, program.stateBytes);
    this.context = context;
    this.program = program;
    this.counters = createCounters(context, node.id);
    this.published = published;
    this.isPartitionWise = node.isPartitionWise ?? false;
    this.keys = keys;
    // Without partitions to merge, every group that has one row is spared the merge.
    const isMerged = !this.isPartitionWise && context.block.shape.laneCount > 1;
    this.table = new GroupTable(shared, kernels, scope, owner, layout, isMerged ? 'merge' : 'reduce');
    this.finder = new GroupFinder(context, layout, this.table);
    const freezer = new GroupFreezer(context, layout, program);
    this.spill = new GroupSpill(context, this.table, program, freezer, this.counters);
  }

  /** Addresses of the states of the rows' groups, one u32 a row. */
  findGroups(batch: Batch): number {
    this.enterUnit();
    return this.finder.find(this.keys.evaluate(batch), batch.rowCount);
  }

  /** The same where there are no states. */
  insertGroups(batch: Batch): void {
    this.enterUnit();
    this.finder.insert(this.keys.evaluate(batch), batch.rowCount);
  }

  /** No group has rows in two units: slots for those of one stay in the cache. */
  private enterUnit(): void {
    const { current } = this.context.unit;
    if (!this.isPartitionWise || current === this.unit) return;
    this.unit = current;
    this.table.beginApart();
  }

  /** After a batch, when nobody needs the addresses of its groups any more. */
  relieveMemory(): void {
    const byteLength = this.table.byteLength + this.program.keptBytes;
    this.counters.raise('memoryBytes', byteLength);
    if (!this.table.isCramped && !mustSpill(this.context.shared, byteLength)) return;
    this.finder.forgetValues();
    this.spill.begin();
  }

  finish(): void {
    this.finder.free();
    this.table.releaseSlots();
    this.spill.beginRest();
  }

  publish(): void {
    const { table, spill } = this;
    const { u32 } = this.context.shared;
    const published = this.published / 4;
    u32[published + AGGREGATE_TABLE] = table.collection.table;
    u32[published + AGGREGATE_GROUPS] = table.collection.rowCount;
    u32[published + AGGREGATE_FLUSHED] = table.hasDuplicates ? 1 : 0;
    u32[published + AGGREGATE_SPILL] = spill.spillTable;
  }
}
