import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { powersOfTenTable } from '../../../src/kernels/constant-tables.js';
import { loadKernels } from '../../../src/kernels/kernels.js';
import { PostgresRowEncoder } from '../../../src/kernels/postgres-row-encoder.js';
import { COLUMN_DESCRIPTOR_BYTES, writeColumnDescriptor } from '../../../src/kernels/postgres-text-kernels.js';
import { formatValue, type ReferenceValue } from '../../../src/kernels/reference/format.js';
import { encodePostgresRows, type ReferenceColumn } from '../../../src/kernels/reference/postgres-text.js';
import { byteWidthOf, decimal, physicalTypeOf, type SqlType } from '../../../src/types/sql-type.js';
import { Scope } from '../../../src/vector/scope.js';
import { SharedMemory } from '../../../src/vector/shared-memory.js';
import { Vector } from '../../../src/vector/vector.js';

const shared = SharedMemory.create(64 * 2 ** 20, { checked: true });
const kernels = loadKernels(shared.memory);
const powers = powersOfTenTable(shared);

function writeValue(scope: Scope, type: SqlType, pointer: number, value: ReferenceValue): void {
  const { view } = shared;
  switch (physicalTypeOf(type)) {
    case 'bool':
      shared.u8[pointer] = value ? 1 : 0;
      break;
    case 'i32':
      view.setInt32(pointer, value as number, true);
      break;
    case 'i64':
      view.setBigInt64(pointer, value as bigint, true);
      break;
    case 'f32':
      view.setFloat32(pointer, value as number, true);
      break;
    case 'f64':
      view.setFloat64(pointer, value as number, true);
      break;
    case 'i128':
      view.setBigUint64(pointer, BigInt.asUintN(64, value as bigint), true);
      view.setBigInt64(pointer + 8, (value as bigint) >> 64n, true);
      break;
    case 'interval': {
      const { months, days, microseconds } = value as { months: number; days: number; microseconds: bigint };
      view.setInt32(pointer, months, true);
      view.setInt32(pointer + 4, days, true);
      view.setBigInt64(pointer + 8, microseconds, true);
      break;
    }
    case 'uuid':
      shared.u8.set(value as Uint8Array, pointer);
      break;
    case 'string': {
      const bytes = value as Uint8Array;
      const start = scope.allocate(bytes.length);
      shared.u8.set(bytes, start);
      view.setUint32(pointer, bytes.length, true);
      view.setUint32(pointer + 4, start, true);
      shared.u8.fill(0, pointer + 8, pointer + 16);
      shared.u8.set(bytes.subarray(0, 8), pointer + 8);
    }
  }
}

const i32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const signedDigits = (digits: number): fc.Arbitrary<bigint> =>
  fc
    .tuple(fc.integer({ min: 0, max: digits }), fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }))
    .map(([kept, value]) => value % 10n ** BigInt(kept));
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((string) => new TextEncoder().encode(string));
const TYPES: readonly [SqlType, fc.Arbitrary<ReferenceValue>][] = [
  [{ kind: 'boolean' }, fc.boolean()],
  [{ kind: 'smallint' }, fc.integer({ min: -0x8000, max: 0x7fff })],
  [{ kind: 'integer' }, i32],
  [{ kind: 'bigint' }, i64],
  [{ kind: 'real' }, fc.float()],
  [{ kind: 'double' }, fc.double()],
  [decimal(18, 2), signedDigits(18)],
  [decimal(18, 0), signedDigits(18)],
  [decimal(18, 18), signedDigits(18)],
  [decimal(38, 5), signedDigits(38)],
  [decimal(38, 38), signedDigits(38)],
  [decimal(38, 0), signedDigits(38)],
  [{ kind: 'text' }, text],
  [{ kind: 'bytea' }, fc.uint8Array({ maxLength: 40 })],
  [{ kind: 'date' }, i32],
  [{ kind: 'time' }, fc.bigInt({ min: 0n, max: 86_400_000_000n })],
  [{ kind: 'timestamp' }, i64],
  [{ kind: 'timestamptz' }, fc.bigInt({ min: -(10n ** 17n), max: 10n ** 16n })],
  [{ kind: 'interval' }, fc.record({ months: i32, days: i32, microseconds: i64 })],
  [{ kind: 'uuid' }, fc.uint8Array({ minLength: 16, maxLength: 16 })],
  [{ kind: 'jsonb' }, text],
];

/** A column of `rowCount` rows in any encoding, with or without NULLs. */
function columnOf(rowCount: number): fc.Arbitrary<(scope: Scope) => ReferenceColumn> {
  return fc.constantFrom(...TYPES).chain(([type, arbitrary]) =>
    fc
      .record({
        encoding: fc.constantFrom('flat', 'dictionary', 'constant'),
        formatCode: fc.constantFrom<0 | 1>(0, 1),
        values: fc.array(arbitrary, { minLength: rowCount, maxLength: rowCount }),
        codes: fc.array(fc.nat(rowCount - 1), { minLength: rowCount, maxLength: rowCount }),
        valid: fc.option(fc.array(fc.nat(1), { minLength: rowCount, maxLength: rowCount }), { nil: undefined }),
      })
      .map(({ encoding, formatCode, values, codes, valid }) => (scope: Scope): ReferenceColumn => {
        const vector = new Vector(physicalTypeOf(type));
        const width = byteWidthOf(vector.physical);
        const data = scope.allocate(width * rowCount);
        for (const [index, value] of values.entries()) writeValue(scope, type, data + index * width, value);
        const validity = valid === undefined ? 0 : scope.allocate(rowCount);
        if (valid !== undefined) shared.u8.set(valid, validity);
        if (encoding === 'flat') vector.setFlat(data, validity);
        else if (encoding === 'constant') vector.setConstant(data, validity);
        else {
          const codesPointer = scope.allocate(rowCount * 4);
          shared.u32.set(codes, codesPointer / 4);
          vector.setDictionary(data, rowCount, 1, codesPointer, validity);
        }
        return { vector, type, formatCode };
      }),
  );
}

