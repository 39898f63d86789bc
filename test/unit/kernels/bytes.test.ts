import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { statusOf } from '../../../src/exec/expression/expression-errors.js';
import { bytesPosition, bytesSubstring, bytesTrim } from '../../../src/kernels/reference/bytes.js';
import { KernelMemory } from './kernel-memory.js';
import { i32s } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope } = memory;

/** Few different bytes, so that they have much in common; none of them need be UTF-8. */
const bytesOf = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.array(fc.constantFrom(0, 1, 0x80, 0xc3, 0xff), { maxLength }).map((bytes) => Uint8Array.from(bytes));
const counts = fc.oneof(fc.integer({ min: -8, max: 45 }), i32s);
const read = (view: bigint): Uint8Array => Uint8Array.from(memory.readText(view));

test('parts of bytes', () => {
  fc.assert(
    fc
      .property(bytesOf(40), counts, counts, (bytes, from, count) => {
        const value = memory.text(bytes);
        const block = memory.block();
        assert.deepEqual(read(generated.bytesSubstringFrom(value, from)), bytesSubstring(bytes, from));
        const part = generated.bytesSubstring(block.pointer, value, from, count);
        const status = block.takeStatus();
        if (count < 0) assert.equal(status, statusOf('negativeSubstring'));
        else assert.deepEqual(read(part), bytesSubstring(bytes, from, count));
      })
      .afterEach(() => scope.reset()),
  );
});

test('where bytes are, and what is left without some at the ends', () => {
  fc.assert(
    fc
      .property(bytesOf(40), bytesOf(3), fc.integer({ min: 1, max: 3 }), (bytes, other, ends) => {
        const [value, part] = [memory.text(bytes), memory.text(other)];
        assert.equal(generated.bytesPosition(value, part), bytesPosition(bytes, other));
        assert.deepEqual(read(generated.bytesTrim(value, part, ends)), bytesTrim(bytes, other, ends));
      })
      .afterEach(() => scope.reset()),
  );
});
