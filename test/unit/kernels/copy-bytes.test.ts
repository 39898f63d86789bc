import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { writePlainStrings } from '../../../src/kernels/reference/parquet-encode.js';
import { KernelMemory } from './kernel-memory.js';

// `assembly/copy-bytes.ts` is not exported: strings written one after another are copied with it.

const memory = new KernelMemory();
const { kernels, scope } = memory;

test('copies of any length, one behind the other', () => {
  const lengths = fc.oneof(fc.nat(40), fc.integer({ min: 250, max: 262 }), fc.nat(2000));
  fc.assert(
    fc.property(fc.array(lengths, { maxLength: 12 }), fc.nat(255), (lengths, seed) => {
      const strings = lengths.map((length) => Uint8Array.from({ length }, (_, at) => (at * 7 + seed) % 256));
      const expected = writePlainStrings(strings);
      const target = memory.output(expected.length + 64);
      kernels.writePlainStrings(memory.strings(strings), 0, strings.length, target);
      assert.deepEqual(memory.readBytes(target, expected.length), expected);
      // The last copy overshoots by less than a vector.
      assert.ok(memory.readBytes(target + expected.length + 15, 49).every((byte) => byte === 0xaa));
      scope.reset();
    }),
    { numRuns: 60 },
  );
});

test('bytes are copied and filled', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(255), (bytes, byte) => {
      const target = memory.output(bytes.length + 64);
      kernels.copyBytes(memory.bytes(bytes), bytes.length, target);
      assert.deepEqual(memory.readBytes(target, bytes.length), bytes);
      kernels.fillBytes(target, byte, bytes.length);
      assert.ok(memory.readBytes(target, bytes.length).every((one) => one === byte));
      assert.ok(memory.readBytes(target + bytes.length, 64).every((one) => one === 0xaa));
      scope.reset();
    }),
    { numRuns: 60 },
  );
});
