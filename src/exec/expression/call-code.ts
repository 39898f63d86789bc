import { bugError } from '../../common/errors.js';
import { castOf } from '../../functions/casts/casts.js';
import { tryCastOf } from '../../functions/casts/try-cast.js';
import type { OperandInfo } from '../../functions/emitter.js';
import type { EmitImplementation, FunctionImplementation } from '../../functions/function-types.js';
import { op } from '../../functions/opcodes.js';
import { scalarOverload } from '../../functions/registry.js';
import { LETTER_CASES } from '../../kernels/constant-tables.js';
import { BLOCK_STATUS, FIRST_FAILURE, STATUS_DECLINED, STATUS_DONE } from './argument-block.js';
import { emitConcat } from './concat-code.js';
import { emitExtremum } from './conditional-code.js';
import { pushConstantWord } from './constant-code.js';
import { likeSegmentsOf } from './constant-operands.js';
import { emitDeclinable, emitKernelOrHost } from './declinable-code.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import { type GraphNode, typeBits } from './expression-graph.js';
import type { Emitted } from './generated-values.js';
import { emitHostCall, memoizedConstant } from './host-call-code.js';
import type { LikeSegments } from './like-pattern.js';
import { emitMemoryCall } from './memory-call-code.js';

export function emitCast(generator: ExpressionGenerator, node: GraphNode): Emitted {
  const input = node.children[0]!;
  const { implementation, fallible } = castOf(input.type, node.type);
  return emitStrictCall(generator, node, implementation, fallible);
}

export function emitCall(generator: ExpressionGenerator, node: GraphNode): Emitted {
  const { expression } = node;
  if (expression.kind !== 'call') throw bugError('not a call');
  const { implementation, strict, fallible } = scalarOverload(expression.overload);
  if (implementation.kind === 'like') return emitLike(generator, node, implementation);
  if (implementation.kind === 'zoned') return emitZoned(generator, node, implementation);
  if (implementation.kind === 'regex') return emitRegex(generator, node, implementation);
  if (implementation.kind === 'concat') return emitConcat(generator, node, implementation.separated);
  if (implementation.kind === 'tryCast') return emitTryCast(generator, node);
  if (implementation.kind === 'extremum') return emitExtremum(generator, node, implementation.greatest);
  if (implementation.kind === 'memory') return emitMemoryCall(generator, node, implementation, strict);
  if (strict) return emitStrictCall(generator, node, implementation, fallible);
  if (implementation.kind !== 'vector') throw bugError(`${expression.overload} must be strict`);
  return emitHostCall(generator, node, implementation);
}

type LikeFunction = Extract<FunctionImplementation, { kind: 'like' }>;

/** LIKE: by segments when the pattern is a literal without _, else by the general matchers. */
function emitLike(generator: ExpressionGenerator, node: GraphNode, { ignoreCase, fallback }: LikeFunction): Emitted {
  const like = node.slot >= 0 ? likeSegmentsOf(node.expression) : undefined;
  if (like && !ignoreCase) {
    const emit = (): undefined => emitLikeSegments(generator, node, like);
    return emitStrictCall(generator, node, { kind: 'emit', emit }, true);
  }
  const { writer } = generator;
  return emitDeclinable(generator, node, { create: fallback, nullable: false }, (operands) => {
    if (like) {
      writer.get(operands[0]!.local);
      pushConstantWord(generator.writer, node.slot, 0);
      pushConstantWord(generator.writer, node.slot, 4);
      writer.i32(like.anchors | (like.exact ? 4 : 0));
      writer.i32(LETTER_CASES);
      writer.kernel('textLikeSegmentsIgnoreCase', ['i32', 'v128', 'i32', 'i32', 'i32', 'i32'], 'i32');
      return;
    }
    for (const { local } of operands) writer.get(local);
    const name = `textLike${ignoreCase ? 'IgnoreCase' : 'Pattern'}${operands.length === 3 ? 'Escape' : ''}`;
    if (ignoreCase) writer.i32(LETTER_CASES);
    const types = ['i32', ...operands.map(() => 'v128' as const), ...(ignoreCase ? (['i32'] as const) : [])] as const;
    writer.kernel(name, types, 'i32');
  });
}

type ZonedFunction = Extract<FunctionImplementation, { kind: 'zoned' }>;

function emitZoned(generator: ExpressionGenerator, node: GraphNode, implementation: ZonedFunction): Emitted {
  const { kernel, zone, parameters = [], fallback, nullable = false, rejectedIsNull, asksForZones } = implementation;
  // A literal that is no zone: TypeScript says so.
  if (node.slot < 0) return emitHostCall(generator, node, { kind: 'vector', create: fallback });
  const { writer } = generator;
  const declined = { create: fallback, nullable, rejectedIsNull, asksForZones };
  return emitDeclinable(generator, node, declined, (operands) => {
    withConstant(generator, node, operands, (pushConstant) => {
      const others = operands.filter((_, index) => index !== zone);
      for (const { local } of others) writer.get(local);
      pushConstant();
      for (const parameter of parameters) writer.i32(parameter);
      const types = node.children.filter((_, index) => index !== zone).map((child) => generator.wasmOf(child));
      const all = ['i32', ...types, 'i32', ...parameters.map(() => 'i32' as const)] as const;
      writer.kernel(kernel, all, generator.wasmOf(node));
    });
  });
}

/**
 * Calls a kernel, on whose first parameter, the block, is pushed, with the constant of a literal; or, declining rows
 * where there is none, with what is made of an operand's text.
 */
