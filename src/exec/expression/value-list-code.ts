import { op, type WasmType } from '../../functions/opcodes.js';
import { physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { Accumulator, AggregateResult } from './aggregate-layout.js';
import { emitRoomUnlessNull, pushChecked } from './checked-call-code.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import type { StateCells } from './state-cells.js';
import { orderBits, pushImage } from './text-list-code.js';

/** Values of 16 bytes are kept as they are; others as an i64 that is ordered as they are. */
function isWide(type: SqlType): boolean {
  const physical = physicalTypeOf(type);
  return physical === 'i128' || physical === 'interval' || physical === 'uuid';
}

/** As `assembly/value-ranks-wide.ts` has it. */
function wideOrder(type: SqlType): number {
  const physical = physicalTypeOf(type);
  return physical === 'interval' ? 1 : physical === 'uuid' ? 2 : 0;
}

/** Finds room for the value of a row, unless it is NULL; returns the local of the chunk, which is 0 then. */
export function emitRoom(writer: FunctionWriter, cells: StateCells, accumulator: Accumulator, value: Memo): number {
  const kernel = { name: 'valueListRoom', parameters: ['i64', 'i32'], result: 'i32' } as const;
  return emitRoomUnlessNull(writer, value.nulls, kernel, () => {
    cells.load('i64', accumulator.offset);
    writer.i32(isWide(accumulator.argument!.type) ? 16 : 8);
  });
}

export function appendValue(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  { argument, offset }: Accumulator,
  value: Memo,
  chunk: number,
): void {
  if (value.nulls !== undefined) {
    writer.get(chunk);
    writer.if();
  }
  cells.store('i64', offset, () => {
    cells.load('i64', offset);
    writer.get(chunk);
    if (isWide(argument!.type)) {
      writer.get(value.local);
      if (generator.wasmOf(argument!) === 'i64') writer.widen();
      writer.kernel('valueListAppendWide', ['i64', 'i32', 'v128'], 'i64');
      return;
    }
    pushImage(writer, generator.wasmOf(argument!), value.local);
    writer.kernel('valueListAppend', ['i64', 'i32', 'i64'], 'i64');
  });
  if (value.nulls !== undefined) writer.end();
}

/** Pushes a percentile, mode or the like of a list that is not empty; its parameter is not NULL. */
export function pushRanked(writer: FunctionWriter, cells: StateCells, result: AggregateResult): void {
  const { type, finish, order, parameter } = result;
  const { kind, offset } = result.value!;
  if (finish === 'medianDistance') {
    pushChecked(writer, { name: 'valueListMedianDistance', parameters: ['i64'], result: 'f64' }, () => {
      cells.load('i64', offset);
    });
    return;
  }
  const isMode = finish === 'mode';
  /** `options`: what the kernel gets behind the list and the fraction, which a mode has not. */
  const push = (name: string, options: readonly number[], wasm: WasmType): void => {
    const others = options.map(() => 'i32' as const);
    const parameters = isMode ? (['i64', ...others] as const) : (['i64', 'f64', ...others] as const);
    pushChecked(writer, { name, parameters, result: wasm }, () => {
      cells.load('i64', offset);
      if (!isMode) writer.f64(parameter!);
      for (const option of options) writer.i32(option);
    });
  };
  if (kind === 'list') {
    const bits = orderBits(order ?? { by: 'value', descending: false, nullsFirst: false });
    push(isMode ? 'textListMode' : 'textListDiscrete', [bits], 'v128');
    return;
  }
  const descending = order?.descending ? 1 : 0;
  if (finish === 'percentile') {
    if (type.kind === 'interval') push('valueListPercentileOfIntervals', [descending], 'v128');
    else push('valueListPercentile', [descending], 'f64');
  } else if (isWide(type)) {
    push(isMode ? 'valueListModeWide' : 'valueListDiscreteWide', [descending, wideOrder(type)], 'v128');
  } else {
    push(isMode ? 'valueListMode' : 'valueListDiscrete', [descending], 'i64');
    pushOfImage(writer, type);
  }
}

/** The i64 on the stack becomes the value that it is the image of. */
function pushOfImage(writer: FunctionWriter, type: SqlType): void {
  const physical = physicalTypeOf(type);
  if (physical === 'bool' || physical === 'i32') writer.op(op.i32WrapI64);
  if (physical !== 'f32' && physical !== 'f64') return;
  const image = writer.local('i64');
  writer.tee(image);
  writer.get(image);
  writer.i64(63);
  writer.op(op.i64ShrS);
  writer.i64(1);
  writer.op(op.i64ShrU, op.i64Xor, op.f64ReinterpretI64);
  if (physical === 'f32') writer.op(op.f32DemoteF64);
}
