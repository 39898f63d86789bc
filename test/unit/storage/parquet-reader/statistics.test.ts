import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type FlatColumn,
  NO_STATISTICS,
  type StorageType,
  type ValueConversion,
} from '../../../../src/storage/parquet-reader/parquet-metadata.js';
import { readFooter } from '../../../../src/storage/parquet-reader/read-footer.js';
import { decodeStatistics, type StoredStatistics } from '../../../../src/storage/parquet-reader/statistics.js';
import { TEXT } from '../../../../src/types/sql-type.js';
import { DuckDBFiles } from './duckdb-files.js';
import { openTestFile } from './read-parquet.js';

const files = new DuckDBFiles();
after(() => files.close());

const column = (storage: StorageType, conversion: ValueConversion = 'none'): FlatColumn => ({
  name: 'x',
  type: TEXT, // not looked at
  nullable: true,
  storage,
  storageWidth: 0,
  conversion,
});
const stored = (bounds: Partial<StoredStatistics>): StoredStatistics => ({
  oldMaximum: undefined,
  oldMinimum: undefined,
  nullCount: undefined,
  distinctCount: undefined,
  maximum: undefined,
  minimum: undefined,
  maximumIsExact: undefined,
  minimumIsExact: undefined,
  ...bounds,
});
const bytesOf = (values: ArrayBufferView): Uint8Array => new Uint8Array(values.buffer);

test('deprecated bounds count only where signed comparison is right', () => {
  const old = stored({ oldMinimum: bytesOf(Int32Array.of(-5)), oldMaximum: bytesOf(Int32Array.of(7)) });
  assert.deepEqual(decodeStatistics(old, column('INT32'), true), {
    nullCount: undefined,
    distinctCount: undefined,
    minimum: -5,
    maximum: 7,
    minimumIsExact: true,
    maximumIsExact: true,
  });
  for (const untrusted of [
    column('INT32', 'u32-to-i64'),
    column('BYTE_ARRAY'),
    column('FIXED_LEN_BYTE_ARRAY', 'big-endian-to-i64'),
  ]) {
    const { minimum, maximum, minimumIsExact } = decodeStatistics(old, untrusted, true);
    assert.deepEqual([minimum, maximum, minimumIsExact], [undefined, undefined, false]);
  }
});

test('bounds in an order that is not the type’s, of the wrong length or NaN are not known', () => {
  const ints = stored({ minimum: bytesOf(Int32Array.of(-5)), maximum: bytesOf(Int32Array.of(7)), nullCount: 3 });
  assert.equal(decodeStatistics(ints, column('INT32'), false).minimum, undefined);
  assert.equal(decodeStatistics(ints, column('INT64'), true).minimum, undefined);
  assert.equal(decodeStatistics(ints, column('INT64'), true).nullCount, 3);
  const floats = stored({ minimum: bytesOf(Float64Array.of(1)), maximum: bytesOf(Float64Array.of(Number.NaN)) });
  assert.deepEqual(decodeStatistics(floats, column('DOUBLE'), true), NO_STATISTICS);
  assert.equal(decodeStatistics(undefined, column('INT32'), true).nullCount, undefined);
});

test('bounds are in the units of our vectors', () => {
  const one = (storage: StorageType, conversion: ValueConversion, value: ArrayBufferView) =>
    decodeStatistics(stored({ minimum: bytesOf(value) }), column(storage, conversion), true).minimum;
  assert.equal(one('INT64', 'nanos-to-micros', BigInt64Array.of(-1n)), -1n);
  assert.equal(one('INT64', 'nanos-to-micros', BigInt64Array.of(1999n)), 1n);
  assert.equal(one('INT64', 'millis-to-micros', BigInt64Array.of(-3n)), -3000n);
  assert.equal(one('INT32', 'i32-millis-to-micros', Int32Array.of(2)), 2000n);
  assert.equal(one('INT32', 'u32-to-i64', Int32Array.of(-1)), 0xffffffffn);
  assert.equal(one('INT64', 'u64-to-i128', BigInt64Array.of(-1n)), 2n ** 64n - 1n);
  assert.equal(one('FIXED_LEN_BYTE_ARRAY', 'big-endian-to-i128', Uint8Array.of(0xff, 0xfe)), -2n);
  assert.equal(one('INT96', 'int96-to-micros', new Uint8Array(12)), undefined);
});

test('strings say whether a bound is exact; a footer is plain data', async () => {
  const exact = decodeStatistics(
    stored({ minimum: Uint8Array.of(97), minimumIsExact: true }),
    column('BYTE_ARRAY'),
    true,
  );
  assert.ok(exact.minimumIsExact && !exact.maximumIsExact);
  assert.ok(!decodeStatistics(stored({ minimum: Uint8Array.of(97) }), column('BYTE_ARRAY'), true).minimumIsExact);
  const file = await openTestFile(await files.write("select i as a, 'x' || i as b, [i] as c from range(10) t(i)"));
  const metadata = await readFooter(file);
  await file.close();
  assert.deepEqual(structuredClone(metadata), { ...metadata, keyValueMetadata: { ...metadata.keyValueMetadata } });
  assert.equal(metadata.rowGroups[0]!.chunks[0]!.statistics.maximum, 9n);
  assert.equal(metadata.rowGroups[0]!.chunks[2]!.leaves?.length, 1);
  assert.equal(metadata.rowGroups[0]!.chunks[2]!.statistics.maximum, undefined);
});
