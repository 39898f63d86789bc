import type { Scope } from '../../vector/scope.js';
import { CHUNK_BYTES, type SharedMemory } from '../../vector/shared-memory.js';
import type { MergeInput, MergeRange } from './merge-input.js';

/** See `assembly/sort.ts`. */
export const ENTRY_BYTES = 16;
/** What `sortEntries` needs beside the entries. */
export const sortScratchBytes = (count: number): number => count * ENTRY_BYTES + 1024;
export const ENTRIES_PER_CHUNK: number = CHUNK_BYTES / ENTRY_BYTES;

/**
 * Sorted entries in chunks of their own, all full but the last. One by one, because while lanes spill, what is free lies
 * between what others hold. As the input of a merge, a list frees its chunks as it is read.
 */
export class EntryList implements MergeInput {
  readonly isTransient = false;
  count = 0;
  private readonly shared: SharedMemory;
  private readonly owner: number;
  private readonly chunks: number[] = [];
  /** Chunks that were handed out as ranges. */
  private taken = 0;

  constructor(shared: SharedMemory, owner: number) {
    this.shared = shared;
    this.owner = owner;
  }

  /** What another thread has published. */
  static attach(shared: SharedMemory, owner: number, published: number): EntryList {
    const list = new EntryList(shared, owner);
    list.count = shared.u32[published / 4]!;
    const chunkCount = Math.ceil(list.count / ENTRIES_PER_CHUNK);
    list.chunks.push(...shared.u32.subarray(published / 4 + 1, published / 4 + 1 + chunkCount));
    return list;
  }

  /** The entry at a position, where nothing was taken yet. */
  addressOf(position: number): number {
    const chunk = this.chunks[Math.floor(position / ENTRIES_PER_CHUNK)]!;
    return chunk + (position % ENTRIES_PER_CHUNK) * ENTRY_BYTES;
  }

  /** Copies entries, where nothing was taken yet. */
  copyTo(target: number, start: number, end: number): void {
    const { u8 } = this.shared;
    for (let at = start, to = target; at < end; ) {
      const count = Math.min(end - at, ENTRIES_PER_CHUNK - (at % ENTRIES_PER_CHUNK));
      const from = this.addressOf(at);
      u8.copyWithin(to, from, from + count * ENTRY_BYTES);
      at += count;
      to += count * ENTRY_BYTES;
    }
  }

  /** Memory that a list of `count` entries takes. */
  static byteLengthOf(count: number): number {
    return Math.ceil(count / ENTRIES_PER_CHUNK) * CHUNK_BYTES;
  }

  /** Appends copies of entries. Whoever appends again must have appended whole chunks before. */
  append(entries: number, count: number): void {
    const { u8 } = this.shared;
    for (let done = 0; done < count; done += ENTRIES_PER_CHUNK) {
      const start = entries + done * ENTRY_BYTES;
      const end = Math.min(start + CHUNK_BYTES, entries + count * ENTRY_BYTES);
      const chunk = this.shared.allocateChunks(1, this.owner);
      u8.copyWithin(chunk, start, end);
      this.chunks.push(chunk);
    }
    this.count += count;
  }

  /** Makes the list known to other threads: u32 entries, then a u32 a chunk. */
  publish(scope: Scope): number {
    const published = scope.allocate(4 + this.chunks.length * 4);
    this.shared.u32[published / 4] = this.count;
    this.shared.u32.set(this.chunks, published / 4 + 1);
    return published;
  }

  next(): MergeRange | undefined {
    if (this.taken > 0) this.free(this.taken - 1);
    if (this.taken >= this.chunks.length) return undefined;
    const start = this.chunks[this.taken]!;
    const count = Math.min(ENTRIES_PER_CHUNK, this.count - this.taken * ENTRIES_PER_CHUNK);
    this.taken++;
    return { start, end: start + count * ENTRY_BYTES, stride: 0 };
  }

  close(): void {
    for (let index = 0; index < this.chunks.length; index++) this.free(index);
  }

  private free(index: number): void {
    const chunk = this.chunks[index]!;
    if (chunk !== 0) this.shared.freeChunks(chunk, 1);
    this.chunks[index] = 0;
  }
}
