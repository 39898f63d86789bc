import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { ENTRY_BYTES } from './entry-list.js';

/*
 * Sorted lists of entries, and ranges of their rows, in the shared memory:
 *
 *   0  u32 lists   4  u32 ranges
 *   8  4 bytes a list: where it is published
 *      32 bytes a range, where the next begins (not of the last):
 *         0  the entry that is its first   16  u32 list that it is of, u32 position in this list
 *         24  u32 list of the entries of the range in order, 0 until it is sorted
 *         28  u32 what a window has found out of the range (`window/range-evaluators.ts`), or 0
 */
const LIST_COUNT = 0;
const RANGE_COUNT = 1;
const HEADER_BYTES = 8;
const RANGE_BYTES = 32;

/** Where a range begins: with an entry, which is at a position of a list. Equal entries of lists before it come before. */
export interface RangeStart {
  readonly entry: number;
  readonly list: number;
  readonly position: number;
}

/** Ranges of sorted lists, each of which is sorted by one lane; the order of rows is that of the ranges. */
export class SortRanges {
  readonly pointer: number;
  private readonly shared: SharedMemory;

  constructor(shared: SharedMemory, pointer: number) {
    this.shared = shared;
    this.pointer = pointer;
  }

  /** As many ranges as starts and one before them. Entries are copied. */
  static create(
    shared: SharedMemory,
    scope: Scope,
    lists: readonly number[],
    starts: readonly RangeStart[],
  ): SortRanges {
    const rangeCount = starts.length + 1;
    const listBytes = (lists.length + (lists.length % 2)) * 4;
    const pointer = scope.allocateCleared(HEADER_BYTES + listBytes + rangeCount * RANGE_BYTES);
    shared.u32.set([lists.length, rangeCount, ...lists], pointer / 4);
    const ranges = new SortRanges(shared, pointer);
    for (const [index, { entry, list, position }] of starts.entries()) {
      const at = ranges.range(index);
      shared.u8.copyWithin(at, entry, entry + ENTRY_BYTES);
      shared.u32.set([list, position], at / 4 + 4);
    }
    return ranges;
  }

  get lists(): readonly number[] {
    const start = (this.pointer + HEADER_BYTES) / 4;
    return [...this.shared.u32.subarray(start, start + this.listCount)];
  }

  get count(): number {
    return this.shared.u32[this.pointer / 4 + RANGE_COUNT]!;
  }

  /** Where a range begins that is not the first. */
  startOf(range: number): RangeStart {
    const entry = this.range(range - 1);
    const [list, position] = this.shared.u32.subarray(entry / 4 + 4, entry / 4 + 6) as unknown as [number, number];
    return { entry, list, position };
  }

  /** The list of a range that is sorted; published. */
  sortedList(range: number): number {
    return this.shared.u32[this.range(range) / 4 + 6]!;
  }

  setSorted(range: number, list: number, summary: number): void {
    this.shared.u32.set([list, summary], this.range(range) / 4 + 6);
  }

  /** Of a range that is sorted. */
  summaryOf(range: number): number {
    return this.shared.u32[this.range(range) / 4 + 7]!;
  }

  private get listCount(): number {
    return this.shared.u32[this.pointer / 4 + LIST_COUNT]!;
  }

  private range(index: number): number {
    const { listCount } = this;
    return this.pointer + HEADER_BYTES + (listCount + (listCount % 2)) * 4 + index * RANGE_BYTES;
  }
}