function withConstant(
  generator: ExpressionGenerator,
  node: GraphNode,
  operands: readonly Memo[],
  pushCall: (pushConstant: () => void) => void,
): void {
  const { writer } = generator;
  if (node.memoPlace === undefined) {
    pushCall(() => pushConstantWord(writer, node.slot, 0));
    return;
  }
  const [block, wasm] = [writer.local('i32'), generator.wasmOf(node)];
  writer.set(block);
  const constant = memoizedConstant(generator, node, operands[node.memoPlace]!.local);
  writer.get(constant);
  writer.if(wasm);
  writer.get(block);
  pushCall(() => writer.get(constant));
  writer.else();
  writer.get(block);
  writer.i32(STATUS_DECLINED);
  writer.store('i32', BLOCK_STATUS);
  writer.zero(wasm);
  writer.end();
}

type RegexFunction = Extract<FunctionImplementation, { kind: 'regex' }>;

/** By a kernel that runs the program of the pattern; without one, in TypeScript. */
function emitRegex(generator: ExpressionGenerator, node: GraphNode, implementation: RegexFunction): Emitted {
  const { kernel, places, defaults, fallback, negated } = implementation;
  const isText = generator.wasmOf(node) === 'v128';
  if (node.slot < 0) return emitStrictCall(generator, node, { kind: 'vector', create: fallback }, true);
  const { writer } = generator;
  const ofPattern = [places.pattern, places.flags, places.similar?.escape];
  const others = node.children.map((_, place) => place).filter((place) => !ofPattern.includes(place));
  const nullable = isText && places.replacement === undefined;
  return emitDeclinable(generator, node, { create: fallback, nullable, nullsByLength: nullable }, (operands) => {
    withConstant(generator, node, operands, (pushConstant) => {
      for (const place of others) writer.get(operands[place]!.local);
      for (const value of defaults) writer.i32(value);
      pushConstant();
      const types = [
        ...others.map((place) => generator.wasmOf(node.children[place]!)),
        ...defaults.map(() => 'i32' as const),
      ];
      writer.kernel(kernel, ['i32', ...types, 'i32'], generator.wasmOf(node));
      if (negated) writer.op(op.i32Eqz);
    });
  });
}

/** The text is on the stack. */
function emitLikeSegments(generator: ExpressionGenerator, node: GraphNode, like: LikeSegments): undefined {
  const { writer } = generator;
  pushConstantWord(generator.writer, node.slot, 0);
  if (like.exact) {
    writer.load('v128');
    writer.kernel('textCompare', ['v128', 'v128'], 'i32');
    writer.op(op.i32Eqz);
    return;
  }
  pushConstantWord(generator.writer, node.slot, 4);
  writer.i32(like.anchors);
  writer.kernel('textLikeSegments', ['v128', 'i32', 'i32', 'i32'], 'i32');
}

function emitStrictCall(
  generator: ExpressionGenerator,
  node: GraphNode,
  implementation: FunctionImplementation,
  fallible: boolean,
): Emitted {
  if (implementation.kind === 'vector') return emitHostCall(generator, node, implementation);
  if (implementation.kind === 'memory') return emitMemoryCall(generator, node, implementation, true);
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

/** NULL where the code of the cast would stop with a failure. */
function emitTryCast(generator: ExpressionGenerator, node: GraphNode): Emitted {
  const input = node.children[0]!;
  const implementation = tryCastOf(input.type, node.type);
  const hasFailures = implementation.kind === 'emit' || (implementation.kind === 'kernel' && !implementation.fallback);
  if (!hasFailures) return emitStrictCall(generator, node, implementation, false);
  const { writer } = generator;
  const value = generator.valueInLocal(input);
  const wide = needsWideOperands(generator, node, implementation);
  const isWidened = wide && input.type.kind === 'decimal' && generator.wasmOf(input) === 'i64';
  const operand: OperandInfo = {
    type: input.type,
    wasm: isWidened ? 'v128' : generator.wasmOf(input),
    bits: typeBits(input.type),
  };
  const result: OperandInfo = { type: node.type, wasm: generator.wasmOf(node), bits: typeBits(node.type) };
  const [target, nulls] = [writer.local(result.wasm), writer.local('i32')];
  writer.zero(result.wasm);
  writer.set(target);
  if (value.nulls === undefined) writer.i32(0);
  else writer.get(value.nulls);
  writer.tee(nulls);
  writer.op(op.i32Eqz);
  writer.if();
  writer.attempt(() => {
    writer.get(value.local);
    if (isWidened) writer.widen();
    applyImplementation(generator, implementation, [operand], result);
    writer.set(target);
  });
  writer.block();
  writer.load('i32', BLOCK_STATUS);
  writer.i32(FIRST_FAILURE);
  writer.op(op.i32GeU);
  writer.if();
  writer.block();
  writer.i32(STATUS_DONE);
  writer.store('i32', BLOCK_STATUS);
  writer.i32(1);
  writer.set(nulls);
  writer.end();
  writer.checkStatus();
  writer.end();
  writer.get(target);
  return { nulls, bits: result.bits };
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
  const { parameters = [] } = implementation;
  const params = operands.map((operand) => operand.wasm);
  const allParams = [...params, ...parameters.map(() => 'i32' as const)];
  if (!implementation.block) {
    for (const parameter of parameters) writer.i32(parameter);
    writer.kernel(implementation.kernel, allParams, result.wasm);
    return result.bits;
  }
  const locals = params.map((param) => writer.local(param));
  for (const local of [...locals].reverse()) writer.set(local);
  writer.block();
  for (const local of locals) writer.get(local);
  for (const parameter of parameters) writer.i32(parameter);
  writer.kernel(implementation.kernel, ['i32', ...allParams], result.wasm);
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
