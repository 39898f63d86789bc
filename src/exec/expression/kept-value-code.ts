import { op } from '../../functions/opcodes.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { type Accumulator, keptWasmType, valueBytes } from './aggregate-layout.js';
import { setChecked } from './checked-call-code.js';
import { emitLess } from './comparison-code.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import type { StateCells } from './state-cells.js';

/**
 * What stops code is done before any state changes: comparing a value with a kept one that may need 128 bits, and copying
 * texts. Is the value wanted, and of a text the view of its copy.
 */
export interface KeptValue {
  readonly wanted: number;
  readonly copy?: number;
}

export function compareWithKept(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  memo: Memo,
): KeptValue {
  const wanted = writer.local('i32');
  pushWanted(generator, writer, cells, accumulator, memo);
  writer.set(wanted);
  return { wanted };
}

export function copyIfWanted(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  memo: Memo,
): KeptValue {
  const wanted = writer.local('i32');
  const copy = writer.local('v128');
  pushWanted(generator, writer, cells, accumulator, memo);
  writer.tee(wanted);
  writer.if();
  setChecked(writer, copy, { name: 'textKeep', parameters: ['v128'], result: 'v128' }, () => writer.get(memo.local));
  writer.end();
  return { wanted, copy };
}

/** Pushes: is the value to replace the kept one, which it is better than, or as good as with `orEqual`? */
export function pushWanted(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  { local, nulls }: Memo,
  orEqual = false,
): void {
  const { type } = accumulator.argument!;
  const flagOffset = accumulator.offset + valueBytes(type);
  const pushBetter = (): void => {
    cells.load('i64', flagOffset);
    writer.op(op.i64Eqz);
    if (accumulator.kind === 'first') return;
    writer.if('i32');
    writer.i32(1);
    writer.else();
    const pushNew = (): void => writer.get(local);
    const pushOld = (): void => loadKept(generator, writer, cells, accumulator);
    const isNewFirst = (accumulator.kind === 'min') !== orEqual;
    emitLess(generator, type, isNewFirst ? pushNew : pushOld, isNewFirst ? pushOld : pushNew);
    if (orEqual) writer.op(op.i32Eqz);
    writer.end();
  };
  if (nulls === undefined) {
    pushBetter();
    return;
  }
  writer.get(nulls);
  writer.if('i32');
  writer.i32(0);
  writer.else();
  pushBetter();
  writer.end();
}

function loadKept(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
): void {
  const { type } = accumulator.argument!;
  const wasm = keptWasmType(type);
  cells.load(wasm, accumulator.offset);
  if (wasm === 'v128' && generator.mode === 'narrow' && physicalTypeOf(type) === 'i128') {
    // A kept value that needs 128 bits is compared by the exact variant.
    const value = writer.local('v128');
    writer.tee(value);
    writer.lane64(0);
    writer.i64(63);
    writer.op(op.i64ShrS);
    writer.get(value);
    writer.lane64(1);
    writer.op(op.i64Ne);
    writer.widenIf();
    writer.get(value);
    writer.lane64(0);
  }
}

export function keepValue(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  memo: Memo,
  kept: KeptValue | undefined,
): void {
  const { type } = accumulator.argument!;
  const wasm = keptWasmType(type);
  if (kept) writer.get(kept.wanted);
  else pushWanted(generator, writer, cells, accumulator, memo);
  writer.if();
  cells.store(wasm, accumulator.offset, () => {
    writer.get(kept?.copy ?? memo.local);
    if (wasm === 'v128' && generator.wasmOf(accumulator.argument!) === 'i64') writer.widen();
  });
  cells.store('i64', accumulator.offset + valueBytes(type), () => writer.i64(1));
  writer.end();
}

export function combineKept(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  target: StateCells,
  source: StateCells,
  accumulator: Accumulator,
): void {
  const { offset, argument } = accumulator;
  const wasm = keptWasmType(argument!.type);
  const flagOffset = offset + valueBytes(argument!.type);
  const local = writer.local(wasm);
  const nulls = writer.local('i32');
  source.load(wasm, offset);
  writer.set(local);
  source.load('i64', flagOffset);
  writer.op(op.i64Eqz);
  writer.set(nulls);
  pushWanted(generator, writer, target, accumulator, { local, nulls, bits: 64 });
  writer.if();
  target.store(wasm, offset, () => writer.get(local));
  target.store('i64', flagOffset, () => writer.i64(1));
  writer.end();
}
