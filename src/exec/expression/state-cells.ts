import type { WasmType } from '../../functions/opcodes.js';
import type { FunctionWriter } from './function-writer.js';

/** Where code finds the words of a state: in memory, or, when there is one group only, in locals during the loop. */
export interface StateCells {
  load(type: WasmType, offset: number): void;
  /** `push` leaves the value on the stack. */
  store(type: WasmType, offset: number, push: () => void): void;
  /** The address of the state, for kernels; locals have none. */
  readonly base: number | undefined;
}

/** The state whose address is in a local. */
export function memoryCells(writer: FunctionWriter, base: number): StateCells {
  return {
    base,
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
  return {
    base: undefined,
    load: (type, offset) => writer.get(localOf(type, offset)),
    store: (type, offset, push) => {
      const local = localOf(type, offset);
      push();
      writer.set(local);
    },
  };
}