test('rows are encoded as the reference encodes them, whatever the capacity', () => {
  const batches = fc
    .integer({ min: 1, max: 20 })
    .chain((rowCount) => fc.tuple(fc.constant(rowCount), fc.array(columnOf(rowCount), { maxLength: 5 }), fc.nat(3000)));
  const owner = shared.createOwner();
  fc.assert(
    fc.property(batches, ([rowCount, makers, wantedCapacity]) => {
      const scope = new Scope(shared, owner);
      try {
        const columns = makers.map((make) => make(scope));
        const expected = encodePostgresRows(shared, columns, 0, rowCount);
        const descriptors = scope.allocate(columns.length * COLUMN_DESCRIPTOR_BYTES);
        for (const [index, { vector, type, formatCode }] of columns.entries()) {
          writeColumnDescriptor(shared, descriptors + index * COLUMN_DESCRIPTOR_BYTES, vector, type, formatCode);
        }
        const result = scope.allocate(4);
        const actual: number[] = [];
        let capacity = wantedCapacity;
        for (let row = 0; row < rowCount; ) {
          const target = scope.allocate(capacity);
          shared.u8.fill(0xee, target + capacity, target + capacity + 64);
          const done = kernels.encodePostgresRows(
            descriptors,
            columns.length,
            row,
            rowCount,
            powers,
            0,
            target,
            capacity,
            result,
          );
          const byteLength = shared.u32[result / 4]!;
          assert.ok(byteLength <= capacity);
          assert.ok(shared.u8.subarray(target + capacity, target + capacity + 64).every((byte) => byte === 0xee));
          if (done === 0) {
            assert.equal(byteLength, 0);
            const needed = kernels.measurePostgresRow(descriptors, columns.length, row) >>> 0;
            assert.ok(needed > capacity);
            capacity = needed;
          }
          for (const byte of shared.u8.subarray(target, target + byteLength)) actual.push(byte);
          row += done;
        }
        assert.deepEqual(Buffer.from(actual).toString('latin1'), Buffer.from(expected).toString('latin1'));
      } finally {
        scope.free();
      }
    }),
    { numRuns: 400 },
  );
});

test('reference: intervals and dates as PostgreSQL prints them', () => {
  const interval = (months: number, days: number, microseconds: bigint): string =>
    formatValue({ kind: 'interval' }, { months, days, microseconds });
  assert.equal(interval(14, -3, 4n * 3_600_000_000n), '1 year 2 mons -3 days +04:00:00');
  assert.equal(interval(0, 0, 0n), '00:00:00');
  assert.equal(interval(-1, 1, -1n), '-1 mons +1 day -00:00:00.000001');
  assert.equal(formatValue({ kind: 'date' }, -719_163), '0001-12-31 BC');
  assert.equal(formatValue({ kind: 'timestamptz' }, 1_500_000n), '1970-01-01 00:00:01.5+00');
});

test('the row encoder gathers batches into chunks, rows longer than a chunk included, and returns its memory', () => {
  const before = shared.allocatedChunks;
  const owner = shared.createOwner();
  const scope = new Scope(shared, owner);
  const texts = Array.from({ length: 100 }, (_, index) => Buffer.alloc(index === 50 ? 200_000 : index * 20, 'x'));
  const vector = new Vector('string');
  const data = scope.allocate(texts.length * 16);
  for (const [index, text] of texts.entries()) writeValue(scope, { kind: 'text' }, data + index * 16, text);
  vector.setFlat(data, 0);
  const batch = { rowCount: texts.length, columns: [vector] };
  const encoder = new PostgresRowEncoder(shared, kernels, owner, [{ kind: 'text' }], [0], { chunkBytes: 16_384 });
  const chunks = [...encoder.add(batch), ...encoder.add(batch), ...encoder.flush()];
  assert.deepEqual(encoder.flush(), []);
  const expected = encodePostgresRows(shared, [{ vector, type: { kind: 'text' }, formatCode: 0 }], 0, texts.length);
  assert.ok(Buffer.concat(chunks.map(({ bytes }) => bytes)).equals(Buffer.concat([expected, expected])));
  assert.equal(
    chunks.reduce((sum, { rowCount }) => sum + rowCount, 0),
    200,
  );
  assert.ok(chunks.every(({ bytes, rowCount }) => bytes.length <= 16_384 || rowCount === 1));
  encoder.free();
  scope.free();
  assert.equal(shared.allocatedChunks, before);
});
