import fc from 'fast-check';
import type { ReferenceInterval } from '../../../src/kernels/reference/format.js';

/** Values of each width, their extremes and small ones among them. */
export const i32s: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-(2 ** 31), 2 ** 31 - 1),
);

export const i64s: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n),
);

export const i128s: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.constantFrom(-(2n ** 127n), 2n ** 127n - 1n, 2n ** 64n, 2n ** 64n - 1n, -(2n ** 64n)),
);

/** NaN, both zeros and infinities included. */
export const f64s: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, Number.MAX_VALUE),
);

const DAY = 86_400_000_000n;

export const intervals: fc.Arbitrary<ReferenceInterval> = fc.record({
  months: i32s,
  days: i32s,
  microseconds: fc.oneof(
    i64s,
    fc
      .tuple(fc.bigInt({ min: -40n, max: 40n }), fc.bigInt({ min: -2n, max: 2n }))
      .map(([days, rest]) => days * DAY + rest),
  ),
});

/** The 16 bytes of an interval as a v128. */
export function fromInterval({ months, days, microseconds }: ReferenceInterval): bigint {
  const low = BigInt.asUintN(32, BigInt(months)) | (BigInt.asUintN(32, BigInt(days)) << 32n);
  return (microseconds << 64n) | low;
}

export function toInterval(value: bigint): ReferenceInterval {
  return {
    months: Number(BigInt.asIntN(32, value)),
    days: Number(BigInt.asIntN(32, value >> 32n)),
    microseconds: BigInt.asIntN(64, value >> 64n),
  };
}

/** Text in UTF-8 and arbitrary bytes, many of them with equal beginnings. */
export const byteStrings: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ max: 1, maxLength: 20 }),
  fc
    .tuple(fc.constantFrom('', 'a', 'common prefix ', 'common prefix that is long '), fc.uint8Array({ maxLength: 9 }))
    .map(([prefix, rest]) => Uint8Array.from([...Buffer.from(prefix), ...rest])),
);
