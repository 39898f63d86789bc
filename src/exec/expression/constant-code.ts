import { BLOCK_CONSTANTS, BLOCK_ENTRY_BYTES } from './argument-block.js';
import type { FunctionWriter } from './function-writer.js';

/** Pushes a u32 of the 16 bytes of a constant: see `ConstantSlot`. */
export function pushConstantWord(writer: FunctionWriter, slot: number, offset: number): void {
  writer.block();
  writer.load('i32', BLOCK_CONSTANTS);
  writer.load('i32', slot * BLOCK_ENTRY_BYTES + offset);
}
