import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import type { OperatorCounters } from '../query-block.js';
import { PARTITION_COUNT } from '../rows/row-collection.js';
import { lacksLoadingRoom, mustSpill } from '../spill/memory-pressure.js';
import { JOIN_DEFERRED } from './join-layout.js';
import type { JoinRows } from './join-rows.js';
import { createCounters, type LaneContext } from './operator.js';

/** Moves one lane's rows of either side of a join to disk when memory is short, a partition a step. */
export class JoinSpiller {
  private readonly context: LaneContext;
  private readonly node: HashJoinNode;
  private readonly rows: JoinRows;
  private readonly counters: OperatorCounters;
  private work: Generator<void, void, void> | undefined;

  constructor(context: LaneContext, node: HashJoinNode, rows: JoinRows) {
    this.context = context;
    this.node = node;
    this.rows = rows;
    this.counters = createCounters(context, node.id);
  }

  /** To be called when rows were added: `hasMore` then says whether some must go. */
  check(): void {
    if (mustSpill(this.context.shared, this.rows.collection.byteLength)) this.work = this.spillHalf();
  }

  /**
   * To be called when all rows are there: deferred partitions go until lanes have room to load them, one at a time each.
   * What stays here stays until the last of them is joined.
   */
  makeRoom(): void {
    const { block, shared, spill } = this.context;
    const { collection } = this.rows;
    const deferred = block.getWord(this.node.id, JOIN_DEFERRED);
    for (let partition = PARTITION_COUNT - 1; partition >= 0; partition--) {
      if (!lacksLoadingRoom(shared, block.shape.laneCount)) return;
      if (((deferred >>> partition) & 1) === 0 || collection.rowCountOf(partition) === 0) continue;
      this.counters.add('spilledBytes', this.rows.spill.write(spill, collection, partition));
    }
  }

  get hasMore(): boolean {
    return this.work !== undefined;
  }

  resume(): void {
    if (this.work?.next().done) this.work = undefined;
  }

  /** Partitions that are deferred already go first: of the probe side there are no others. */
  private *spillHalf(): Generator<void, void, void> {
    const { block, spill } = this.context;
    const { collection } = this.rows;
    const target = collection.byteLength / 2;
    const deferred = block.getWord(this.node.id, JOIN_DEFERRED);
    const isDeferred = (partition: number): boolean => ((deferred >>> partition) & 1) === 1;
    const partitions = Array.from({ length: PARTITION_COUNT }, (_, index) => PARTITION_COUNT - 1 - index);
    const others = partitions.filter((partition) => !isDeferred(partition));
    for (const partition of [...partitions.filter(isDeferred), ...others]) {
      if (collection.byteLength <= target) return;
      if (collection.rowCountOf(partition) === 0) continue;
      block.setBits(this.node.id, JOIN_DEFERRED, 1 << partition);
      this.counters.add('spilledBytes', this.rows.spill.write(spill, collection, partition));
      yield;
    }
  }
}
