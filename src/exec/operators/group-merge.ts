import { Scope } from '../../vector/scope.js';
import { CHUNK_BYTES } from '../../vector/shared-memory.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { AggregateProgram } from '../expression/aggregate-program.js';
import type { OperatorCounters } from '../query-block.js';
import { PARTITION_COUNT, RowCollection, RowCursor } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';
import { loadBudget } from '../spill/memory-pressure.js';
import { PartitionSpill } from '../spill/partition-spill.js';
import { AGGREGATE_MERGE_CHUNKS } from './aggregate-layout.js';
import type { GroupFreezer } from './group-freezer.js';
import { countRows, countSpilledBytes, type GroupPartition } from './group-partition.js';
import { MergeTable, mergeSlotBytes } from './merge-table.js';
import type { LaneContext } from './operator.js';

/** Five bits of the hash a round; the last two only choose slots. */
const MOST_HASH_BITS = 30;
/** Slots that are cleared in one step. */
const STEP_BYTES = 16 * 2 ** 20;
/** Partitions are much alike: slots are for this many times the groups that the one before makes expect. */
const SHARE_MARGIN = 1.1;
/** Rows that are merged or written in one step. */
const STEP_BATCHES = 2;

/**
 * Makes one row of all rows of a group, for the groups of some partitions at a time. What is on disk is loaded, if this
 * lane may take so much memory; otherwise the partition is split by further bits of the hash first. Generators, since a
 * step of a lane may take milliseconds only.
 */
export class GroupMerge {
  /** Addresses of the merged rows, until `free`. */
  survivors = 0;
  survivorCount = 0;
  private readonly context: LaneContext;
  private readonly node: number;
  private readonly program: AggregateProgram;
  private readonly layout: RowLayout;
  private readonly freezer: GroupFreezer;
  private readonly counters: OperatorCounters;
  private readonly scope: Scope;
  private readonly pointers: number;
  private readonly targets: number;
  private readonly sources: number;
  private readonly pairCount: number;
  /** Blocks that were loaded. */
  private readonly loaded: RowCollection;
  private heldChunks = 0;
  /** Of the rows of the partition before, those that were left. */
  private survivingShare = 1;

  constructor(
    context: LaneContext,
    node: number,
    program: AggregateProgram,
    layout: RowLayout,
    freezer: GroupFreezer,
    counters: OperatorCounters,
  ) {
    const { shared, scope, owner } = context;
    this.context = context;
    this.node = node;
    this.program = program;
    this.layout = layout;
    this.freezer = freezer;
    this.counters = counters;
    this.scope = new Scope(shared, owner);
    this.pointers = scope.allocate(BATCH_ROWS * 4);
    this.targets = scope.allocate(BATCH_ROWS * 4);
    this.sources = scope.allocate(BATCH_ROWS * 4);
    this.pairCount = scope.allocate(4);
    this.loaded = RowCollection.create(shared, owner, scope, layout, 1);
  }

  /** Can the partition be merged now? Otherwise `split` it. */
  fits(part: GroupPartition): boolean {
    const spilledBytes = countSpilledBytes(part);
    if (spilledBytes === 0 || part.hashBits >= MOST_HASH_BITS) return true;
    const { shared, block } = this.context;
    const rowCount = countRows(part);
    const needed = spilledBytes + mergeSlotBytes(rowCount) + rowCount * 4;
    const held = block.getWord(this.node, AGGREGATE_MERGE_CHUNKS) * CHUNK_BYTES;
    return needed <= loadBudget(shared, block.shape.laneCount, held);
  }

  /** Fills `survivors`. */
  *merge(part: GroupPartition): Generator<void, void, void> {
    const rowCount = countRows(part);
    this.survivors = this.scope.allocate(rowCount * 4);
    this.survivorCount = 0;
    if (part.isDistinct) {
      this.listRows(part);
      return;
    }
    const table = yield* this.createTable(rowCount);
    let batches = 0;
    for (let partition = part.from; partition < part.to; partition++) {
      for (const collection of part.collections) {
        const cursor = collection.openPartition(partition);
        while (this.mergeBatch(table, cursor)) if (++batches % STEP_BATCHES === 0) yield;
      }
      for (const spill of part.spills) yield* this.mergeSpilled(table, spill, partition);
    }
    if (rowCount > 0) this.survivingShare = this.survivorCount / rowCount;
  }

  private listRows({ collections, from, to }: GroupPartition): void {
    for (const collection of collections) {
      for (let partition = from; partition < to; partition++) {
        const cursor = collection.openPartition(partition);
        for (let listed = -1; listed !== 0; this.survivorCount += listed) {
          listed = cursor.next(this.context.kernels, this.survivors + this.survivorCount * 4);
        }
      }
    }
  }

