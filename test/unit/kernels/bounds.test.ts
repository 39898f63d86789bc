import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PADDING_BYTES } from '../../../src/vector/shared-memory.js';
import { KernelMemory } from './kernel-memory.js';

/*
 * Kernels that read the bytes of files are given any bytes, at the very end of the memory: what they read beyond the
 * padding traps. What they write lies between poisoned bytes, or at the end of the memory as well.
 */

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const POISON = 0xa5;
const AROUND = 1024;

const files = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  // Small numbers are lengths, widths and counts that make sense.
  fc.uint8Array({ max: 8, maxLength: 200 }),
  fc.array(fc.constantFrom(0, 1, 2, 3, 4, 127, 128, 255), { maxLength: 120 }).map((values) => Uint8Array.from(values)),
);
const counts = fc.oneof(fc.nat(12), fc.nat(400));

/** Runs `write` with a place for `byteLength` bytes, and checks that bytes further away than the padding stay. */
function guarded(byteLength: number, atEnd: boolean, write: (target: number) => void): void {
  const target = atEnd
    ? shared.u8.length - PADDING_BYTES - byteLength
    : scope.allocate(byteLength + PADDING_BYTES + 2 * AROUND) + AROUND;
  const end = target + byteLength + PADDING_BYTES + (atEnd ? 0 : AROUND);
  shared.u8.fill(POISON, target - AROUND, end);
  write(target);
  const poison = Buffer.alloc(AROUND, POISON);
  assert.ok(poison.equals(memory.readBytes(target - AROUND, AROUND)), 'written before the output');
  if (!atEnd) assert.ok(poison.equals(memory.readBytes(end - AROUND, AROUND)), 'written after the output');
}

type Run = (source: number, end: number, target: number) => void;

/** Runs a kernel on the bytes at the end of the memory with an output elsewhere, and the other way round. */
function run(bytes: Uint8Array, outputBytes: number, kernel: Run): void {
  for (const outputAtEnd of [false, true]) {
    const source = outputAtEnd ? memory.bytes(bytes) : memory.bytesAtEnd(bytes);
    guarded(outputBytes, outputAtEnd, (target) => kernel(source, source + bytes.length, target));
    assert.deepEqual(memory.readBytes(source, bytes.length), bytes, 'the input is changed');
  }
}

function check<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>, numRuns = 250): void {
  fc.assert(
    property.afterEach(() => scope.reset()),
    { numRuns },
  );
}

/** All bytes that views show lie between two addresses. */
function checkViews(views: number, count: number, from: number, end: number): void {
  for (let view = 0; view < count; view++) {
    const [byteLength, pointer] = memory.readU32(views + view * 16, 2) as [number, number];
    assert.ok(pointer >= from && pointer + byteLength <= end, `view ${view}: ${byteLength} bytes at ${pointer}`);
  }
}

test('compressed blocks', () => {
  const lengths = fc.oneof(fc.nat(40), fc.nat(3000));
  check(
    fc.property(files, lengths, fc.boolean(), (bytes, length, claims) => {
      // A block that claims to have the length wanted is read on.
      const preamble = claims ? [(length & 127) | 128, length >> 7] : [];
      run(Uint8Array.from([...preamble, ...bytes]), length, (source, end, target) => {
        const status = kernels.snappyDecompress(source, end - source, target, length);
        assert.ok(status === -1 || status === length);
      });
    }),
    600,
  );
  check(
    fc.property(files, lengths, (bytes, length) => {
      run(bytes, length, (source, end, target) => {
        const status = kernels.lz4Decompress(source, end - source, target, length);
        assert.ok(status === -1 || status === length);
      });
    }),
    600,
  );
});

test('runs and bit-packed groups', () => {
  check(
    fc.property(
      files,
      fc.integer({ min: 0, max: 32 }),
      fc.array(counts, { maxLength: 4 }),
      (bytes, bitWidth, steps) => {
        const outputBytes = 4 * Math.max(0, ...steps);
        const stateOf = (source: number, end: number, width: number) => memory.u32([source, end, width, 0, 0, 0, 0, 0]);
        run(bytes, outputBytes, (source, end, target) => {
          const state = stateOf(source, end, bitWidth);
          for (const count of steps) if (kernels.hybridDecode(state, count, 0, target) !== 0) break;
          assert.ok(shared.u32[state / 4]! <= end);
        });
        run(bytes, 0, (source, end) => {
          const state = stateOf(source, end, bitWidth);
          for (const count of steps) if (kernels.hybridSkip(state, count) !== 0) break;
          assert.ok(shared.u32[state / 4]! <= end);
        });
        run(bytes, outputBytes / 4, (source, end, target) => {
          const state = stateOf(source, end, 1);
          for (const count of steps) if (kernels.hybridDecodeBits(state, count, target) < 0) break;
        });
        run(bytes, 0, (source, end) => {
          const state = stateOf(source, end, 1);
          for (const count of steps) if (kernels.hybridDecodeBits(state, count, 0) < 0) break;
        });
        run(bytes, bytes.length * 8, (source, end, target) => {
          const first = Math.min(bitWidth, (end - source) * 8);
          kernels.expandBits(source, first, (end - source) * 8 - first, target);
        });
      },
    ),
  );
});

