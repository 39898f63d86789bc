import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layoutStrings, packBits } from '../../../src/kernels/reference/arrow.js';
import { BATCH_ROWS } from '../../../src/vector/vector.js';
import { KernelMemory } from './kernel-memory.js';
import { byteStrings } from './value-arbitraries.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const GUARD = 64;

test('strings in any encoding are laid out one after another', () => {
  const rows = fc.array(fc.record({ code: fc.nat(), valid: fc.nat(1) }), { maxLength: 60 });
  const pools = fc.array(byteStrings, { minLength: 1, maxLength: 60 });
  const shapes = fc.record({ encoding: fc.constantFrom('flat', 'dictionary', 'constant'), hasNulls: fc.boolean() });
  fc.assert(
    fc.property(rows, pools, shapes, fc.nat(300), (rows, pool, { encoding, hasNulls }, used) => {
      const count = encoding === 'flat' ? Math.min(rows.length, pool.length) : rows.length;
      const codes = rows.slice(0, count).map(({ code }, row) => {
        return encoding === 'flat' ? row : encoding === 'constant' ? 0 : code % pool.length;
      });
      const validity = rows.slice(0, count).map(({ valid }) => valid);
      const strings = codes.map((code, row) => (hasNulls && validity[row] === 0 ? undefined : pool[code]!));
      const expected = layoutStrings(strings, used);

      const data = memory.strings(pool);
      const codesPointer = encoding === 'dictionary' ? memory.u32(codes) : 0;
      const step = encoding === 'flat' ? 1 : 0;
      const validityPointer = hasNulls ? memory.bytes(validity) : 0;
      const total = kernels.sumStringBytes(data, codesPointer, step, validityPointer, count);
      assert.equal(total, expected.bytes.length);
      const offsets = memory.output((count + 1) * 4);
      const bytes = memory.output(used + total + GUARD);
      assert.equal(
        kernels.appendStrings(data, codesPointer, step, validityPointer, count, offsets, bytes, used),
        used + total,
      );
      assert.deepEqual(memory.readU32(offsets, count + 1), [0xaaaaaaaa, ...expected.ends]);
      assert.deepEqual(Buffer.from(memory.readBytes(bytes + used, total)), expected.bytes);
      for (const untouched of [memory.readBytes(bytes, used), memory.readBytes(bytes + used + total, GUARD)]) {
        assert.ok(untouched.every((byte) => byte === 0xaa));
      }
      scope.reset();
    }),
    { numRuns: 300 },
  );
});

test('the bytes of strings are counted beyond 32 bits', () => {
  const views = memory.output(16);
  shared.u32.set([2 ** 31, 0, 0, 0], views / 4);
  assert.equal(kernels.sumStringBytes(views, 0, 0, 0, BATCH_ROWS), 2 ** 31 * BATCH_ROWS);
  scope.reset();
});

test('bitmaps', () => {
  const flags = fc.oneof(
    fc.array(fc.nat(1), { maxLength: 100 }),
    fc.array(fc.nat(1), { minLength: BATCH_ROWS - 1, maxLength: BATCH_ROWS }),
  );
  fc.assert(
    fc.property(flags, (flags) => {
      const byteLength = Math.ceil(flags.length / 8);
      const target = memory.output(byteLength + GUARD);
      kernels.packBits(memory.bytes(flags), flags.length, target);
      const packed = [...memory.readBytes(target, byteLength)];
      // What lies beyond the last flag may be anything.
      if (flags.length % 8 > 0) packed[byteLength - 1]! &= (1 << (flags.length % 8)) - 1;
      assert.deepEqual(packed, packBits(flags));
      assert.ok(memory.readBytes(target + byteLength + 1, GUARD - 1).every((byte) => byte === 0xaa));
      scope.reset();
    }),
    { numRuns: 60 },
  );
});
