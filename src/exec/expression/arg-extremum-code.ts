import { op } from '../../functions/opcodes.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { type Accumulator, keptWasmType, partsOf, valueBytes } from './aggregate-layout.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import { pushWanted } from './kept-value-code.js';
import type { StateCells } from './state-cells.js';

/** A row's value and key: whether they are wanted, and where what is to be kept lies. */
export interface ArgCandidate {
  readonly wanted: number;
  readonly value: Memo;
  readonly key: Memo;
}

/** Evaluates both; texts that are to be kept are copied. */
export function evaluateArg(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
): ArgCandidate {
  const value = generator.valueInLocal(accumulator.argument!);
  const key = generator.valueInLocal(accumulator.key!);
  const parts = partsOf(accumulator);
  const wanted = writer.local('i32');
  pushWanted(generator, writer, cells, parts.key, key);
  if (value.nulls !== undefined && (accumulator.kind === 'argMin' || accumulator.kind === 'argMax')) {
    writer.get(value.nulls);
    writer.op(op.i32Eqz, op.i32And);
  }
  writer.set(wanted);
  return {
    wanted,
    value: copyText(writer, parts.value, value, wanted),
    key: copyText(writer, parts.key, key, wanted),
  };
}

function copyText(writer: FunctionWriter, { argument }: Accumulator, memo: Memo, wanted: number): Memo {
  if (physicalTypeOf(argument!.type) !== 'string') return memo;
  const copy = writer.local('v128');
  writer.get(wanted);
  if (memo.nulls !== undefined) {
    writer.get(memo.nulls);
    writer.op(op.i32Eqz, op.i32And);
  }
  writer.if();
  writer.block();
  writer.get(memo.local);
  writer.kernel('textKeep', ['i32', 'v128'], 'v128');
  writer.set(copy);
  writer.checkStatus();
  writer.end();
  return { ...memo, local: copy };
}

export function keepArg(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  { wanted, value, key }: ArgCandidate,
): void {
  const parts = partsOf(accumulator);
  writer.get(wanted);
  writer.if();
  storePart(generator, writer, cells, parts.key, key);
  storePart(generator, writer, cells, parts.value, value);
  writer.end();
}

function storePart(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  { argument, offset }: Accumulator,
  memo: Memo,
): void {
  const { type } = argument!;
  const wasm = keptWasmType(type);
  cells.store(wasm, offset, () => {
    // What is kept of a NULL is zero bytes: a text of no length.
    if (memo.nulls !== undefined) writer.zero(wasm);
    writer.get(memo.local);
    if (wasm === 'v128' && generator.wasmOf(argument!) === 'i64') writer.widen();
    if (memo.nulls === undefined) return;
    writer.get(memo.nulls);
    writer.select(wasm);
  });
  cells.store('i64', offset + valueBytes(type), () => {
    if (memo.nulls === undefined) writer.i64(1);
    else {
      writer.get(memo.nulls);
      writer.op(op.i32Eqz, op.i64ExtendI32U);
    }
  });
}

/** Of equal keys the source's row stays: where an aggregate goes on from a state of rows before, that came first. */
export function combineArgs(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  target: StateCells,
  source: StateCells,
  accumulator: Accumulator,
): void {
  const parts = partsOf(accumulator);
  const [key, value] = [loadPart(writer, source, parts.key), loadPart(writer, source, parts.value)];
  pushWanted(generator, writer, target, parts.key, key.narrow, true);
  writer.if();
  for (const [part, { local, flag }] of [
    [parts.key, key],
    [parts.value, value],
  ] as const) {
    const { type } = part.argument!;
    target.store(keptWasmType(type), part.offset, () => writer.get(local));
    target.store('i64', part.offset + valueBytes(type), () => writer.get(flag));
  }
  writer.end();
}

function loadPart(
  writer: FunctionWriter,
  cells: StateCells,
  { argument, offset }: Accumulator,
): { readonly local: number; readonly flag: number; readonly narrow: Memo } {
  const { type } = argument!;
  const wasm = keptWasmType(type);
  const [local, flag, nulls] = [writer.local(wasm), writer.local('i64'), writer.local('i32')];
  cells.load(wasm, offset);
  writer.set(local);
  cells.load('i64', offset + valueBytes(type));
  writer.tee(flag);
  writer.op(op.i64Eqz);
  writer.set(nulls);
  return { local, flag, narrow: { local, nulls, bits: 64 } };
}
