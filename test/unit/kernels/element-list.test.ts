import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_HEAP, STATUS_KEEP } from '../../../src/exec/expression/argument-block.js';
import { elementListArray } from '../../../src/kernels/reference/element-list.js';
import { encodeNested, type NestedValue } from '../../../src/types/nested-codec.js';
import { arrayOf, byteWidthOf, decimal, physicalTypeOf, type SqlType } from '../../../src/types/sql-type.js';
import { valueScaleOf, valueTagOf } from '../../../src/types/value-tags.js';
import { KernelMemory } from './kernel-memory.js';
import { nullableOf } from './nested-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope } = memory;

const types: readonly SqlType[] = [
  ...(['boolean', 'integer', 'bigint', 'real', 'double', 'date', 'uuid'] as const).map((kind): SqlType => ({ kind })),
  decimal(12, 2),
  decimal(38, 4),
];

/** The bytes of a value as a number: of an array's only element. */
function bitsOf(value: NestedValue, type: SqlType): bigint {
  if (value === null) return 12_345n;
  const width = byteWidthOf(physicalTypeOf(type));
  const bytes = encodeNested([value], arrayOf(type)).subarray(16, 16 + width);
  return BigInt.asIntN(width === 16 ? 128 : 64, BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`));
}

test('values become an array, in chunks of any number, and of two lists', () => {
  const given = fc.constantFrom(...types).chain((type) =>
    fc.tuple(
      fc.constant(type),
      fc.oneof(
        fc.array(nullableOf(type), { minLength: 1, maxLength: 40 }),
        nullableOf(type).map((value) => Array.from({ length: 3000 }, (_, i) => (i % 5 === 0 ? null : value))),
      ),
      fc.nat(3000),
    ),
  );
  fc.assert(
    fc
      .property(given, ([type, values, cut]) => {
        const { pointer } = memory.block(60_000, 200_000);
        const width = byteWidthOf(physicalTypeOf(type));
        const part = (some: readonly NestedValue[]): bigint =>
          some.reduce<bigint>((list, value) => {
            const chunk = generated.elementListRoom(pointer, list, width);
            assert.notEqual(chunk, 0);
            const [bits, isNull] = [bitsOf(value, type), value === null ? 1 : 0];
            return width === 16
              ? generated.elementListAppendWide(list, chunk, bits, isNull)
              : generated.elementListAppend(list, chunk, bits, width, isNull);
          }, 0n);
        const list = generated.textListConcat(part(values.slice(0, cut)), part(values.slice(cut)));
        const array = generated.elementListArray(pointer, list, valueTagOf(type), valueScaleOf(type));
        assert.deepEqual(memory.readText(array), elementListArray(values, type));
      })
      .afterEach(() => scope.reset()),
    { numRuns: 150 },
  );
});

test('floats become canonical: one NaN, and no −0', () => {
  const type: SqlType = { kind: 'double' };
  const { pointer } = memory.block(1000, 1000);
  const bits = [0x8000_0000_0000_0000n, 0x7ff8_0000_0000_0001n].map((value) => BigInt.asIntN(64, value));
  const list = bits.reduce(
    (made, value) => generated.elementListAppend(made, generated.elementListRoom(pointer, made, 8), value, 8, 0),
    0n,
  );
  const array = generated.elementListArray(pointer, list, valueTagOf(type), 0);
  assert.deepEqual(memory.readText(array), elementListArray([0, Number.NaN], type));
  scope.reset();
});

test('asks for memory that is not there', () => {
  const block = memory.block(10, 250);
  const append = (list: bigint): bigint =>
    generated.elementListAppend(list, generated.elementListRoom(block.pointer, list, 4), 1n, 4, 0);
  const few = append(0n);
  // One chunk is an array where it lies.
  assert.equal(
    memory.readText(generated.elementListArray(block.pointer, few, valueTagOf({ kind: 'integer' }), 0)).length,
    24,
  );
  const more = Array.from({ length: 8 }).reduce<bigint>(append, few);
  generated.elementListArray(block.pointer, more, valueTagOf({ kind: 'integer' }), 0);
  assert.equal(block.takeStatus(), STATUS_HEAP);
  assert.equal(block.heapNeeded, 8 + 16 + 40);
  assert.equal(generated.elementListRoom(block.pointer, 0n, 16), 0);
  assert.equal(block.takeStatus(), STATUS_KEEP);
  scope.reset();
});
