import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeDelta, encodeDelta } from '../../../src/kernels/reference/delta.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

test('delta-packed integers decode as in the twin', () => {
  const small = fc.bigInt({ min: -5n, max: 300n });
  for (const bits of [32, 64] as const) {
    const any = fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(small, small, any), { maxLength: 400 }),
        fc.constantFrom([128, 4], [128, 1], [256, 8]),
        (values, [block, miniblocks]) => {
          const bytes = encodeDelta(values, bits, block, miniblocks);
          const expected = decodeDelta(bytes, bits);
          assert.deepEqual(expected.values, values);
          const pointer = memory.bytes(bytes);
          const target = memory.output(values.length * 8);
          const result = memory.output(8);
          const wide = bits === 64 ? 1 : 0;
          assert.equal(kernels.deltaDecode(pointer, pointer + bytes.length, values.length, wide, target, result), 0);
          assert.deepEqual(memory.readU32(result, 2), [values.length, pointer + expected.byteLength]);
          const decoded = values.map((_, index) =>
            wide
              ? shared.view.getBigInt64(target + index * 8, true)
              : BigInt(shared.view.getInt32(target + index * 4, true)),
          );
          assert.deepEqual(decoded, values);
          if (values.length > 1) {
            assert.equal(
              kernels.deltaDecode(pointer, pointer + bytes.length, values.length - 1, wide, target, result),
              -1,
            );
            assert.equal(kernels.deltaDecode(pointer, pointer + 4, values.length, wide, target, result), -1);
          }
          scope.reset();
        },
      ),
      { numRuns: 60 },
    );
  }
});
