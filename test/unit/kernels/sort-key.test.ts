import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_HEAP } from '../../../src/exec/expression/argument-block.js';
import {
  sortKeyOfBytes,
  sortKeyOfInteger,
  sortKeyOfInterval,
  sortKeyOfUuid,
} from '../../../src/kernels/reference/sort-key.js';
import { KernelMemory } from './kernel-memory.js';
import { byteStrings, i64s, i128s, intervals } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope } = memory;
const directions = fc.boolean();

function check<T>(
  values: fc.Arbitrary<T>,
  key: (block: number, value: T, descending: number) => bigint,
  twin: (value: T, descending: boolean) => Uint8Array,
): void {
  fc.assert(
    fc.property(values, values, directions, (left, right, descending) => {
      const [a, b] = [left, right].map((value) => {
        const { pointer } = memory.block(2000);
        return memory.readText(key(pointer, value, descending ? 1 : 0));
      }) as [Uint8Array, Uint8Array];
      assert.deepEqual(a, twin(left, descending));
      const sign = Math.sign(Buffer.compare(twin(left, false), twin(right, false)));
      assert.equal(Math.sign(Buffer.compare(a, b)), descending ? 0 - sign : sign);
      scope.reset();
    }),
    { numRuns: 300 },
  );
}

test('keys of numbers', () => {
  check(i64s, generated.sortKeyInteger, (value, descending) => sortKeyOfInteger(value, 8, descending));
  check(i128s, generated.sortKeyWide, (value, descending) => sortKeyOfInteger(value, 16, descending));
});

test('keys of intervals', () => {
  check(
    intervals,
    (block, { months, days, microseconds }, descending) => {
      const lower = BigInt.asUintN(32, BigInt(months)) | (BigInt.asUintN(32, BigInt(days)) << 32n);
      return generated.sortKeyInterval(block, (microseconds << 64n) | lower, descending);
    },
    (value, descending) => sortKeyOfInterval(value, descending),
  );
});

test('keys of texts, bytes and uuids', () => {
  const bytes = fc.oneof(byteStrings, fc.uint8Array({ max: 2, maxLength: 6 }));
  check(
    bytes,
    (block, value, descending) => generated.sortKeyText(block, memory.text(value), descending),
    (value, descending) => sortKeyOfBytes([...value], descending),
  );
  check(
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    (block, value, descending) => generated.sortKeyUuid(block, memory.readI128(memory.bytes(value)), descending),
    (value, descending) => sortKeyOfUuid([...value], descending),
  );
});

test('heaps without room say what they need', () => {
  const block = memory.block(10);
  generated.sortKeyText(block.pointer, memory.text(Buffer.from('eight and more')), 0);
  assert.equal(block.takeStatus(), STATUS_HEAP);
  assert.equal(block.heapNeeded, 17);
  scope.reset();
});
