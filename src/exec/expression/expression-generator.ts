import { bugError, unreachable, userError } from '../../common/errors.js';
import { castOf } from '../../functions/casts/casts.js';
import type { OperandInfo } from '../../functions/emitter.js';
import type { EmitImplementation, FunctionImplementation } from '../../functions/function-types.js';
import { op, type WasmType } from '../../functions/opcodes.js';
import { scalarOverload } from '../../functions/registry.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BLOCK_CONSTANTS, BLOCK_ENTRY_BYTES } from './argument-block.js';
import { emitComparison, emitEquality, emitLess } from './comparison-code.js';
import { constantBits, type GraphNode, likeSegmentsOf, typeBits } from './expression-graph.js';
import type { FunctionWriter } from './function-writer.js';
import { type DecimalMode, type Emitted, type HostCall, wasmTypeOf } from './generated-values.js';
import type { InputCode } from './input-code.js';

/** As in PostgreSQL. */
const MAX_HOST_ARGUMENTS = 100;

type KernelImplementation = Extract<FunctionImplementation, { kind: 'kernel' }>;

/** A value that was put into a local. */
export interface Memo extends Emitted {
  readonly local: number;
}

/** Emits the code of graph nodes inside the row loop of a function. */
export class ExpressionGenerator {
  readonly writer: FunctionWriter;
  readonly mode: DecimalMode;
  private readonly inputs: InputCode;
  private readonly hostCalls: HostCall[];
  /** Offset of the scratch area in the argument block. */
  private readonly scratch: number;
  /** Values computed already, by key; one map per open conditional region. */
  private readonly memos: Map<string, Memo>[] = [new Map()];
  private readonly constants = new Map<string, Memo>();

  constructor(writer: FunctionWriter, mode: DecimalMode, inputs: InputCode, hostCalls: HostCall[], scratch: number) {
    this.writer = writer;
    this.mode = mode;
    this.inputs = inputs;
    this.hostCalls = hostCalls;
    this.scratch = scratch;
  }

  wasmOf(node: GraphNode): WasmType {
    return wasmTypeOf(node.type, this.mode);
  }

  /** Pushes the value. */
  value(node: GraphNode): Emitted {
    if (node.expression.kind === 'constant') return this.constant(node);
    const memo = this.memoOf(node);
    if (memo) {
      this.writer.get(memo.local);
      return memo;
    }
    const emitted = this.inputs.value(this, node) ?? this.compute(node);
    if (node.uses > 1 && !node.volatile) this.remember(node, emitted);
    return emitted;
  }

  /** Puts the value into a local. */
  valueInLocal(node: GraphNode): Memo {
    const emitted = this.value(node);
    const memo = node.expression.kind === 'constant' ? this.constants.get(node.key) : this.memoOf(node);
    if (memo) {
      this.writer.op(op.drop);
      return memo;
    }
    return this.remember(node, emitted, true);
  }

  private remember(node: GraphNode, emitted: Emitted, take = false): Memo {
    const local = this.writer.local(this.wasmOf(node));
    if (take) this.writer.set(local);
    else this.writer.tee(local);
    const memo = { local, nulls: emitted.nulls, bits: emitted.bits };
    this.memos.at(-1)!.set(node.key, memo);
    return memo;
  }

  private memoOf(node: GraphNode): Memo | undefined {
    for (let level = this.memos.length - 1; level >= 0; level--) {
      const memo = this.memos[level]!.get(node.key);
      if (memo) return memo;
    }
    return undefined;
  }

  /** What `write` emits runs conditionally: what it computes is forgotten afterwards. */
  conditionally<T>(write: () => T): T {
    this.memos.push(new Map());
    const result = write();
    this.memos.pop();
    return result;
  }

  private constant(node: GraphNode): Emitted {
    let memo = this.constants.get(node.key);
    if (!memo) {
      memo = this.loadConstant(node);
      this.constants.set(node.key, memo);
    }
    this.writer.get(memo.local);
    return memo;
  }

  /** Literals are loaded once, before the loop. */
  private loadConstant(node: GraphNode): Memo {
    const { writer } = this;
    const { expression } = node;
    if (expression.kind !== 'constant') throw bugError('not a constant');
    const wasm = this.wasmOf(node);
    const local = writer.local(wasm);
    if (expression.value === null) {
      const nulls = writer.local('i32');
      writer.prologue(() => {
        writer.i32(1);
        writer.set(nulls);
      });
      return { local, nulls, bits: 0 };
    }
    writer.prologue(() => {
      writer.block();
      writer.load('i32', BLOCK_CONSTANTS);
      writer.load(wasm, node.slot * BLOCK_ENTRY_BYTES);
      writer.set(local);
    });
    return { local, nulls: undefined, bits: constantBits(expression) };
  }

