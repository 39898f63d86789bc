import type { FunctionMemory, FunctionValue } from '../../functions/function-types.js';
import { scalarOverload } from '../../functions/registry.js';
import type { SqlType } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import {
  BLOCK_ENTRY_BYTES,
  BLOCK_HEAP_CURRENT,
  BLOCK_HEAP_END,
  BLOCK_HEAP_NEEDED,
  BLOCK_STATUS,
  STATUS_HEAP,
} from './argument-block.js';
import type { HostCall } from './generated-values.js';
import { readValue, writeValue } from './value-codec.js';

interface BoundCall {
  readonly evaluate: (args: readonly FunctionValue[]) => FunctionValue;
  readonly argTypes: readonly SqlType[];
  readonly returns: SqlType;
  readonly strict: boolean;
  readonly inPlace: boolean;
}

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

  constructor(shared: SharedMemory, scope: Scope, block: number, scratch: number) {
    this.shared = shared;
    this.scope = scope;
    this.block = block;
    this.scratch = scratch;
  }

  bind(calls: readonly HostCall[]): (id: number) => void {
    const memory: FunctionMemory = { allocate: (byteLength) => this.allocateForCall(byteLength) };
    const bound = calls.map(({ node, implementation }): BoundCall => {
      const argTypes = node.children.map((child) => child.type);
      const { expression } = node;
      return {
        evaluate: implementation.create(argTypes, node.type, memory),
        argTypes,
        returns: node.type,
        strict: expression.kind !== 'call' || scalarOverload(expression.overload).strict,
        inPlace: implementation.inPlace === true,
      };
    });
    return (id) => this.call(bound[id]!);
  }

  private call(call: BoundCall): void {
    callCount++;
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
