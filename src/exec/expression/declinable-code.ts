import type { KernelImplementation, VectorCreate } from '../../functions/function-types.js';
import { op } from '../../functions/opcodes.js';
import { BLOCK_STATUS, STATUS_DECLINED, STATUS_DONE, STATUS_REJECTED, STATUS_ZONE } from './argument-block.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import { type GraphNode, typeBits } from './expression-graph.js';
import type { Emitted } from './generated-values.js';
import { answerZone, emitHostCall } from './host-call-code.js';

/** By a kernel, and in TypeScript what it declines. */
export function emitKernelOrHost(
  generator: ExpressionGenerator,
  node: GraphNode,
  implementation: KernelImplementation,
): Emitted {
  const { kernel, wideKernel, parameters = [], fallback, nullable = false } = implementation;
  const { nullsByLength, rejectedIsNull, declinedIsNull, asksForZones } = implementation;
  const { writer } = generator;
  const result = generator.wasmOf(node);
  const isWide = result === 'v128' && wideKernel !== undefined;
  const pushCall = (operands: readonly Memo[]): void => {
    const types = node.children.map((child, index) => {
      writer.get(operands[index]!.local);
      const wasm = generator.wasmOf(child);
      if (!isWide || wasm !== 'i64' || child.type.kind !== 'decimal') return wasm;
      writer.widen();
      return 'v128';
    });
    for (const parameter of parameters) writer.i32(parameter);
    const name = isWide ? wideKernel : kernel;
    writer.kernel(name, ['i32', ...types, ...parameters.map(() => 'i32' as const)], result);
  };
  return emitDeclinable(
    generator,
    node,
    { create: fallback!, nullable, nullsByLength, rejectedIsNull, declinedIsNull, asksForZones },
    pushCall,
  );
}

interface Fallback {
  readonly create: VectorCreate;
  readonly nullable: boolean;
  readonly nullsByLength?: boolean | undefined;
  readonly rejectedIsNull?: boolean | undefined;
  readonly declinedIsNull?: boolean | undefined;
  readonly asksForZones?: boolean | undefined;
}

/** A strict function: `pushCall` calls a kernel, on whose first parameter, the block, is pushed; what it declines is done by `fallback`. */
export function emitDeclinable(
  generator: ExpressionGenerator,
  node: GraphNode,
  fallback: Fallback,
  pushCall: (operands: readonly Memo[]) => void,
): Emitted {
  const { writer } = generator;
  const wasm = generator.wasmOf(node);
  const operands = node.children.map((child) => generator.valueInLocal(child));
  const flags = new Set(operands.map(({ nulls }) => nulls).filter((flag) => flag !== undefined));
  const operandNulls = generator.orFlags([...flags]);
  const result = writer.local(wasm);
  const nulls = fallback.nullable ? writer.local('i32') : operandNulls;
  if (fallback.nullable) {
    if (operandNulls === undefined) writer.i32(0);
    else writer.get(operandNulls);
    writer.set(nulls!);
  }
  if (operandNulls !== undefined) {
    writer.get(operandNulls);
    writer.op(op.i32Eqz);
    writer.if();
  }
  writer.block();
  pushCall(operands);
  writer.set(result);
  if (fallback.nullsByLength) {
    // The kernel gives NULL as a text of a length that none has.
    writer.get(result);
    writer.lane64(0);
    writer.i64(0xffff_ffff);
    writer.op(op.i64Eq);
    writer.set(nulls!);
  }
  writer.block();
  writer.load('i32', BLOCK_STATUS);
  writer.if();
  if (fallback.asksForZones) {
    callAgainWithZone(generator, () => {
      writer.block();
      pushCall(operands);
      writer.set(result);
    });
    writer.block();
    writer.load('i32', BLOCK_STATUS);
    writer.if();
  }
  const status = writer.local('i32');
  writer.block();
  writer.load('i32', BLOCK_STATUS);
  writer.set(status);
  writer.get(status);
  writer.i32(~(STATUS_DECLINED ^ STATUS_REJECTED));
  writer.op(op.i32And);
  writer.i32(STATUS_DECLINED);
  writer.op(op.i32Ne);
  writer.exitIf();
  writer.block();
  writer.i32(STATUS_DONE);
  writer.store('i32', BLOCK_STATUS);
  const setNull = (): void => {
    writer.i32(1);
    writer.set(nulls!);
    writer.zero(wasm);
    writer.set(result);
  };
  if (fallback.declinedIsNull) setNull();
  else {
    if (fallback.rejectedIsNull) {
      writer.get(status);
      writer.i32(STATUS_REJECTED);
      writer.op(op.i32Eq);
      writer.if();
      setNull();
      writer.else();
    }
    const implementation = { kind: 'vector', create: fallback.create } as const;
    const host = generator.conditionally(() => emitHostCall(generator, node, implementation));
    writer.set(result);
    if (fallback.nullable) {
      writer.get(host.nulls!);
      writer.set(nulls!);
    }
    if (fallback.rejectedIsNull) writer.end();
  }
  if (fallback.asksForZones) writer.end();
  writer.end();
  if (operandNulls !== undefined) writer.end();
  writer.get(result);
  return { nulls, bits: typeBits(node.type) };
}

/** Where a kernel asked for a zone: `call` calls it again with the answer. */
function callAgainWithZone(generator: ExpressionGenerator, call: () => void): void {
  const { writer } = generator;
  writer.block();
  writer.load('i32', BLOCK_STATUS);
  writer.i32(STATUS_ZONE);
  writer.op(op.i32Eq);
  writer.if();
  writer.block();
  writer.i32(STATUS_DONE);
  writer.store('i32', BLOCK_STATUS);
  answerZone(generator);
  call();
  writer.end();
}
