import assert from 'node:assert/strict';
import { BLOCK_INPUTS } from '../../../src/exec/expression/argument-block.js';
import { type Kernels, loadKernels } from '../../../src/kernels/kernels.js';
import { Scope } from '../../../src/vector/scope.js';
import { PADDING_BYTES, SharedMemory } from '../../../src/vector/shared-memory.js';
import { bindGeneratedKernels, type GeneratedKernels } from './generated-kernels.js';

/** A memory to call kernels on from tests: copies in, copies out. Call `scope.reset()` between cases. */
export class KernelMemory {
  readonly shared: SharedMemory = SharedMemory.create(128 * 2 ** 20, { checked: true });
  readonly kernels: Kernels = loadKernels(this.shared.memory);
  readonly scope: Scope = new Scope(this.shared, this.shared.createOwner());
  readonly generated: GeneratedKernels = bindGeneratedKernels(
    this.shared,
    this.kernels,
    this.shared.allocateChunks(1, this.shared.createOwner()),
  );

  bytes(values: ArrayLike<number>): number {
    const pointer = this.scope.allocate(values.length);
    this.shared.u8.set(values, pointer);
    return pointer;
  }

  u32(values: readonly number[]): number {
    const pointer = this.scope.allocate(values.length * 4);
    this.shared.u32.set(values, pointer / 4);
    return pointer;
  }

  i64(values: readonly bigint[]): number {
    const pointer = this.scope.allocate(values.length * 8);
    this.shared.i64.set(values, pointer / 8);
    return pointer;
  }

  /** Views of strings laid out one after another without gaps. */
  strings(values: readonly Uint8Array[]): number {
    const text = this.scope.allocate(values.reduce((sum, bytes) => sum + bytes.length, 0));
    const views = this.scope.allocateCleared(values.length * 16);
    let at = text;
    for (const [index, bytes] of values.entries()) {
      const view = views + index * 16;
      this.shared.u8.set(bytes, at);
      this.shared.u32.set([bytes.length, at], view / 4);
      this.shared.u8.set(bytes.subarray(0, 8), view + 8);
      at += bytes.length;
    }
    return views;
  }

  /** The v128 of a text as generated code passes it. */
  text(bytes: Uint8Array): bigint {
    if (bytes.length === 0) return 0n;
    return this.readI128(this.strings([bytes]));
  }

  /** The bytes of a text that a kernel returned. */
  readText(view: bigint): Uint8Array {
    const byteLength = Number(view & 0xffff_ffffn);
    const pointer = Number((view >> 32n) & 0xffff_ffffn);
    const bytes = this.readBytes(pointer, byteLength);
    const prefix = Buffer.alloc(8);
    prefix.set(bytes.subarray(0, 8));
    assert.equal(BigInt.asUintN(64, view >> 64n), prefix.readBigUInt64LE(), 'the first 8 bytes, zero padded');
    return bytes;
  }

  /** The argument block of generated code, with heaps of the given sizes. */
  block(heapBytes = 0, keepBytes = 0): ArgumentBlock {
    const block = new ArgumentBlock(this.shared, this.scope.allocateCleared(BLOCK_INPUTS));
    const heap = this.output(heapBytes);
    const keep = this.output(keepBytes);
    this.shared.u32.set([0, heap, heap + heapBytes, 0, keep, keep + keepBytes], block.pointer / 4);
    return block;
  }

  /** A copy at the end of the memory: reading further than kernels may overshoot traps. */
  bytesAtEnd(bytes: ArrayLike<number>): number {
    const pointer = this.shared.u8.length - PADDING_BYTES - bytes.length;
    this.shared.u8.set(bytes, pointer);
    return pointer;
  }

  /** A filled allocation, so that bytes left over from others show. */
  output(byteLength: number): number {
    const pointer = this.scope.allocate(byteLength);
    this.shared.u8.fill(0xaa, pointer, pointer + byteLength);
    return pointer;
  }

  readBytes(pointer: number, byteLength: number): Uint8Array {
    return this.shared.u8.slice(pointer, pointer + byteLength);
  }

  readU32(pointer: number, count: number): number[] {
    return [...this.shared.u32.subarray(pointer / 4, pointer / 4 + count)];
  }

  readI64(pointer: number, count: number): bigint[] {
    return [...this.shared.i64.subarray(pointer / 8, pointer / 8 + count)];
  }

  readI128(pointer: number): bigint {
    const { view } = this.shared;
    return (view.getBigInt64(pointer + 8, true) << 64n) | view.getBigUint64(pointer, true);
  }
}

/** See src/exec/expression/argument-block.ts. */
export class ArgumentBlock {
  readonly pointer: number;
  private readonly shared: SharedMemory;

  constructor(shared: SharedMemory, pointer: number) {
    this.shared = shared;
    this.pointer = pointer;
  }

  /** Why generated code would stop, 0 if it would not; clears it. */
  takeStatus(): number {
    const status = this.shared.u32[this.pointer / 4]!;
    this.shared.u32[this.pointer / 4] = 0;
    return status;
  }

  /** Bytes that a text function asked for and did not get. */
  get heapNeeded(): number {
    return this.shared.u32[this.pointer / 4 + 3]!;
  }
}
