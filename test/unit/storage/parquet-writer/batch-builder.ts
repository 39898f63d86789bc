import type { SqlType } from '../../../../src/types/sql-type.js';
import { byteWidthOf, physicalTypeOf } from '../../../../src/types/sql-type.js';
import type { Scope } from '../../../../src/vector/scope.js';
import type { SharedMemory } from '../../../../src/vector/shared-memory.js';
import { type Batch, Vector, type VectorEncoding } from '../../../../src/vector/vector.js';

export interface IntervalValue {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}

/**
 * boolean; number for i32, f32, f64; bigint for i64 and i128; string for text and json; bytes for bytea and uuid.
 */
export type TestValue = null | boolean | number | bigint | string | Uint8Array | IntervalValue;

export interface TestColumn {
  readonly type: SqlType;
  readonly values: readonly TestValue[];
  /** Default: flat. `constant` needs values that are all the same. */
  readonly encoding?: VectorEncoding | undefined;
  readonly dictionaryId?: number | undefined;
}

export class BatchBuilder {
  private readonly shared: SharedMemory;
  private readonly scope: Scope;

  constructor(shared: SharedMemory, scope: Scope) {
    this.shared = shared;
    this.scope = scope;
  }

  batch(columns: readonly TestColumn[]): Batch {
    return { rowCount: columns[0]!.values.length, columns: columns.map((column) => this.vector(column)) };
  }

  vector({ type, values, encoding = 'flat', dictionaryId = 0 }: TestColumn): Vector {
    const vector = new Vector(physicalTypeOf(type));
    const hasNull = values.includes(null);
    const validity = hasNull ? this.scope.allocate(values.length) : 0;
    if (hasNull) {
      this.shared.u8.set(
        values.map((value) => (value === null ? 0 : 1)),
        validity,
      );
    }
    if (encoding === 'flat') vector.setFlat(this.writeAll(type, values), validity);
    else if (encoding === 'constant') vector.setConstant(this.writeAll(type, values.slice(0, 1)), validity);
    else {
      const entries: TestValue[] = [];
      const known = new Map<string, number>();
      const codes = this.scope.allocate(values.length * 4);
      for (const [row, value] of values.entries()) {
        const key = keyOf(value);
        let code = value === null ? 0 : known.get(key);
        if (code === undefined) {
          code = entries.push(value) - 1;
          known.set(key, code);
        }
        this.shared.u32[codes / 4 + row] = code;
      }
      if (entries.length === 0) entries.push(null);
      vector.setDictionary(this.writeAll(type, entries), entries.length, dictionaryId, codes, validity);
    }
    return vector;
  }

  private writeAll(type: SqlType, values: readonly TestValue[]): number {
    const physical = physicalTypeOf(type);
    const width = byteWidthOf(physical);
    const base = this.scope.allocateCleared(values.length * width);
    for (const [row, value] of values.entries()) if (value !== null) this.write(physical, base + row * width, value);
    return base;
  }

  private write(physical: string, pointer: number, value: TestValue): void {
    const { view, u8 } = this.shared;
    switch (physical) {
      case 'bool':
        view.setUint8(pointer, value ? 1 : 0);
        break;
      case 'i32':
        view.setInt32(pointer, value as number, true);
        break;
      case 'i64':
        view.setBigInt64(pointer, value as bigint, true);
        break;
      case 'f32':
        view.setFloat32(pointer, value as number, true);
        break;
      case 'f64':
        view.setFloat64(pointer, value as number, true);
        break;
      case 'i128':
        view.setBigUint64(pointer, BigInt.asUintN(64, value as bigint), true);
        view.setBigInt64(pointer + 8, (value as bigint) >> 64n, true);
        break;
      case 'uuid':
        u8.set(value as Uint8Array, pointer);
        break;
      case 'interval': {
        const interval = value as IntervalValue;
        view.setInt32(pointer, interval.months, true);
        view.setInt32(pointer + 4, interval.days, true);
        view.setBigInt64(pointer + 8, interval.micros, true);
        break;
      }
      case 'string': {
        const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : (value as Uint8Array);
        const text = this.scope.allocate(bytes.length);
        u8.set(bytes, text);
        view.setUint32(pointer, bytes.length, true);
        view.setUint32(pointer + 4, text, true);
        u8.set(bytes.subarray(0, 8), pointer + 8);
        break;
      }
      default:
        throw new Error(physical);
    }
  }
}

/** A text that is equal for equal values only. */
export function keyOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'object') {
    const { months, days, micros } = value as IntervalValue;
    return `${months} ${days} ${micros}`;
  }
  return String(value);
}
