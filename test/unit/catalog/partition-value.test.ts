import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  assertPartitionType,
  formatPartitionValue,
  inferPartitionType,
  parsePartitionValue,
} from '../../../src/catalog/partition-value.js';
import type { PartitionValue } from '../../../src/catalog/table-snapshot.js';
import {
  BIGINT,
  BOOLEAN,
  BYTEA,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  SMALLINT,
  type SqlType,
  TEXT,
  TIMESTAMP,
} from '../../../src/types/sql-type.js';

test('values give themselves back through text', () => {
  const typed: [SqlType, fc.Arbitrary<PartitionValue>][] = [
    [BOOLEAN, fc.boolean()],
    [SMALLINT, fc.integer({ min: -32768, max: 32767 })],
    [INTEGER, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
    [BIGINT, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    [DOUBLE, fc.double()],
    [decimal(38, 7), fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n })],
    [decimal(5, 0), fc.bigInt({ min: -99999n, max: 99999n })],
    [DATE, fc.integer({ min: -719162, max: 2932896 })],
    // 4713 BC to 5874897; and infinity.
    [DATE, fc.oneof(fc.integer({ min: -2440588, max: 2145031948 }), fc.constantFrom(2147483647, -2147483648))],
    [TIMESTAMP, fc.bigInt({ min: -62135596800000000n, max: 253402300799999999n })],
    [
      TIMESTAMP,
      fc.oneof(
        fc.bigInt({ min: -210866803200000000n, max: 9223371331199999999n }),
        fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n)),
      ),
    ],
    [TEXT, fc.string()],
  ];
  for (const [type, values] of typed) {
    fc.assert(
      fc.property(fc.option(values), (value) => {
        const text = formatPartitionValue(value, type);
        const again = parsePartitionValue(text, type);
        assert.deepEqual(
          type === DOUBLE && value === 0 ? Math.abs(again as number) : again,
          Object.is(value, -0) ? 0 : value,
        );
      }),
      { numRuns: 50 },
    );
  }
});

test('text in other forms, and text that is no value', () => {
  assert.equal(parsePartitionValue('03', INTEGER), 3);
  assert.equal(parsePartitionValue('2026-01-01', DATE), 20454);
  assert.equal(parsePartitionValue('1.50', decimal(5, 1)), 15n);
  assert.equal(parsePartitionValue('2026-01-01 10:30', TIMESTAMP), 20454n * 86_400_000_000n + 37_800_000_000n);
  assert.equal(formatPartitionValue(-1n, TIMESTAMP), '1969-12-31 23:59:59.999999');
  assert.equal(formatPartitionValue(-5n, decimal(5, 2)), '-0.05');
  for (const [text, type] of [
    ['', INTEGER],
    ['2147483648', INTEGER],
    ['9223372036854775808', BIGINT],
    ['2026-02-30', DATE],
    ['2026-1-1', DATE],
    ['1.55', decimal(5, 1)],
    ['.', decimal(5, 1)],
    ['123456', decimal(5, 0)],
    ['yes!', BOOLEAN],
    ['2026-01-01 24:00', TIMESTAMP],
    ['x', BYTEA],
  ] as const) {
    assert.equal(parsePartitionValue(text, type), undefined, text);
  }
});

test('types are inferred over all values', () => {
  assert.equal(inferPartitionType(['1', '02', null]), INTEGER);
  assert.equal(inferPartitionType(['1', '4000000000']), BIGINT);
  assert.equal(inferPartitionType(['2026-01-01', '2026-12-31']), DATE);
  assert.equal(inferPartitionType(['1', '2026-01-01']), TEXT);
  assert.equal(inferPartitionType(['2026-01-01', '2026-02-30']), TEXT);
  assert.equal(inferPartitionType([null]), TEXT);
  assert.equal(inferPartitionType([]), TEXT);
  assert.equal(inferPartitionType(['1', '']), TEXT);
});

test('types that make no folders are refused', () => {
  assert.throws(() => assertPartitionType('b', BYTEA), { code: '0A000' });
  assertPartitionType('d', DATE);
});
