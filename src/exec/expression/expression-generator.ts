import { bugError, unreachable } from '../../common/errors.js';
import { op, type WasmType } from '../../functions/opcodes.js';
import { BLOCK_CONSTANTS, BLOCK_ENTRY_BYTES } from './argument-block.js';
import { emitCall, emitCast } from './call-code.js';
import { emitComparison } from './comparison-code.js';
import { emitCase, emitCoalesce } from './conditional-code.js';
import { constantBits, type GraphNode } from './expression-graph.js';
import type { FunctionWriter } from './function-writer.js';
import { type DecimalMode, type Emitted, type HostCall, wasmTypeOf } from './generated-values.js';
import { emitInList } from './in-list-code.js';
import type { InputCode } from './input-code.js';
import { emitLambda } from './lambda-code.js';
import { emitLogical, emitTruth } from './logical-code.js';

/** A value that was put into a local. */
export interface Memo extends Emitted {
  readonly local: number;
}

/** Emits the code of graph nodes inside the row loop of a function. */
export class ExpressionGenerator {
  readonly writer: FunctionWriter;
  readonly mode: DecimalMode;
  private readonly inputs: InputCode;
  readonly hostCalls: HostCall[];
  /** Offset of the scratch area in the argument block. */
  readonly scratch: number;
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
    if (node.uses > 1) this.remember(node, emitted);
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

  /** The parameter of a lambda, for the conditional region that is its body. */
  declare(variable: GraphNode, memo: Memo): void {
    this.memos.at(-1)!.set(variable.key, memo);
  }

  /** Where the value lies, if it was computed. */
  memoOf(node: GraphNode): Memo | undefined {
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
      case 'variable':
        throw bugError(`${expression.kind} has no code of its own`);
      case 'comparison':
        return emitComparison(this, node, expression.operator);
      case 'and':
      case 'or':
        return emitLogical(this, node, expression.kind === 'and');
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
        return emitCase(this, node, node.children);
      case 'coalesce':
        return emitCoalesce(this, node, node.children);
      case 'inList':
        return emitInList(this, node, expression.negated);
      case 'cast':
        return emitCast(this, node);
      case 'call':
        return emitCall(this, node);
      case 'lambda':
        return emitLambda(this, node);
      default:
        return unreachable(expression, 'expression');
    }
  }

  /** Pushes 1 where the boolean is definitely `wanted`, else 0: for filters and conditions, where NULL is as false. */
  truth(node: GraphNode, wanted: boolean): void {
    emitTruth(this, node, wanted);
  }

  /** Is the value there already, as an input of the loop or in a local? */
  isAtHand(node: GraphNode): boolean {
    return this.memoOf(node) !== undefined || this.inputs.covers(node);
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

  /** The NULL flag of a strict operation on two operands. */
  mergeNulls(left: number | undefined, right: number | undefined): number | undefined {
    if (left === right || right === undefined) return left;
    return left === undefined ? right : this.orFlags([left, right]);
  }

  /** The NULL flag of a strict operation on operands with these flags. */
  orFlags(flags: readonly number[]): number | undefined {
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
}
