import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundsOfKeys, combineValues } from '../../../src/kernels/reference/group-values.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

const LIMITS: Readonly<Record<number, readonly [bigint, bigint]>> = {
  1: [0n, 1n],
  4: [-(2n ** 31n), 2n ** 31n - 1n],
  8: [-(2n ** 63n), 2n ** 63n - 1n],
};

const widths = fc.constantFrom(1, 4, 8);

/** Values of a width, mostly small ones, and whether some are NULL. */
const column = (length: number) =>
  widths.chain((width) => {
    const [min, max] = LIMITS[width]!;
    const small = fc.bigInt({ min: min < -9n ? -9n : min, max: max > 9n ? 9n : max });
    const value = fc.oneof({ weight: 20, arbitrary: small }, { weight: 1, arbitrary: fc.constantFrom(min, max) });
    return fc.record({
      width: fc.constant(width),
      hasNulls: fc.boolean(),
      values: fc.array(fc.tuple(value, fc.nat({ max: 4 })), { minLength: length, maxLength: length }),
    });
  });

const columns = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3 }))
  .chain(([length, count]) => fc.array(column(length), { minLength: count, maxLength: count }));

type Column = typeof columns extends fc.Arbitrary<(infer T)[]> ? T : never;

const valuesOf = ({ values, hasNulls }: Column): (bigint | undefined)[] =>
  values.map(([value, draw]) => (hasNulls && draw === 0 ? undefined : value));

/** Rows of NULL have any value. */
function write({ width, values, hasNulls }: Column): { readonly data: number; readonly validity: number } {
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (const [row, [value]] of values.entries()) {
    if (width === 1) view.setUint8(row, Number(value));
    else if (width === 4) view.setInt32(row * 4, Number(value), true);
    else view.setBigInt64(row * 8, value, true);
  }
  return {
    data: memory.bytes(bytes),
    validity: hasNulls ? memory.bytes(values.map(([, draw]) => (draw === 0 ? 0 : 1))) : 0,
  };
}

test('the bounds of keys are those of the values that are not NULL', () => {
  fc.assert(
    fc
      .property(columns, ([first]) => {
        const { data, validity } = write(first!);
        const expected = boundsOfKeys(valuesOf(first!));
        const target = memory.output(16);
        const count = kernels.boundsOfKeys(data, first!.width, validity, first!.values.length, target);
        assert.equal(count, valuesOf(first!).filter((value) => value !== undefined).length);
        if (expected) assert.deepEqual([shared.i64[target / 8], shared.i64[target / 8 + 1]], expected);
      })
      .afterEach(() => scope.reset()),
    { numRuns: 300 },
  );
});

test('combinations of values are numbered, unless a value is out of its range', () => {
  const range = fc.tuple(fc.bigInt({ min: -12n, max: 4n }), fc.integer({ min: 1, max: 30 }));
  fc.assert(
    fc
      .property(columns, fc.array(range, { minLength: 3, maxLength: 3 }), (written, ranges) => {
        const rowCount = written[0]!.values.length;
        const indexes = memory.output(rowCount * 4);
        let outside = false;
        for (const [place, one] of written.entries()) {
          const [least, size] = ranges[place]!;
          const { data, validity } = write(one);
          const found = kernels.combineValues(data, one.width, validity, least, size, indexes, place === 0, rowCount);
          outside ||= found !== 0;
        }
        const keys = written.map((one, place) => {
          const [least, size] = ranges[place]!;
          return { values: valuesOf(one), least, size };
        });
        const expected = Array.from({ length: rowCount }, (_, row) => combineValues(keys, row));
        assert.equal(outside, expected.includes(undefined));
        if (!outside) assert.deepEqual(memory.readU32(indexes, rowCount), expected);
      })
      .afterEach(() => scope.reset()),
    { numRuns: 500 },
  );
});
