import { op } from '../../functions/opcodes.js';
import { type AggregateLayout, squaresWords } from './aggregate-layout.js';
import { combineArgs } from './arg-extremum-code.js';
import type { ExpressionGenerator } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import { combineKept } from './kept-value-code.js';
import { combineSketches } from './sketch-code.js';
import type { StateCells } from './state-cells.js';
import { addInterval, combineExact, increment, multiply, pushProduct } from './sum-code.js';
import { combineLists } from './text-list-code.js';

const COMBINE_KERNELS = {
  moments: 'momentsCombine',
  centralMoments: 'centralMomentsCombine',
  comoments: 'comomentsCombine',
} as const;

/** Emits target += source for the states at two addresses. */
export function emitCombine(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  layout: AggregateLayout,
  target: StateCells,
  source: StateCells,
): void {
  // Sketches may ask for memory, and then the row is done again: they go first, since merging them twice changes nothing.
  for (const { kind, offset } of layout.accumulators) {
    if (kind === 'sketch') combineSketches(writer, target, source, offset);
  }
  for (const accumulator of layout.accumulators) {
    const { kind, offset } = accumulator;
    switch (kind) {
      case 'rows':
      case 'count':
      case 'nulls':
        increment(writer, target, offset, () => source.load('i64', offset));
        break;
      case 'exactSum':
        combineExact(writer, target, source, offset);
        break;
      case 'floatSum':
        target.store('f64', offset, () => {
          target.load('f64', offset);
          source.load('f64', offset);
          writer.op(op.f64Add);
        });
        break;
      case 'product':
        multiply(writer, target, offset, () => pushProduct(writer, source, offset));
        break;
      case 'min':
      case 'max':
      case 'first':
        combineKept(generator, writer, target, source, accumulator);
        break;
      case 'trues':
        increment(writer, target, offset, () => source.load('i64', offset));
        break;
      case 'bitXor':
        target.store('i64', offset, () => {
          target.load('i64', offset);
          source.load('i64', offset);
          writer.op(op.i64Xor);
        });
        break;
      case 'intervalSum':
        addInterval(writer, target, offset, () => source.load('v128', offset));
        break;
      case 'argMin':
      case 'argMax':
      case 'minBy':
      case 'maxBy':
        combineArgs(generator, writer, target, source, accumulator);
        break;
      case 'bitAnd':
      case 'bitOr':
      case 'and':
      case 'or':
        target.store('i64', offset, () => {
          target.load('i64', offset);
          source.load('i64', offset);
          writer.op(op.i64Or);
        });
        break;
      case 'list':
      case 'values':
      case 'elements':
      case 'joined':
        combineLists(writer, target, source, offset);
        break;
      case 'sketch':
        break;
      case 'moments':
      case 'centralMoments':
      case 'comoments':
        target.address(offset);
        source.address(offset);
        writer.kernel(COMBINE_KERNELS[kind], ['i32', 'i32']);
        break;
      case 'squares':
        target.address(offset);
        source.address(offset);
        writer.i32(squaresWords(accumulator.argument!.type));
        writer.kernel('squaresCombine', ['i32', 'i32', 'i32']);
    }
  }
}
