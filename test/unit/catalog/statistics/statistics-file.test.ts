import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ColumnSketch, SketchValue } from '../../../../src/catalog/statistics/column-sketch.js';
import { REGISTER_COUNT } from '../../../../src/catalog/statistics/hyper-log-log.js';
import {
  decodeStatistics,
  encodeStatistics,
  statisticsPath,
} from '../../../../src/catalog/statistics/statistics-file.js';
import { BIGINT, BOOLEAN, DATE, DOUBLE, decimal, type SqlType, TEXT } from '../../../../src/types/sql-type.js';

const FILE = { path: 't/part.parquet', byteLength: 100, version: '17' };
const LOCATION = '/lake/_millrace/statistics/public.t/x.json';

const valuesOf = (kind: SqlType['kind']): fc.Arbitrary<SketchValue> => {
  switch (kind) {
    case 'boolean':
      return fc.boolean();
    case 'bigint':
    case 'decimal':
      return fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n });
    case 'date':
      return fc.integer();
    case 'double':
      return fc.double({ noNaN: true }).map((value) => value + 0); // JSON has no −0
    default:
      return fc.string({ unit: 'grapheme', maxLength: 10 });
  }
};

const sketchOf = (type: SqlType): fc.Arbitrary<ColumnSketch> =>
  fc
    .record({
      rowCount: fc.nat(1e9),
      nullCount: fc.nat(1e9),
      distinctCount: fc.nat(1e9),
      low: fc.option(valuesOf(type.kind), { nil: undefined }),
      high: fc.option(valuesOf(type.kind), { nil: undefined }),
      rank: fc.nat(22),
      common: fc.array(fc.record({ value: valuesOf(type.kind), rowCount: fc.nat(1e6) }, { noNullPrototype: true }), {
        maxLength: 5,
      }),
      bounds: fc.array(valuesOf(type.kind), { maxLength: 5 }),
    })
    .map(({ rank, ...rest }) => ({ ...rest, type, registers: new Uint8Array(REGISTER_COUNT).fill(rank) }));

const TYPES: readonly SqlType[] = [BOOLEAN, BIGINT, decimal(30, 4), DATE, DOUBLE, TEXT];

test('sketches are written and read', () => {
  fc.assert(
    fc.property(fc.tuple(...TYPES.map(sketchOf)), (sketches) => {
      const columns = new Map(sketches.map((sketch, i) => [`c${i}`, sketch]));
      const types = new Map(TYPES.map((type, i) => [`c${i}`, type]));
      const read = decodeStatistics(encodeStatistics(FILE, columns, undefined), LOCATION, FILE, types);
      assert.deepEqual(read, columns);
    }),
    { numRuns: 40 },
  );
});

const [sample] = fc.sample(sketchOf(BIGINT), { numRuns: 1, seed: 7 });
const bytesOf = (name: string, before?: Uint8Array): Uint8Array =>
  encodeStatistics(FILE, new Map([[name, sample!]]), before);

test('columns are added to those that are there, or replace them', () => {
  const both = bytesOf('b', bytesOf('a'));
  const read = decodeStatistics(
    bytesOf('a', both),
    LOCATION,
    FILE,
    new Map([
      ['a', BIGINT],
      ['b', BIGINT],
    ]),
  );
  assert.deepEqual([...read.keys()].sort(), ['a', 'b']);
});

test('a column of another type has no statistics', () => {
  assert.equal(decodeStatistics(bytesOf('a'), LOCATION, FILE, new Map([['a', TEXT]])).size, 0);
});

test('a file that has changed has another name for its statistics, and theirs are refused', () => {
  const changed = { ...FILE, version: '18' };
  assert.notEqual(statisticsPath('/f', FILE), statisticsPath('/f', changed));
  assert.throws(() => decodeStatistics(bytesOf('a'), LOCATION, changed, new Map()), {
    code: 'XX001',
    message: /is about another file/,
  });
});

test('torn statistics are refused with the reason, whatever is left of them; adding to them starts anew', () => {
  const whole = bytesOf('a');
  fc.assert(
    fc.property(fc.nat(whole.length - 3), (length) => {
      const torn = whole.subarray(0, length);
      assert.throws(() => decodeStatistics(torn, LOCATION, FILE, new Map([['a', BIGINT]])), {
        code: 'XX001',
        message: /is damaged/,
      });
      assert.equal(decodeStatistics(bytesOf('b', torn), LOCATION, FILE, new Map([['b', BIGINT]])).size, 1);
    }),
    { numRuns: 60 },
  );
});

test('statistics that make no sense are refused', () => {
  const text = new TextDecoder().decode(bytesOf('a'));
  for (const [from, to] of [
    [/"rows": \d+/, '"rows": -1'],
    [/"registers": "[^"]*"/, '"registers": "?"'],
    [/"columns": \[/, '"columns": 1, "x": ['],
    [/"version": 1/, '"version": "one"'],
  ] as const) {
    const changed = new TextEncoder().encode(text.replace(from, to));
    assert.throws(() => decodeStatistics(changed, LOCATION, FILE, new Map([['a', BIGINT]])), { code: 'XX001' });
  }
  const newer = new TextEncoder().encode(text.replace('"version": 1', '"version": 2'));
  assert.throws(() => decodeStatistics(newer, LOCATION, FILE, new Map()), { code: '0A000' });
});
