import fc from 'fast-check';
import type { ConstantValue } from '../../../src/planner/expression.js';
import type { PhysicalType } from '../../../src/types/sql-type.js';

/** Short and long ones: those of up to 8 bytes are within their views. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ minLength: 5, maxLength: 300 }),
);

/** A value of a column, sometimes NULL. */
export function arbitraryColumn(physical: PhysicalType): fc.Arbitrary<ConstantValue> {
  const values: Record<string, fc.Arbitrary<ConstantValue>> = {
    bool: fc.boolean(),
    i32: fc.integer(),
    i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    f64: fc.double({ noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    i128: fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }),
    string: arbitraryText,
  };
  return fc.option(values[physical]!, { freq: 5 });
}

export const PHYSICALS: PhysicalType[] = ['bool', 'i32', 'i64', 'f64', 'i128', 'string'];
