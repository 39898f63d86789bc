import { BATCH_ROWS } from '../../vector/vector.js';
import type { AggregateProgram } from '../expression/aggregate-program.js';
import type { OperatorCounters } from '../query-block.js';
import { PARTITION_COUNT, RowCollection } from '../rows/row-collection.js';
import { PartitionSpill } from '../spill/partition-spill.js';
import type { GroupFreezer } from './group-freezer.js';
import type { GroupTable } from './group-table.js';
import type { LaneContext } from './operator.js';

/** What is written in one step: some milliseconds. */
const STEP_BLOCKS = 16;
/** Batches of rows that one step inserts again. */
const STEP_BATCHES = 8;

/**
 * Moves groups of a lane's table to disk. Partitions that have been spilled before go first, then those with the highest
 * numbers, until half of the rows' memory is free: lanes spill the same partitions, and the others stay in memory whole.
 * A group that comes again after its row has gone gets another row; the merge makes one of them.
 */
export class GroupSpill {
  private readonly context: LaneContext;
  private readonly table: GroupTable;
  private readonly program: AggregateProgram;
  private readonly freezer: GroupFreezer;
  private readonly counters: OperatorCounters;
  private readonly pointers: number;
  private spill: PartitionSpill | undefined;
  /** Frozen rows of one partition on their way to disk. */
  private frozen: RowCollection | undefined;
  private work: Generator<void, void, void> | undefined;

  constructor(
    context: LaneContext,
    table: GroupTable,
    program: AggregateProgram,
    freezer: GroupFreezer,
    counters: OperatorCounters,
  ) {
    this.context = context;
    this.table = table;
    this.program = program;
    this.freezer = freezer;
    this.counters = counters;
    this.pointers = context.scope.allocate(BATCH_ROWS * 4);
  }

  /** Where others find what was spilled: see `PartitionSpill.attach`. 0 when nothing was. */
  get spillTable(): number {
    return this.spill?.table ?? 0;
  }

  /** Is there work that `step` does? */
  get isBusy(): boolean {
    return this.work !== undefined;
  }

  /** Begins to free memory. Addresses of groups are void when `step` has done it. */
  begin(): void {
    const { collection } = this.table;
    // Texts can be freed only all at once.
    const wanted = this.freezer.keepsTexts ? collection.byteLength : collection.byteLength / 2;
    const partitions = Array.from({ length: PARTITION_COUNT }, (_, partition) => PARTITION_COUNT - 1 - partition);
    const wasSpilled = (partition: number): number => ((this.spill?.rowCountOf(partition) ?? 0) > 0 ? 1 : 0);
    partitions.sort((left, right) => wasSpilled(right) - wasSpilled(left));
    let byteLength = 0;
    const chosen = partitions.filter((partition) => {
      const isWanted = byteLength < wanted;
      if (isWanted) byteLength += collection.byteLengthOf(partition);
      return isWanted;
    });
    this.work = this.moveRows(chosen);
  }

  /** Begins to write what is left of partitions that have been spilled: then each is in memory or on disk. */
  beginRest(): void {
    const { spill } = this;
    if (spill === undefined) return;
    this.work = this.moveRest(spill);
  }

  step(): void {
    if (this.work?.next().done) this.work = undefined;
  }

  private *moveRows(partitions: readonly number[]): Generator<void, void, void> {
    yield* this.writePartitions(partitions);
    const { table, pointers } = this;
    if (this.freezer.keepsTexts) this.program.forgetKept();
    table.forgetRows();
    yield;
    if (table.hasDuplicates) return;
    let batches = 0;
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      const cursor = table.collection.openPartition(partition);
      for (let count = cursor.next(this.context.kernels, pointers); count > 0; ) {
        table.insert(pointers, count);
        if (++batches % STEP_BATCHES === 0) yield;
        count = cursor.next(this.context.kernels, pointers);
      }
    }
  }

  private *moveRest(spill: PartitionSpill): Generator<void, void, void> {
    const partitions = Array.from({ length: PARTITION_COUNT }, (_, partition) => partition);
    const { keepsTexts } = this.freezer;
    yield* this.writePartitions(partitions.filter((partition) => keepsTexts || spill.rowCountOf(partition) > 0));
    if (keepsTexts) this.program.forgetKept();
  }

  private *writePartitions(partitions: readonly number[]): Generator<void, void, void> {
    const { shared, scope } = this.context;
    this.spill ??= PartitionSpill.create(shared, scope, PARTITION_COUNT);
    for (const partition of partitions) {
      if (this.freezer.keepsTexts) yield* this.freezePartition(this.spill, partition);
      else yield* this.writePartition(this.spill, partition);
    }
  }

  private *writePartition(spill: PartitionSpill, partition: number): Generator<void, void, void> {
    for (let blocks = 1; ; blocks++) {
      const written = spill.writeFirst(this.context.spill, this.table.collection, partition);
      if (written === 0) return;
      this.counters.add('spilledBytes', written);
      if (blocks % STEP_BLOCKS === 0) yield;
    }
  }

  private *freezePartition(spill: PartitionSpill, partition: number): Generator<void, void, void> {
    const { shared, scope, owner, kernels } = this.context;
    const { collection } = this.table;
    this.frozen ??= RowCollection.create(shared, owner, scope, collection.layout, PARTITION_COUNT);
    const { frozen } = this;
    const write = (): void => {
      this.counters.add('spilledBytes', spill.write(this.context.spill, frozen, partition));
    };
    const cursor = collection.openPartition(partition);
    for (let count = cursor.next(kernels, this.pointers); count > 0; ) {
      this.freezer.freeze(frozen, 0, this.pointers, count, write);
      yield;
      count = cursor.next(kernels, this.pointers);
    }
    write();
    collection.clearPartition(partition);
  }
}
