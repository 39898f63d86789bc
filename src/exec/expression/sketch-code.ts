import { op } from '../../functions/opcodes.js';
import type { Accumulator } from './aggregate-layout.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import type { StateCells } from './state-cells.js';
import { pushImage } from './text-list-code.js';

/** Adds the value of a row to the sketch; returns the local of its view. A row may be added twice. */
export function emitSketch(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  { argument, offset }: Accumulator,
  value: Memo,
): number {
  const view = writer.local('v128');
  cells.load('v128', offset);
  writer.set(view);
  if (value.nulls !== undefined) {
    writer.get(value.nulls);
    writer.op(op.i32Eqz);
    writer.if();
  }
  const wasm = generator.wasmOf(argument!);
  writer.block();
  writer.get(view);
  if (argument!.type.kind === 'decimal') {
    // The same value in 64 and in 128 bits has one hash.
    writer.get(value.local);
    if (wasm === 'i64') writer.widen();
    writer.kernel('sketchWide', ['i32', 'v128', 'v128'], 'v128');
  } else if (wasm === 'v128') {
    const isText = argument!.type.kind !== 'interval' && argument!.type.kind !== 'uuid';
    writer.get(value.local);
    writer.kernel(isText ? 'sketchText' : 'sketchWide', ['i32', 'v128', 'v128'], 'v128');
  } else {
    pushImage(writer, wasm, value.local);
    writer.kernel('sketchValue', ['i32', 'v128', 'i64'], 'v128');
  }
  writer.set(view);
  writer.checkStatus();
  if (value.nulls !== undefined) writer.end();
  return view;
}

export function combineSketches(writer: FunctionWriter, target: StateCells, source: StateCells, offset: number): void {
  const view = writer.local('v128');
  writer.block();
  target.load('v128', offset);
  source.load('v128', offset);
  writer.kernel('sketchCombine', ['i32', 'v128', 'v128'], 'v128');
  writer.set(view);
  writer.checkStatus();
  target.store('v128', offset, () => writer.get(view));
}

export function pushEstimate(writer: FunctionWriter, cells: StateCells, offset: number): void {
  const estimate = writer.local('i64');
  writer.block();
  cells.load('v128', offset);
  writer.kernel('sketchEstimate', ['i32', 'v128'], 'i64');
  writer.set(estimate);
  writer.checkStatus();
  writer.get(estimate);
}
