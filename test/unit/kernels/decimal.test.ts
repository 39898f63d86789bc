import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { statusOf } from '../../../src/exec/expression/expression-errors.js';
import {
  decimalAdd,
  decimalDivide,
  decimalLeastScale,
  decimalModulo,
  decimalMultiply,
  decimalQuotient,
  decimalRescale,
  decimalRound,
  decimalRoundTo,
  decimalToBigint,
  decimalToDouble,
  power,
  type RoundingMode,
} from '../../../src/kernels/reference/decimal.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { generated } = memory;
const block = memory.block();
const LARGEST = power(38) - 1n;
const MODES: readonly RoundingMode[] = ['nearest', 'floor', 'ceil', 'trunc'];

/** Any number of digits, and the edges of the halves and of powers of ten. */
const decimals: fc.Arbitrary<bigint> = fc
  .oneof(
    fc
      .tuple(fc.bigInt({ min: 0n, max: LARGEST }), fc.integer({ min: 0, max: 38 }))
      .map(([value, digits]) => value % power(digits)),
    fc
      .tuple(fc.integer({ min: 0, max: 38 }), fc.integer({ min: -2, max: 2 }), fc.constantFrom(1n, 5n))
      .map(([digits, offset, factor]) => factor * power(digits) + BigInt(offset)),
    fc
      .tuple(fc.integer({ min: 30, max: 126 }), fc.integer({ min: -2, max: 2 }))
      .map(([bits, offset]) => 2n ** BigInt(bits) + BigInt(offset)),
    fc.constantFrom(0n, 1n, LARGEST),
  )
  .chain((value) => fc.constantFrom(value, -value))
  .filter((value) => value <= LARGEST && value >= -LARGEST);
const digits = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });

/** The value, or the overflow that the twin gives as undefined. */
function check<Value>(actual: Value, expected: Value | undefined, failure = statusOf('decimalOverflow')): void {
  const status = block.takeStatus();
  if (expected === undefined) assert.equal(status, failure);
  else assert.deepEqual([status, actual], [0, expected]);
}

test('sums and differences', () => {
  fc.assert(
    fc.property(decimals, digits(38), decimals, digits(38), (a, aDigits, b, bDigits) => {
      const [raised, kept] = aDigits > bDigits ? [aDigits, 0] : [0, bDigits];
      check(generated.decimalAdd(block.pointer, a, raised, b, kept), decimalAdd(a, raised, b, kept));
      check(generated.decimalSubtract(block.pointer, a, raised, b, kept), decimalAdd(a, raised, -b, kept));
      check(generated.decimalAdd(block.pointer, a, 0, b, 0), decimalAdd(a, 0, b, 0));
    }),
    { numRuns: 1500 },
  );
});

test('products, with digits dropped or not', () => {
  fc.assert(
    fc.property(decimals, decimals, digits(76), (a, b, dropped) => {
      for (const count of [0, dropped])
        check(generated.decimalMultiply(block.pointer, a, b, count), decimalMultiply(a, b, count));
    }),
    { numRuns: 1500 },
  );
});

test('a product that rounds to 2^128 overflows', () => {
  for (let rest = 1n; rest <= 5n; rest++) {
    const product = 10n * 2n ** 128n - rest;
    for (let factor = 35n; factor < 5000n; factor++) {
      if (product % factor !== 0n) continue;
      check(
        generated.decimalMultiply(block.pointer, product / factor, factor, 1),
        decimalMultiply(product / factor, factor, 1),
      );
    }
  }
});

test('quotients and remainders', () => {
  fc.assert(
    fc.property(decimals, decimals, digits(76), digits(38), (a, b, added, raised) => {
      const zero = statusOf('divisionByZero');
      if (b === 0n) {
        check(generated.decimalDivide(block.pointer, a, b, added), undefined, zero);
        check(generated.decimalModulo(block.pointer, a, 0, b, raised), undefined, zero);
        return;
      }
      for (const count of [0, added])
        check(generated.decimalDivide(block.pointer, a, b, count), decimalDivide(a, b, count));
      check(generated.decimalModulo(block.pointer, a, 0, b, raised), decimalModulo(a, 0, b, raised));
      check(generated.decimalModulo(block.pointer, a, raised, b, 0), decimalModulo(a, raised, b, 0));
    }),
    { numRuns: 1500 },
  );
});

