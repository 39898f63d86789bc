import type { Kernels } from '../../kernels/kernels.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { RowCollection } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';

export const DESCRIPTOR_BYTES = 64;
/** Fields of the descriptor that kernels read: see assembly/group-table.ts. */
export const SLOTS = 0;
export const USED = 1;
export const MASK = 2;
export const LIMIT = 3;
const FIRST_OF_LAYOUT = 4;

const LEAST_SLOTS = 16;
const SLOT_BYTES = 8;
/** Slots for each row that is expected, before they are made a power of two. */
const SLOTS_PER_ROW = 1.6;

export function writeTableDescriptor(
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
  shared.u32.set(fields, descriptor / 4 + FIRST_OF_LAYOUT);
}

function countSlots(rowCount: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(LEAST_SLOTS, rowCount * SLOTS_PER_ROW)));
}

/** What slots the merge of so many rows may take. */
export function mergeSlotBytes(rowCount: number): number {
  return countSlots(rowCount) * SLOT_BYTES;
}

/** Slots for merging rows of complete tables, which lie in a scope of the caller. It clears them before they are used. */
export class MergeTable {
  readonly descriptor: number;
  slots = 0;
  private slotCount = 0;
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly scope: Scope;

  constructor(shared: SharedMemory, kernels: Kernels, scope: Scope, layout: RowLayout, expectedGroups: number) {
    this.shared = shared;
    this.kernels = kernels;
    this.scope = scope;
    this.descriptor = scope.allocateCleared(DESCRIPTOR_BYTES);
    writeTableDescriptor(shared, this.descriptor, layout, undefined);
    this.setSlots(countSlots(expectedGroups));
  }

  get slotBytes(): number {
    return this.slotCount * SLOT_BYTES;
  }

  /** Makes room for so many groups, of which some are there. Returns whether the slots are others. */
  reserve(groupCount: number): boolean {
    const needed = countSlots(groupCount);
    if (needed <= this.slotCount) return false;
    const { slots, slotCount } = this;
    // Slots of before are freed with the scope: all of them together are fewer than these.
    this.setSlots(Math.max(needed, slotCount * 2));
    this.kernels.clearBytes(this.slots, this.slotBytes);
    this.kernels.rehashGroups(slots, slotCount, this.slots, this.slotCount - 1);
    return true;
  }

  private setSlots(count: number): void {
    this.slots = this.scope.allocate(count * SLOT_BYTES);
    this.slotCount = count;
    this.shared.u32[this.descriptor / 4 + SLOTS] = this.slots;
    this.shared.u32[this.descriptor / 4 + MASK] = count - 1;
  }
}
