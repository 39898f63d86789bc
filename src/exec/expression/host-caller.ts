import { bugError } from '../../common/errors.js';
import type { FunctionMemory, FunctionValue } from '../../functions/function-types.js';
import { scalarOverload } from '../../functions/registry.js';
import { type SqlType, TEXT } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import {
  BLOCK_CONSTANTS,
  BLOCK_ENTRY_BYTES,
  BLOCK_HEAP_CURRENT,
  BLOCK_HEAP_END,
  BLOCK_HEAP_NEEDED,
  BLOCK_STATUS,
  STATUS_HEAP,
} from './argument-block.js';
import type { ConstantSlot } from './expression-graph.js';
import type { HostCall } from './generated-values.js';
import { MEMO_WORDS } from './memo-constants.js';
import { readValue, writeValue } from './value-codec.js';

interface BoundCall {
  readonly evaluate: (args: readonly FunctionValue[]) => FunctionValue;
  readonly argTypes: readonly SqlType[];
  readonly returns: SqlType;
  readonly strict: boolean;
  readonly inPlace: boolean;
}

const MEMO_HEADER_BYTES = 8;
/** The length of no text. */
const NO_TEXT = 0xffff_ffff;
const MOST_SEEN = 1000;
/** Of what is made of texts, for each function and lane; with more, all is forgotten. */
const MOST_KEPT_BYTES = 4 * 2 ** 20;

/** Thrown inside a call when its result does not fit the string heap: the row is done again with another. */
const heapExhausted = Symbol('heap exhausted');

let callCount = 0;

/** How often code of this thread has called JavaScript: what EXPLAIN ANALYZE shows of it. */
export function hostCallCount(): number {
  return callCount;
}

/** Functions of JavaScript called from generated code: operands and result lie in the scratch area of the block. */
export class HostCaller {
  private readonly shared: SharedMemory;
  private readonly block: number;
  private readonly scratch: number;
  /** What calls allocate; freed after each of them. */
  private readonly scope: Scope;
  private hasAllocated = false;
  /** What outlives them. */
  private readonly kept: Scope;

  /** Of the program that the block belongs to. */
  private readonly slots: readonly ConstantSlot[];

  constructor(shared: SharedMemory, scope: Scope, block: number, scratch: number, slots: readonly ConstantSlot[]) {
    this.slots = slots;
    this.shared = shared;
    this.scope = scope.createChild();
    this.kept = scope;
    this.block = block;
    this.scratch = scratch;
  }

  bind(calls: readonly HostCall[]): (id: number) => void {
    const memory: FunctionMemory = { allocate: (byteLength) => this.allocateForCall(byteLength) };
    const bound = calls.map(({ node, implementation }): (() => void) => {
      if (implementation === undefined) return this.memoMaker(node.slot, this.slots[node.slot]!);
      const argTypes = node.children.map((child) => child.type);
      const { expression } = node;
      const call: BoundCall = {
        evaluate: implementation.create(argTypes, node.type, memory),
        argTypes,
        returns: node.type,
        strict: expression.kind !== 'call' || scalarOverload(expression.overload).strict,
        inPlace: implementation.inPlace === true,
      };
      return () => this.call(call);
    });
    return (id) => {
      callCount++;
      bound[id]!();
    };
  }

  /** Writes what is made of a text behind it: see kernels/assembly/memo-constants.ts. */
  private memoMaker(number: number, slot: ConstantSlot): () => void {
    if (slot.kind !== 'memo') throw bugError('no table of constants');
    const { shared, scratch } = this;
    const { make, isDear } = slot.memo;
    const unknown = this.kept.allocate(MEMO_HEADER_BYTES);
    const kept = this.kept.createChild();
    shared.u32[unknown >>> 2] = NO_TEXT;
    shared.u32[(unknown >>> 2) + 1] = 0;
    const seen = new Set<string>();
    let keptBytes = 0;
    return () => {
      const text = readValue(shared, scratch, TEXT, false) as string;
      if (isDear && !seen.has(text)) {
        if (seen.size >= MOST_SEEN) seen.clear();
        seen.add(text);
        shared.u32[scratch >>> 2] = unknown;
        return;
      }
      const constant = make(text);
      const bytes = new TextEncoder().encode(text);
      const constantAt = (MEMO_HEADER_BYTES + bytes.length + 15) & ~15;
      const byteLength = constantAt + (constant?.length ?? 0);
      if (keptBytes + byteLength > MOST_KEPT_BYTES) {
        const constants = shared.u32[(this.block + BLOCK_CONSTANTS) >>> 2]!;
        const table = shared.u32[(constants + number * BLOCK_ENTRY_BYTES) >>> 2]!;
        shared.u32.fill(0, table >>> 2, (table >>> 2) + MEMO_WORDS);
        kept.free();
        keptBytes = 0;
      }
      keptBytes += byteLength;
      const pointer = kept.allocate(byteLength);
      shared.u32[pointer >>> 2] = bytes.length;
      shared.u32[(pointer >>> 2) + 1] = constant === undefined ? 0 : pointer + constantAt;
      shared.u8.set(bytes, pointer + MEMO_HEADER_BYTES);
      if (constant !== undefined) shared.u8.set(constant, pointer + constantAt);
      shared.u32[scratch >>> 2] = pointer;
    };
  }

  private call(call: BoundCall): void {
    try {
      this.evaluate(call);
    } finally {
      if (this.hasAllocated) this.scope.free();
      this.hasAllocated = false;
    }
  }

  private evaluate({ evaluate, argTypes, returns, strict, inPlace }: BoundCall): void {
    const { shared, scratch } = this;
    const count = argTypes.length;
    const flags = scratch + (count + 1) * BLOCK_ENTRY_BYTES;
    const args: FunctionValue[] = [];
    let result: FunctionValue = null;
    let skip = false;
    for (let index = 0; index < count && !skip; index++) {
      const isNull = shared.u8[flags + index] !== 0;
      skip = isNull && strict;
      args.push(isNull ? null : readValue(shared, scratch + index * BLOCK_ENTRY_BYTES, argTypes[index]!, inPlace));
    }
    if (!skip) result = evaluate(args);
    shared.u8[flags + count] = result === null ? 1 : 0;
    if (result === null) return;
    try {
      writeValue(shared, scratch + count * BLOCK_ENTRY_BYTES, returns, result, (byteLength) =>
        this.allocate(byteLength),
      );
    } catch (error) {
      if (error !== heapExhausted) throw error;
    }
  }

  private allocateForCall(byteLength: number): Uint8Array {
    this.hasAllocated = true;
    const pointer = this.scope.allocate(byteLength);
    return this.shared.u8.subarray(pointer, pointer + byteLength);
  }

  private allocate(byteLength: number): number {
    const { u32 } = this.shared;
    const current = u32[(this.block + BLOCK_HEAP_CURRENT) >>> 2]!;
    if (u32[(this.block + BLOCK_HEAP_END) >>> 2]! - current < byteLength) {
      u32[(this.block + BLOCK_HEAP_NEEDED) >>> 2] = byteLength;
      u32[(this.block + BLOCK_STATUS) >>> 2] = STATUS_HEAP;
      throw heapExhausted;
    }
    u32[(this.block + BLOCK_HEAP_CURRENT) >>> 2] = current + byteLength;
    return current;
  }
}