  private *createTable(rowCount: number): Generator<void, MergeTable, void> {
    const { shared, kernels } = this.context;
    const expectedGroups = rowCount * Math.min(1, this.survivingShare * SHARE_MARGIN);
    const table = new MergeTable(shared, kernels, this.scope, this.layout, expectedGroups);
    this.hold((table.slotBytes + rowCount * 4) / CHUNK_BYTES);
    for (let cleared = 0; cleared < table.slotBytes; cleared += STEP_BYTES) {
      if (cleared > 0) yield;
      kernels.clearBytes(table.slots + cleared, Math.min(STEP_BYTES, table.slotBytes - cleared));
    }
    return table;
  }

  private mergeBatch(table: MergeTable, cursor: RowCursor): boolean {
    const { kernels, shared } = this.context;
    const { pointers, targets, sources, pairCount } = this;
    const count = cursor.next(kernels, pointers);
    if (count === 0) return false;
    if (table.reserve(this.survivorCount + count)) this.hold(table.slotBytes / CHUNK_BYTES);
    const survivors = this.survivors + this.survivorCount * 4;
    this.survivorCount += kernels.mergeGroups(
      table.descriptor,
      pointers,
      count,
      survivors,
      targets,
      sources,
      pairCount,
    );
    const pairs = shared.u32[pairCount / 4]!;
    if (pairs > 0) this.program.combine(targets, sources, pairs);
    return true;
  }

  private *mergeSpilled(table: MergeTable, spill: PartitionSpill, partition: number): Generator<void, void, void> {
    const { shared, kernels, owner } = this.context;
    const { loaded } = this;
    const reader = spill.open(kernels, owner, partition);
    for (let bytes = loaded.byteLength; reader.nextInto(loaded, 0); bytes = loaded.byteLength) {
      const block = loaded.lastBlockOf(0);
      this.hold((loaded.byteLength - bytes) / CHUNK_BYTES);
      this.freezer.thaw(block);
      const cursor = new RowCursor(shared, this.layout.stride, block);
      while (this.mergeBatch(table, cursor));
      yield;
    }
    reader.close();
  }

  /** Writes the rows of a partition to disk again, by five more bits of their hash, and frees those in memory. */
  *split(part: GroupPartition): Generator<void, GroupPartition[], void> {
    const { shared, kernels, scope, owner } = this.context;
    const hashBits = part.hashBits + 5;
    // The scope of the lane: what is split off is merged long after this.
    const spill = PartitionSpill.create(shared, scope, PARTITION_COUNT);
    const target = RowCollection.create(shared, owner, this.scope, this.layout, PARTITION_COUNT);
    const write = (partition: number): void => {
      this.counters.add('spilledBytes', spill.write(this.context.spill, target, partition));
    };
    const { pointers } = this;
    const copy = (cursor: RowCursor): boolean => {
      const count = cursor.next(kernels, pointers);
      if (count > 0) this.freezer.freeze(target, hashBits, pointers, count, write);
      return count > 0;
    };
    for (let partition = part.from; partition < part.to; partition++) {
      for (const collection of part.collections) {
        const cursor = collection.openPartition(partition);
        while (copy(cursor)) yield;
        collection.clearPartition(partition);
      }
      for (const source of part.spills) {
        const reader = source.open(kernels, owner, partition);
        for (let block = reader.next(); block !== 0; block = reader.next()) {
          this.freezer.thaw(block);
          const cursor = new RowCursor(shared, this.layout.stride, block);
          while (copy(cursor));
          yield;
        }
        reader.close();
      }
    }
    for (let partition = 0; partition < PARTITION_COUNT; partition++) write(partition);
    this.scope.free();
    return Array.from({ length: PARTITION_COUNT }, (_, partition) => ({
      collections: [],
      spills: [spill],
      isDistinct: false,
      from: partition,
      to: partition + 1,
      hashBits,
    })).filter((split) => countRows(split) > 0);
  }

  /** Frees the rows of a partition that was merged, and all that merging it took. */
  free(part: GroupPartition): void {
    for (const collection of part.collections) {
      for (let partition = part.from; partition < part.to; partition++) collection.clearPartition(partition);
    }
    this.release();
  }

  release(): void {
    this.loaded.clear();
    this.scope.free();
    this.survivorCount = 0;
    this.hold(-this.heldChunks);
  }

  private hold(chunks: number): void {
    const whole = Math.ceil(chunks);
    this.heldChunks += whole;
    this.context.block.addWord(this.node, AGGREGATE_MERGE_CHUNKS, whole);
    this.counters.raise('memoryBytes', this.heldChunks * CHUNK_BYTES);
  }
}
