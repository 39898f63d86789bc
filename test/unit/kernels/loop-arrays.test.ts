import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_HEAP } from '../../../src/exec/expression/argument-block.js';
import { elementListArray } from '../../../src/kernels/reference/element-list.js';
import { encodeNested, NESTED_HEADER_BYTES, type NestedValue } from '../../../src/types/nested-codec.js';
import { arrayOf, byteWidthOf, physicalTypeOf, type SqlType } from '../../../src/types/sql-type.js';
import { valueScaleOf, valueTagOf } from '../../../src/types/value-tags.js';
import { KernelMemory } from './kernel-memory.js';
import { nullableOf, partTypes } from './nested-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope } = memory;

const isVariable = (type: SqlType): boolean => physicalTypeOf(type) === 'string';
const padded = (byteLength: number): number => (byteLength + 7) & ~7;

/** The bytes of a value alone: of an array's only element. */
function bytesOf(value: NestedValue, type: SqlType): Uint8Array {
  const array = encodeNested([value], arrayOf(type));
  const slots = NESTED_HEADER_BYTES + 8;
  if (!isVariable(type)) return array.subarray(slots, slots + byteWidthOf(physicalTypeOf(type)));
  const length = new DataView(array.buffer, array.byteOffset).getUint32(slots, true);
  return array.subarray(slots + 8, slots + 8 + length);
}

const arrays = partTypes.chain((type) => fc.tuple(fc.constant(type), fc.array(nullableOf(type), { maxLength: 40 })));

test('the first values of a room become an array, whatever lies under a NULL', () => {
  fc.assert(
    fc
      .property(arrays, fc.nat(5), ([type, values], unused) => {
        const { pointer } = memory.block(400_000);
        const width = byteWidthOf(physicalTypeOf(type));
        const capacity = values.length + unused;
        const room = generated.loopRoom(pointer, capacity, width);
        const { u8 } = memory.shared;
        u8.fill(0xaa, room, room + capacity * (width + 1));
        values.forEach((value, i) => {
          u8[room + capacity * width + i] = value === null ? 0 : 1;
          if (value === null) return;
          const bytes = bytesOf(value, type);
          const source = isVariable(type) ? memory.strings([bytes]) : memory.bytes(bytes);
          u8.copyWithin(room + i * width, source, source + width);
        });
        const [tag, scale] = [valueTagOf(type), valueScaleOf(type)];
        const array = generated.loopArray(pointer, room, capacity, values.length, tag, scale);
        assert.deepEqual(memory.readText(array), elementListArray(values, type));
      })
      .afterEach(() => scope.reset()),
    { numRuns: 300 },
  );
});

test('elements of variable width are views of the array', () => {
  fc.assert(
    fc
      .property(
        arrays.filter(([type]) => isVariable(type)),
        ([type, values]) => {
          const array = memory.bytes(encodeNested(values, arrayOf(type)));
          values.forEach((value, i) => {
            const expected = value === null ? new Uint8Array() : bytesOf(value, type);
            assert.deepEqual(memory.readText(generated.arrayElementView(array, i)), expected);
          });
        },
      )
      .afterEach(() => scope.reset()),
  );
});

test('asks for memory that is not there', () => {
  const block = memory.block(padded(20));
  assert.equal(generated.loopRoom(block.pointer, 10, 4), 0);
  assert.equal(block.takeStatus(), STATUS_HEAP);
  assert.equal(block.heapNeeded, 50);
  const room = generated.loopRoom(block.pointer, 4, 4);
  assert.equal(block.takeStatus(), 0);
  assert.equal(generated.loopArray(block.pointer, room, 4, 0, valueTagOf({ kind: 'integer' }), 0), 0n);
  assert.equal(block.takeStatus(), STATUS_HEAP);
  scope.reset();
});
