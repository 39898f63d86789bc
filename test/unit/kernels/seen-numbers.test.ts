import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unseenRows } from '../../../src/kernels/reference/seen-numbers.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

const SIZE = 40;

function write(values: readonly bigint[], width: number): number {
  const at = memory.output(values.length * 8 + 8);
  for (const [i, value] of values.entries()) {
    if (width === 8) shared.i64[at / 8 + i] = value;
    else if (width === 4) shared.i32[at / 4 + i] = Number(value);
    else shared.u8[at + i] = Number(value);
  }
  return at;
}

const batches = fc.record({
  width: fc.constantFrom(1, 4, 8),
  least: fc.constantFrom(-24n, 0n, 2n ** 30n, -(2n ** 31n)),
  batches: fc.array(fc.array(fc.option(fc.nat(SIZE - 1), { freq: 8 }), { maxLength: 30 }), { maxLength: 5 }),
  coded: fc.boolean(),
  limit: fc.integer({ min: 1, max: SIZE }),
});

test('rows are selected whose number the twin has not seen, and all that were are listed', () => {
  fc.assert(
    fc
      .property(batches, ({ width, least: wanted, batches: lists, coded, limit }) => {
        const least = width === 1 ? 0n : wanted;
        const bits = scope.allocateCleared(SIZE / 8);
        const nullSeen = scope.allocateCleared(1);
        const seen = new Set<number | null>();
        for (const numbers of lists) {
          const entries = [...new Set(numbers)].reverse();
          const values = write(
            (coded ? entries : numbers).map((number) => least + BigInt(number ?? 0)),
            width,
          );
          const codes = coded ? memory.u32(numbers.map((number) => entries.indexOf(number))) : 0;
          const validity = numbers.includes(null) ? memory.output(numbers.length) : 0;
          if (validity !== 0)
            for (const [i, number] of numbers.entries()) shared.u8[validity + i] = number === null ? 0 : 1;
          const selection = memory.output(numbers.length * 4 + 4);
          const count = kernels.selectUnseenNumbers(
            bits,
            least,
            nullSeen,
            values,
            codes,
            1,
            width,
            validity,
            numbers.length,
            selection,
          );
          assert.deepEqual(memory.readU32(selection, count), unseenRows(numbers, seen));
        }
        assert.equal(shared.u8[nullSeen], seen.has(null) ? 1 : 0);
        const listed: bigint[] = [];
        const [target, found] = [memory.output(limit * 8), memory.output(4)];
        for (let place = 0; place < SIZE; ) {
          place = kernels.listSeenNumbers(bits, least, place, SIZE, width, target, limit, found);
          const count = shared.u32[found / 4]!;
          assert.ok(count <= limit);
          for (let i = 0; i < count; i++) {
            if (width === 8) listed.push(shared.i64[target / 8 + i]!);
            else listed.push(BigInt(width === 4 ? shared.i32[target / 4 + i]! : shared.u8[target + i]!));
          }
        }
        const expected = [...seen].filter((number) => number !== null).sort((a, b) => a - b);
        assert.deepEqual(
          listed,
          expected.map((number) => least + BigInt(number)),
        );
      })
      .afterEach(() => scope.reset()),
    { numRuns: 200 },
  );
});
