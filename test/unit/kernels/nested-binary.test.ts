import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatValue } from '../../../src/functions/format-value.js';
import { powersOfTenTable } from '../../../src/kernels/constant-tables.js';
import { loadKernels } from '../../../src/kernels/kernels.js';
import { COLUMN_DESCRIPTOR_BYTES, writeColumnDescriptor } from '../../../src/kernels/postgres-text-kernels.js';
import { encodeNestedBinary } from '../../../src/kernels/reference/nested-binary.js';
import { encodeDataRow } from '../../../src/kernels/reference/postgres-text.js';
import { encodeNested, type NestedValue } from '../../../src/types/nested-codec.js';
import { arrayOf, INTEGER, isNestedType, type NestedType, TEXT } from '../../../src/types/sql-type.js';
import { Scope } from '../../../src/vector/scope.js';
import { SharedMemory } from '../../../src/vector/shared-memory.js';
import { Vector } from '../../../src/vector/vector.js';
import { partTypes, valuesOf } from './nested-arbitraries.js';

const shared = SharedMemory.create(2 ** 24, { checked: true });
const kernels = loadKernels(shared.memory);
const powers = powersOfTenTable(shared);
const scope = new Scope(shared, shared.createOwner());

type Elements = readonly NestedValue[];

/** A row of one column in binary, in as much room as the kernel asks for; what lies behind that is untouched. */
function encodeRow(value: Elements, type: NestedType): Buffer {
  const bytes = encodeNested(value, type);
  const pointer = scope.allocate(bytes.length);
  shared.u8.set(bytes, pointer);
  const view = scope.allocateCleared(16);
  shared.u32.set([bytes.length, pointer], view / 4);
  const vector = new Vector('string');
  vector.setConstant(view, 0);
  const column = scope.allocate(COLUMN_DESCRIPTOR_BYTES);
  writeColumnDescriptor(shared, column, vector, type, 1);
  const capacity = kernels.measurePostgresRow(column, 1, 0) >>> 0;
  const target = scope.allocate(capacity + 64);
  shared.u8.fill(0xee, target + capacity, target + capacity + 64);
  const byteLength = scope.allocate(4);
  assert.equal(kernels.encodePostgresRows(column, 1, 0, 1, powers, 0, target, capacity, byteLength), 1);
  assert.ok(shared.u8.subarray(target + capacity, target + capacity + 64).every((byte) => byte === 0xee));
  return Buffer.from(shared.u8.subarray(target, target + shared.u32[byteLength / 4]!));
}

const mapText = (map: Elements, type: NestedType): string => formatValue(encodeNested(map, type), type);

function checkRow(value: Elements, type: NestedType): void {
  const expected = encodeDataRow([encodeNestedBinary(value, type, mapText)]);
  assert.equal(encodeRow(value, type).toString('hex'), Buffer.from(expected).toString('hex'));
}

const nestedTypes = fc.oneof(partTypes.map(arrayOf), partTypes.filter(isNestedType));

test('nested values in binary', () => {
  fc.assert(
    fc
      .property(
        nestedTypes.chain((type) => fc.tuple(fc.constant(type), valuesOf(type) as fc.Arbitrary<Elements>)),
        ([type, value]) => checkRow(value, type),
      )
      .afterEach(() => scope.reset()),
    { numRuns: 1000 },
  );
});

test('arrays of arrays in binary: dimensions while they have one length, then elements', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc
      .property(lengths, fc.constantFrom(INTEGER, TEXT), fc.boolean(), ([...sizes], scalar, isRagged) => {
        const make = (depth: number): NestedValue =>
          depth === sizes.length
            ? scalar === TEXT
              ? 'ä'
              : depth
            : Array.from({ length: sizes[depth]! }, () => make(depth + 1));
        const type = sizes.reduce<NestedType | typeof scalar>((element) => arrayOf(element), scalar) as NestedType;
        const value = make(0) as NestedValue[];
        if (isRagged && sizes.length > 1) value.push([], null);
        checkRow(value, type);
      })
      .afterEach(() => scope.reset()),
    { numRuns: 300 },
  );
});
