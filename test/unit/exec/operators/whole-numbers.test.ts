import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { containsBounds, extendRange, NO_NUMBERS } from '../../../../src/exec/operators/whole-numbers.js';

const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;

const numbers = fc.oneof(
  fc.bigInt({ min: -50n, max: 50n }),
  fc.constantFrom(LEAST, LEAST + 3n, GREATEST - 3n, GREATEST),
);
const bounds = fc
  .tuple(numbers, numbers)
  .map(([a, b]) => (a < b ? { least: a, greatest: b } : { least: b, greatest: a }));

test('a range that was extended contains what it had and what came, and has 64 bits', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bounds, fc.boolean()), { minLength: 1, maxLength: 6 }), (steps) => {
      let range = NO_NUMBERS;
      for (const [i, [found, margin]] of steps.entries()) {
        range = extendRange(range, found, margin);
        // Sizes are doubles: beyond 2^53 they say no more than that there are too many.
        if (range.size > 2 ** 53) return;
        for (const [before] of steps.slice(0, i + 1)) assert.ok(containsBounds(range, before));
        assert.ok(range.least >= LEAST && range.least + BigInt(range.size) - 1n <= GREATEST);
      }
    }),
  );
});

test('without a margin it is no larger than it must be; with one it grows by its size', () => {
  const ten = extendRange(NO_NUMBERS, { least: 1n, greatest: 10n }, false);
  assert.deepEqual(ten, { least: 1n, size: 10 });
  assert.deepEqual(extendRange(ten, { least: 5n, greatest: 12n }, false), { least: 1n, size: 12 });
  assert.deepEqual(extendRange(ten, { least: 5n, greatest: 12n }, true), { least: 1n, size: 22 });
  assert.deepEqual(extendRange(ten, { least: 0n, greatest: 4n }, true), { least: -10n, size: 21 });
  assert.equal(containsBounds(NO_NUMBERS, { least: 0n, greatest: 0n }), false);
  assert.equal(containsBounds(ten, { least: 1n, greatest: 10n }), true);
  assert.equal(containsBounds(ten, { least: 1n, greatest: 11n }), false);
});
