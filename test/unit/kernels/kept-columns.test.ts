import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasNull, keptStrings } from '../../../src/kernels/reference/kept-columns.js';
import { heapBytes } from '../../../src/kernels/reference/rows.js';
import { KernelMemory } from './kernel-memory.js';
import { byteStrings } from './value-arbitraries.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

test('strings are kept beside their views, and found where a block has moved to', () => {
  const arbitrary = fc.record({
    pool: fc.array(byteStrings, { minLength: 1, maxLength: 20 }),
    encoding: fc.constantFrom('flat', 'dictionary', 'constant'),
    picks: fc.array(fc.tuple(fc.nat(), fc.nat(1)), { minLength: 1, maxLength: 20 }),
    hasNulls: fc.boolean(),
    distance: fc.integer({ min: 1, max: 1000 }).map((words) => words * 16),
  });
  fc.assert(
    fc
      .property(arbitrary, ({ pool, encoding, picks, hasNulls, distance }) => {
        const rows = encoding === 'flat' ? picks.slice(0, pool.length) : picks;
        const codes = rows.map(([pick], row) =>
          encoding === 'flat' ? row : encoding === 'constant' ? 0 : pick % pool.length,
        );
        const validity = hasNulls ? rows.map(([, valid]) => valid) : undefined;
        const expected = keptStrings(pool, codes, validity);
        const bytes = heapBytes(expected);
        const viewBytes = rows.length * 16;
        const target = memory.output(viewBytes + bytes);
        const heap = kernels.keepStrings(
          memory.strings(pool),
          encoding === 'dictionary' ? memory.u32(codes) : 0,
          encoding === 'flat' ? 1 : 0,
          validity === undefined ? 0 : memory.bytes(validity),
          rows.length,
          target,
          target + viewBytes + bytes,
        );
        assert.equal(heap >>> 0, target + viewBytes, 'long strings fill the heap');
        const read = (views: number): Uint8Array[] =>
          expected.map((_, row) =>
            validity?.[row] === 0 ? new Uint8Array() : memory.readText(memory.readI128(views + row * 16)),
          );
        assert.deepEqual(read(target), expected);
        const moved = memory.output(viewBytes + bytes + distance) + distance;
        shared.u8.copyWithin(moved, target, target + viewBytes + bytes);
        shared.u8.fill(0xee, target, target + viewBytes + bytes);
        kernels.moveViews(moved, rows.length, moved - target);
        assert.deepEqual(read(moved), expected);
      })
      .afterEach(() => scope.reset()),
    { numRuns: 200 },
  );
});

test('validity bytes are kept, and looked at on the way', () => {
  fc.assert(
    fc
      .property(fc.array(fc.constantFrom(1, 1, 1, 0), { minLength: 1, maxLength: 60 }), (validity) => {
        const target = memory.output(validity.length);
        const hasNulls = kernels.keepValidity(memory.bytes(validity), 1, validity.length, target);
        assert.equal(hasNulls, hasNull(validity) ? 1 : 0);
        assert.deepEqual([...memory.readBytes(target, validity.length)], validity);
        const ofFirst = kernels.keepValidity(memory.bytes(validity), 0, validity.length, target);
        assert.equal(ofFirst, validity[0] === 0 ? 1 : 0);
        assert.deepEqual(
          [...memory.readBytes(target, validity.length)],
          validity.map(() => validity[0]!),
        );
      })
      .afterEach(() => scope.reset()),
    { numRuns: 100 },
  );
});
