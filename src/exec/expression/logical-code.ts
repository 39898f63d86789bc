import { op } from '../../functions/opcodes.js';
import type { ExpressionGenerator } from './expression-generator.js';
import { type GraphNode, isLazy } from './expression-graph.js';
import type { Emitted } from './generated-values.js';

/** Pushes 1 where the boolean is definitely `wanted`, else 0: for filters and conditions, where NULL is as false. */
export function emitTruth(generator: ExpressionGenerator, node: GraphNode, wanted: boolean): void {
  const { expression } = node;
  if (!generator.isAtHand(node)) {
    if (expression.kind === 'not') {
      generator.truth(node.children[0]!, !wanted);
      return;
    }
    if (expression.kind === 'and' || expression.kind === 'or') {
      emitTruths(generator, node.children, (expression.kind === 'and') === wanted, wanted);
      return;
    }
  }
  const { nulls } = generator.value(node);
  if (!wanted) generator.writer.op(op.i32Eqz);
  if (nulls === undefined) return;
  generator.writer.get(nulls);
  generator.writer.op(op.i32Eqz, op.i32And);
}

/** All, or any, of the operands are definitely `wanted`; costly or fallible ones are evaluated only if need be. */
function emitTruths(
  generator: ExpressionGenerator,
  operands: readonly GraphNode[],
  all: boolean,
  wanted: boolean,
): void {
  const { writer } = generator;
  generator.truth(operands[0]!, wanted);
  for (const operand of operands.slice(1)) {
    if (!isLazy(operand)) {
      generator.truth(operand, wanted);
      writer.op(all ? op.i32And : op.i32Or);
      continue;
    }
    writer.if('i32');
    if (!all) {
      writer.i32(1);
      writer.else();
    }
    generator.conditionally(() => generator.truth(operand, wanted));
    if (all) {
      writer.else();
      writer.i32(0);
    }
    writer.end();
  }
}

/** Three-valued: decided by any operand that is definitely false (AND) or true (OR), else NULL if one is NULL. */
export function emitLogical(generator: ExpressionGenerator, node: GraphNode, isAnd: boolean): Emitted {
  const { writer } = generator;
  const decided = writer.local('i32');
  const nulls = writer.local('i32');
  let nullable = false;
  writer.i32(0);
  writer.set(nulls);
  const step = (operand: GraphNode, first: boolean): void => {
    const value = generator.value(operand);
    if (isAnd) writer.op(op.i32Eqz);
    if (value.nulls !== undefined) {
      nullable = true;
      writer.get(value.nulls);
      writer.op(op.i32Eqz, op.i32And);
      writer.get(nulls);
      writer.get(value.nulls);
      writer.op(op.i32Or);
      writer.set(nulls);
    }
    if (!first) {
      writer.get(decided);
      writer.op(op.i32Or);
    }
    writer.set(decided);
  };
  node.children.forEach((operand, index) => {
    if (index === 0 || !isLazy(operand)) {
      step(operand, index === 0);
      return;
    }
    writer.get(decided);
    writer.op(op.i32Eqz);
    writer.if();
    generator.conditionally(() => step(operand, false));
    writer.end();
  });
  if (nullable) {
    writer.get(nulls);
    writer.get(decided);
    writer.op(op.i32Eqz, op.i32And);
    writer.set(nulls);
  }
  writer.get(decided);
  if (isAnd) writer.op(op.i32Eqz);
  return { nulls: nullable ? nulls : undefined, bits: 1 };
}
