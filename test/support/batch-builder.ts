import { writeValue } from '../../src/exec/expression/value-codec.js';
import type { ConstantValue } from '../../src/planner/expression.js';
import { byteWidthOf, physicalTypeOf, type SqlType } from '../../src/types/sql-type.js';
import type { Scope } from '../../src/vector/scope.js';
import type { SharedMemory } from '../../src/vector/shared-memory.js';
import { Vector, type VectorEncoding } from '../../src/vector/vector.js';

let nextId = 1;

/** A column of the values given, null for NULL, in an encoding (`constant` takes the first value). */
export function buildVector(
  shared: SharedMemory,
  scope: Scope,
  type: SqlType,
  values: readonly ConstantValue[],
  encoding: VectorEncoding = 'flat',
): Vector {
  const vector = new Vector(physicalTypeOf(type));
  const width = byteWidthOf(vector.physical);
  const write = (target: number, value: ConstantValue): void => {
    if (value === null) shared.u8.fill(0xa5, target, target + width);
    else writeValue(shared, target, type, value, (byteLength) => scope.allocate(byteLength));
  };
  const hasNull = values.includes(null);
  const validity = hasNull ? scope.allocate(values.length) : 0;
  values.forEach((value, row) => {
    if (hasNull) shared.u8[validity + row] = value === null ? 0 : 1;
  });
  if (encoding === 'constant') {
    const data = scope.allocate(width);
    write(data, values[0] ?? null);
    vector.setConstant(data, values[0] === null ? validity : 0);
    return vector;
  }
  if (encoding === 'flat') {
    const data = scope.allocate(Math.max(1, values.length) * width);
    values.forEach((value, row) => {
      write(data + row * width, value);
    });
    vector.setFlat(data, validity);
    return vector;
  }
  const keyOf = (value: ConstantValue): string =>
    typeof value === 'object'
      ? JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part))
      : `${typeof value}${Object.is(value, -0) ? '-0' : value}`;
  const entries = [...new Map(values.filter((value) => value !== null).map((value) => [keyOf(value), value])).values()];
  const data = scope.allocate(Math.max(1, entries.length) * width);
  entries.forEach((value, index) => {
    write(data + index * width, value);
  });
  if (entries.length === 0) write(data, null);
  const codes = scope.allocate(values.length * 4);
  const keys = entries.map(keyOf);
  values.forEach((value, row) => {
    shared.u32[(codes >>> 2) + row] = value === null ? 0 : keys.indexOf(keyOf(value));
  });
  vector.setDictionary(data, Math.max(1, entries.length), nextId++, codes, validity);
  return vector;
}
