import { BLOCK_HEADER_BYTES } from '../../../src/exec/rows/row-layout.js';
import { hashKeyReference } from '../../../src/kernels/reference/rows.js';
import { CHUNK_BYTES } from '../../../src/vector/shared-memory.js';
import type { KernelMemory } from './kernel-memory.js';

/** The keys of one row: words of eight bytes, then strings. */
export interface Key {
  readonly words: readonly bigint[];
  readonly strings: readonly Uint8Array[];
}

export function keyText({ words, strings }: Key): string {
  return [...words, ...strings.map((bytes) => Buffer.from(bytes).toString('hex'))].join(',');
}

/** Rows of one layout, {hash, next, keys, state}, in blocks by partition: see src/exec/rows/row-layout.ts. */
export class RowBlocks {
  readonly table: number;
  readonly keyOffset: number = 8;
  readonly fixedBytes: number;
  readonly stringCount: number;
  readonly keyBytes: number;
  readonly stateOffset: number;
  readonly stride: number;
  readonly partitionMask: number;
  /** All blocks, in the order they were added. */
  readonly blocks: number[] = [];
  private readonly memory: KernelMemory;
  private readonly owner: number;

  constructor(
    memory: KernelMemory,
    wordCount: number,
    stringCount: number,
    stateBytes: number,
    partitionCount: number,
  ) {
    this.memory = memory;
    this.owner = memory.shared.createOwner();
    this.table = memory.scope.allocateCleared(partitionCount * 16);
    this.partitionMask = partitionCount - 1;
    this.fixedBytes = wordCount * 8;
    this.stringCount = stringCount;
    this.keyBytes = this.fixedBytes + stringCount * 16;
    this.stateOffset = this.keyOffset + this.keyBytes;
    this.stride = this.stateOffset + stateBytes;
  }

  addBlock(hash: number, heapBytes: number): void {
    const { shared } = this.memory;
    const chunks = Math.ceil((BLOCK_HEADER_BYTES + this.stride + heapBytes) / CHUNK_BYTES);
    const block = shared.allocateChunks(chunks, this.owner);
    const end = BLOCK_HEADER_BYTES;
    shared.u32.set([0, 0, end, chunks * CHUNK_BYTES, chunks], block / 4);
    shared.u32[this.table / 4 + ((hash >>> 27) & this.partitionMask) * 4] = block;
    this.blocks.push(block);
  }

  /** Packed keys, as they are hashed and looked up: views have absolute pointers. */
  pack(keys: readonly Key[]): number {
    const { scope, shared } = this.memory;
    const pointer = scope.allocate(keys.length * this.keyBytes);
    for (const [index, { words, strings }] of keys.entries()) {
      const key = pointer + index * this.keyBytes;
      shared.i64.set(words, key / 8);
      const views = this.memory.strings(strings);
      shared.u8.copyWithin(key + this.fixedBytes, views, views + strings.length * 16);
    }
    return pointer;
  }

  /** Hashes of which only a few bits differ, so that slots and chains are shared; equal keys have equal ones. */
  crowdedHashes(keys: readonly Key[], mask: number): number[] {
    return keys.map(({ words, strings }) => (hashKeyReference(words, strings) & mask) >>> 0);
  }

  /** Rows with these keys and hashes; the addresses, as JavaScript's numbers and as an array in memory. */
  append(keys: readonly Key[], hashes: readonly number[]): { readonly rows: number[]; readonly pointer: number } {
    const { kernels, scope, shared } = this.memory;
    const count = keys.length;
    const packed = this.pack(keys);
    const hashPointer = this.memory.u32(hashes);
    const sizes = scope.allocateCleared(count * 4);
    for (let string = 0; string < this.stringCount; string++) {
      kernels.addKeyStringSizes(packed, this.keyBytes, this.fixedBytes + string * 16, sizes, count);
    }
    const pointer = scope.allocate(count * 4);
    const heaps = scope.allocate(count * 4);
    for (let done = 0; ; ) {
      const { table, partitionMask, stride } = this;
      done = kernels.allocateRows(table, partitionMask, hashPointer, sizes, stride, done, count, pointer, heaps);
      if (done >= count) break;
      this.addBlock(hashes[done]!, shared.u32[sizes / 4 + done]!);
    }
    const { keyBytes, fixedBytes, stringCount, keyOffset } = this;
    kernels.copyKeysToRows(packed, keyBytes, fixedBytes, stringCount, pointer, keyOffset, heaps, count);
    return { rows: this.memory.readU32(pointer, count), pointer };
  }

  /** The keys of rows, by the kernels that read columns out of them. */
  read(rows: number, count: number): Key[] {
    const { kernels } = this.memory;
    const target = this.memory.output(count * 16);
    const keys = Array.from({ length: count }, () => ({ words: [] as bigint[], strings: [] as Uint8Array[] }));
    for (let word = 0; word < this.fixedBytes / 8; word++) {
      kernels.unpack8(rows, this.keyOffset + word * 8, count, target);
      for (const [index, value] of this.memory.readI64(target, count).entries()) keys[index]!.words.push(value);
    }
    for (let string = 0; string < this.stringCount; string++) {
      kernels.unpackStrings(rows, this.keyOffset + this.fixedBytes + string * 16, count, target);
      for (const [index, key] of keys.entries()) {
        key.strings.push(this.memory.readText(this.memory.readI128(target + index * 16)));
      }
    }
    return keys;
  }

  free(): void {
    this.memory.shared.freeOwner(this.owner);
  }
}
