import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { powersOfTenTable } from '../../../src/kernels/constant-tables.js';
import { formatFloat } from '../../../src/kernels/reference/format.js';
import { KernelMemory } from './kernel-memory.js';
import { f64s } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope, shared } = memory;
const powers = powersOfTenTable(shared);

function printed(value: number, bits: 24 | 53): string {
  const { pointer } = memory.block(96);
  const view =
    bits === 53 ? generated.doubleToText(pointer, value, powers) : generated.realToText(pointer, value, powers);
  return Buffer.from(memory.readText(view)).toString();
}

function check(values: fc.Arbitrary<number>, bits: 24 | 53): void {
  fc.assert(
    fc.property(values, (value) => {
      const text = printed(value, bits);
      assert.equal(text, formatFloat(value, bits));
      const read = Number(text.replace('Infinity', '1e999'));
      assert.ok(Object.is(bits === 53 ? read : Math.fround(read), value), text);
      scope.reset();
    }),
    { numRuns: 600 },
  );
}

/** Bits at random: exponents are spread evenly. */
const anyDouble = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
});
const neighbours = (value: number): number[] => [value, value * (1 + 2 ** -52), value * (1 - 2 ** -53)];

test('doubles print their shortest form', () => {
  const decimals = fc
    .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: -30, max: 30 }))
    .map(([digits, power]) => Number(`${digits}e${power}`));
  check(fc.oneof(anyDouble, f64s, decimals), 53);
  const edges = [1e14, 1e15, 1e-4, 1e-5, 5e-324, Number.MAX_VALUE, 2 ** 53, 1e22, 1e23, 2 ** -1022];
  for (let exponent = -1074; exponent < 1024; exponent += 7)
    edges.push(2 ** exponent, 3 * 2 ** Math.min(exponent, 1000));
  for (const value of edges.flatMap(neighbours)) assert.equal(printed(value, 53), formatFloat(value, 53));
  scope.reset();
});

test('reals print their shortest form', () => {
  check(fc.oneof(anyDouble, f64s, fc.float(), fc.integer()).map(Math.fround), 24);
  const edges = [0.1, 16777216, 1e10, 3.4028234663852886e38, 2 ** -149, 999999, 1000000].map(Math.fround);
  for (let exponent = -149; exponent < 128; exponent++) edges.push(2 ** exponent);
  for (const value of edges) assert.equal(printed(value, 24), formatFloat(value, 24));
  scope.reset();
});

test('numbers print as in PostgreSQL', () => {
  const expected = { '1e15': '1e+15', '1e14': '100000000000000', '1e-5': '1e-05', '0.00012': '0.00012', '-0': '-0' };
  for (const [value, text] of Object.entries(expected)) assert.equal(printed(Number(value), 53), text);
  assert.deepEqual(
    [Number.NaN, -1 / 0].map((value) => printed(value, 53)),
    ['NaN', '-Infinity'],
  );
  scope.reset();
});
