import { bugError } from '../common/errors.js';

/**
 * Runs of at least this many chunks (1 MiB) come from the end of the memory, shorter ones from its start: otherwise blocks
 * of rows that live long would lie between hash tables that grow, and no long run would be left where half is free.
 */
const LONG_RUN_CHUNKS = 16;

/** Words of control. */
const CURSOR = 0;
const LOW_END = 1;
const HIGH_START = 2;
export const CHUNK_TABLE_WORDS = 3;

/**
 * Which chunks of the memory are free, and whose the others are; in shared memory, and used by whoever holds the lock of
 * the allocator.
 *
 *   control   i32 the lowest chunk that may be free, i32 the end of the chunks in use at the start of the memory, i32 the start of
 *             those at its end: all between these two are free
 *   owners    one i32 a chunk: 0 where it is free
 */
export class ChunkTable {
  private readonly control: Int32Array;
  private readonly owners: Int32Array;
  private readonly first: number;

  /** `first`: the first chunk that can be had. */
  constructor(control: Int32Array, owners: Int32Array, first: number) {
    this.control = control;
    this.owners = owners;
    this.first = first;
  }

  /** Of a memory that is new. */
  initialize(): void {
    this.control[CURSOR] = this.first;
    this.control[LOW_END] = this.first;
    this.control[HIGH_START] = this.owners.length;
  }

  /** The first of `count` adjacent free chunks; -1 where there are none. */
  find(count: number): number {
    return count >= LONG_RUN_CHUNKS ? this.findLast(count) : this.findFirst(count);
  }

  take(start: number, count: number, owner: number): void {
    const { control, owners } = this;
    owners.fill(owner, start, start + count);
    if (start >= control[HIGH_START]! || start + count <= control[LOW_END]!) return;
    if (count >= LONG_RUN_CHUNKS) control[HIGH_START] = start;
    else control[LOW_END] = start + count;
  }

  /** Chunks in use change hands. */
  hand(start: number, count: number, owner: number): void {
    this.owners.fill(owner, start, start + count);
  }

  /** Gives back chunks that are in use. */
  give(start: number, count: number): void {
    const { owners } = this;
    for (let chunk = start; chunk < start + count; chunk++) {
      if (owners[chunk] === 0) throw bugError(`chunk ${chunk} was freed twice`);
      owners[chunk] = 0;
    }
    this.noteFree(start);
  }

  /** Gives back all chunks of an owner; answers how many there were. */
  giveAll(owner: number): number {
    const { control, owners } = this;
    return (
      this.giveWithin(this.first, control[LOW_END]!, owner) +
      this.giveWithin(control[HIGH_START]!, owners.length, owner)
    );
  }

  private giveWithin(from: number, to: number, owner: number): number {
    const part = this.owners.subarray(from, to);
    let count = 0;
    let lowest = -1;
    for (let chunk = part.indexOf(owner); chunk >= 0; chunk = part.indexOf(owner, chunk + 1)) {
      if (count === 0) lowest = from + chunk;
      part[chunk] = 0;
      count++;
    }
    if (count > 0) this.noteFree(lowest);
    return count;
  }

  private noteFree(lowest: number): void {
    const { control, owners } = this;
    if (lowest < control[CURSOR]!) control[CURSOR] = lowest;
    let end = control[LOW_END]!;
    while (end > this.first && owners[end - 1] === 0) end--;
    control[LOW_END] = end;
    let start = control[HIGH_START]!;
    while (start < owners.length && owners[start] === 0) start++;
    control[HIGH_START] = start;
  }

  /** First fit from the cursor, which never lies above the lowest free chunk. */
  private findFirst(count: number): number {
    const { owners, control } = this;
    const chunkCount = owners.length;
    let index = control[CURSOR]!;
    while (index < chunkCount && owners[index] !== 0) index++;
    if (count === 1 || index >= chunkCount) {
      control[CURSOR] = Math.min(index + (count === 1 ? 1 : 0), chunkCount);
      return index < chunkCount ? index : -1;
    }
    control[CURSOR] = index;
    for (let start = index; start + count <= chunkCount; ) {
      let taken = start + count - 1;
      while (taken >= start && owners[taken] === 0) taken--;
      if (taken < start) return start;
      start = taken + 1;
    }
    return -1;
  }

  private findLast(count: number): number {
    const { owners, first } = this;
    for (let end = owners.length; end - count >= first; ) {
      let taken = end - count;
      while (taken < end && owners[taken] === 0) taken++;
      if (taken === end) return end - count;
      end = taken;
    }
    return -1;
  }
}
