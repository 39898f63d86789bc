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
import { TextConstants } from './text-constants.js';
import { readValue, writeValue } from './value-codec.js';
import { ZoneNames } from './zone-names.js';

interface BoundCall {
  readonly evaluate: (args: readonly FunctionValue[]) => FunctionValue;
  readonly argTypes: readonly SqlType[];
  readonly returns: SqlType;
  readonly strict: boolean;
  readonly inPlace: boolean;
}

const MOST_SEEN = 1000;

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
  private readonly zoneNames: ZoneNames;

  /** Of the program that the block belongs to. */
  private readonly slots: readonly ConstantSlot[];

  constructor(shared: SharedMemory, scope: Scope, block: number, scratch: number, slots: readonly ConstantSlot[]) {
    this.slots = slots;
    this.shared = shared;
    this.scope = scope.createChild();
    this.kept = scope;
    this.zoneNames = new ZoneNames(shared, scope, block);
    this.block = block;
    this.scratch = scratch;
  }

  bind(calls: readonly HostCall[]): (id: number) => void {
    const memory: FunctionMemory = { allocate: (byteLength) => this.allocateForCall(byteLength) };
    const bound = calls.map((hostCall): (() => void) => {
      if (hostCall.kind === 'zone') return () => this.zoneNames.answer();
      const { node } = hostCall;
      if (hostCall.kind === 'memo') return this.memoMaker(node.slot, this.slots[node.slot]!);
      const { implementation } = hostCall;
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
    const constants = new TextConstants(shared, this.kept, () => {
      const slots = shared.u32[(this.block + BLOCK_CONSTANTS) >>> 2]!;
      shared.clear(shared.u32[(slots + number * BLOCK_ENTRY_BYTES) >>> 2]!, MEMO_WORDS * 4);
    });
    const seen = new Set<string>();
    return () => {
      const text = readValue(shared, scratch, TEXT, false) as string;
      if (isDear && !seen.has(text)) {
        if (seen.size >= MOST_SEEN) seen.clear();
        seen.add(text);
        shared.u32[scratch >>> 2] = constants.unknown;
        return;
      }
      shared.u32[scratch >>> 2] = constants.keep(text, make(text));
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
