import { op } from '../../functions/opcodes.js';
import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import { BLOCK_ENTRY_BYTES } from './argument-block.js';
import { type FunctionWriter, ROW_PARAMETER } from './function-writer.js';

/**
 * Stores a value in row order into an output of the block: data, validity, and in the third word whether there was a
 * NULL. `value` is a local of the output's own width.
 */
export function emitStore(
  writer: FunctionWriter,
  physical: PhysicalType,
  outputOffset: number,
  index: number,
  value: number,
  nulls: number | undefined,
): void {
  const entry = outputOffset + index * BLOCK_ENTRY_BYTES;
  const pointer = writer.local('i32');
  writer.prologue(() => {
    writer.block();
    writer.load('i32', entry);
    writer.set(pointer);
  });
  writer.get(pointer);
  writer.get(ROW_PARAMETER);
  const shift = Math.log2(byteWidthOf(physical));
  if (shift > 0) {
    writer.i32(shift);
    writer.op(op.i32Shl);
  }
  writer.op(op.i32Add);
  writer.get(value);
  if (physical === 'bool') writer.storeByte();
  else if (physical === 'i32' || physical === 'i64' || physical === 'f32' || physical === 'f64') writer.store(physical);
  else writer.store('v128');
  if (nulls !== undefined) emitValidity(writer, entry, nulls);
}

function emitValidity(writer: FunctionWriter, entry: number, nulls: number): void {
  const validity = writer.local('i32');
  const sawNull = writer.local('i32');
  writer.prologue(() => {
    writer.block();
    writer.load('i32', entry + 4);
    writer.set(validity);
  });
  writer.get(validity);
  writer.get(ROW_PARAMETER);
  writer.op(op.i32Add);
  writer.get(nulls);
  writer.op(op.i32Eqz);
  writer.storeByte();
  writer.get(sawNull);
  writer.get(nulls);
  writer.op(op.i32Or);
  writer.set(sawNull);
  writer.epilogue(() => {
    writer.block();
    writer.block();
    writer.load('i32', entry + 8);
    writer.get(sawNull);
    writer.op(op.i32Or);
    writer.store('i32', entry + 8);
  });
}
