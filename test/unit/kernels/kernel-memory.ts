import { type Kernels, loadKernels } from '../../../src/kernels/kernels.js';
import { Scope } from '../../../src/vector/scope.js';
import { SharedMemory } from '../../../src/vector/shared-memory.js';

/** A memory to call kernels on from tests: copies in, copies out. Call `scope.reset()` between cases. */
export class KernelMemory {
  readonly shared: SharedMemory = SharedMemory.create(128 * 2 ** 20, { checked: true });
  readonly kernels: Kernels = loadKernels(this.shared.memory);
  readonly scope: Scope = new Scope(this.shared, this.shared.createOwner());

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
}