test('delta-packed integers', () => {
  const headers = fc.oneof(
    fc.constant([]),
    fc
      .tuple(fc.constantFrom(8, 64, 128), fc.constantFrom(0, 1, 2, 4, 8), fc.nat(120), fc.nat(120))
      .map(([block, miniblocks, count, first]) =>
        block < 128 ? [block, miniblocks, count, first] : [128, 1, miniblocks, count, first],
      ),
  );
  check(
    fc.property(headers, files, counts, fc.nat(1), (header, rest, capacity, wide) => {
      run(Uint8Array.from([...header, ...rest]), capacity * (wide === 1 ? 8 : 4), (source, end, target) => {
        const result = memory.output(8);
        if (kernels.deltaDecode(source, end, capacity, wide, target, result) !== 0) return;
        const [count, position] = memory.readU32(result, 2) as [number, number];
        assert.ok(count <= capacity && position > source && position <= end);
      });
    }),
    600,
  );
});

test('strings', () => {
  const lengths = fc.array(fc.oneof(fc.nat(3), fc.nat(60), fc.nat(2 ** 32 - 1)), { maxLength: 30 });
  check(
    fc.property(files, counts, lengths, fc.nat(40), (bytes, count, suffixes, width) => {
      run(bytes, count * 16, (source, end, target) => {
        const position = kernels.plainStringViews(source, end, count, target);
        assert.ok(position === 0 || (position >= source && position <= end));
        if (position !== 0) checkViews(target, count, source, end);
      });
      const rows = Array.from({ length: count }, (_, row) => row).filter((row) => row % 3 !== width % 3);
      run(bytes, rows.length * 16, (source, end, target) => {
        const selection = memory.u32(rows.map((row) => row + 5));
        const position = kernels.plainStringViewsSelected(source, end, count, selection, rows.length, 5, target);
        assert.equal(position, kernels.plainStringsSkip(source, end, count));
        if (position !== 0) checkViews(target, rows.length, source, end);
      });
      const fixed = width === 0 ? count : Math.floor(bytes.length / width);
      run(bytes, fixed * 16, (source, end, target) => {
        kernels.fixedStringViews(source, width, fixed, target);
        checkViews(target, fixed, source, end);
      });
      run(bytes, suffixes.length * 16, (source, end, target) => {
        const status = kernels.adjacentStringViews(memory.u32(suffixes), suffixes.length, source, end, target);
        if (status === 0) checkViews(target, suffixes.length, source, end);
      });
      const prefixes = suffixes.map((_, row) => (row === 0 ? 0 : (bytes[row % (bytes.length + 1)] ?? 0) % 20));
      const total = kernels.prefixedStringBytes(memory.u32(prefixes), memory.u32(suffixes), suffixes.length);
      if (total < 0 || total > 100_000) return;
      run(bytes, total, (source, end, target) => {
        const views = memory.output(suffixes.length * 16);
        const [prefix, suffix] = [memory.u32(prefixes), memory.u32(suffixes)];
        const status = kernels.prefixedStringViews(prefix, suffix, suffixes.length, source, end, target, views);
        if (status === 0) checkViews(views, suffixes.length, target, target + total);
      });
    }),
  );
});

test('values of fixed width', () => {
  const conversions: readonly [name: keyof typeof kernels, from: number, to: number][] = [
    ['convertI32ToI64', 4, 8],
    ['convertU32ToI64', 4, 8],
    ['convertI32ToI128', 4, 16],
    ['convertI64ToI128', 8, 16],
    ['convertU64ToI128', 8, 16],
    ['convertI32MillisToMicros', 4, 8],
    ['convertMillisToMicros', 8, 8],
    ['convertNanosToMicros', 8, 8],
    ['convertInt96ToMicros', 12, 8],
    ['convertInterval', 12, 16],
    ['convertFloat16', 2, 4],
  ];
  check(
    fc.property(files, fc.integer({ min: 1, max: 40 }), (bytes, width) => {
      for (const [name, from, to] of conversions) {
        const count = Math.floor(bytes.length / from);
        const convert = kernels[name] as (source: number, count: number, target: number) => void;
        run(bytes.subarray(bytes.length % from), count * to, (source, _, target) => convert(source, count, target));
      }
      const count = Math.floor(bytes.length / width);
      const whole = bytes.subarray(bytes.length - count * width);
      run(whole, count * 8, (source, _, target) => kernels.convertBigEndianToI64(source, width, count, target));
      run(whole, count * 16, (source, _, target) => kernels.convertBigEndianToI128(source, width, count, target));
      run(whole, whole.length, (source, _, target) => kernels.joinByteStreams(source, width, count, target));
      for (const wide of [false, true]) {
        run(whole, count * (wide ? 16 : 8), (source, _, target) => {
          const views = memory.output(count * 16);
          kernels.fixedStringViews(source, width, count, views);
          if (wide) kernels.convertViewsToI128(views, count, target);
          else kernels.convertViewsToI64(views, count, target);
        });
      }
    }),
    60,
  );
});

test('dictionaries and values between NULLs', () => {
  const spreads = { 1: kernels.spread1, 4: kernels.spread4, 8: kernels.spread8, 16: kernels.spread16 };
  const lookUps = { 4: kernels.lookUp4, 8: kernels.lookUp8, 16: kernels.lookUp16 };
  check(
    fc.property(files, fc.constantFrom(1, 4, 8, 16), fc.array(fc.nat(1), { maxLength: 60 }), (bytes, width, levels) => {
      const entries = Math.floor(bytes.length / width);
      const whole = bytes.subarray(bytes.length - entries * width);
      const validity = levels.filter(
        (level, row) => level === 0 || levels.slice(0, row).filter(Boolean).length < entries,
      );
      run(whole, validity.length * width, (source, _, target) => {
        spreads[width as 1](source, memory.bytes(validity), validity.length, target);
      });
      if (width === 1 || entries === 0) return;
      const codes = levels.map((_, row) => (row * 7) % entries);
      run(whole, codes.length * width, (source, _, target) => {
        lookUps[width as 4](source, memory.u32(codes), codes.length, target);
      });
    }),
  );
});
