import { op } from '../../functions/opcodes.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import { type GraphNode, typeBits } from './expression-graph.js';
import type { Emitted } from './generated-values.js';

/**
 * concat and concat_ws: the operands, which are texts, one after the other. All are evaluated first, so that the text
 * being made lies last in the heap and grows where it is.
 */
export function emitConcat(generator: ExpressionGenerator, node: GraphNode, separated: boolean): Emitted {
  const { writer } = generator;
  const operands = node.children.map((child) => generator.valueInLocal(child));
  const separator = separated ? operands[0] : undefined;
  const result = writer.local('v128');
  const started = writer.local('i32');
  writer.zero('v128');
  writer.set(result);
  writer.i32(0);
  writer.set(started);
  for (const operand of operands.slice(separated ? 1 : 0)) {
    whereValid(generator, operand, () => {
      if (separator) {
        writer.get(started);
        writer.if();
        whereValid(generator, separator, () => append(generator, result, separator));
        writer.end();
        writer.i32(1);
        writer.set(started);
      }
      append(generator, result, operand);
    });
  }
  writer.get(result);
  return { nulls: separator?.nulls, bits: typeBits(node.type) };
}

function whereValid({ writer }: ExpressionGenerator, { nulls }: Memo, write: () => void): void {
  if (nulls === undefined) {
    write();
    return;
  }
  writer.get(nulls);
  writer.op(op.i32Eqz);
  writer.if();
  write();
  writer.end();
}

function append({ writer }: ExpressionGenerator, result: number, text: Memo): void {
  writer.block();
  writer.get(result);
  writer.get(text.local);
  writer.kernel('textConcat', ['i32', 'v128', 'v128'], 'v128');
  writer.set(result);
  writer.checkStatus();
}
