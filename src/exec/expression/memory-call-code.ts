import type { MemoryImplementation } from '../../functions/function-types.js';
import { op } from '../../functions/opcodes.js';
import { physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import { valueScaleOf, valueTagOf } from '../../types/value-tags.js';
import { BLOCK_ENTRY_BYTES, BLOCK_STATUS, STATUS_DECLINED, STATUS_DONE, STATUS_REJECTED } from './argument-block.js';
import { pushConstantWord } from './constant-code.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import { type GraphNode, typeBits } from './expression-graph.js';
import type { Emitted } from './generated-values.js';
import { checkArgumentCount, emitHostCall, loadHostResult, memoizedConstant } from './host-call-code.js';

/**
 * Calls a kernel that takes its operands from memory, which has one signature for all types, but for the address of a
 * constant that some get. The scratch area:
 *
 *   16 bytes an operand   its value, as in a column; then 16 bytes for the result
 *   a u32 an operand      u8 is NULL, u8 tag, u8 scale, u8 0 (see `value-tags.ts`); then one for the result
 */
export function emitMemoryCall(
  generator: ExpressionGenerator,
  node: GraphNode,
  { kernel, fallback, constant }: MemoryImplementation,
  strict: boolean,
): Emitted {
  if (constant !== undefined && node.slot < 0) {
    return emitHostCall(generator, node, { kind: 'vector', create: fallback! });
  }
  const { writer } = generator;
  const count = node.children.length;
  checkArgumentCount(count);
  const operands = node.children.map((child) => ({ child, memo: generator.valueInLocal(child) }));
  const operandNulls = strict
    ? generator.orFlags([...new Set(operands.map(({ memo }) => memo.nulls).filter((flag) => flag !== undefined))])
    : undefined;
  const result = writer.local(generator.wasmOf(node));
  const nulls = writer.local('i32');
  const valueAt = (index: number): number => generator.scratch + index * BLOCK_ENTRY_BYTES;
  const wordAt = (index: number): number => valueAt(count + 1) + index * 4;
  writer.i32(1);
  writer.set(nulls);
  if (operandNulls !== undefined) {
    writer.get(operandNulls);
    writer.op(op.i32Eqz);
    writer.if();
  }
  const memoized = memoOfOperand(generator, node, operands, strict);
  operands.forEach(({ child, memo }, index) => {
    writer.block();
    writer.get(memo.local);
    const wasm = generator.wasmOf(child);
    const isWide = physicalTypeOf(child.type) === 'i128';
    if (isWide && wasm === 'i64') writer.widen();
    writer.store(isWide ? 'v128' : wasm, valueAt(index));
    writer.block();
    writer.i32(descriptionOf(child.type));
    if (!strict && memo.nulls !== undefined) {
      writer.get(memo.nulls);
      writer.op(op.i32Or);
    }
    writer.store('i32', wordAt(index));
  });
  writer.block();
  writer.i32(descriptionOf(node.type));
  writer.store('i32', wordAt(count));
  writer.block();
  writer.block();
  writer.i32(generator.scratch);
  writer.op(op.i32Add);
  writer.i32(count);
  if (memoized !== undefined) writer.get(memoized);
  else if (constant !== undefined) pushConstantWord(writer, node.slot, 0);
  writer.kernel(kernel, ['i32', 'i32', 'i32', ...(constant === undefined ? [] : (['i32'] as const))]);
  const loadResult = (): void => {
    writer.block();
    writer.loadByte(wordAt(count));
    writer.set(nulls);
    loadHostResult(generator, node, valueAt(count));
    writer.set(result);
  };
  if (fallback) {
    writer.block();
    writer.load('i32', BLOCK_STATUS);
    writer.i32(~(STATUS_DECLINED ^ STATUS_REJECTED));
    writer.op(op.i32And);
    writer.i32(STATUS_DECLINED);
    writer.op(op.i32Eq);
    writer.if();
    writer.block();
    writer.i32(STATUS_DONE);
    writer.store('i32', BLOCK_STATUS);
    const host = generator.conditionally(() => emitHostCall(generator, node, { kind: 'vector', create: fallback }));
    writer.set(result);
    writer.get(host.nulls!);
    writer.set(nulls);
    writer.else();
    writer.checkStatus();
    loadResult();
    writer.end();
  } else {
    writer.checkStatus();
    loadResult();
  }
  if (operandNulls !== undefined) writer.end();
  writer.get(result);
  return { nulls, bits: typeBits(node.type) };
}

/** The local of the address of what is made of the text of an operand; 0 of NULL. */
function memoOfOperand(
  generator: ExpressionGenerator,
  node: GraphNode,
  operands: readonly { readonly memo: Memo }[],
  strict: boolean,
): number | undefined {
  if (node.memoPlace === undefined) return undefined;
  const { writer } = generator;
  const { local, nulls } = operands[node.memoPlace]!.memo;
  if (strict || nulls === undefined) return memoizedConstant(generator, node, local);
  const address = writer.local('i32');
  writer.i32(0);
  writer.set(address);
  writer.get(nulls);
  writer.op(op.i32Eqz);
  writer.if();
  writer.get(memoizedConstant(generator, node, local));
  writer.set(address);
  writer.end();
  return address;
}

/** Tag and scale of a type in an operand's word. */
function descriptionOf(type: SqlType): number {
  return (valueTagOf(type) << 8) | (valueScaleOf(type) << 16);
}
