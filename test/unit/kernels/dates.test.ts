import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_DECLINED, STATUS_REJECTED } from '../../../src/exec/expression/argument-block.js';
import { statusOf } from '../../../src/exec/expression/expression-errors.js';
import { extractFields } from '../../../src/functions/scalar/dates/date-fields.js';
import {
  dateAddDays,
  dateField,
  dateToTimestamp,
  intervalAdd,
  intervalField,
  intervalScale,
  negateInterval,
  timeField,
  timeOfDay,
  timestampAddInterval,
  timestampDifference,
  timestampField,
  timestampToDate,
} from '../../../src/kernels/reference/dates.js';
import type { ReferenceInterval } from '../../../src/kernels/reference/format.js';
import { KernelMemory } from './kernel-memory.js';
import { fromInterval, i32s, i64s, intervals, toInterval } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated } = memory;
const block = memory.block();
const DAY = 86_400_000_000n;
const isInfinite = (timestamp: bigint): boolean => [2n ** 63n - 1n, -(2n ** 63n)].includes(timestamp);
const RUNS = { numRuns: 1000 };

const timestamps: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -210_866_803_200_000_000n, max: 9_223_371_331_199_999_999n }),
  // 1800 to 2200, and midnights with what lies next to them.
  fc.bigInt({ min: -5_364_662_400_000_000n, max: 7_258_118_400_000_000n }),
  fc.tuple(fc.integer({ min: -2_440_588, max: 106_751_982 }), fc.integer({ min: -1, max: 1 })).map(([day, offset]) => {
    return BigInt(day) * DAY + BigInt(offset);
  }),
  fc.constantFrom(-210_866_803_200_000_000n, 9_223_371_331_199_999_999n, 0n, -1n, -(2n ** 63n), 2n ** 63n - 1n),
);
const dates: fc.Arbitrary<number> = fc.oneof(
  i32s,
  fc.integer({ min: -2_440_590, max: -2_440_586 }),
  fc.integer({ min: 106_751_980, max: 106_751_984 }),
  fc.integer({ min: 2_145_042_903, max: 2_145_042_907 }),
  fc.integer({ min: -11_574_076, max: -11_574_073 }),
);
const times = fc.bigInt({ min: 0n, max: DAY });

function check<Value>(actual: Value, expected: Value | undefined, failure: Parameters<typeof statusOf>[0]): void {
  const status = block.takeStatus();
  if (expected === undefined) assert.equal(status, statusOf(failure));
  else assert.deepEqual([status, actual], [0, expected]);
}

function checkInterval(actual: bigint, expected: ReferenceInterval | undefined): void {
  check(toInterval(actual), expected, 'intervalOverflow');
}

test('days added to dates', () => {
  fc.assert(
    fc.property(dates, i32s, (date, count) => {
      check(generated.dateToTimestamp(block.pointer, date), dateToTimestamp(date), 'dateBeyondTimestamps');
      const [added, subtracted] = [dateAddDays(date, count), dateAddDays(date, -count)];
      check(BigInt(generated.dateAddDays(block.pointer, date, count)), added, 'dateOverflow');
      check(BigInt(generated.dateSubtractDays(block.pointer, date, count)), subtracted, 'dateOverflow');
    }),
    RUNS,
  );
});

test('intervals added to timestamps', () => {
  fc.assert(
    fc.property(timestamps, intervals, (timestamp, interval) => {
      const value = fromInterval(interval);
      check(
        generated.timestampAddInterval(block.pointer, timestamp, value, 1),
        timestampAddInterval(timestamp, interval),
        'timestampOverflow',
      );
      check(
        generated.timestampAddInterval(block.pointer, timestamp, value, -1),
        timestampAddInterval(timestamp, negateInterval(interval)),
        'timestampOverflow',
      );
    }),
    RUNS,
  );
});

test('a time of day brings a sum back between the bounds', () => {
  const day = 86_400_000_000n;
  const first = -210_866_803_200_000_000n;
  const interval = { months: 0, days: -1, microseconds: day - 1_800_000_000n };
  const hourLater = first + 3_600_000_000n;
  const sum = generated.timestampAddInterval(block.pointer, hourLater, fromInterval(interval), 1);
  assert.equal(sum, timestampAddInterval(hourLater, interval));
  assert.equal(sum, first + 1_800_000_000n);
});

test('differences, dates and times of timestamps', () => {
  fc.assert(
    fc.property(i64s, i64s, timestamps, (left, right, timestamp) => {
      checkInterval(generated.timestampDifference(block.pointer, left, right), timestampDifference(left, right));
      checkInterval(
        generated.timestampDifference(block.pointer, left, timestamp),
        timestampDifference(left, timestamp),
      );
      assert.equal(generated.timestampToDate(timestamp), timestampToDate(timestamp));
      assert.equal(generated.timestampToTime(block.pointer, timestamp), timeOfDay(timestamp));
      assert.equal(block.takeStatus(), isInfinite(timestamp) ? STATUS_DECLINED : 0);
    }),
    RUNS,
  );
});

