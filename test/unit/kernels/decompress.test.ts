import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lz4Decompress } from '../../../src/kernels/reference/lz4.js';
import { snappyDecompress } from '../../../src/kernels/reference/snappy.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope } = memory;
const RUNS = { numRuns: 100 };

/** Blocks made of arbitrary elements, well-formed or nearly so. */
const snappyElement = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 70 }).map((bytes) => ({ literal: bytes, offset: 0, length: 0 })),
  fc.record({
    literal: fc.constant(undefined),
    offset: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3000 })),
    length: fc.integer({ min: 1, max: 64 }),
  }),
);

function snappyBlock(
  elements: readonly { literal: Uint8Array | undefined; offset: number; length: number }[],
): Uint8Array {
  const body: number[] = [];
  let total = 0;
  for (const { literal, offset, length } of elements) {
    if (literal !== undefined) {
      if (literal.length <= 60) body.push((literal.length - 1) << 2, ...literal);
      else body.push(60 << 2, literal.length - 1, ...literal);
      total += literal.length;
    } else if (total > 0) {
      const reach = ((offset - 1) % total) + 1;
      if (reach % 3 === 0) body.push(((length - 1) << 2) | 3, reach & 255, (reach >> 8) & 255, 0, 0);
      else if (reach < 2048 && length >= 4 && length <= 11)
        body.push(((reach >> 8) << 5) | ((length - 4) << 2) | 1, reach & 255);
      else body.push(((length - 1) << 2) | 2, reach & 255, reach >> 8);
      total += length;
    }
  }
  const preamble =
    total < 128
      ? [total]
      : total < 16384
        ? [(total & 127) | 128, total >> 7]
        : [(total & 127) | 128, ((total >> 7) & 127) | 128, total >> 14];
  return Uint8Array.from([...preamble, ...body]);
}

test('Snappy blocks decompress as in the twin', () => {
  fc.assert(
    fc.property(fc.array(snappyElement, { maxLength: 120 }), (elements) => {
      const block = snappyBlock(elements);
      const expected = snappyDecompress(block);
      const target = memory.output(expected.length);
      const pointer = memory.bytes(block);
      assert.equal(kernels.snappyDecompress(pointer, block.length, target, expected.length), expected.length);
      assert.ok(Buffer.from(memory.readBytes(target, expected.length)).equals(expected));
      assert.equal(kernels.snappyDecompress(pointer, block.length, target, expected.length + 1), -1);
      scope.reset();
    }),
    RUNS,
  );
});

test('damaged Snappy blocks are refused exactly where the twin refuses them, and nothing beyond is written', () => {
  fc.assert(
    fc.property(
      fc.array(snappyElement, { minLength: 5, maxLength: 60 }),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 }),
      fc.nat({ max: 20 }),
      (elements, flips, cut) => {
        const whole = snappyBlock(elements);
        const length = snappyDecompress(whole).length;
        const block = whole.slice(0, Math.max(0, whole.length - cut));
        for (const [at, bits] of flips) if (block.length > 0) block[at % block.length]! ^= bits;
        let expected: Uint8Array | undefined;
        try {
          expected = snappyDecompress(block);
        } catch {}
        const target = memory.output(length + 128);
        const status = kernels.snappyDecompress(memory.bytes(block), block.length, target, length);
        assert.equal(status, expected?.length === length ? length : -1);
        if (status >= 0) assert.ok(Buffer.from(memory.readBytes(target, length)).equals(expected!));
        assert.ok(memory.readBytes(target + length + 64, 64).every((byte) => byte === 0xaa));
        scope.reset();
      },
    ),
    { numRuns: 200 },
  );
});

const lz4Sequence = fc.record({
  literal: fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.uint8Array({ maxLength: 600 })),
  offset: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3000 })),
  length: fc.oneof(fc.integer({ min: 4, max: 30 }), fc.integer({ min: 4, max: 700 })),
});

function lz4Block(sequences: readonly { literal: Uint8Array; offset: number; length: number }[]): Uint8Array {
  const body: number[] = [];
  const more = (rest: number): number[] => [...Array<number>(Math.floor(rest / 255)).fill(255), rest % 255];
  let total = 0;
  for (const { literal, offset, length } of sequences) {
    total += literal.length;
    const isLast = total === 0;
    body.push((Math.min(literal.length, 15) << 4) | (isLast ? 0 : Math.min(length - 4, 15)));
    if (literal.length >= 15) body.push(...more(literal.length - 15));
    body.push(...literal);
    if (isLast) return Uint8Array.from(body);
    const reach = ((offset - 1) % total) + 1;
    body.push(reach & 255, reach >> 8);
    if (length - 4 >= 15) body.push(...more(length - 19));
    total += length;
  }
  return Uint8Array.from([...body, 0x20, 1, 2]);
}

test('LZ4 blocks decompress as in the twin; damaged ones are refused where the twin refuses them', () => {
  fc.assert(
    fc.property(
      fc.array(lz4Sequence, { minLength: 1, maxLength: 30 }),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 2 }),
      fc.nat({ max: 5 }),
      (sequences, flips, cut) => {
        const whole = lz4Block(sequences);
        const { length } = lz4Decompress(whole);
        const block = whole.slice(0, Math.max(0, whole.length - cut));
        for (const [at, bits] of flips) if (block.length > 0) block[at % block.length]! ^= bits;
        for (const source of [whole, block]) {
          let expected: Uint8Array | undefined;
          try {
            expected = lz4Decompress(source);
          } catch {}
          const target = memory.output(length + 128);
          const status = kernels.lz4Decompress(memory.bytes(source), source.length, target, length);
          assert.equal(status, expected?.length === length ? length : -1);
          if (status >= 0) assert.ok(Buffer.from(memory.readBytes(target, length)).equals(expected!));
          assert.ok(memory.readBytes(target + length + 64, 64).every((byte) => byte === 0xaa));
        }
        scope.reset();
      },
    ),
    { numRuns: 200 },
  );
});