test('whole quotients', () => {
  const difference = fc.integer({ min: -38, max: 38 });
  fc.assert(
    fc.property(decimals, decimals, difference, (a, b, by) => {
      const actual = generated.decimalQuotient(block.pointer, a, b, by);
      if (b === 0n) check(actual, undefined, statusOf('divisionByZero'));
      else check(actual, decimalQuotient(a, b, by));
    }),
    { numRuns: 1500 },
  );
});

test('the least scale', () => {
  fc.assert(
    fc.property(decimals, digits(38), digits(38), (a, scale, zeros) => {
      assert.equal(generated.decimalLeastScale(a, scale), decimalLeastScale(a, scale));
      const withZeros = (a / power(zeros)) * power(zeros);
      assert.equal(generated.decimalLeastScale(withZeros, scale), decimalLeastScale(withZeros, scale));
    }),
    { numRuns: 1000 },
  );
});

test('signs and order', () => {
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      assert.equal(generated.decimalNegate(a), -a);
      assert.equal(generated.decimalAbsolute(a), a < 0n ? -a : a);
      assert.equal(generated.decimalSign(a), a < 0n ? -1n : a > 0n ? 1n : 0n);
      assert.equal(generated.decimalCompare(a, b), a < b ? -1 : a > b ? 1 : 0);
      assert.equal(generated.decimalCompare(a, a), 0);
    }),
    { numRuns: 300 },
  );
});

test('scales and types', () => {
  const i64 = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 0n),
  );
  const shift = fc.integer({ min: -38, max: 38 });
  fc.assert(
    fc.property(decimals, i64, shift, fc.integer({ min: 1, max: 38 }), digits(38), (a, small, by, precision, scale) => {
      check(generated.decimalRescale(block.pointer, a, by, precision), decimalRescale(a, by, precision));
      const raised = Math.abs(by);
      check(
        generated.decimalFromBigint(block.pointer, small, raised, precision),
        decimalRescale(small, raised, precision),
      );
      check(generated.decimalToBigint(block.pointer, a, scale), decimalToBigint(a, scale), statusOf('bigintOverflow'));
      const atEdge = small * power(scale);
      if (atEdge <= LARGEST && atEdge >= -LARGEST) {
        check(generated.decimalToBigint(block.pointer, atEdge, scale), small);
      }
    }),
    { numRuns: 1500 },
  );
});

test('the nearest double', () => {
  fc.assert(
    fc.property(decimals, digits(38), (a, scale) => {
      assert.equal(generated.decimalToDouble(a, scale), decimalToDouble(a, scale));
    }),
    { numRuns: 1500 },
  );
});

test('rounding', () => {
  const places = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1));
  fc.assert(
    fc.property(decimals, digits(38), places, (a, scale, kept) => {
      for (const [number, mode] of MODES.entries()) {
        assert.equal(generated.decimalRound(a, scale, number), decimalRound(a, scale, mode));
        if (mode !== 'nearest' && mode !== 'trunc') continue;
        check(generated.decimalRoundTo(block.pointer, a, scale, kept, number), decimalRoundTo(a, scale, kept, mode));
      }
    }),
    { numRuns: 1500 },
  );
});

test('products of bigints that overflow are seen', () => {
  const edge = 2n ** 63n;
  const factor = fc.oneof(
    fc.bigInt({ min: -edge, max: edge - 1n }),
    fc.bigInt({ min: -(2n ** 33n), max: 2n ** 33n }),
    fc.constantFrom(-edge, edge - 1n, -1n, 0n, 1n, 2n, -2n, 2n ** 31n, 2n ** 32n, 3037000500n),
  );
  fc.assert(
    fc.property(factor, factor, (a, b) => {
      const overflows = BigInt.asIntN(64, a * b) !== a * b;
      assert.equal(generated.bigintProductOverflows(a, b), overflows ? 1 : 0);
    }),
    { numRuns: 1000 },
  );
});
