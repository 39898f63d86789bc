import type { RowCollection } from '../rows/row-collection.js';
import { BLOCK_HEADER_BYTES, type RowLayout } from '../rows/row-layout.js';
import type { LaneContext } from './operator.js';

/** Fields of the descriptor of kernels/assembly/group-spill.ts. */
const NEEDED = 8;
const OFFSETS = 10;

/** Where the states of rows keep texts. */
export interface KeptTexts {
  readonly textOffsets: readonly number[];
  readonly listOffsets: readonly number[];
}

/** Copies rows of groups into another collection, with the texts that their states keep, and makes such rows usable. */
export class GroupFreezer {
  /** Whether rows have anything outside their block. */
  readonly keepsTexts: boolean;
  private readonly context: LaneContext;
  private readonly descriptor: number;

  constructor(context: LaneContext, layout: RowLayout, { textOffsets, listOffsets }: KeptTexts) {
    this.context = context;
    this.keepsTexts = textOffsets.length + listOffsets.length > 0;
    const offsets = [...textOffsets, ...listOffsets].map((offset) => layout.stateOffset + offset);
    const fields = [
      ...[0, 0, layout.stride, layout.stateOffset],
      ...[layout.keyOffset + layout.fixedKeyBytes, layout.stringKeyCount],
      ...[textOffsets.length, listOffsets.length, 0, 0, ...offsets],
    ];
    this.descriptor = context.scope.allocateCleared((OFFSETS + offsets.length) * 4);
    context.shared.u32.set(fields, this.descriptor / 4);
  }

  /**
   * Copies rows into the partitions of `target` that the five bits after the first `hashBits` of their hash name. They
   * must not be used afterwards. `beforeBlock` is called when a partition is about to get another block.
   */
  freeze(
    target: RowCollection,
    hashBits: number,
    pointers: number,
    rowCount: number,
    beforeBlock: (partition: number) => void,
  ): void {
    const { shared, kernels } = this.context;
    const { u32 } = shared;
    const descriptor = this.descriptor / 4;
    u32[descriptor] = target.table;
    u32[descriptor + 1] = hashBits;
    for (let done = 0; ; ) {
      done = kernels.freezeRows(this.descriptor, pointers, done, rowCount);
      if (done >= rowCount) return;
      const hash = u32[u32[pointers / 4 + done]! / 4]! << hashBits;
      beforeBlock(hash >>> 27);
      target.addBlock(hash, u32[descriptor + NEEDED]!);
    }
  }

  /** Makes the rows of a block that was read from disk usable. */
  thaw(block: number): void {
    if (this.keepsTexts) this.context.kernels.thawRows(this.descriptor, block, BLOCK_HEADER_BYTES);
  }
}
