import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolveScalarFunction, scalarOverload } from '../../../src/functions/registry.js';
import type { ConstantValue, Expression } from '../../../src/planner/expression.js';
import { BIGINT, DOUBLE, decimal, INTEGER, REAL, type SqlType, TEXT } from '../../../src/types/sql-type.js';
import { hold } from '../../support/fallback-agreement.js';

const parts = ['9', '9', '9', '9', '0', '0', ',', '.', 'D', 'G', 'S', 'PL', 'MI', 'SG', 'PR', 'FM', 'TH', 'th', 'V'];
const rare = ['L', 'B', 'SP', 'RN', 'EEEE', 'x', 'é', ' ', '"a9"', '\\"', 'd', 'pr', 's', 'Fm', 'E', 'M', 'P', '{'];
const template = fc.oneof(
  fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((list) => list.join('')),
  fc
    .array(fc.oneof(fc.constantFrom(...parts), fc.constantFrom(...rare)), { maxLength: 10 })
    .map((list) => list.join('')),
  // As they are written as a rule.
  fc
    .tuple(
      fc.constantFrom('', 'FM', 'S', 'MI', 'SG', 'FMS', 'PL', 'L'),
      fc.constantFrom('9', '999', '9,999', '999,999,990', '000', '0999', '99G999', '9999999999999999999', '99V99', ''),
      fc.constantFrom('', '', '.99', 'D00', '.9990', '.', '.999999999999999999', '.0'),
      fc.constantFrom('', '', 'PR', 'S', 'MI', 'TH', '%', ' EUR'),
    )
    .map((list) => list.join('')),
);

const numbers: readonly (readonly [SqlType, fc.Arbitrary<ConstantValue>])[] = [
  [INTEGER, fc.oneof(fc.integer({ min: -2000, max: 2000 }), fc.integer())],
  [BIGINT, fc.oneof(fc.bigInt(-20_000n, 20_000n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n))],
  [decimal(12, 2), fc.oneof(fc.bigInt(-20_000n, 20_000n), fc.bigInt(-(10n ** 12n) + 1n, 10n ** 12n - 1n))],
  [decimal(18, 18), fc.bigInt(-(10n ** 18n) + 1n, 10n ** 18n - 1n)],
  [decimal(38, 4), fc.oneof(fc.bigInt(-20_000_000n, 20_000_000n), fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n))],
  ...([REAL, DOUBLE] as const).map((type) => {
    const value = fc.oneof(
      fc.tuple(fc.integer({ min: -2_000_000, max: 2_000_000 }), fc.nat(8)).map(([n, e]) => n / 10 ** e),
      fc.tuple(fc.integer({ min: -4096, max: 4096 }), fc.nat(10)).map(([n, e]) => n / 2 ** e),
      fc.double({ min: -1e20, max: 1e20, noNaN: true }),
      fc.double(),
      fc.constantFrom(0, -0, 0.5, 1.5, 2.5, 9.5, 99.995, 5e-324, 2 ** 53, 2 ** 63, 1e15, 999_999.5),
    );
    return [type, type.kind === 'real' ? value.map(Math.fround) : value] as const;
  }),
];

test('numbers are formatted by a kernel as TypeScript does it', () => {
  for (const [type, value] of numbers) {
    const { overload, returns } = resolveScalarFunction('to_char', [type, TEXT]);
    const { implementation } = scalarOverload(overload);
    assert.ok(implementation.kind === 'memory' && implementation.fallback);
    const make = (args: readonly Expression[]): Expression => ({ kind: 'call', type: returns, overload, args });
    for (let round = 0; round < 8; round++) {
      hold(overload, make, [type, TEXT], returns, implementation.fallback, fc.tuple(value, template));
    }
  }
});
