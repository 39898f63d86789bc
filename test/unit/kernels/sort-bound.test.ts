import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, compareDoubles } from '../../../src/kernels/reference/compare.js';
import type { SortKey } from '../../../src/kernels/reference/sort.js';
import { lowerBound, selectByBound } from '../../../src/kernels/reference/sort-bound.js';
import { KernelMemory } from './kernel-memory.js';
import { byteStrings, f64s, i32s, i64s, i128s } from './value-arbitraries.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const { view } = shared;

/** What a kind of key has for values, how they compare, how they lie in vectors, and what of them the image tells. */
interface Kind<Value> {
  readonly kind: number;
  readonly width: number;
  readonly values: fc.Arbitrary<Value>;
  readonly compare: (left: Value, right: Value) => number;
  readonly write: (at: number, value: Value) => void;
  readonly image: (value: Value) => string;
}

const natural = <Value>(left: Value, right: Value): number => (left < right ? -1 : left > right ? 1 : 0);
const asKind = <Value>(kind: Kind<Value>): Kind<unknown> => kind as unknown as Kind<unknown>;
const clamp = (value: bigint, bits: number): bigint => {
  const top = (1n << BigInt(bits - 1)) - 1n;
  return value > top ? top : value < -top - 1n ? -top - 1n : value;
};

function write128(at: number, value: bigint): void {
  view.setBigUint64(at, BigInt.asUintN(64, value), true);
  view.setBigInt64(at + 8, BigInt.asIntN(64, value >> 64n), true);
}

const KINDS: readonly Kind<unknown>[] = [
  asKind<number>({
    ...{ kind: 0, width: 1, values: fc.nat(1), compare: natural },
    write: (at, value) => view.setUint8(at, value),
    image: String,
  }),
  asKind<number>({
    ...{ kind: 1, width: 4, values: i32s, compare: natural },
    write: (at, value) => view.setInt32(at, value, true),
    image: String,
  }),
  asKind<bigint>({
    ...{ kind: 2, width: 8, values: i64s, compare: natural },
    write: (at, value) => view.setBigInt64(at, value, true),
    image: String,
  }),
  asKind<number>({
    ...{ kind: 3, width: 4, values: f64s.map(Math.fround), compare: compareDoubles },
    write: (at, value) => view.setFloat32(at, value, true),
    image: String,
  }),
  asKind<number>({
    ...{ kind: 4, width: 8, values: f64s, compare: compareDoubles },
    write: (at, value) => view.setFloat64(at, value, true),
    image: String,
  }),
  asKind<bigint>({
    ...{ kind: 5, width: 16, values: i128s, compare: natural, write: write128 },
    image: (value) => String(clamp(value >> 32n, 64)),
  }),
  asKind<Uint8Array>({
    ...{ kind: 6, width: 16, values: byteStrings, compare: compareBytes },
    write: (at, value) => {
      shared.u32.set([value.length, 16, 0, 0], at / 4); // kernels of bounds read no more than the view
      shared.u8.set(value.subarray(0, 8), at + 8);
    },
    image: (value) => Buffer.from(value.subarray(0, 8)).toString('hex').padEnd(16, '0'),
  }),
  asKind<Uint8Array>({
    ...{ kind: 7, width: 16, values: fc.uint8Array({ minLength: 16, maxLength: 16 }), compare: compareBytes },
    write: (at, value) => shared.u8.set(value, at),
    image: (value) => Buffer.from(value.subarray(0, 8)).toString('hex'),
  }),
];

/** The entry of a row with one key: header, 16 bytes of the key, its validity. */
function entryOf({ kind, write }: Kind<unknown>, flags: number, value: unknown): number {
  const row = scope.allocateCleared(32);
  if (value !== undefined) write(row + 8, value);
  shared.u8[row + 24] = value === undefined ? 0 : 1;
  const entry = memory.output(16);
  kernels.makeSortEntries(memory.u32([1, 8, 24, kind, flags]), memory.u32([row]), 1, entry);
  return entry;
}

type Encoding = 'flat' | 'dictionary' | 'constant';

const cases = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    descending: fc.boolean(),
    nullsFirst: fc.boolean(),
    encoding: fc.constantFrom<Encoding>('flat', 'dictionary', 'constant'),
  })
  .chain((drawn) => {
    const value = fc.option(drawn.kind.values, { nil: undefined, freq: 6 });
    return fc.record({
      ...{ drawn: fc.constant(drawn), bounds: fc.array(value, { minLength: 1, maxLength: 4 }) },
      values: fc.array(value, { minLength: 1, maxLength: 60 }),
      isNullable: fc.boolean(),
    });
  });

test('rows after the lowest bound are left out, but for those with its image', () => {
  fc.assert(
    fc.property(cases, ({ drawn, bounds, values: all, isNullable }) => {
      const { kind, encoding, ...order } = drawn;
      const key: SortKey<unknown> = { ...order, compare: kind.compare };
      const flags = (order.descending ? 1 : 0) | (order.nullsFirst ? 2 : 0);
      const nullable = isNullable ? all : all.filter((value) => value !== undefined);
      const values = encoding === 'constant' ? nullable.map(() => nullable[0]) : nullable;
      const stored = encoding === 'constant' ? values.slice(0, 1) : values;
      const data = scope.allocateCleared(stored.length * kind.width + 64);
      for (const [row, value] of stored.entries()) if (value !== undefined) kind.write(data + row * kind.width, value);
      const codes = encoding === 'dictionary' ? memory.u32(stored.map((_, row) => row)) : 0;
      const isConstant = encoding === 'constant';
      const validity = isNullable ? memory.bytes(stored.map((value) => (value === undefined ? 0 : 1))) : 0;
      const bound = scope.allocateCleared(8);
      const select = (): number[] => {
        const target = memory.output(values.length * 4);
        const [step, validityStep] = isConstant ? [0, 0] : [1, 1];
        const where = [data, codes, step, validity, validityStep, values.length, target] as const;
        const count = kernels.selectBySortBound(bound, kind.kind, flags, ...where);
        return memory.readU32(target, count);
      };
      assert.deepEqual(
        select(),
        values.map((_, row) => row),
        'no bound yet',
      );
      for (const value of bounds) kernels.lowerSortBound(bound, entryOf(kind, flags, value));
      const lowest = bounds.reduce((left, right) => lowerBound(key, left, right));
      const selected = new Set(select());
      const expected = new Set(selectByBound(key, lowest, values));
      for (const [row, value] of values.entries()) {
        if (expected.has(row)) assert.ok(selected.has(row), `row ${row} is wanted`);
        else if (selected.has(row)) assert.ok(sharesImage(kind, value, lowest), `row ${row} is not wanted`);
      }
      scope.reset();
    }),
    { numRuns: 1000 },
  );
});

/** NULLs share the image of an extreme, as some values do: of a boolean none. */
function sharesImage({ image }: Kind<unknown>, left: unknown, right: unknown): boolean {
  const isExtreme = (value: unknown): boolean => value === undefined || EXTREMES.has(image(value));
  return left === undefined || right === undefined ? isExtreme(left) && isExtreme(right) : image(left) === image(right);
}

const EXTREMES: ReadonlySet<string> = new Set([
  ...['9223372036854775807', '-9223372036854775808', 'NaN'],
  ...['0000000000000000', 'ffffffffffffffff', '0', '1'],
]);
