import { bugError } from '../../common/errors.js';
import { castOf } from '../../functions/casts/casts.js';
import type { OperandInfo } from '../../functions/emitter.js';
import type { EmitImplementation, FunctionImplementation } from '../../functions/function-types.js';
import { op } from '../../functions/opcodes.js';
import { scalarOverload } from '../../functions/registry.js';
import { BLOCK_CONSTANTS, BLOCK_ENTRY_BYTES } from './argument-block.js';
import { emitExtremum } from './conditional-code.js';
import type { ExpressionGenerator } from './expression-generator.js';
import { type GraphNode, likeSegmentsOf, typeBits } from './expression-graph.js';
import type { Emitted } from './generated-values.js';
import { emitHostCall } from './host-call-code.js';

type KernelImplementation = Extract<FunctionImplementation, { kind: 'kernel' }>;

export function emitCast(generator: ExpressionGenerator, node: GraphNode): Emitted {
  const input = node.children[0]!;
  const { implementation, fallible } = castOf(input.type, node.type);
  return emitStrictCall(generator, node, implementation, fallible);
}

export function emitCall(generator: ExpressionGenerator, node: GraphNode): Emitted {
  const { expression } = node;
  if (expression.kind !== 'call') throw bugError('not a call');
  const { implementation, strict, fallible } = scalarOverload(expression.overload);
  if (implementation.kind === 'like') return emitStrictCall(generator, node, likeImplementation(generator, node), true);
  if (implementation.kind === 'extremum') return emitExtremum(generator, node, implementation.greatest);
  if (strict) return emitStrictCall(generator, node, implementation, fallible);
  if (implementation.kind !== 'vector') throw bugError(`${expression.overload} must be strict`);
  return emitHostCall(generator, node, implementation);
}

/** LIKE: by segments when the pattern is a literal without _, else by the general matcher. */
function likeImplementation(generator: ExpressionGenerator, node: GraphNode): EmitImplementation {
  const { writer } = generator;
  const like = node.slot >= 0 ? likeSegmentsOf(node.expression) : undefined;
  const pushWord = (offset: number): void => {
    writer.block();
    writer.load('i32', BLOCK_CONSTANTS);
    writer.load('i32', node.slot * BLOCK_ENTRY_BYTES + offset);
  };
  const emit: EmitImplementation['emit'] = () => {
    if (!like) {
      const result = writer.local('i32');
      writer.i32(0x5c);
      writer.kernel('textLike', ['v128', 'v128', 'i32'], 'i32');
      writer.tee(result);
      writer.i32(0);
      writer.op(op.i32LtS);
      writer.failIf('patternEscape');
      writer.get(result);
      return undefined;
    }
    pushWord(0);
    if (like.exact) {
      writer.load('v128');
      writer.kernel('textCompare', ['v128', 'v128'], 'i32');
      writer.op(op.i32Eqz);
      return undefined;
    }
    pushWord(4);
    writer.i32(like.anchors);
    writer.kernel('textLikeSegments', ['v128', 'i32', 'i32', 'i32'], 'i32');
    return undefined;
  };
  return { kind: 'emit', emit };
}

/** A kernel for the texts that `unless` accepts, JavaScript for the others. */
function emitKernelOrHost(
  generator: ExpressionGenerator,
  node: GraphNode,
  implementation: KernelImplementation,
): Emitted {
  const { writer } = generator;
  const operand = generator.valueInLocal(node.children[0]!);
  const wasm = generator.wasmOf(node);
  const { nulls } = operand;
  const pushResult = (): void => {
    writer.get(operand.local);
    writer.kernel(implementation.unless!, ['v128'], 'i32');
    writer.if(wasm);
    writer.block();
    writer.get(operand.local);
    writer.kernel(implementation.kernel, ['i32', 'v128'], wasm);
    writer.checkStatus();
    writer.else();
    generator.conditionally(() => emitHostCall(generator, node, { kind: 'vector', create: implementation.fallback! }));
    writer.end();
  };
  if (nulls === undefined) pushResult();
  else {
    writer.get(nulls);
    writer.if(wasm);
    writer.zero(wasm);
    writer.else();
    generator.conditionally(pushResult);
    writer.end();
  }
  return { nulls, bits: typeBits(node.type) };
}

function emitStrictCall(
  generator: ExpressionGenerator,
  node: GraphNode,
  implementation: FunctionImplementation,
  fallible: boolean,
): Emitted {
  if (implementation.kind === 'vector') return emitHostCall(generator, node, implementation);
  if (implementation.kind === 'kernel' && implementation.fallback)
    return emitKernelOrHost(generator, node, implementation);
  const { writer } = generator;
  const wide = needsWideOperands(generator, node, implementation);
  const guarded = fallible || implementation.kind !== 'emit' || implementation.wideOnly === true;
  const operands: OperandInfo[] = [];
  const flags: number[] = [];
  for (const child of node.children) {
    const emitted = generator.value(child);
    const widened = wide && child.type.kind === 'decimal' && generator.wasmOf(child) === 'i64';
    if (widened) writer.widen();
    operands.push({ type: child.type, wasm: widened ? 'v128' : generator.wasmOf(child), bits: emitted.bits });
    if (emitted.nulls !== undefined && !flags.includes(emitted.nulls)) flags.push(emitted.nulls);
  }
  const nulls = generator.orFlags(flags);
  const result: OperandInfo = { type: node.type, wasm: generator.wasmOf(node), bits: typeBits(node.type) };
  if (!guarded || nulls === undefined) {
    return { nulls, bits: applyImplementation(generator, implementation, operands, result) };
  }
  // The operands leave the stack, so that the operation can be skipped where one is NULL.
  const locals = operands.map((operand) => writer.local(operand.wasm));
  for (const local of [...locals].reverse()) writer.set(local);
  writer.get(nulls);
  writer.op(op.i32Eqz);
  writer.if(result.wasm);
  for (const local of locals) writer.get(local);
  const bits = applyImplementation(generator, implementation, operands, result);
  writer.else();
  writer.zero(result.wasm);
  writer.end();
  return { nulls, bits };
}

function needsWideOperands(
  generator: ExpressionGenerator,
  node: GraphNode,
  implementation: FunctionImplementation,
): boolean {
  const wideOnly = implementation.kind === 'emit' && implementation.wideOnly === true;
  const isWide = (part: GraphNode): boolean => part.type.kind === 'decimal' && generator.wasmOf(part) === 'v128';
  return wideOnly || isWide(node) || node.children.some(isWide);
}

function applyImplementation(
  generator: ExpressionGenerator,
  implementation: FunctionImplementation,
  operands: readonly OperandInfo[],
  result: OperandInfo,
): number {
  if (implementation.kind === 'emit') return applyEmit(generator, implementation, operands, result);
  if (implementation.kind !== 'kernel') throw bugError(`no code for a ${implementation.kind} function`);
  const { writer } = generator;
  const params = operands.map((operand) => operand.wasm);
  if (!implementation.block) {
    writer.kernel(implementation.kernel, params, result.wasm);
    return result.bits;
  }
  const locals = params.map((param) => writer.local(param));
  for (const local of [...locals].reverse()) writer.set(local);
  writer.block();
  for (const local of locals) writer.get(local);
  writer.kernel(implementation.kernel, ['i32', ...params], result.wasm);
  writer.checkStatus();
  return result.bits;
}

function applyEmit(
  generator: ExpressionGenerator,
  implementation: EmitImplementation,
  operands: readonly OperandInfo[],
  result: OperandInfo,
): number {
  return implementation.emit(generator.writer, operands, result) ?? result.bits;
}
