import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';

const FIRST_BLOCK_BYTES = 16 * 1024;
const LARGEST_BLOCK_BYTES = 1024 * 1024;

/** Bytes that generated code hands out itself, through a pair of words (current, end) of the argument block. */
export class ByteHeap {
  private readonly blocks: { pointer: number; byteLength: number }[] = [];
  private inUse = 0;
  private taken = 0;
  private readonly shared: SharedMemory;
  private readonly scope: Scope;
  private readonly words: number;

  /** `words`: address of the word `current`; `end` is the next. The scope is the heap's own if it is to be freed. */
  constructor(shared: SharedMemory, scope: Scope, words: number) {
    this.shared = shared;
    this.scope = scope;
    this.words = words;
    shared.u32[words >>> 2] = 0;
    shared.u32[(words >>> 2) + 1] = 0;
  }

  /** Forgets the bytes, keeps the blocks. */
  reset(): void {
    if (this.inUse === 0) return;
    this.inUse = 0;
    if (this.blocks.length > 0) this.use(0);
  }

  /** Memory taken. */
  get byteLength(): number {
    return this.taken;
  }

  /** Gives the blocks back. */
  free(): void {
    this.scope.free();
    this.blocks.length = 0;
    this.inUse = 0;
    this.taken = 0;
    this.shared.u32[this.words >>> 2] = 0;
    this.shared.u32[(this.words >>> 2) + 1] = 0;
  }

  /** Another block, with room for `needed` bytes at least; returns for how many. */
  supply(needed: number): number {
    for (let index = this.inUse; index < this.blocks.length; index++) {
      if (this.blocks[index]!.byteLength >= needed) {
        this.use(index);
        return this.blocks[index]!.byteLength;
      }
    }
    const grown = Math.min(FIRST_BLOCK_BYTES << Math.min(this.blocks.length, 10), LARGEST_BLOCK_BYTES);
    const byteLength = Math.max(grown, needed);
    this.blocks.push({ pointer: this.scope.allocate(byteLength), byteLength });
    this.taken += byteLength;
    this.use(this.blocks.length - 1);
    return byteLength;
  }

  /** Room for `byteLength` bytes, handed out to JavaScript. */
  allocate(byteLength: number): number {
    const { u32 } = this.shared;
    const word = this.words >>> 2;
    if (u32[word + 1]! - u32[word]! < byteLength) this.supply(byteLength);
    const pointer = u32[word]!;
    u32[word] = pointer + byteLength;
    return pointer;
  }

  private use(index: number): void {
    const { pointer, byteLength } = this.blocks[index]!;
    this.shared.u32[this.words >>> 2] = pointer;
    this.shared.u32[(this.words >>> 2) + 1] = pointer + byteLength;
    this.inUse = index + 1;
  }
}
