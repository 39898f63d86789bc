import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { statusOf } from '../../../src/exec/expression/expression-errors.js';
import { shapeOf } from '../../../src/kernels/reference/central-moments.js';
import { comomentResults, comomentsOf } from '../../../src/kernels/reference/comoments.js';
import { exactVariance } from '../../../src/kernels/reference/exact-variance.js';
import { KernelMemory } from './kernel-memory.js';
import { i64s } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope } = memory;

function assertClose(actual: number, expected: number, what: string, tolerance = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)), `${what}: ${actual}, not ${expected}`);
}

test('regressions of pairs, in two parts', () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -3, max: 3 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(pairs, fc.nat(30), (pairs, cut) => {
      const stateOf = (part: typeof pairs): number => {
        const state = scope.allocateCleared(48);
        for (const [y, x] of part) generated.comomentsAdd(state, y, x);
        return state;
      };
      const target = stateOf(pairs.slice(0, cut));
      generated.comomentsCombine(target, stateOf(pairs.slice(cut)));
      // Whether a sum of squares is zero is exact: all values are one.
      const isConstant = (at: 0 | 1): boolean => new Set(pairs.map((pair) => pair[at])).size < 2;
      const expected = comomentResults({
        ...comomentsOf(pairs),
        ...(isConstant(1) ? { squaresX: 0 } : {}),
        ...(isConstant(0) ? { squaresY: 0 } : {}),
      });
      for (const [what, value] of expected.entries()) {
        assert.equal(generated.comomentsIsNull(target, what), value === undefined ? 1 : 0, `${what}`);
        if (value !== undefined) assertClose(generated.comomentsResult(target, what), value, `${what}`);
      }
      scope.reset();
    }),
    { numRuns: 300 },
  );
});

test('skewness and kurtosis, far from zero too, in two parts', () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 40 });
  fc.assert(
    fc.property(values, fc.nat(40), fc.constantFrom(0, 1e6), (values, cut, origin) => {
      const stateOf = (part: readonly number[]): number => {
        const state = scope.allocateCleared(40);
        for (const value of part) generated.centralMomentsAdd(state, origin + value);
        return state;
      };
      const target = stateOf(values.slice(0, cut));
      generated.centralMomentsCombine(target, stateOf(values.slice(cut)));
      const [second] = memory.shared.f64.subarray((target + 16) >>> 3);
      assert.equal(second === 0, new Set(values).size < 2);
      if (second !== 0) {
        const { skewness, kurtosis } = shapeOf(values);
        assertClose(generated.skewnessOf(target), skewness, 'skewness', 1e-6);
        assertClose(generated.kurtosisOf(target), kurtosis, 'kurtosis', 1e-6);
      }
      scope.reset();
    }),
    { numRuns: 300 },
  );
});

/** Words of the sum of squares: see `squaresWords`. */
function wordsOf(values: readonly bigint[]): number {
  if (values.every((value) => BigInt.asIntN(32, value) === value)) return 2;
  return values.every((value) => BigInt.asIntN(64, value) === value) ? 3 : 5;
}

test('variances of integers and decimals are exact', () => {
  const digits38 = 10n ** 38n - 1n;
  const wide = fc.oneof(fc.bigInt({ min: -digits38, max: digits38 }), fc.bigInt({ min: -1000n, max: 1000n }), i64s);
  const kinds = fc.record({ sample: fc.boolean(), deviation: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(wide, { minLength: 2, maxLength: 12 }),
      fc.nat(12),
      fc.nat(38),
      kinds,
      (values, cut, scale, kind) => {
        const sum = values.reduce((total, value) => total + value, 0n);
        fc.pre(sum < 2n ** 127n && sum >= -(2n ** 127n));
        const words = wordsOf(values);
        const stateOf = (part: readonly bigint[]): number => {
          const state = scope.allocateCleared(words * 8);
          for (const value of part) {
            if (BigInt.asIntN(64, value) === value) generated.squaresAdd(state, value);
            else generated.squaresAddWide(state, value);
          }
          return state;
        };
        const state = stateOf(values.slice(0, cut));
        generated.squaresCombine(state, stateOf(values.slice(cut)), words);
        const resultScale = Math.max(scale, 16);
        const block = memory.block(128);
        const bits = (kind.sample ? 1 : 0) | (kind.deviation ? 2 : 0) | (words << 2);
        const count = BigInt(values.length);
        const actual = generated.exactVariance(block.pointer, state, sum, count, scale, resultScale, bits);
        const expected = exactVariance(values, scale, resultScale, kind);
        assert.equal(block.takeStatus(), expected === undefined ? statusOf('decimalOverflow') : 0);
        if (expected !== undefined) assert.equal(actual, expected);
        scope.reset();
      },
    ),
    { numRuns: 1000 },
  );
});
