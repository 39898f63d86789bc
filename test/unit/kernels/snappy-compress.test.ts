import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { snappyUncompress } from 'hyparquet';
import { snappyDecompress } from '../../../src/kernels/reference/snappy.js';
import { SNAPPY_TABLE_BYTES } from '../../../src/kernels/snappy-compress-kernels.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope } = memory;

/** Compresses, checks that nothing but the output was written, and returns it. */
function compress(input: Uint8Array): Uint8Array {
  scope.reset();
  const source = memory.bytes(input);
  const capacity = kernels.snappyMaxCompressedLength(input.length);
  const guardBytes = 64;
  const target = memory.output(capacity + guardBytes);
  const table = memory.output(SNAPPY_TABLE_BYTES + guardBytes);
  const length = kernels.snappyCompress(source, input.length, target, capacity, table);
  assert.ok(length > 0 && length <= capacity);
  const guard = new Uint8Array(guardBytes).fill(0xaa);
  assert.deepEqual(memory.readBytes(target + capacity, guardBytes), guard);
  assert.deepEqual(memory.readBytes(table + SNAPPY_TABLE_BYTES, guardBytes), guard);
  assert.deepEqual(memory.readBytes(source, input.length), input);
  assert.equal(kernels.snappyCompress(source, input.length, target, capacity - 1, table), -1);
  return memory.readBytes(target, length);
}

/** Pieces that repeat, nearly repeat, or do not. */
const inputs: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.nat(400)).map(([piece, times]) => {
        const bytes = new Uint8Array(piece.length * times);
        for (let k = 0; k < times; k++) bytes.set(piece, k * piece.length);
        return bytes;
      }),
      fc.constantFrom(...['deliver in person', 'take back return', 'collect cod'].map((text) => Buffer.from(text))),
    ),
    { maxLength: 60 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

test('what it compresses decompresses to the same', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      assert.deepEqual(snappyDecompress(compress(input)), input);
    }),
    { numRuns: 100 },
  );
});

test('inputs of several blocks, compressible and not', () => {
  let state = 12345;
  const random = Uint8Array.from({ length: 200_003 }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state >> 16;
  });
  const counters = new Uint8Array(Uint32Array.from({ length: 70_000 }, (_, index) => index >> 4).buffer);
  const zeros = new Uint8Array(65_536 * 3);
  for (const input of [random, counters, zeros, random.subarray(0, 65_536), zeros.subarray(0, 65_537)]) {
    const output = new Uint8Array(input.length);
    snappyUncompress(compress(input), output);
    assert.ok(Buffer.from(input).equals(output));
  }
  assert.ok(compress(zeros).length < zeros.length / 15);
  assert.ok(compress(counters).length < counters.length / 2);
});
