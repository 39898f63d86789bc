import { op } from '../../functions/opcodes.js';
import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import { valueScaleOf, valueTagOf } from '../../types/value-tags.js';
import type { Accumulator } from './aggregate-layout.js';
import { emitRoomUnlessNull, pushChecked } from './checked-call-code.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import type { StateCells } from './state-cells.js';

const widthOf = ({ argument }: Accumulator): number => byteWidthOf(physicalTypeOf(argument!.type));

/** Finds room for the value of a row; returns the local of the chunk. */
export function emitElementRoom(writer: FunctionWriter, cells: StateCells, accumulator: Accumulator): number {
  const kernel = { name: 'elementListRoom', parameters: ['i64', 'i32'], result: 'i32' } as const;
  return emitRoomUnlessNull(writer, undefined, kernel, () => {
    cells.load('i64', accumulator.offset);
    writer.i32(widthOf(accumulator));
  });
}

export function appendElement(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  value: Memo,
  chunk: number,
): void {
  const { argument, offset } = accumulator;
  const pushNull = (): void => {
    if (value.nulls === undefined) writer.i32(0);
    else writer.get(value.nulls);
  };
  cells.store('i64', offset, () => {
    cells.load('i64', offset);
    writer.get(chunk);
    writer.get(value.local);
    const wasm = generator.wasmOf(argument!);
    if (widthOf(accumulator) === 16) {
      if (wasm === 'i64') writer.widen();
      pushNull();
      writer.kernel('elementListAppendWide', ['i64', 'i32', 'v128', 'i32'], 'i64');
      return;
    }
    if (wasm === 'f32') writer.op(op.i32ReinterpretF32);
    if (wasm === 'i32' || wasm === 'f32') writer.op(op.i64ExtendI32S);
    if (wasm === 'f64') writer.op(op.i64ReinterpretF64);
    writer.i32(widthOf(accumulator));
    pushNull();
    writer.kernel('elementListAppend', ['i64', 'i32', 'i64', 'i32', 'i32'], 'i64');
  });
}

/** Pushes the array of a list that is not empty. */
export function pushElements(writer: FunctionWriter, cells: StateCells, { argument, offset }: Accumulator): void {
  pushChecked(writer, { name: 'elementListArray', parameters: ['i64', 'i32', 'i32'], result: 'v128' }, () => {
    cells.load('i64', offset);
    writer.i32(valueTagOf(argument!.type));
    writer.i32(valueScaleOf(argument!.type));
  });
}
