import type { Kernels } from '../../kernels/kernels.js';
import { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { KeyPacker } from '../rows/key-packer.js';
import { PARTITION_COUNT, RowCollection } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';

const DESCRIPTOR_BYTES = 64;
const INITIAL_SLOTS = 1024;
/** Slots of a table that no longer grows when grouping does not reduce the rows (32 MiB). */
const FLUSH_SLOTS = 4_194_304;
/** Slots of a table that has found so: they stay in the cache. */
const BYPASS_SLOTS = 32_768;
/** A table is flushed, not grown, when it made one group of fewer rows than this. */
const MIN_REDUCTION = 2;
const MAX_LOAD = 0.6;
/** Up to this many slots a table grows, whatever memory there is. */
const SMALL_SLOTS = 65_536;
/** What larger slots may take of the memory that is free. */
const SHARE_OF_FREE = 1 / 4;

/** Fields of the descriptor that kernels read: see assembly/group-table.ts. */
const SLOTS = 0;
const USED = 1;
const MASK = 2;
const LIMIT = 3;

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
  private readonly isExact: boolean;
  private slotScope: Scope;
  private slotCount = INITIAL_SLOTS;
  private rowsSinceFlush = 0;
  private expectsRepeats = true;

  /** `isExact`: no group may have two rows, whatever memory that takes. */
  constructor(
    shared: SharedMemory,
    kernels: Kernels,
    scope: Scope,
    owner: number,
    layout: RowLayout,
    isExact: boolean = false,
  ) {
    this.isExact = isExact;
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

  /** groups[i] = address of the state of row i's group, for the rows that `packer` holds. */
  findOrInsert(packer: KeyPacker, rowCount: number, groups: number): void {
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
      if (u32[descriptor + USED]! >= u32[descriptor + LIMIT]!) this.makeRoom();
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
  private makeRoom(): void {
    const repeats = this.rowsSinceFlush >= this.shared.u32[this.descriptor / 4 + USED]! * MIN_REDUCTION;
    const isOfNoUse = !repeats && this.slotCount >= (this.expectsRepeats ? FLUSH_SLOTS : BYPASS_SLOTS);
    if (!this.isExact && (isOfNoUse || !this.canGrow)) {
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

function writeTableDescriptor(
  shared: SharedMemory,
  descriptor: number,
  layout: RowLayout,
  collection: RowCollection | undefined,
): void {
  const fields = [
    collection?.table ?? 0,
    collection?.partitionMask ?? 0,
    layout.fixedKeyBytes,
    layout.stringKeyCount,
    layout.stride,
    layout.keyOffset,
    layout.stateOffset,
  ];
  shared.u32.set(fields, descriptor / 4 + 4);
}

/** How many slots the merge of so many rows takes. */
export function countMergeSlots(rowCount: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(16, rowCount * 1.6)));
}

/** Slots, not cleared yet, for merging `rowCount` rows of complete tables, in a scope of the caller. */
export function createMergeTable(
  shared: SharedMemory,
  scope: Scope,
  layout: RowLayout,
  rowCount: number,
): { readonly descriptor: number; readonly slots: number; readonly slotBytes: number } {
  const slotCount = countMergeSlots(rowCount);
  const descriptor = scope.allocateCleared(DESCRIPTOR_BYTES);
  writeTableDescriptor(shared, descriptor, layout, undefined);
  const slots = scope.allocate(slotCount * 8);
  shared.u32[descriptor / 4 + SLOTS] = slots;
  shared.u32[descriptor / 4 + MASK] = slotCount - 1;
  return { descriptor, slots, slotBytes: slotCount * 8 };
}