  private compute(node: GraphNode): Emitted {
    const { expression } = node;
    switch (expression.kind) {
      case 'column':
      case 'constant':
      case 'parameter':
        throw bugError(`${expression.kind} has no code of its own`);
      case 'comparison':
        return emitComparison(this, node, expression.operator);
      case 'and':
      case 'or':
        return this.logical(node, expression.kind === 'and');
      case 'not': {
        const emitted = this.value(node.children[0]!);
        this.writer.op(op.i32Eqz);
        return emitted;
      }
      case 'isNull':
        return this.isNull(node.children[0]!, expression.negated);
      case 'booleanTest':
        this.truth(node.children[0]!, expression.value);
        if (expression.negated) this.writer.op(op.i32Eqz);
        return { nulls: undefined, bits: 1 };
      case 'case':
        return this.caseBranches(node, node.children);
      case 'coalesce':
        return this.coalesce(node, node.children);
      case 'inList':
        return this.inList(node, expression.negated);
      case 'cast':
        return this.cast(node);
      case 'call':
        return this.call(node);
      default:
        return unreachable(expression, 'expression');
    }
  }

  private isNull(child: GraphNode, negated: boolean): Emitted {
    const { nulls } = this.value(child);
    this.writer.op(op.drop);
    if (nulls === undefined) this.writer.i32(negated ? 1 : 0);
    else {
      this.writer.get(nulls);
      if (negated) this.writer.op(op.i32Eqz);
    }
    return { nulls: undefined, bits: 1 };
  }

  /** Pushes 1 where the boolean is definitely `wanted`, else 0: for filters and conditions, where NULL is as false. */
  truth(node: GraphNode, wanted: boolean): void {
    const { expression } = node;
    if (!this.memoOf(node) && !this.inputs.covers(node)) {
      if (expression.kind === 'not') {
        this.truth(node.children[0]!, !wanted);
        return;
      }
      if (expression.kind === 'and' || expression.kind === 'or') {
        this.truths(node.children, (expression.kind === 'and') === wanted, wanted);
        return;
      }
    }
    const { nulls } = this.value(node);
    if (!wanted) this.writer.op(op.i32Eqz);
    if (nulls === undefined) return;
    this.writer.get(nulls);
    this.writer.op(op.i32Eqz, op.i32And);
  }

  /** All, or any, of the operands are definitely `wanted`; costly or fallible ones are evaluated only if need be. */
  private truths(operands: readonly GraphNode[], all: boolean, wanted: boolean): void {
    const { writer } = this;
    this.truth(operands[0]!, wanted);
    for (const operand of operands.slice(1)) {
      if (!isLazy(operand)) {
        this.truth(operand, wanted);
        writer.op(all ? op.i32And : op.i32Or);
        continue;
      }
      writer.if('i32');
      if (!all) {
        writer.i32(1);
        writer.else();
      }
      this.conditionally(() => this.truth(operand, wanted));
      if (all) {
        writer.else();
        writer.i32(0);
      }
      writer.end();
    }
  }

