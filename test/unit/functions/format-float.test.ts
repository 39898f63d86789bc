import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatFloat } from '../../../src/functions/format-value.js';
import { formatFloat as exactly } from '../../../src/kernels/reference/format.js';

test('large doubles are printed in digits that are nearer to no neighbour', () => {
  assert.equal(formatFloat(20169695960239750, false), '2.0169695960239752e+16');
  const large = fc.tuple(fc.bigInt(-(2n ** 53n), 2n ** 53n), fc.integer({ min: 0, max: 40 }));
  fc.assert(
    fc.property(large, ([significand, power]) => {
      const value = Number(significand) * 2 ** power;
      assert.equal(formatFloat(value, false), exactly(value, 53));
    }),
    { numRuns: 3000 },
  );
});
