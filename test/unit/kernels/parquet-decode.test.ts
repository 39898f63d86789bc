import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HYBRID_STATE_BYTES } from '../../../src/kernels/hybrid-kernels.js';
import { decodeDelta, encodeDelta } from '../../../src/kernels/reference/delta.js';
import { lz4Decompress } from '../../../src/kernels/reference/lz4.js';
import { decodeHybrid, encodeHybrid } from '../../../src/kernels/reference/parquet-encode.js';
import {
  floorDivide,
  halfToNumber,
  joinByteStreams,
  joinPrefixes,
  readBigEndian,
  readPlainStrings,
  spread,
} from '../../../src/kernels/reference/parquet-values.js';
import { snappyDecompress } from '../../../src/kernels/reference/snappy-compress.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const RUNS = { numRuns: 100 };

function hybridState(bytes: Uint8Array, bitWidth: number): number {
  const pointer = memory.bytes(bytes);
  return memory.u32([pointer, pointer + bytes.length, bitWidth, 0, 0, 0, 0, 0].slice(0, HYBRID_STATE_BYTES / 4));
}

const hybridValues = fc.integer({ min: 1, max: 32 }).chain((bitWidth) =>
  fc.record({
    bitWidth: fc.constant(bitWidth),
    runs: fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 2 ** bitWidth - 1 }),
        fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 })),
      ),
      { minLength: 1, maxLength: 60 },
    ),
    steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 130 }), fc.boolean()), { minLength: 1, maxLength: 5 }),
  }),
);

test('runs and bit-packed groups decode as in the twin, from any value to any value', () => {
  fc.assert(
    fc.property(hybridValues, ({ bitWidth, runs, steps }) => {
      const values = runs.flatMap(([value, count]) => Array<number>(count).fill(value));
      const bytes = encodeHybrid(values, bitWidth);
      const expected = decodeHybrid(bytes, bitWidth, values.length);
      assert.deepEqual(expected, values);
      const state = hybridState(bytes, bitWidth);
      const target = memory.output(130 * 4);
      for (let at = 0, step = 0; at < values.length; step++) {
        const [length, skips] = steps[step % steps.length]!;
        const count = Math.min(length, values.length - at);
        if (skips) {
          assert.equal(kernels.hybridSkip(state, count), 0);
        } else {
          const maximum = Math.max(...expected.slice(at, at + count));
          assert.equal(kernels.hybridDecode(state, count, maximum + 1, target), 0);
          assert.deepEqual(memory.readU32(target, count), expected.slice(at, at + count));
        }
        at += count;
      }
      scope.reset();
    }),
    RUNS,
  );
});

test('codes beyond the limit and streams that end early are refused', () => {
  const bytes = encodeHybrid(
    Array.from({ length: 100 }, (_, index) => index),
    7,
  );
  const target = memory.output(4096);
  assert.equal(kernels.hybridDecode(hybridState(bytes, 7), 100, 100, target), 0);
  assert.equal(kernels.hybridDecode(hybridState(bytes, 7), 100, 99, target), -2);
  assert.equal(kernels.hybridDecode(hybridState(bytes.subarray(0, 50), 7), 100, 0, target), -1);
  assert.equal(kernels.hybridSkip(hybridState(bytes.subarray(0, 50), 7), 100), -1);
  assert.equal(kernels.hybridDecode(hybridState(new Uint8Array(0), 7), 1, 0, target), -1);
  assert.equal(kernels.hybridDecode(hybridState(Uint8Array.from([2, 255]), 7), 1, 0, target), -1, 'a value too wide');
  scope.reset();
});

test('levels expand to bytes and are counted', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 90 })), {
        minLength: 1,
        maxLength: 50,
      }),
      fc.integer({ min: 1, max: 200 }),
      (runs, step) => {
        const values = runs.flatMap(([value, count]) => Array<number>(count).fill(value));
        const bytes = encodeHybrid(values, 1);
        const state = hybridState(bytes, 1);
        const counting = hybridState(bytes, 1);
        const target = memory.output(step);
        for (let at = 0; at < values.length; at += step) {
          const expected = values.slice(at, at + step);
          const ones = expected.filter((value) => value === 1).length;
          assert.equal(kernels.hybridDecodeBits(state, expected.length, target), ones);
          assert.equal(kernels.hybridDecodeBits(counting, expected.length, 0), ones);
          assert.deepEqual([...memory.readBytes(target, expected.length)], expected);
        }
        scope.reset();
      },
    ),
    RUNS,
  );
});

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

