import fc from 'fast-check';
import type { IntervalValue } from '../../src/planner/expression.js';

/** Of one byte and of several; of some the other case is longer or shorter. */
export const letters: fc.Arbitrary<string> = fc.constantFrom(
  'a',
  'b',
  'A',
  'B',
  'z',
  'Z',
  '1',
  '0',
  ' ',
  '/',
  '%',
  '_',
  '\\',
  'é',
  'É',
  '€',
  '😀',
  'ß',
  'Σ',
  'İ',
  'Ⱥ',
  '’',
  '中',
  '²',
);
export const shortText: fc.Arbitrary<string> = fc.array(letters, { maxLength: 6 }).map((parts) => parts.join(''));
const plainText = fc
  .array(fc.constantFrom('a', 'b', 'A', 'B', '/', '%', '_', '\\'), { maxLength: 5 })
  .map((parts) => parts.join(''));
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: shortText },
  { weight: 2, arbitrary: plainText },
  { weight: 1, arbitrary: fc.array(letters, { minLength: 12, maxLength: 40 }).map((parts) => parts.join('')) },
);

export const DAY: bigint = 86_400_000_000n;
export const timestamp: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt(-100_000n * DAY, 100_000n * DAY),
  fc.bigInt(-2_000_000n * DAY, 100_000_000n * DAY),
  fc.bigInt(-20_000n, 20_000n).map((day) => day * DAY),
  fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n)),
);

export const interval: fc.Arbitrary<IntervalValue> = fc
  .tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 }), fc.bigInt(-3n * DAY, 3n * DAY))
  .map(([months, days, microseconds]) => ({ months, days, microseconds }));

export const uuid: fc.Arbitrary<string> = fc
  .tuple(fc.uint8Array({ minLength: 6, maxLength: 6 }), fc.constantFrom('1', '4', '7'), fc.constantFrom('8', 'b', 'c'))
  .map(([bytes, ...rest]) => [Buffer.from(bytes).toString('hex'), ...rest] as const)
  .map(
    ([digits, version, variant]) => `${digits.slice(0, 8)}-${digits.slice(8)}-${version}abc-${variant}def-${digits}`,
  );
