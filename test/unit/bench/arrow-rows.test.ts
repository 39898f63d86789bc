import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DateDay,
  Decimal,
  Dictionary,
  Int32,
  makeData,
  makeVector,
  Table,
  TimeMicrosecond,
  TimestampMicrosecond,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import { readArrowRows } from '../../../bench/engines/arrow-rows.js';

const read = (vector: Vector): unknown[] => readArrowRows(new Table({ column: vector })).map(([value]) => value);

test('decimals get their scale, negative ones too', () => {
  const data = new Uint32Array([12_345, 0, 0, 0, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff]);
  const vector = new Vector([makeData({ type: new Decimal(2, 15, 128), length: 2, data })]);
  assert.deepEqual(read(vector), [123.45, -0.01]);
});

test('dates and times become ISO text', () => {
  const micros = (values: bigint[]): BigInt64Array => BigInt64Array.from(values);
  const date = makeVector(makeData({ type: new DateDay(), length: 2, data: Int32Array.from([9298, -1]) }));
  assert.deepEqual(read(date), ['1995-06-17', '1969-12-31']);
  const stamps = micros([1_500_000n, -1n, 86_400_000_000n]);
  const stamp = makeVector(makeData({ type: new TimestampMicrosecond(), length: 3, data: stamps }));
  assert.deepEqual(read(stamp), ['1970-01-01 00:00:01.5', '1969-12-31 23:59:59.999999', '1970-01-02 00:00:00']);
  const zoned = makeVector(makeData({ type: new TimestampMicrosecond('UTC'), length: 1, data: micros([0n]) }));
  assert.deepEqual(read(zoned), ['1970-01-01 00:00:00+00']);
  const time = makeVector(makeData({ type: new TimeMicrosecond(), length: 1, data: micros([3_600_250_000n]) }));
  assert.deepEqual(read(time), ['01:00:00.25']);
});

test('text, dictionaries, integers and NULLs', () => {
  assert.deepEqual(read(vectorFromArray(['a', null, ''], new Utf8())), ['a', null, '']);
  assert.deepEqual(read(vectorFromArray(['x', 'y', 'x'], new Dictionary(new Utf8(), new Int32()))), ['x', 'y', 'x']);
  assert.deepEqual(read(vectorFromArray([1n, null, -5n])), [1n, null, -5n]);
});
