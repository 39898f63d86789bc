import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundsOfSorted } from '../../../src/catalog/statistics/column-sketch.js';
import {
  type Distribution,
  equalPairShare,
  equalShare,
  lessPairShare,
  likeShare,
  makeDistribution,
  type Ordinal,
  shareBetween,
} from '../../../src/planner/statistics/distribution.js';
import { DOUBLE, INTEGER, TEXT } from '../../../src/types/sql-type.js';

/** What ANALYZE would say of values that are all known: those that occur at least `least` times are common. */
function distributionOf(values: readonly Ordinal[], least: number, isWhole = false): Distribution {
  const counts = new Map<Ordinal, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const common = [...counts].filter(([, count]) => count >= least);
  const others = values.filter((value) => counts.get(value)! < least).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const type = typeof values[0] === 'string' ? TEXT : isWhole ? INTEGER : DOUBLE;
  const distribution = {
    type,
    common: common.map(([value, count]) => ({ value, share: count / values.length })),
    bounds: boundsOfSorted(others),
  };
  return makeDistribution(distribution, (value) => value as Ordinal)!;
}

const shareOf = (values: readonly Ordinal[], test: (value: Ordinal) => boolean): number =>
  values.filter(test).length / values.length;

/** Two buckets of a hundred, and one value that is not common. */
const TOLERANCE = 0.03;

const numbers = fc.array(fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.nat(5)), { minLength: 300, maxLength: 500 });
const words = fc.array(fc.stringMatching(/^[a-d]{1,8}$/), { minLength: 300, maxLength: 500 });

test('ranges of numbers are estimated within two buckets', () => {
  fc.assert(
    fc.property(numbers, fc.nat(1000), fc.nat(1000), fc.boolean(), fc.boolean(), fc.boolean(), (...drawn) => {
      const [values, one, other, includesLow, includesHigh, isWhole] = drawn;
      const distribution = distributionOf(values, 6, isWhole);
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const isIn = (value: number): boolean =>
        (includesLow ? value >= low : value > low) && (includesHigh ? value <= high : value < high);
      const truth = values.filter(isIn).length / values.length;
      const ends = [
        { value: low, isIncluded: includesLow },
        { value: high, isIncluded: includesHigh },
      ] as const;
      const distinct = new Set(values).size;
      const share = shareBetween(distribution, distinct, ...ends);
      assert.ok(Math.abs(share - truth) <= TOLERANCE, `${share} for ${truth}`);
    }),
    { numRuns: 200 },
  );
});

test('ranges of texts are estimated within two buckets', () => {
  fc.assert(
    fc.property(words, fc.stringMatching(/^[a-d]{1,6}$/), (values, end) => {
      const distribution = distributionOf(values, 6);
      const share = shareBetween(distribution, new Set(values).size, undefined, { value: end, isIncluded: false });
      assert.ok(Math.abs(share - shareOf(values, (value) => value < end)) <= TOLERANCE);
    }),
    { numRuns: 200 },
  );
});

test('a common value has the share it has; another no more than it could', () => {
  fc.assert(
    fc.property(numbers, fc.nat(1200), (values, wanted) => {
      const distribution = distributionOf(values, 6);
      const truth = shareOf(values, (value) => value === wanted);
      const share = equalShare(distribution, new Set(values).size, wanted);
      if (truth * values.length >= 6) assert.ok(Math.abs(share - truth) < 1e-9);
      else assert.ok(share * values.length <= 6);
    }),
    { numRuns: 200 },
  );
});

test('shares of all rows add up to 1', () => {
  fc.assert(
    fc.property(numbers, fc.nat(1000), (values, middle) => {
      const distribution = distributionOf(values, 6);
      const distinct = new Set(values).size;
      const below = shareBetween(distribution, distinct, undefined, { value: middle, isIncluded: false });
      const above = shareBetween(distribution, distinct, { value: middle, isIncluded: true }, undefined);
      assert.ok(Math.abs(below + above - 1) < 0.02);
      assert.ok(Math.abs(shareBetween(distribution, distinct, undefined, undefined) - 1) < 1e-9);
    }),
  );
});

test('patterns are tried on the values that are known', () => {
  fc.assert(
    fc.property(words, fc.constantFrom('a%', '%b', '%ab%', 'ab%c', '_a%', 'A%'), (values, pattern) => {
      const distribution = distributionOf(values, 6);
      const source = pattern.replaceAll('%', '.*').replaceAll('_', '.');
      const truth = shareOf(values, (value) => new RegExp(`^${source}$`, 's').test(String(value)));
      const share = likeShare(distribution, new Set(values).size, pattern, false);
      assert.ok(Math.abs(share - truth) <= 0.15, `${share} for ${truth}`);
    }),
    { numRuns: 200 },
  );
  const kinds = distributionOf([...Array(60).fill('100%'), ...Array(40).fill('a.c')] as string[], 2);
  assert.equal(likeShare(kinds, 2, '100\\%', false), 0.6);
  assert.equal(likeShare(kinds, 2, 'a.c', false), 0.4);
  assert.equal(likeShare(kinds, 2, 'abc', false), 0);
  assert.equal(likeShare(kinds, 2, 'A%', true), 0.4);
});

test('pairs of equal values, and of ascending ones', () => {
  fc.assert(
    fc.property(numbers, numbers, (left, right) => {
      const [lefts, rights] = [distributionOf(left, 6), distributionOf(right, 6)];
      const [ofLeft, ofRight] = [new Set(left).size, new Set(right).size];
      const pairs = left.length * right.length;
      const counts = new Map<number, number>();
      for (const value of right) counts.set(value, (counts.get(value) ?? 0) + 1);
      const equal = left.reduce((sum, value) => sum + (counts.get(value) ?? 0), 0) / pairs;
      const share = equalPairShare(lefts, ofLeft, rights, ofRight);
      assert.ok(share >= equal / 2 && share <= equal * 2 + 1e-3, `${share} for ${equal}`);
      const less = left.reduce((sum, value) => sum + right.filter((other) => value < other).length, 0) / pairs;
      assert.ok(Math.abs(lessPairShare(lefts, rights, ofRight) - less) <= 2 * TOLERANCE);
    }),
    { numRuns: 30 },
  );
});
