import { op } from '../../functions/opcodes.js';
import { physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { Accumulator, AggregateResult } from './aggregate-layout.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import type { StateCells } from './state-cells.js';
import { orderBits, pushImage } from './text-list-code.js';

/** Values of 16 bytes are kept as they are; others as an i64 that is ordered as they are. */
function isWide(type: SqlType): boolean {
  const physical = physicalTypeOf(type);
  return physical === 'i128' || physical === 'interval' || physical === 'uuid';
}

/** As `assembly/value-list.ts` has it. */
function wideOrder(type: SqlType): number {
  const physical = physicalTypeOf(type);
  return physical === 'interval' ? 1 : physical === 'uuid' ? 2 : 0;
}

/** Finds room for the value of a row, unless it is NULL; returns the local of the chunk, which is 0 then. */
export function emitRoom(writer: FunctionWriter, cells: StateCells, accumulator: Accumulator, value: Memo): number {
  const chunk = writer.local('i32');
  if (value.nulls !== undefined) {
    writer.i32(0);
    writer.set(chunk);
    writer.get(value.nulls);
    writer.op(op.i32Eqz);
    writer.if();
  }
  writer.block();
  cells.load('i64', accumulator.offset);
  writer.i32(isWide(accumulator.argument!.type) ? 16 : 8);
  writer.kernel('valueListRoom', ['i32', 'i64', 'i32'], 'i32');
  writer.set(chunk);
  writer.checkStatus();
  if (value.nulls !== undefined) writer.end();
  return chunk;
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

/** Pushes the percentile or mode of a list that is not empty; its parameter is not NULL. */
export function pushRanked(writer: FunctionWriter, cells: StateCells, result: AggregateResult): void {
  const { type, finish, order, parameter } = result;
  const { kind, offset } = result.value!;
  const isMode = finish === 'mode';
  const fraction = (): void => {
    if (!isMode) writer.f64(parameter!);
  };
  const before = isMode ? (['i32', 'i64'] as const) : (['i32', 'i64', 'f64'] as const);
  writer.block();
  cells.load('i64', offset);
  fraction();
  if (kind === 'list') {
    writer.i32(orderBits(order ?? { by: 'value', descending: false, nullsFirst: false }));
    writer.kernel(isMode ? 'textListMode' : 'textListDiscrete', [...before, 'i32'], 'v128');
    checked(writer, 'v128');
    return;
  }
  writer.i32(order?.descending ? 1 : 0);
  if (finish === 'percentile') {
    const ofIntervals = type.kind === 'interval';
    const kernel = ofIntervals ? 'valueListPercentileOfIntervals' : 'valueListPercentile';
    writer.kernel(kernel, [...before, 'i32'], ofIntervals ? 'v128' : 'f64');
    checked(writer, ofIntervals ? 'v128' : 'f64');
    return;
  }
  if (isWide(type)) {
    writer.i32(wideOrder(type));
    writer.kernel(isMode ? 'valueListModeWide' : 'valueListDiscreteWide', [...before, 'i32', 'i32'], 'v128');
    checked(writer, 'v128');
    return;
  }
  writer.kernel(isMode ? 'valueListMode' : 'valueListDiscrete', [...before, 'i32'], 'i64');
  checked(writer, 'i64');
  pushOfImage(writer, type);
}

/** Stops when the kernel that has just been called reported something. */
function checked(writer: FunctionWriter, wasm: 'i64' | 'f64' | 'v128'): void {
  const value = writer.local(wasm);
  writer.set(value);
  writer.checkStatus();
  writer.get(value);
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
