import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as twin from '../../../src/kernels/reference/partition-best.js';
import { KernelMemory } from './kernel-memory.js';

const { kernels, scope, shared } = new KernelMemory();

const MAX_ROWS = 80;
const MAX_BEST = 5;
const PARTITIONS = 4;
const ENTRY_BYTES = 16;
const STATE_BYTES = 8 + MAX_BEST * 16;
const NUMBER_KIND = 2;
const TEXT_KIND = 6;
const LARGEST = 0xffff_ffff_ffff_ffffn;
const MODES = ['number', 'rank', 'dense'] as const;

const states = scope.allocate(PARTITIONS * STATE_BYTES);
const pointers = scope.allocate(MAX_ROWS * 4);
const entries = scope.allocate(MAX_ROWS * ENTRY_BYTES);
const selection = scope.allocate(MAX_ROWS * 4);
/** Of one number, of which images say all; of a text, of which they never do; of no keys at all. */
const descriptors = [[1, 8, 16, NUMBER_KIND, 0], [1, 8, 16, TEXT_KIND, 0], [0]].map((words) => {
  const pointer = scope.allocate(32);
  shared.u32.set(words, pointer / 4);
  return pointer;
});

const image: fc.Arbitrary<twin.PartitionedImage> = fc.record({
  partition: fc.nat(PARTITIONS - 1),
  word: fc.oneof(fc.bigInt(0n, 12n), fc.constantFrom(0n, LARGEST, LARGEST - 1n, 1n << 63n)),
  low: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 0xffff_ffff) }),
});

function write(rows: readonly twin.PartitionedImage[]): void {
  rows.forEach(({ partition, word, low }, index) => {
    const entry = entries + index * ENTRY_BYTES;
    shared.u32[pointers / 4 + index] = states + partition * STATE_BYTES;
    shared.i64[entry / 8] = BigInt.asIntN(64, word);
    shared.u32[entry / 4 + 3] = low;
  });
}

const selected = (count: number): number[] => [...shared.u32.subarray(selection / 4, selection / 4 + count)];

test('rows that cannot be among the first of their partition are left out', () => {
  const property = fc.property(
    fc.array(image, { maxLength: MAX_ROWS }),
    fc.integer({ min: 1, max: MAX_BEST }),
    fc.nat(MODES.length - 1),
    fc.nat(descriptors.length - 1),
    fc.nat(MAX_ROWS),
    (drawn, most, mode, kind, cut) => {
      const rows = kind === 2 ? drawn.map((row) => ({ ...row, word: 0n, low: 0 })) : drawn;
      const saysAll: twin.SaysAll = ({ word }) => kind === 2 || (kind === 0 && word !== 0n && word !== LARGEST);
      shared.u8.fill(0, states, states + PARTITIONS * STATE_BYTES);
      // In two batches: what was seen is remembered.
      const parts = [rows.slice(0, cut), rows.slice(cut)];
      const kept: number[] = [];
      let first = 0;
      for (const part of parts) {
        write(part);
        const count = kernels.keepBest(descriptors[kind]!, pointers, entries, part.length, most, mode, selection);
        for (const index of selected(count)) kept.push(first + index);
        first += part.length;
      }
      assert.deepEqual(kept, twin.keepBest(rows, most, MODES[mode]!, saysAll));
      write(rows);
      const left = selected(kernels.selectBest(pointers, entries, rows.length, most, selection));
      assert.deepEqual(left, twin.selectBest(rows, most, MODES[mode] === 'dense'));
    },
  );
  fc.assert(property, { numRuns: 2000 });
});
