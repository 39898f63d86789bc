import { op, type WasmType } from '../../functions/opcodes.js';
import type { FunctionWriter } from './function-writer.js';

/** Emits code for rows on which a value is not NULL. */
export function unlessNull(writer: FunctionWriter, nulls: number | undefined, write: () => void): void {
  if (nulls !== undefined) {
    writer.get(nulls);
    writer.op(op.i32Eqz);
    writer.if();
  }
  write();
  if (nulls !== undefined) writer.end();
}

/** A kernel whose first argument is the argument block, through which it reports errors. */
export interface CheckedKernel {
  readonly name: string;
  /** Of the operands behind the block. */
  readonly parameters: readonly WasmType[];
  readonly result: WasmType;
}

/** Sets a local to the result of a kernel for what `push` pushes; code stops there when the kernel reports something. */
export function setChecked(writer: FunctionWriter, local: number, kernel: CheckedKernel, push: () => void): void {
  writer.block();
  push();
  writer.kernel(kernel.name, ['i32', ...kernel.parameters], kernel.result);
  writer.set(local);
  writer.checkStatus();
}

/** Pushes the result of such a kernel. */
export function pushChecked(writer: FunctionWriter, kernel: CheckedKernel, push: () => void): void {
  const result = writer.local(kernel.result);
  setChecked(writer, result, kernel, push);
  writer.get(result);
}

/** Room that a kernel finds for the value of a row, unless that is NULL: the local of an address, which is 0 then. */
export function emitRoomUnlessNull(
  writer: FunctionWriter,
  nulls: number | undefined,
  kernel: CheckedKernel,
  push: () => void,
): number {
  const room = writer.local('i32');
  if (nulls !== undefined) {
    writer.i32(0);
    writer.set(room);
  }
  unlessNull(writer, nulls, () => setChecked(writer, room, kernel, push));
  return room;
}