test('times of day', () => {
  fc.assert(
    fc.property(times, times, intervals, (left, right, interval) => {
      const value = fromInterval(interval);
      assert.deepEqual(toInterval(generated.timeToInterval(left)), { months: 0, days: 0, microseconds: left });
      const difference = { months: 0, days: 0, microseconds: left - right };
      assert.deepEqual(toInterval(generated.timeDifference(left, right)), difference);
      assert.equal(generated.intervalToTime(value), timeOfDay(interval.microseconds));
      assert.equal(generated.timeAddInterval(left, value), timeOfDay(left + interval.microseconds));
      assert.equal(generated.timeSubtractInterval(left, value), timeOfDay(left - interval.microseconds));
    }),
    RUNS,
  );
});

test('sums of intervals', () => {
  fc.assert(
    fc.property(intervals, intervals, (left, right) => {
      const [a, b] = [fromInterval(left), fromInterval(right)];
      checkInterval(generated.intervalAdd(block.pointer, a, b), intervalAdd(left, right));
      checkInterval(generated.intervalSubtract(block.pointer, a, b), intervalAdd(left, negateInterval(right)));
      const zero = { months: 0, days: 0, microseconds: 0n };
      checkInterval(generated.intervalNegate(block.pointer, a), intervalAdd(zero, negateInterval(left)));
    }),
    RUNS,
  );
});

test('products and quotients of intervals', () => {
  const factors = fc.oneof(
    fc.double(),
    fc.double({ min: -1000, max: 1000, noNaN: true }),
    fc.integer({ min: -100, max: 100 }),
    fc.constantFrom(0, -0, 0.5, 1 / 3, Number.NaN, Number.POSITIVE_INFINITY),
  );
  fc.assert(
    fc.property(intervals, factors, (interval, factor) => {
      const value = fromInterval(interval);
      checkInterval(
        generated.intervalMultiply(block.pointer, value, factor),
        intervalScale(interval, (part) => part * factor),
      );
      const quotient = generated.intervalDivide(block.pointer, value, factor);
      if (factor === 0) assert.equal(block.takeStatus(), statusOf('divisionByZero'));
      else
        checkInterval(
          quotient,
          intervalScale(interval, (part) => part / factor),
        );
    }),
    { numRuns: 2000 },
  );
  // What PostgreSQL gives.
  const months = (count: number): ReferenceInterval => ({ months: count, days: 0, microseconds: 0n });
  const divided = (count: number, divisor: number): ReferenceInterval =>
    toInterval(generated.intervalDivide(block.pointer, fromInterval(months(count)), divisor));
  assert.deepEqual(divided(49, 49), months(1));
  assert.deepEqual(divided(1, 4), { months: 0, days: 7, microseconds: DAY / 2n });
});

/** Infinity has fields that grow with time, which TypeScript does; the others are NULL. */
function assertStatus(isOfInfinity: boolean, field: string): void {
  const grows = ['year', 'decade', 'century', 'millennium', 'isoyear', 'julian', 'epoch'].includes(field);
  assert.equal(block.takeStatus(), isOfInfinity ? (grows ? STATUS_DECLINED : STATUS_REJECTED) : 0, field);
}

test('fields', () => {
  const fields = Object.entries(extractFields);
  const small = fc.record({
    months: fc.integer({ min: -500, max: 500 }),
    days: fc.integer({ min: -500, max: 500 }),
    microseconds: fc.bigInt({ min: -3n * DAY, max: 3n * DAY }),
  });
  const edges = fc.constantFrom<ReferenceInterval[]>(
    { months: 0, days: 11_574_074, microseconds: 6_399_999_999n },
    { months: 0, days: 11_574_074, microseconds: 6_400_000_000n },
    { months: 0, days: -11_574_074, microseconds: -6_399_999_999n },
    { months: 0, days: -11_574_074, microseconds: -6_400_000_000n },
    { months: 0, days: 11_574_075, microseconds: -80_000_000_001n },
  );
  fc.assert(
    fc.property(timestamps, dates, times, fc.oneof(small, intervals, edges), (timestamp, date, time, interval) => {
      for (const [name, { number }] of fields) {
        if (!['hour', 'minute', 'second', 'milliseconds', 'microseconds', 'epoch'].includes(name)) {
          assert.equal(generated.dateField(block.pointer, date, number), dateField(name, date), name);
          assertStatus([2 ** 31 - 1, -(2 ** 31)].includes(date), name);
        }
        assert.equal(generated.timestampField(block.pointer, timestamp, number), timestampField(name, timestamp), name);
        assertStatus(isInfinite(timestamp), name);
        const value = generated.intervalField(block.pointer, fromInterval(interval), number);
        if (!['dow', 'isodow', 'doy', 'week', 'isoyear'].includes(name)) {
          check(value, intervalField(name, interval), 'intervalOverflow');
        }
        if (['hour', 'minute', 'second', 'milliseconds', 'microseconds', 'epoch'].includes(name)) {
          assert.equal(generated.timeField(time, number), timeField(name, time), name);
        }
      }
    }),
    RUNS,
  );
});
