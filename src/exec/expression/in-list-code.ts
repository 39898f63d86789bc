import { bugError } from '../../common/errors.js';
import { op } from '../../functions/opcodes.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BLOCK_CONSTANTS, BLOCK_ENTRY_BYTES } from './argument-block.js';
import { emitEquality } from './comparison-code.js';
import type { ExpressionGenerator } from './expression-generator.js';
import { type GraphNode, isLiteral, isNullLiteral } from './expression-graph.js';
import type { Emitted } from './generated-values.js';

export function emitInList(generator: ExpressionGenerator, node: GraphNode, negated: boolean): Emitted {
  const { writer } = generator;
  const { expression } = node;
  if (expression.kind !== 'inList') throw bugError('not an IN list');
  const hasNull = expression.items.some((item) => item.value === null);
  const input = generator.valueInLocal(node.children[0]!);
  const items = node.children.slice(1).filter((item) => !isLiteral(item) || !isNullLiteral(item));
  if (node.slot >= 0) emitListSearch(generator, node, input.local);
  else if (items.length === 0) writer.i32(0);
  items.forEach((item, index) => {
    emitEquality(
      generator,
      node.children[0]!.type,
      () => writer.get(input.local),
      () => generator.value(item),
    );
    if (index > 0) writer.op(op.i32Or);
  });
  if (!hasNull) {
    if (negated) writer.op(op.i32Eqz);
    return { nulls: input.nulls, bits: 1 };
  }
  // Not found in a list with a NULL: unknown.
  const [found, nulls] = [writer.local('i32'), writer.local('i32')];
  writer.tee(found);
  writer.op(op.i32Eqz);
  if (input.nulls !== undefined) {
    writer.get(input.nulls);
    writer.op(op.i32Or);
  }
  writer.set(nulls);
  writer.get(found);
  if (negated) writer.op(op.i32Eqz);
  return { nulls, bits: 1 };
}

function emitListSearch(generator: ExpressionGenerator, node: GraphNode, input: number): void {
  const { writer } = generator;
  const list = node.children[0]!;
  const wasm = generator.wasmOf(list);
  const physical = physicalTypeOf(list.type);
  const nulls = generator.memoOf(list)?.nulls;
  // NULL rows of text hold arbitrary pointers: they must not be followed.
  const guarded = physical === 'string' && nulls !== undefined;
  if (guarded) {
    writer.get(nulls);
    writer.op(op.i32Eqz);
    writer.if('i32');
  }
  writer.get(input);
  if (wasm === 'i32') writer.op(op.i64ExtendI32S);
  else if (wasm === 'f32') writer.op(op.f64PromoteF32);
  for (const offset of [0, 4]) {
    writer.block();
    writer.load('i32', BLOCK_CONSTANTS);
    writer.load('i32', node.slot * BLOCK_ENTRY_BYTES + offset);
  }
  const name = physical === 'string' ? 'listContainsText' : wasm === 'v128' ? 'listContains128' : 'listContains64';
  if (wasm === 'f64' || wasm === 'f32') writer.kernel('listContainsDouble', ['f64', 'i32', 'i32'], 'i32');
  else writer.kernel(name, [wasm === 'v128' ? 'v128' : 'i64', 'i32', 'i32'], 'i32');
  if (guarded) {
    writer.else();
    writer.i32(0);
    writer.end();
  }
}
