import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { codeTexts } from '../../../src/kernels/reference/join-text-codes.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

/** A row: a text, its code, its validity. */
const STRIDE = 24;
const CODE = 16;
const VALIDITY = 20;
const MOST_ROWS = 40;

test('texts of rows are numbered in the order in which they appear, batch by batch', () => {
  const ending = fc.stringMatching(/^[ab]{0,2}$/);
  // Of one length, with the same first bytes, and of lengths about that of a word.
  const text = fc
    .tuple(fc.constantFrom('', 'x', 'long and alike ', 'longer still, but alike '), ending)
    .map((parts) => {
      return parts.join('');
    });
  const texts = fc.array(fc.option(text, { nil: undefined }), { maxLength: MOST_ROWS });
  fc.assert(
    fc
      .property(texts, fc.nat({ max: MOST_ROWS }), (values, split) => {
        const block = shared.allocateChunks(1, shared.createOwner());
        const rows = values.map((_, row) => block + 24 + row * STRIDE);
        let heap = block + 4096;
        for (const [row, value] of values.entries()) {
          const bytes = Buffer.from(value ?? '');
          const at = rows[row]!;
          kernels.packStrings(memory.strings([bytes]), 0, 1, 0, memory.u32([at]), 0, memory.u32([heap]), 1);
          heap += bytes.length;
          shared.u8[at + VALIDITY] = value === undefined ? 0 : 1;
        }
        const slots = scope.allocateCleared(128 * 4);
        const entries = memory.output(MOST_ROWS * 16);
        let count = 0;
        for (const part of [rows.slice(0, split), rows.slice(split)]) {
          count = kernels.codeRowTexts(memory.u32(part), 0, VALIDITY, CODE, part.length, slots, 127, entries, count);
        }
        const expected = codeTexts(values);
        assert.deepEqual(
          rows.map((at) => shared.u32[(at + CODE) / 4]),
          expected.codes,
        );
        const found = Array.from({ length: count }, (_, entry) =>
          memory.readText(memory.readI128(entries + entry * 16)),
        );
        assert.deepEqual(
          found.map((bytes) => Buffer.from(bytes).toString()),
          expected.entries,
        );
        shared.freeChunks(block, 1);
      })
      .afterEach(() => scope.reset()),
    { numRuns: 200 },
  );
});
