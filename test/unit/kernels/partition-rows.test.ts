import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { groupRows, spreadCodes } from '../../../src/kernels/reference/partition-rows.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope } = memory;

test('rows are grouped by partition, in order, and the counts are clear again', () => {
  const partitions = fc.array(fc.oneof(fc.nat(5), fc.nat(500)), { maxLength: 300 });
  fc.assert(
    fc.property(partitions, fc.nat(100), (numbers, from) => {
      const counts = memory.u32(new Array<number>(501).fill(0));
      const selection = memory.output(numbers.length * 4);
      const groups = memory.output(numbers.length * 8);
      const count = kernels.groupRows(memory.u32(numbers), from, numbers.length, counts, selection, groups);
      const pairs = memory.readU32(groups, count * 2);
      const found = new Map<number, number[]>();
      for (let group = 0, start = 0; group < count; group++) {
        const end = pairs[group * 2 + 1]!;
        found.set(pairs[group * 2]!, memory.readU32(selection + start * 4, end - start));
        start = end;
      }
      assert.deepEqual([...found], [...groupRows(numbers, from)]);
      assert.ok(memory.readU32(counts, 501).every((value) => value === 0));
      scope.reset();
    }),
    { numRuns: 60 },
  );
});

test('codes are spread over rows with NULLs, paired and widened', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1), { maxLength: 100 }), (validity) => {
      const codes = validity.map((_, index) => index * 5);
      const target = memory.output(validity.length * 8);
      kernels.spreadCodes(memory.u32(codes), memory.bytes(validity), validity.length, target);
      assert.deepEqual(memory.readU32(target, validity.length), spreadCodes(codes, validity));
      const all = validity.map(() => 1);
      kernels.spreadCodes(memory.u32(codes), 0, validity.length, target);
      assert.deepEqual(memory.readU32(target, validity.length), spreadCodes(codes, all));
      kernels.zipCodes(memory.u32(codes), memory.u32(validity), validity.length, target);
      assert.deepEqual(
        memory.readU32(target, validity.length * 2),
        codes.flatMap((code, index) => [code, validity[index]!]),
      );
      const rows = memory.u32(validity.map((_, index) => index));
      kernels.widenBytes(memory.bytes(validity), rows, validity.length, target);
      assert.deepEqual(memory.readU32(target, validity.length), validity);
      scope.reset();
    }),
    { numRuns: 60 },
  );
});

test('strings are copied with new views, NULL rows as empty ones', () => {
  const rows = fc.array(fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.nat(1)), { maxLength: 60 });
  fc.assert(
    fc.property(rows, fc.boolean(), (pairs, hasNulls) => {
      const strings = pairs.map(([bytes]) => bytes);
      const valid = pairs.map(([, isValid]) => isValid);
      const kept = strings.map((bytes, row) => (hasNulls && valid[row] === 0 ? new Uint8Array() : bytes));
      const views = memory.strings(strings);
      const positions = memory.u32(strings.map((_, row) => row));
      const validity = hasNulls ? memory.bytes(valid) : 0;
      const byteLength = kernels.stringBytes(views, positions, validity, strings.length);
      assert.equal(
        byteLength,
        kept.reduce((sum, bytes) => sum + bytes.length, 0),
      );
      const heap = memory.output(byteLength);
      const target = memory.output(strings.length * 16);
      kernels.copyStrings(views, positions, validity, strings.length, heap, target);
      let at = heap;
      for (const [row, bytes] of kept.entries()) {
        const [length, pointer] = memory.readU32(target + row * 16, 2);
        assert.equal(length, bytes.length);
        if (bytes.length === 0) continue;
        assert.equal(pointer, at);
        assert.deepEqual(memory.readBytes(at, bytes.length), bytes);
        const prefix = new Uint8Array(8);
        prefix.set(bytes.subarray(0, 8));
        assert.deepEqual(memory.readBytes(target + row * 16 + 8, 8), prefix);
        at += bytes.length;
      }
      scope.reset();
    }),
    { numRuns: 60 },
  );
});
