import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { statusOf } from '../../../src/exec/expression/expression-errors.js';
import {
  justify,
  justifyDays,
  justifyHours,
  lastOfMonth,
  roundTimestamp,
  roundTo,
} from '../../../src/kernels/reference/date-functions.js';
import { dateToTimestamp } from '../../../src/kernels/reference/dates.js';
import type { ReferenceInterval } from '../../../src/kernels/reference/format.js';
import { KernelMemory } from './kernel-memory.js';
import { fromInterval, intervals, toInterval } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated } = memory;
const block = memory.block();
const DAY = 86_400_000_000n;

const timestamps = fc.oneof(
  fc.bigInt({ min: -210_866_803_200_000_000n, max: 9_223_371_331_199_000_000n }),
  fc.bigInt({ min: 946_684_799_000_000n, max: 946_684_801_000_000n }),
);
const units = fc.constantFrom(1_000_000, 100_000, 10_000, 1000, 100, 10);
const small: fc.Arbitrary<ReferenceInterval> = fc.record({
  months: fc.integer({ min: -30, max: 30 }),
  days: fc.integer({ min: -70, max: 70 }),
  microseconds: fc.bigInt({ min: -3n * DAY, max: 3n * DAY }),
});

test('intervals are justified', () => {
  const check = (name: string, actual: bigint, expected: ReferenceInterval | undefined): void => {
    const status = block.takeStatus();
    if (expected === undefined) assert.equal(status, statusOf('intervalOverflow'), name);
    else assert.deepEqual([status, toInterval(actual)], [0, expected], name);
  };
  fc.assert(
    fc.property(fc.oneof(small, intervals), (interval) => {
      const value = fromInterval(interval);
      check('hours', generated.intervalJustifyHours(block.pointer, value), justifyHours(interval));
      check('days', generated.intervalJustifyDays(block.pointer, value), justifyDays(interval));
      check('all', generated.intervalJustify(block.pointer, value), justify(interval));
    }),
    { numRuns: 1000 },
  );
});

test('precisions round halves away from the year 2000, and from nothing', () => {
  fc.assert(
    fc.property(timestamps, units, small, (timestamp, unit, interval) => {
      assert.equal(generated.timestampRound(timestamp, unit), roundTimestamp(timestamp, BigInt(unit)));
      assert.equal(generated.timeRound(interval.microseconds, unit), roundTo(interval.microseconds, BigInt(unit)));
      assert.deepEqual(toInterval(generated.intervalRound(fromInterval(interval), unit)), {
        ...interval,
        microseconds: roundTo(interval.microseconds, BigInt(unit)),
      });
    }),
    { numRuns: 1000 },
  );
  for (const infinite of [2n ** 63n - 1n, -(2n ** 63n)])
    assert.equal(generated.timestampRound(infinite, 1000), infinite);
});

test('seconds since 1970, ends of months, dates with times', () => {
  fc.assert(
    fc.property(
      timestamps,
      fc.integer({ min: -800_000, max: 4_000_000 }),
      fc.bigInt(0n, DAY),
      (timestamp, date, time) => {
        assert.equal(generated.timestampSeconds(timestamp), Number(timestamp) / 1e6);
        assert.equal(generated.dateLastOfMonth(date), lastOfMonth(date));
        assert.equal(generated.dateAddTime(block.pointer, date, time), dateToTimestamp(date)! + time);
      },
    ),
    { numRuns: 1000 },
  );
  assert.equal(generated.timestampSeconds(2n ** 63n - 1n), Infinity);
  assert.equal(generated.dateLastOfMonth(2147483647), 2147483647);
  assert.equal(generated.dateAddTime(block.pointer, 2147483647, 1n), 2n ** 63n - 1n);
  assert.equal(block.takeStatus(), 0);
});
