import type { Kernels } from '../../kernels/kernels.js';
import { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { KeyPacker } from '../rows/key-packer.js';
import { PARTITION_COUNT, RowCollection } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import { DESCRIPTOR_BYTES, LIMIT, MASK, SLOTS, USED, writeTableDescriptor } from './merge-table.js';
import { measureRowsPerGroup } from './rows-per-group.js';

const INITIAL_SLOTS = 1024;
/** Slots of a table that no longer grows when grouping does not reduce the rows (32 MiB). */
const FLUSH_SLOTS = 4_194_304;
/** The same where groups are merged later anyway: more slots and rows are not in the nearest caches. */
const EARLY_FLUSH_SLOTS = 65_536;
/** Slots of a table that has found so: they stay in the cache. */
const BYPASS_SLOTS = 32_768;
/** A table is flushed, not grown, when it made one group of fewer rows than this. */
const MIN_REDUCTION = 2;
/** The same where it is flushed early: a row more to merge costs less than the misses of several look-ups. */
const MIN_EARLY_REDUCTION = 16;
/** Rows of a group that flushing early may leave; with more of them, a table of all groups is better. */
const MOST_ROWS_OF_GROUP = 2;
/** Rows after which that is measured for the first time, and then whenever there are half as many more. */
const FIRST_MEASURE_ROWS = 65_536;
const MEASURE_GROWTH = 1.5;
/** Of the memory that is free, what rows may take before a table is not flushed early any more. */
const EARLY_SHARE_OF_FREE = 1 / 16;
const MAX_LOAD = 0.6;
/** Up to this many slots a table grows, whatever memory there is. */
const SMALL_SLOTS = 65_536;
/** What larger slots may take of the memory that is free. */
const SHARE_OF_FREE = 1 / 4;

/**
 * What a table may do when it is full: `grow`, so that no group ever has two rows; `reduce`, grow while rows repeat; or
 * `merge`, the same where somebody merges its rows with others afterwards, so that a second row of a group costs little.
 */
export type TableGrowth = 'grow' | 'reduce' | 'merge';

/** One lane's hash table of groups. Its rows never move; its slots grow, or are flushed when grouping is of no use. */
export class GroupTable {
  readonly collection: RowCollection;
  /** Whether a group may have several rows, because slots were flushed. */
  hasDuplicates = false;
  /** Changes whenever addresses of groups that were handed out must not be used again. */
  epoch = 0;
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly layout: RowLayout;
  private readonly descriptor: number;
  private readonly owner: number;
  private readonly growth: TableGrowth;
  private slotScope: Scope;
  private slotCount = INITIAL_SLOTS;
  private rowsSinceFlush = 0;
  private expectsRepeats = true;
  private measureAt = FIRST_MEASURE_ROWS;
  /** Has flushing early left too many rows of the same groups? */
  private hasManyDuplicates = false;

  constructor(
    shared: SharedMemory,
    kernels: Kernels,
    scope: Scope,
    owner: number,
    layout: RowLayout,
    growth: TableGrowth = 'reduce',
  ) {
    this.growth = growth;
    this.shared = shared;
    this.kernels = kernels;
    this.layout = layout;
    this.owner = owner;
    this.collection = RowCollection.create(shared, owner, scope, layout, PARTITION_COUNT);
    this.descriptor = scope.allocateCleared(DESCRIPTOR_BYTES);
    writeTableDescriptor(shared, this.descriptor, layout, this.collection);
    this.slotScope = new Scope(shared, owner);
    this.setSlots(this.slotScope, INITIAL_SLOTS);
  }

  /** Memory that rows and slots take. */
  get byteLength(): number {
    return this.collection.byteLength + this.slotCount * 8;
  }

  /** Is the table nearly full, and memory too short for a larger one? Then groups must go before the next batch. */
  get isCramped(): boolean {
    if (this.slotCount < SMALL_SLOTS || !this.expectsRepeats) return false;
    const descriptor = this.descriptor / 4;
    const left = this.shared.u32[descriptor + LIMIT]! - this.shared.u32[descriptor + USED]!;
    return left < BATCH_ROWS && !this.canGrow;
  }

  private get canGrow(): boolean {
    return this.slotCount < SMALL_SLOTS || this.grownSlots * 8 < freeBreakerBytes(this.shared) * SHARE_OF_FREE;
  }

  private get grownSlots(): number {
    return this.slotCount < SMALL_SLOTS ? this.slotCount * 4 : this.slotCount * 2;
  }

  /**
   * groups[i] = address of the state of row i's group, for the rows that `packer` holds. `areNew` where rows of groups that
   * are known are not looked up: how many there are says nothing then, and addresses that are kept must last.
   */
  findOrInsert(packer: KeyPacker, rowCount: number, groups: number, areNew: boolean = false): void {
    const { u32 } = this.shared;
    const descriptor = this.descriptor / 4;
    this.rowsSinceFlush += rowCount;
    for (let done = 0; ; ) {
      done = this.kernels.findOrInsertGroups(
        this.descriptor,
        packer.keys,
        this.layout.keyBytes,
        packer.hashes,
        done,
        rowCount,
        groups,
      );
      if (done >= rowCount) return;
      if (u32[descriptor + USED]! >= u32[descriptor + LIMIT]!) this.makeRoom(areNew);
      else
        this.collection.addBlock(
          u32[packer.hashes / 4 + done]!,
          this.heapBytesOf(packer.keys + done * this.layout.keyBytes),
        );
    }
  }

  /** The same where nothing is inserted, and 0 where there is no such group; returns how many groups there are. */
  find(packer: KeyPacker, rowCount: number, groups: number): number {
    const { keys, hashes } = packer;
    return this.kernels.findGroups(this.descriptor, keys, this.layout.keyBytes, hashes, rowCount, groups);
  }

  private heapBytesOf(key: number): number {
    let byteLength = 0;
    for (let index = 0; index < this.layout.stringKeyCount; index++) {
      byteLength += this.shared.u32[(key + this.layout.fixedKeyBytes + index * 16) / 4]!;
    }
    return byteLength;
  }

  /** Rows whose groups were handed out for this batch stay where they are: only slots can be cleared here. */
  private makeRoom(areNew: boolean): void {
    this.measureDuplicates();
    const isOfNoUse = this.isOfNoUse(areNew);
    if (this.growth !== 'grow' && (isOfNoUse || !this.canGrow)) {
      this.expectsRepeats = !isOfNoUse;
      this.clearSlots(isOfNoUse ? BYPASS_SLOTS : this.slotCount);
      this.hasDuplicates = true;
      return;
    }
    this.expectsRepeats = true;
    const oldSlots = this.shared.u32[this.descriptor / 4 + SLOTS]!;
    const oldCount = this.slotCount;
    const oldScope = this.slotScope;
    this.slotScope = new Scope(this.shared, this.owner);
    this.setSlots(this.slotScope, this.grownSlots);
    this.kernels.rehashGroups(oldSlots, oldCount, this.shared.u32[this.descriptor / 4 + SLOTS]!, this.slotCount - 1);
    oldScope.free();
  }

  /** Would more slots find few groups only? */
  private isOfNoUse(areNew: boolean): boolean {
    const { slotCount, expectsRepeats } = this;
    const reduction = this.rowsSinceFlush / this.shared.u32[this.descriptor / 4 + USED]!;
    const mayBeEarly = this.growth === 'merge' && !areNew && !this.hasManyDuplicates && this.hasMemoryForDuplicates;
    if (mayBeEarly && slotCount >= (expectsRepeats ? EARLY_FLUSH_SLOTS : BYPASS_SLOTS)) {
      return reduction < MIN_EARLY_REDUCTION;
    }
    return reduction < MIN_REDUCTION && slotCount >= (expectsRepeats ? FLUSH_SLOTS : BYPASS_SLOTS);
  }

  private get hasMemoryForDuplicates(): boolean {
    return this.collection.byteLength < freeBreakerBytes(this.shared) * EARLY_SHARE_OF_FREE;
  }

  /** Where slots were flushed: how many rows has that left of a group? */
  private measureDuplicates(): void {
    const { shared, kernels, owner, collection } = this;
    const { rowCount } = collection;
    if (!this.hasDuplicates || this.hasManyDuplicates || rowCount < this.measureAt) return;
    this.measureAt = rowCount * MEASURE_GROWTH;
    this.hasManyDuplicates =
      !this.hasMemoryForDuplicates || measureRowsPerGroup(shared, kernels, owner, collection) > MOST_ROWS_OF_GROUP;
    if (this.hasManyDuplicates) this.expectsRepeats = true;
  }

  /** Empties the slots after rows have gone; those that are left are to be inserted again. */
  forgetRows(): void {
    if (this.collection.rowCount === 0) this.hasDuplicates = false;
    const needed = Math.ceil(this.collection.rowCount / MAX_LOAD) + BATCH_ROWS;
    const affordable = (freeBreakerBytes(this.shared) * SHARE_OF_FREE) / 8;
    let slotCount = this.slotCount;
    while (slotCount > SMALL_SLOTS && slotCount > affordable && slotCount / 2 > needed) slotCount /= 2;
    this.clearSlots(slotCount);
  }

  /** From now on there are rows of other groups only: those that are known need not be found any more. */
  beginApart(): void {
    const used = this.shared.u32[this.descriptor / 4 + USED]!;
    // As many come again, most likely.
    if (used > 0) this.clearSlots(Math.max(INITIAL_SLOTS, 2 ** Math.ceil(Math.log2(used / MAX_LOAD))));
  }

  /** Inserts rows that are in the collection; none of their groups may be known. */
  insert(pointers: number, rowCount: number): void {
    this.kernels.insertGroups(this.descriptor, pointers, rowCount);
  }

  private clearSlots(count: number): void {
    if (count === this.slotCount) {
      this.kernels.clearBytes(this.shared.u32[this.descriptor / 4 + SLOTS]!, count * 8);
    } else {
      this.slotScope.free();
      this.setSlots(this.slotScope, count);
    }
    this.shared.u32[this.descriptor / 4 + USED] = 0;
    this.rowsSinceFlush = 0;
    this.epoch++;
  }

  private setSlots(scope: Scope, count: number): void {
    const slots = scope.allocate(count * 8);
    this.kernels.clearBytes(slots, count * 8);
    const descriptor = this.descriptor / 4;
    this.shared.u32[descriptor + SLOTS] = slots;
    this.shared.u32[descriptor + MASK] = count - 1;
    this.shared.u32[descriptor + LIMIT] = Math.floor(count * MAX_LOAD);
    this.slotCount = count;
  }

  /** The rows stay; nothing can be inserted any more. */
  releaseSlots(): void {
    this.slotScope.free();
    this.slotCount = 0;
  }
}
