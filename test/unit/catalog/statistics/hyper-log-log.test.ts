import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeRegisters,
  encodeRegisters,
  estimateFromRegisters,
  mergeRegisters,
  REGISTER_COUNT,
} from '../../../../src/catalog/statistics/hyper-log-log.js';
import { hashKeyReference } from '../../../../src/kernels/reference/rows.js';
import { REGISTER_COUNT as OF_KERNELS, registersOf } from '../../../../src/kernels/reference/statistics.js';

const hashesOf = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => hashKeyReference([BigInt(from + i)], []));
const registers = (from: number, to: number): Uint8Array => Uint8Array.from(registersOf(hashesOf(from, to)));

test('distinct values, at any number, within four standard deviations', () => {
  assert.equal(REGISTER_COUNT, OF_KERNELS);
  for (const count of [0, 1, 2, 10, 100, 1_000, 5_000, 20_000]) {
    const estimate = estimateFromRegisters(registers(0, count));
    assert.ok(Math.abs(estimate - count) <= 4 * 0.023 * count + 0.5, `${count} values were estimated as ${estimate}`);
  }
});

test('the hash behind registers that were stored does not change: that would be another version of the format', () => {
  assert.deepEqual(
    [0n, 1n, 42n, 2n ** 63n].map((word) => hashKeyReference([word], [])),
    [0, 3_389_036_311, 2_957_093_483, 4_086_535_908],
  );
});

test('the registers of parts are merged to those of all', () => {
  assert.deepEqual(
    mergeRegisters([registers(0, 500), registers(400, 900), registers(2000, 2001)]),
    (() => {
      const all = [...hashesOf(0, 900), ...hashesOf(2000, 2001)];
      return Uint8Array.from(registersOf(all));
    })(),
  );
});

test('registers are written and read, few or many of them', () => {
  const some = fc.array(fc.tuple(fc.nat(REGISTER_COUNT - 1), fc.integer({ min: 0, max: 22 })), { maxLength: 2_000 });
  fc.assert(
    fc.property(some, (entries) => {
      const written = new Uint8Array(REGISTER_COUNT);
      for (const [register, rank] of entries) written[register] = rank;
      const text = encodeRegisters(written);
      assert.ok(text.length <= REGISTER_COUNT);
      assert.deepEqual(decodeRegisters(text), written);
    }),
    { numRuns: 50 },
  );
});

test('what is no text of registers is refused', () => {
  for (const text of ['A', 'AAA!', '//A', 'AAz', 'é'.repeat(REGISTER_COUNT), '9'.repeat(REGISTER_COUNT)]) {
    assert.equal(decodeRegisters(text), undefined, text.slice(0, 10));
  }
});
