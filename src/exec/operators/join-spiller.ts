import type { OperatorCounters } from '../query-block.js';
import { PARTITION_COUNT } from '../rows/row-collection.js';
import { lacksLoadingRoom, mustSpill } from '../spill/memory-pressure.js';
import { JOIN_DEFERRED } from './join-layout.js';
import type { JoinId, JoinRows } from './join-rows.js';
import { createCounters, type LaneContext } from './operator.js';

/** The last ones first. */
const PARTITIONS: readonly number[] = Array.from(
  { length: PARTITION_COUNT },
  (_, index) => PARTITION_COUNT - 1 - index,
);

/** What a spiller needs of a lane. */
type SpillerContext = Pick<LaneContext, 'shared' | 'block' | 'lane' | 'spill'>;

/** Moves one lane's rows of either side of a join to disk when memory is short, a partition a step. */
export class JoinSpiller {
  private readonly context: SpillerContext;
  private readonly node: JoinId;
  private readonly rows: JoinRows;
  private readonly counters: OperatorCounters;
  private work: Generator<void, void, void> | undefined;

  constructor(context: SpillerContext, node: JoinId, rows: JoinRows) {
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
    const { block, shared } = this.context;
    const hasRoom = (): boolean => !lacksLoadingRoom(shared, block.shape.laneCount);
    const work = this.spillUntil(hasRoom, PARTITIONS.filter(this.isDeferred));
    while (!work.next().done);
  }

  get hasMore(): boolean {
    return this.work !== undefined;
  }

  resume(): void {
    if (this.work?.next().done) this.work = undefined;
  }

  /** Partitions that are deferred already go first: of the probe side there are no others. */
  private spillHalf(): Generator<void, void, void> {
    const { collection } = this.rows;
    const target = collection.byteLength / 2;
    const others = PARTITIONS.filter((partition) => !this.isDeferred(partition));
    return this.spillUntil(() => collection.byteLength <= target, [...PARTITIONS.filter(this.isDeferred), ...others]);
  }

  private *spillUntil(isEnough: () => boolean, partitions: readonly number[]): Generator<void, void, void> {
    const { block, spill } = this.context;
    const { collection } = this.rows;
    for (const partition of partitions) {
      if (isEnough()) return;
      if (collection.rowCountOf(partition) === 0) continue;
      block.setBits(this.node.id, JOIN_DEFERRED, 1 << partition);
      this.counters.add('spilledBytes', this.rows.spill.write(spill, collection, partition));
      yield;
    }
  }

  private readonly isDeferred = (partition: number): boolean =>
    ((this.context.block.getWord(this.node.id, JOIN_DEFERRED) >>> partition) & 1) === 1;
}
