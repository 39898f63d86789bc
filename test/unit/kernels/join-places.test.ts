import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinKeys } from '../../../src/kernels/reference/join-table.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

function check<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>): void {
  fc.assert(
    property.afterEach(() => scope.reset()),
    { numRuns: 200 },
  );
}

/** Keys as kernels read them, of 4 or 8 bytes. */
function writeKeys(keys: readonly bigint[], width: number, at = memory.output(keys.length * 8 + 8)): number {
  for (const [i, key] of keys.entries()) {
    if (width === 4) shared.i32[at / 4 + i] = Number(key);
    else shared.i64[at / 8 + i] = key;
  }
  return at;
}

const RANGE = 12;
const leasts = fc.constantFrom(-5n, 2n ** 31n - 20n, -(2n ** 31n) + 5n);
const widths = fc.constantFrom(4, 8);

const lookUps = fc.record({
  least: leasts,
  width: widths,
  // What the range has rows of: all numbers, or some.
  present: fc.oneof(fc.constant(undefined), fc.uniqueArray(fc.nat(RANGE - 1))),
  probe: fc.array(fc.integer({ min: -3, max: RANGE + 3 }), { minLength: 1, maxLength: 40 }),
  form: fc.constantFrom('flat', 'dictionary', 'constant'),
  selects: fc.boolean(),
});

test('probe rows find the places of the keys that have a row', () => {
  check(
    fc.property(lookUps, ({ least, width, present, probe, form, selects }) => {
      const numbers = form === 'constant' ? probe.map(() => probe[0]!) : probe;
      const entries = [...new Set(numbers)];
      const values = writeKeys(
        (form === 'dictionary' ? entries : numbers).map((number) => least + BigInt(number)),
        width,
      );
      const codes = form === 'dictionary' ? memory.u32(numbers.map((number) => entries.indexOf(number))) : 0;
      const held = present ?? Array.from({ length: RANGE }, (_, number) => number);
      const heads = present === undefined ? 0 : scope.allocateCleared(RANGE * 4);
      for (const number of present ?? []) shared.u32[heads / 4 + number] = 4000 + number;
      const selected = numbers.map((_, row) => row).filter((row) => !selects || row % 3 !== 1);
      const [rows, places] = [memory.output(selected.length * 4 + 4), memory.output(selected.length * 4 + 4)];
      const count = kernels.findPlaces(
        heads,
        least,
        RANGE,
        values,
        codes,
        form === 'constant' ? 0 : 1,
        width,
        selects ? memory.u32(selected) : 0,
        selected.length,
        rows,
        places,
      );
      const found = memory.readU32(places, count);
      const expected = joinKeys(numbers.map(String), held.map(String)).filter(([row]) => selected.includes(row));
      assert.deepEqual(
        memory.readU32(rows, count).map((row, i) => [row, found[i]]),
        expected.map(([row, match]) => [row, held[match]]),
      );
    }),
  );
});