function readViews(views: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const [byteLength, pointer] = memory.readU32(views + index * 16, 2) as [number, number];
    const bytes = Buffer.from(memory.readBytes(pointer, byteLength));
    const prefix = Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(8)]).subarray(0, 8);
    assert.ok(prefix.equals(memory.readBytes(views + index * 16 + 8, 8)));
    return bytes.toString('hex');
  });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const strings = fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 100 });

test('length-prefixed strings become views, all or the selected ones', () => {
  fc.assert(
    fc.property(strings, fc.func(fc.boolean()), fc.nat({ max: 40 }), (values, isSelected, cut) => {
      const bytes = Buffer.concat(values.flatMap((value) => [Uint8Array.from([value.length, 0, 0, 0]), value]));
      const pointer = memory.bytes(bytes);
      const end = pointer + bytes.length;
      const views = memory.output(values.length * 16);
      assert.equal(kernels.plainStringViews(pointer, end, values.length, views), end);
      assert.deepEqual(readViews(views, values.length), readPlainStrings(bytes, values.length)!.map(hex));
      assert.equal(kernels.plainStringsSkip(pointer, end, values.length), end);

      const base = 7;
      const chosen = values.map((_, index) => index).filter((index) => isSelected(index));
      const selection = memory.u32(chosen.map((index) => index + base));
      assert.equal(
        kernels.plainStringViewsSelected(pointer, end, values.length, selection, chosen.length, base, views),
        end,
      );
      assert.deepEqual(
        readViews(views, chosen.length),
        chosen.map((index) => hex(values[index]!)),
      );

      const cutEnd = end - Math.min(cut, bytes.length);
      const isWhole = readPlainStrings(bytes.subarray(0, cutEnd - pointer), values.length) !== undefined;
      assert.equal(kernels.plainStringViews(pointer, cutEnd, values.length, views) !== 0, isWhole);
      assert.equal(kernels.plainStringsSkip(pointer, cutEnd, values.length) !== 0, isWhole);
      assert.equal(
        kernels.plainStringViewsSelected(pointer, cutEnd, values.length, selection, chosen.length, base, views) !== 0,
        isWhole,
      );
      scope.reset();
    }),
    RUNS,
  );
});

test('strings with shared prefixes are joined', () => {
  fc.assert(
    fc.property(strings, fc.array(fc.nat(), { minLength: 100, maxLength: 100 }), (suffixes, seeds) => {
      const prefixes: number[] = [];
      let previous = 0;
      for (const [index, suffix] of suffixes.entries()) {
        prefixes.push(seeds[index]! % (previous + 1));
        previous = prefixes[index]! + suffix.length;
      }
      const expected = joinPrefixes(prefixes, suffixes);
      const total = expected.reduce((sum, bytes) => sum + bytes.length, 0);
      const prefixPointer = memory.u32(prefixes);
      const suffixPointer = memory.u32(suffixes.map((suffix) => suffix.length));
      assert.equal(kernels.prefixedStringBytes(prefixPointer, suffixPointer, suffixes.length), total);
      const joined = Buffer.concat(suffixes);
      const source = memory.bytes(joined);
      const bytes = memory.output(total);
      const views = memory.output(suffixes.length * 16);
      const join = (end: number) =>
        kernels.prefixedStringViews(prefixPointer, suffixPointer, suffixes.length, source, end, bytes, views);
      assert.equal(join(source + joined.length), 0);
      assert.deepEqual(readViews(views, suffixes.length), expected.map(hex));
      if (joined.length > 0) assert.equal(join(source + joined.length - 1), -1);
      assert.equal(kernels.prefixedStringBytes(memory.u32([1, ...prefixes]), suffixPointer, 1), -1);
      scope.reset();
    }),
    RUNS,
  );
});

