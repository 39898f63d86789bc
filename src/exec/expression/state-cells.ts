import { op, type WasmType } from '../../functions/opcodes.js';
import type { FunctionWriter } from './function-writer.js';

/** Where code finds the words of a state: in memory, or, when there is one group only, in locals during the loop. */
export interface StateCells {
  load(type: WasmType, offset: number): void;
  /** `push` leaves the value on the stack. */
  store(type: WasmType, offset: number, push: () => void): void;
  /** Pushes the address of a word, for kernels. What they read and write must not be loaded or stored otherwise. */
  address(offset: number): void;
}

/** The state whose address is in a local. */
export function memoryCells(writer: FunctionWriter, base: number): StateCells {
  return {
    address: (offset) => pushSum(writer, base, offset),
    load(type, offset) {
      writer.get(base);
      writer.load(type, offset);
    },
    store(type, offset, push) {
      writer.get(base);
      push();
      writer.store(type, offset);
    },
  };
}

/** Words become locals when first used: read before the loop, written back after it. */
export function localCells(writer: FunctionWriter, pushBase: () => void): StateCells {
  const locals = new Map<string, number>();
  const localOf = (type: WasmType, offset: number): number => {
    const key = `${type}${offset}`;
    let local = locals.get(key);
    if (local === undefined) {
      const created = writer.local(type);
      local = created;
      locals.set(key, local);
      writer.prologue(() => {
        pushBase();
        writer.load(type, offset);
        writer.set(created);
      });
      writer.epilogue(() => {
        pushBase();
        writer.get(created);
        writer.store(type, offset);
      });
    }
    return local;
  };
  let base: number | undefined;
  return {
    address(offset) {
      if (base === undefined) {
        const created = writer.local('i32');
        base = created;
        writer.prologue(() => {
          pushBase();
          writer.set(created);
        });
      }
      pushSum(writer, base, offset);
    },
    load: (type, offset) => writer.get(localOf(type, offset)),
    store: (type, offset, push) => {
      const local = localOf(type, offset);
      push();
      writer.set(local);
    },
  };
}

function pushSum(writer: FunctionWriter, base: number, offset: number): void {
  writer.get(base);
  writer.i32(offset);
  writer.op(op.i32Add);
}
