import type { Accumulator } from './aggregate-layout.js';
import { pushChecked, setChecked, unlessNull } from './checked-call-code.js';
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
  const wasm = generator.wasmOf(argument!);
  const { kind } = argument!.type;
  // The same decimal in 64 and in 128 bits has one hash.
  const isWide = kind === 'decimal' || kind === 'interval' || kind === 'uuid';
  const isText = !isWide && wasm === 'v128';
  const name = isWide ? 'sketchWide' : isText ? 'sketchText' : 'sketchValue';
  const kernel = { name, parameters: ['v128', isWide || isText ? 'v128' : 'i64'], result: 'v128' } as const;
  unlessNull(writer, value.nulls, () =>
    setChecked(writer, view, kernel, () => {
      writer.get(view);
      if (isWide || isText) {
        writer.get(value.local);
        if (wasm === 'i64') writer.widen();
      } else pushImage(writer, wasm, value.local);
    }),
  );
  return view;
}

export function combineSketches(writer: FunctionWriter, target: StateCells, source: StateCells, offset: number): void {
  const view = writer.local('v128');
  setChecked(writer, view, { name: 'sketchCombine', parameters: ['v128', 'v128'], result: 'v128' }, () => {
    target.load('v128', offset);
    source.load('v128', offset);
  });
  target.store('v128', offset, () => writer.get(view));
}

export function pushEstimate(writer: FunctionWriter, cells: StateCells, offset: number): void {
  const kernel = { name: 'sketchEstimate', parameters: ['v128'], result: 'i64' } as const;
  pushChecked(writer, kernel, () => cells.load('v128', offset));
}