  /** Three-valued: decided by any operand that is definitely false (AND) or true (OR), else NULL if one is NULL. */
  private logical(node: GraphNode, isAnd: boolean): Emitted {
    const { writer } = this;
    const decided = writer.local('i32');
    const nulls = writer.local('i32');
    let nullable = false;
    writer.i32(0);
    writer.set(nulls);
    const step = (operand: GraphNode, first: boolean): void => {
      const value = this.value(operand);
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
      this.conditionally(() => step(operand, false));
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

  /** `parts`: when, then, when, then …, and the ELSE if their number is odd. */
  private caseBranches(node: GraphNode, parts: readonly GraphNode[]): Emitted {
    const { writer } = this;
    const wasm = this.wasmOf(node);
    const nulls = writer.local('i32');
    let nullable = false;
    let bits = 0;
    const result = (part: GraphNode | undefined): void => {
      if (!part) {
        nullable = true;
        writer.i32(1);
        writer.set(nulls);
        writer.zero(wasm);
        return;
      }
      const emitted = this.value(part);
      bits = Math.max(bits, emitted.bits);
      if (emitted.nulls === undefined) writer.i32(0);
      else {
        nullable = true;
        writer.get(emitted.nulls);
      }
      writer.set(nulls);
    };
    const branch = (index: number): void => {
      if (index + 1 >= parts.length) {
        result(parts[index]);
        return;
      }
      this.truth(parts[index]!, true);
      writer.if(wasm);
      this.conditionally(() => result(parts[index + 1]));
      writer.else();
      this.conditionally(() => branch(index + 2));
      writer.end();
    };
    if (this.canSelect(parts)) return this.selectBranch(wasm, parts);
    branch(0);
    return { nulls: nullable ? nulls : undefined, bits };
  }

  /** CASE WHEN a THEN b ELSE c END with nothing to avoid is one `select`: no branch to mispredict. */
  private canSelect(parts: readonly GraphNode[]): boolean {
    const isSimple = (part: GraphNode): boolean =>
      !isLazy(part) && (part.expression.kind === 'column' || isLiteral(part) || part.expression.kind === 'call');
    return parts.length === 3 && isSimple(parts[1]!) && isSimple(parts[2]!);
  }

  private selectBranch(wasm: WasmType, [when, then, otherwise]: readonly GraphNode[]): Emitted {
    const { writer } = this;
    const yes = this.valueInLocal(then!);
    const no = this.valueInLocal(otherwise!);
    const condition = writer.local('i32');
    this.truth(when!, true);
    writer.set(condition);
    let nulls: number | undefined;
    if (yes.nulls !== undefined || no.nulls !== undefined) {
      nulls = writer.local('i32');
      for (const { nulls: flag } of [yes, no]) {
        if (flag === undefined) writer.i32(0);
        else writer.get(flag);
      }
      writer.get(condition);
      writer.select('i32');
      writer.set(nulls);
    }
    writer.get(yes.local);
    writer.get(no.local);
    writer.get(condition);
    writer.select(wasm);
    return { nulls, bits: Math.max(yes.bits, no.bits) };
  }

  private coalesce(node: GraphNode, operands: readonly GraphNode[]): Emitted {
    const { writer } = this;
    const wasm = this.wasmOf(node);
    const result = writer.local(wasm);
    let bits = 0;
    const step = (index: number): number | undefined => {
      const emitted = this.value(operands[index]!);
      bits = Math.max(bits, emitted.bits);
      writer.set(result);
      if (emitted.nulls === undefined || index === operands.length - 1) return emitted.nulls;
      const nulls = writer.local('i32');
      writer.get(emitted.nulls);
      writer.tee(nulls);
      writer.if();
      const rest = this.conditionally(() => {
        const restNulls = step(index + 1);
        if (restNulls === undefined) writer.i32(0);
        else writer.get(restNulls);
        writer.set(nulls);
        return restNulls;
      });
      writer.end();
      return rest === undefined ? undefined : nulls;
    };
    const nulls = step(0);
    writer.get(result);
    return { nulls, bits };
  }

  private inList(node: GraphNode, negated: boolean): Emitted {
    const { writer } = this;
    const { expression } = node;
    if (expression.kind !== 'inList') throw bugError('not an IN list');
    const hasNull = expression.items.some((item) => item.value === null);
    const input = this.valueInLocal(node.children[0]!);
    const items = node.children.slice(1).filter((item) => !isLiteral(item) || !isNullLiteral(item));
    if (node.slot >= 0) this.searchList(node, input.local);
    else if (items.length === 0) writer.i32(0);
    items.forEach((item, index) => {
      emitEquality(
        this,
        node.children[0]!.type,
        () => writer.get(input.local),
        () => this.value(item),
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

  private searchList(node: GraphNode, input: number): void {
    const { writer } = this;
    const list = node.children[0]!;
    const wasm = this.wasmOf(list);
    const physical = physicalTypeOf(list.type);
    const nulls = this.memoOf(list)?.nulls;
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

  private cast(node: GraphNode): Emitted {
    const input = node.children[0]!;
    const { implementation, fallible } = castOf(input.type, node.type);
    return this.strictCall(node, implementation, fallible);
  }

  private call(node: GraphNode): Emitted {
    const { expression } = node;
    if (expression.kind !== 'call') throw bugError('not a call');
    const { implementation, strict, fallible } = scalarOverload(expression.overload);
    if (implementation.kind === 'like') return this.strictCall(node, this.likeCode(node), true);
    if (implementation.kind === 'extremum') return this.extremum(node, implementation.greatest);
    if (strict) return this.strictCall(node, implementation, fallible);
    if (implementation.kind !== 'vector') throw bugError(`${expression.overload} must be strict`);
    return this.hostCall(node, implementation);
  }

  /** LIKE: by segments when the pattern is a literal without _, else by the general matcher. */
  private likeCode(node: GraphNode): EmitImplementation {
    const { writer } = this;
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
  private kernelOrHost(node: GraphNode, implementation: KernelImplementation): Emitted {
    const { writer } = this;
    const operand = this.valueInLocal(node.children[0]!);
    const wasm = this.wasmOf(node);
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
      this.conditionally(() => this.hostCall(node, { kind: 'vector', create: implementation.fallback! }));
      writer.end();
    };
    if (nulls === undefined) pushResult();
    else {
      writer.get(nulls);
      writer.if(wasm);
      writer.zero(wasm);
      writer.else();
      this.conditionally(pushResult);
      writer.end();
    }
    return { nulls, bits: typeBits(node.type) };
  }

  /** GREATEST and LEAST: a running best, replaced by operands that are not NULL and beat it. */
  private extremum(node: GraphNode, greatest: boolean): Emitted {
    const { writer } = this;
    const wasm = this.wasmOf(node);
    const [best, nulls] = [writer.local(wasm), writer.local('i32')];
    let nullable = true;
    node.children.forEach((child, index) => {
      const operand = this.valueInLocal(child);
      if (operand.nulls === undefined) nullable = false;
      if (index === 0) {
        writer.get(operand.local);
        writer.set(best);
        if (operand.nulls === undefined) writer.i32(0);
        else writer.get(operand.nulls);
        writer.set(nulls);
        return;
      }
      if (operand.nulls === undefined) writer.i32(1);
      else {
        writer.get(operand.nulls);
        writer.op(op.i32Eqz);
      }
      writer.if();
      writer.get(nulls);
      writer.if('i32');
      writer.i32(1);
      writer.else();
      const pushOperand = () => writer.get(operand.local);
      const pushBest = () => writer.get(best);
      emitLess(this, node.type, greatest ? pushBest : pushOperand, greatest ? pushOperand : pushBest);
      writer.end();
      writer.if();
      writer.get(operand.local);
      writer.set(best);
      writer.end();
      writer.i32(0);
      writer.set(nulls);
      writer.end();
    });
    writer.get(best);
    return { nulls: nullable ? nulls : undefined, bits: typeBits(node.type) };
  }

  private strictCall(node: GraphNode, implementation: FunctionImplementation, fallible: boolean): Emitted {
    if (implementation.kind === 'vector') return this.hostCall(node, implementation);
    if (implementation.kind === 'kernel' && implementation.fallback) return this.kernelOrHost(node, implementation);
    const { writer } = this;
    const wide = this.needsWideOperands(node, implementation);
    const guarded = fallible || implementation.kind !== 'emit' || implementation.wideOnly === true;
    const operands: OperandInfo[] = [];
    const flags: number[] = [];
    for (const child of node.children) {
      const emitted = this.value(child);
      const widened = wide && child.type.kind === 'decimal' && this.wasmOf(child) === 'i64';
      if (widened) writer.widen();
      operands.push({ type: child.type, wasm: widened ? 'v128' : this.wasmOf(child), bits: emitted.bits });
      if (emitted.nulls !== undefined && !flags.includes(emitted.nulls)) flags.push(emitted.nulls);
    }
    const nulls = this.orFlags(flags);
    const result: OperandInfo = { type: node.type, wasm: this.wasmOf(node), bits: typeBits(node.type) };
    if (!guarded || nulls === undefined) {
      return { nulls, bits: this.applyImplementation(implementation, operands, result) };
    }
    // The operands leave the stack, so that the operation can be skipped where one is NULL.
    const locals = operands.map((operand) => writer.local(operand.wasm));
    for (const local of [...locals].reverse()) writer.set(local);
    writer.get(nulls);
    writer.op(op.i32Eqz);
    writer.if(result.wasm);
    for (const local of locals) writer.get(local);
    const bits = this.applyImplementation(implementation, operands, result);
    writer.else();
    writer.zero(result.wasm);
    writer.end();
    return { nulls, bits };
  }

  private needsWideOperands(node: GraphNode, implementation: FunctionImplementation): boolean {
    const wideOnly = implementation.kind === 'emit' && implementation.wideOnly === true;
    const isWide = (part: GraphNode): boolean => part.type.kind === 'decimal' && this.wasmOf(part) === 'v128';
    return wideOnly || isWide(node) || node.children.some(isWide);
  }

  private applyImplementation(
    implementation: FunctionImplementation,
    operands: readonly OperandInfo[],
    result: OperandInfo,
  ): number {
    if (implementation.kind === 'emit') return this.applyEmit(implementation, operands, result);
    if (implementation.kind !== 'kernel') throw bugError(`no code for a ${implementation.kind} function`);
    const { writer } = this;
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

  private applyEmit(implementation: EmitImplementation, operands: readonly OperandInfo[], result: OperandInfo): number {
    return implementation.emit(this.writer, operands, result) ?? result.bits;
  }

  /** The NULL flag of a strict operation on two operands. */
  mergeNulls(left: number | undefined, right: number | undefined): number | undefined {
    if (left === right || right === undefined) return left;
    return left === undefined ? right : this.orFlags([left, right]);
  }

  private orFlags(flags: readonly number[]): number | undefined {
    if (flags.length < 2) return flags[0];
    const { writer } = this;
    const nulls = writer.local('i32');
    flags.forEach((flag, index) => {
      writer.get(flag);
      if (index > 0) writer.op(op.i32Or);
    });
    writer.set(nulls);
    return nulls;
  }

  /**
   * Stores the operands in the scratch area and calls into JavaScript. Scratch: 16 bytes an operand and 16 for the
   * result, then one byte each: is it NULL?
   */
  private hostCall(node: GraphNode, implementation: HostCall['implementation']): Emitted {
    const { writer } = this;
    const operands = node.children.map((child) => ({ child, memo: this.valueInLocal(child) }));
    const count = operands.length;
    if (count > MAX_HOST_ARGUMENTS) {
      throw userError('54023', `cannot pass more than ${MAX_HOST_ARGUMENTS} arguments to a function`);
    }
    const flagsAt = this.scratch + (count + 1) * BLOCK_ENTRY_BYTES;
    const resultAt = this.scratch + count * BLOCK_ENTRY_BYTES;
    operands.forEach(({ child, memo }, index) => {
      writer.block();
      writer.get(memo.local);
      const wasm = this.wasmOf(child);
      if (physicalTypeOf(child.type) === 'i128' && wasm === 'i64') writer.widen();
      writer.store(physicalTypeOf(child.type) === 'i128' ? 'v128' : wasm, this.scratch + index * BLOCK_ENTRY_BYTES);
      writer.block();
      if (memo.nulls === undefined) writer.i32(0);
      else writer.get(memo.nulls);
      writer.storeByte(flagsAt + index);
    });
    let id = this.hostCalls.findIndex((call) => call.key === node.key);
    if (id < 0) {
      id = this.hostCalls.length;
      this.hostCalls.push({ key: node.key, node, implementation });
    }
    writer.i32(id);
    writer.host('callFunction', ['i32'], undefined);
    writer.checkStatus();
    const nulls = writer.local('i32');
    writer.block();
    writer.loadByte(flagsAt + count);
    writer.set(nulls);
    writer.block();
    if (physicalTypeOf(node.type) === 'bool') writer.loadByte(resultAt);
    else writer.load(this.wasmOf(node), resultAt);
    if (physicalTypeOf(node.type) === 'i128' && this.mode === 'narrow') this.widenUnlessNarrow(resultAt);
    return { nulls, bits: typeBits(node.type) };
  }

  /** The low half of a 128-bit value is on the stack: does it stand for the whole? */
  private widenUnlessNarrow(offset: number): void {
    const { writer } = this;
    const low = writer.local('i64');
    writer.tee(low);
    writer.i64(63);
    writer.op(op.i64ShrS);
    writer.block();
    writer.load('i64', offset + 8);
    writer.op(op.i64Ne);
    writer.widenIf();
    writer.get(low);
  }
}

/** Is it worth a branch to evaluate it only where it is needed? */
export function isLazy(node: GraphNode): boolean {
  return node.fallible || node.expensive;
}

function isLiteral(node: GraphNode): boolean {
  return node.expression.kind === 'constant';
}

function isNullLiteral(node: GraphNode): boolean {
  return node.expression.kind === 'constant' && node.expression.value === null;
}