test('values are spread over the valid rows and looked up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 100 }),
      fc.nat(),
      (validity, seed) => {
        const present = validity.filter((valid) => valid === 1).length;
        const validityPointer = memory.bytes(validity);
        const codes = Array.from({ length: present }, (_, index) => (index * 7 + seed) % 50);
        for (const width of [1, 4, 8, 16] as const) {
          const dictionary = Array.from({ length: 50 }, (_, entry) =>
            Array.from({ length: width }, (_, byte) => (entry * 5 + byte) % 251),
          );
          const dictionaryPointer = memory.bytes(dictionary.flat());
          const values = codes.map((code) => dictionary[code]!);
          let source = memory.bytes(values.flat());
          if (width !== 1) {
            const codePointer = memory.u32(codes);
            const lookUp = { 4: kernels.lookUp4, 8: kernels.lookUp8, 16: kernels.lookUp16 }[width];
            source = memory.output(present * width);
            lookUp(dictionaryPointer, codePointer, present, source);
            assert.deepEqual([...memory.readBytes(source, present * width)], values.flat());
            const selected = codes.map((_, index) => index).filter((index) => index % 3 === seed % 3);
            const some = memory.output(selected.length * width);
            const lookUpSelected = {
              4: kernels.lookUpSelected4,
              8: kernels.lookUpSelected8,
              16: kernels.lookUpSelected16,
            }[width];
            lookUpSelected(dictionaryPointer, codePointer, memory.u32(selected), selected.length, some);
            assert.deepEqual(
              [...memory.readBytes(some, selected.length * width)],
              selected.flatMap((index) => values[index]!),
            );
          }
          const target = memory.output(validity.length * width);
          const spreadKernel = { 1: kernels.spread1, 4: kernels.spread4, 8: kernels.spread8, 16: kernels.spread16 }[
            width
          ];
          spreadKernel(source, validityPointer, validity.length, target);
          for (const [row, value] of spread(values, validity).entries()) {
            if (value !== undefined) assert.deepEqual([...memory.readBytes(target + row * width, width)], value);
          }
        }
        scope.reset();
      },
    ),
    { numRuns: 40 },
  );
});

test('big-endian decimals convert, or fail when they are too wide', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.func(fc.uint8Array({ minLength: 20, maxLength: 20 })),
      fc.integer({ min: 0, max: 20 }),
      (width, bytesOf, extension) => {
        const values = Array.from({ length: 9 }, (_, index) => {
          const bytes = bytesOf(index).slice(0, width);
          // Mostly values that fit: their first bytes only extend the sign.
          const sign = bytes[Math.min(extension, width - 1)]! >= 0x80 ? 0xff : 0;
          return bytes.fill(sign, 0, Math.min(extension, width - 1));
        });
        const source = memory.bytes(values.flatMap((value) => [...value]));
        const views = memory.strings(values);
        const target = memory.output(values.length * 16);
        for (const bits of [64, 128] as const) {
          const expected = values.map((value) => readBigEndian(value, bits));
          const statuses =
            bits === 64
              ? [
                  () => kernels.convertBigEndianToI64(source, width, values.length, target),
                  () => kernels.convertViewsToI64(views, values.length, target),
                ]
              : [
                  () => kernels.convertBigEndianToI128(source, width, values.length, target),
                  () => kernels.convertViewsToI128(views, values.length, target),
                ];
          for (const convert of statuses) {
            shared.u8.fill(0xaa, target, target + values.length * 16);
            assert.equal(convert(), expected.includes(undefined) ? -1 : 0);
            for (const [index, value] of expected.entries()) {
              if (value === undefined) continue;
              const at = target + (index * bits) / 8;
              const low = shared.view.getBigUint64(at, true);
              const actual =
                bits === 64 ? BigInt.asIntN(64, low) : (shared.view.getBigInt64(at + 8, true) << 64n) | low;
              assert.equal(actual, value);
            }
          }
        }
        scope.reset();
      },
    ),
    RUNS,
  );
});

test('times, small floats and byte streams convert as in the twin', () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1, maxLength: 20 }),
      (values) => {
        const source = memory.i64(values);
        const target = memory.output(values.length * 8);
        const read = () => values.map((_, index) => shared.view.getBigInt64(target + index * 8, true));
        kernels.convertNanosToMicros(source, values.length, target);
        assert.deepEqual(
          read(),
          values.map((value) => floorDivide(value, 1000n)),
        );
        const fits = values.every((value) => value * 1000n === BigInt.asIntN(64, value * 1000n));
        assert.equal(kernels.convertMillisToMicros(source, values.length, target), fits ? 0 : -1);
        if (fits)
          assert.deepEqual(
            read(),
            values.map((value) => value * 1000n),
          );
        scope.reset();
      },
    ),
    RUNS,
  );
  const halves = Array.from({ length: 65536 }, (_, half) => half);
  const source = memory.bytes(new Uint8Array(Uint16Array.from(halves).buffer));
  const target = memory.output(halves.length * 4);
  kernels.convertFloat16(source, halves.length, target);
  const wrong = halves.find((half) => !Object.is(shared.view.getFloat32(target + half * 4, true), halfToNumber(half)));
  assert.equal(wrong, undefined);
  scope.reset();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 0, max: 40 }), (width, count) => {
      const bytes = Uint8Array.from({ length: width * count }, (_, index) => index * 7);
      const joined = memory.output(bytes.length);
      kernels.joinByteStreams(memory.bytes(bytes), width, count, joined);
      assert.deepEqual(memory.readBytes(joined, bytes.length), joinByteStreams(bytes, width));
      scope.reset();
    }),
    RUNS,
  );
});
