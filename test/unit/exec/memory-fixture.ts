import { writeConstant } from '../../../src/exec/rows/write-constant.js';
import { type Kernels, loadKernels } from '../../../src/kernels/kernels.js';
import type { ConstantValue } from '../../../src/planner/expression.js';
import type { PhysicalType } from '../../../src/types/sql-type.js';
import { byteWidthOf } from '../../../src/types/sql-type.js';
import { Scope } from '../../../src/vector/scope.js';
import { SharedMemory } from '../../../src/vector/shared-memory.js';
import { Vector } from '../../../src/vector/vector.js';

/** A memory with kernels and one scope, for tests of what works on vectors. */
export interface MemoryFixture {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
  readonly scope: Scope;
  readonly owner: number;
}

export function createMemoryFixture(byteLength: number = 256 * 2 ** 20): MemoryFixture {
  const shared = SharedMemory.create(byteLength, { checked: true });
  const owner = shared.createOwner();
  return { shared, kernels: loadKernels(shared.memory), scope: new Scope(shared, owner), owner };
}

/** A flat vector of the values; null is NULL. */
export function flatVector(fixture: MemoryFixture, physical: PhysicalType, values: readonly ConstantValue[]): Vector {
  const { shared, scope } = fixture;
  const width = byteWidthOf(physical);
  const data = scope.allocateCleared(values.length * width);
  const validity = scope.allocate(values.length);
  let hasNulls = false;
  for (const [row, value] of values.entries()) {
    shared.u8[validity + row] = value === null ? 0 : 1;
    if (value === null) hasNulls = true;
    else writeConstant(shared, scope, physical, value, data + row * width);
  }
  const vector = new Vector(physical);
  vector.setFlat(data, hasNulls ? validity : 0);
  return vector;
}

/** The same values as a dictionary vector. */
export function dictionaryVector(
  fixture: MemoryFixture,
  physical: PhysicalType,
  values: readonly ConstantValue[],
  id: number,
): Vector {
  const { shared, scope } = fixture;
  const entries = [...new Set(values.filter((value) => value !== null))];
  const dictionary = flatVector(fixture, physical, entries.length === 0 ? [zeroOf(physical)] : entries);
  const codes = scope.allocate(values.length * 4);
  const validity = scope.allocate(values.length);
  for (const [row, value] of values.entries()) {
    shared.u32[codes / 4 + row] = value === null ? 0 : entries.indexOf(value);
    shared.u8[validity + row] = value === null ? 0 : 1;
  }
  const vector = new Vector(physical);
  vector.setDictionary(dictionary.data, Math.max(1, entries.length), id, codes, values.includes(null) ? validity : 0);
  return vector;
}

export function zeroOf(physical: PhysicalType): ConstantValue {
  switch (physical) {
    case 'bool':
      return false;
    case 'i64':
    case 'i128':
      return 0n;
    case 'string':
      return '';
    case 'interval':
      return { months: 0, days: 0, microseconds: 0n };
    case 'uuid':
      return '00000000-0000-0000-0000-000000000000';
    default:
      return 0;
  }
}

/** The value of one row of a vector, as a plan constant. */
export function readValue(shared: SharedMemory, vector: Vector, row: number): ConstantValue {
  const position = vector.encoding === 'constant' ? 0 : row;
  if (vector.validity !== 0 && shared.u8[vector.validity + position] === 0) return null;
  const index = vector.encoding === 'dictionary' ? shared.u32[vector.codes / 4 + row]! : position;
  const at = vector.data + index * byteWidthOf(vector.physical);
  const { view } = shared;
  switch (vector.physical) {
    case 'bool':
      return view.getUint8(at) !== 0;
    case 'i32':
      return view.getInt32(at, true);
    case 'i64':
      return view.getBigInt64(at, true);
    case 'f32':
      return view.getFloat32(at, true);
    case 'f64':
      return view.getFloat64(at, true);
    case 'i128':
      return (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);
    case 'string': {
      const pointer = view.getUint32(at + 4, true);
      return new TextDecoder().decode(shared.u8.slice(pointer, pointer + view.getUint32(at, true)));
    }
    case 'interval':
      return {
        months: view.getInt32(at, true),
        days: view.getInt32(at + 4, true),
        microseconds: view.getBigInt64(at + 8, true),
      };
    case 'uuid': {
      const digits = [...shared.u8.subarray(at, at + 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return [
        digits.slice(0, 8),
        digits.slice(8, 12),
        digits.slice(12, 16),
        digits.slice(16, 20),
        digits.slice(20),
      ].join('-');
    }
  }
}
