import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as reference from '../../../src/kernels/reference/assemble.js';
import {
  type ShredEntry,
  shredArrays,
  shredFields,
  shredMaps,
  shredRows,
} from '../../../src/kernels/reference/shred.js';
import { encodeNested, type NestedValue } from '../../../src/types/nested-codec.js';
import {
  arrayOf,
  byteWidthOf,
  isNestedType,
  type MapType,
  type NestedType,
  physicalTypeOf,
  type SqlType,
} from '../../../src/types/sql-type.js';
import { valueScaleOf, valueTagOf } from '../../../src/types/value-tags.js';
import { KernelMemory } from './kernel-memory.js';
import { nullableOf, partTypes } from './nested-arbitraries.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

interface Slots {
  readonly count: number;
  readonly pointers: number;
  readonly lengths: number;
  readonly repetitions: number;
  readonly definitions: number;
}

function bytesOf(value: Exclude<NestedValue, null>, type: SqlType): Uint8Array {
  if (isNestedType(type)) return encodeNested(value as NestedValue[], type);
  // A value is the field of a struct as it is an element of an array.
  const struct: NestedType = { kind: 'struct', fields: [{ name: 'f', type }] };
  const bytes = encodeNested([value], struct);
  return bytes.slice(16, 16 + new DataView(bytes.buffer).getUint32(12, true));
}

/** Slots in memory, each value in a place of its own or all in a row. */
function write(entries: readonly ShredEntry[], type: SqlType, adjacent: boolean): Slots {
  const bytes = entries.map(({ value }) => (value === undefined ? undefined : bytesOf(value, type)));
  const total = bytes.reduce((sum, part) => sum + (part?.length ?? 0), 0);
  let at = memory.output(total + 8);
  const pointers = bytes.map((part) => {
    if (part === undefined) return 0;
    if (!adjacent) return memory.bytes(part);
    shared.u8.set(part, at);
    at += part.length;
    return at - part.length;
  });
  return {
    count: entries.length,
    pointers: memory.u32(pointers),
    lengths: memory.u32(bytes.map((part) => part?.length ?? 0)),
    repetitions: memory.bytes(entries.map(({ repetition }) => repetition)),
    definitions: memory.bytes(entries.map(({ definition }) => definition)),
  };
}

function assertSlots(slots: Slots, type: SqlType, expected: readonly ShredEntry[]): void {
  assert.equal(slots.count, expected.length);
  const pointers = memory.readU32(slots.pointers, slots.count);
  const lengths = memory.readU32(slots.lengths, slots.count);
  expected.forEach(({ value }, i) => {
    assert.equal(pointers[i] === 0, value === undefined);
    if (value === undefined) return;
    assert.deepEqual(memory.readBytes(pointers[i]!, lengths[i]!), bytesOf(value, type));
  });
  assert.deepEqual(
    [...memory.readBytes(slots.repetitions, slots.count)],
    expected.map(({ repetition }) => repetition),
  );
  assert.deepEqual(
    [...memory.readBytes(slots.definitions, slots.count)],
    expected.map(({ definition }) => definition),
  );
}

const room = (count: number): Slots => ({
  count,
  pointers: memory.output(count * 4),
  lengths: memory.output(count * 4),
  repetitions: memory.output(count),
  definitions: memory.output(count),
});

const heap = (byteLength: number): number => {
  assert.ok(byteLength >= 0);
  return memory.output(byteLength);
};

function arrays(of: Slots, repetition: number, definition: number, elementDefinition: number, element: SqlType): Slots {
  const slots = room(of.count);
  const result = memory.output(4);
  const [tag, scale] = [valueTagOf(element), valueScaleOf(element)];
  const byteLength = kernels.measureArrays(
    ...([
      of.lengths,
      of.repetitions,
      of.definitions,
      of.count,
      repetition,
      definition,
      elementDefinition,
      tag,
    ] as const),
    ...([slots.lengths, slots.repetitions, slots.definitions, result] as const),
  );
  kernels.assembleArrays(
    ...([of.pointers, of.lengths, of.repetitions, of.definitions, of.count, repetition, elementDefinition] as const),
    ...([tag, scale, slots.lengths, heap(byteLength), slots.pointers] as const),
  );
  return { ...slots, count: memory.readU32(result, 1)[0]! };
}

const rowsOf = (type: NestedType): fc.Arbitrary<readonly NestedValue[]> =>
  fc.array(nullableOf(type), { minLength: 1, maxLength: 8 });

test('elements become arrays, of whatever type', () => {
  const given = partTypes.chain((element) => fc.tuple(fc.constant(element), rowsOf(arrayOf(arrayOf(element)))));
  fc.assert(
    fc
      .property(given, fc.boolean(), ([element, rows], adjacent) => {
        // Two lists in each other, so that repetition levels differ.
        const outer = shredArrays(shredRows(rows, 1), 3, 1);
        const entries = shredArrays(outer, 5, 2);
        const slots = arrays(write(entries, element, adjacent), 2, 3, 4, element);
        const twin = reference.assembleArrays(entries, 2, 3, 4);
        assertSlots(slots, arrayOf(element), twin);
        const all = arrays(slots, 1, 1, 2, arrayOf(element));
        assertSlots(all, arrayOf(arrayOf(element)), reference.assembleArrays(twin, 1, 1, 2));
        assert.deepEqual(
          reference.assembleArrays(twin, 1, 1, 2).map(({ value }) => value ?? null),
          rows,
        );
        const views = memory.output(all.count * 16);
        const validity = memory.output(all.count);
        const nulls = kernels.viewsOfSlots(all.pointers, all.lengths, all.count, views, validity);
        assert.equal(nulls, rows.filter((row) => row === null).length);
        rows.forEach((row, i) => {
          assert.equal(shared.u8[validity + i], row === null ? 0 : 1);
          const bytes = row === null ? new Uint8Array() : bytesOf(row, arrayOf(arrayOf(element)));
          assert.deepEqual(memory.readText(memory.readI128(views + i * 16)), bytes);
        });
      })
      .afterEach(() => scope.reset()),
    { numRuns: 150 },
  );
});

test('fields become structs', () => {
  const types = fc.array(partTypes, { minLength: 1, maxLength: 4 });
  const given = types
    .map((parts): NestedType => ({ kind: 'struct', fields: parts.map((type, i) => ({ name: `f${i + 1}`, type })) }))
    .chain((type) => fc.tuple(fc.constant(type), rowsOf(type)));
  fc.assert(
    fc
      .property(given, ([type, rows]) => {
        if (type.kind !== 'struct') return;
        const entries = type.fields.map((_, i) => shredFields(shredRows(rows, 1), i, 2));
        const fields = type.fields.map((field, i) => write(entries[i]!, field.type, false));
        const table = memory.u32(
          fields.flatMap(({ pointers, lengths }, i) => {
            const part = type.fields[i]!.type;
            return [pointers, lengths, valueTagOf(part) | (valueScaleOf(part) << 8)];
          }),
        );
        const { count, repetitions, definitions } = fields[0]!;
        const slots = { ...room(count), repetitions, definitions };
        const byteLength = kernels.measureStructs(table, fields.length, definitions, count, 1, slots.lengths);
        kernels.assembleStructs(table, fields.length, count, slots.lengths, heap(byteLength), slots.pointers);
        const twin = reference.assembleStructs(entries, 1);
        assertSlots(slots, type, twin);
        assert.deepEqual(
          twin.map(({ value }) => value ?? null),
          rows,
        );
      })
      .afterEach(() => scope.reset()),
    { numRuns: 150 },
  );
});

test('keys and values become maps; a key that is NULL or without a value is no map', () => {
  const given = partTypes.chain((value) => {
    const type: MapType = { kind: 'map', key: { kind: 'integer' }, value };
    return fc.tuple(fc.constant(type), rowsOf(type));
  });
  fc.assert(
    fc
      .property(given, ([type, rows]) => {
        const whole = shredRows(rows, 1);
        const parts = [shredMaps(whole, 0), shredMaps(whole, 1)] as const;
        const [keys, values] = [write(parts[0], arrayOf(type.key), false), write(parts[1], arrayOf(type.value), false)];
        const slots = { ...room(keys.count), repetitions: keys.repetitions, definitions: keys.definitions };
        const byteLength = kernels.measureMaps(
          ...([keys.pointers, keys.lengths, values.pointers, values.lengths, keys.count, slots.lengths] as const),
        );
        kernels.assembleMaps(
          ...([keys.pointers, keys.lengths, values.pointers, keys.count] as const),
          ...([slots.lengths, heap(byteLength), slots.pointers] as const),
        );
        assertSlots(slots, type, reference.assembleMaps(parts[0], parts[1]));
      })
      .afterEach(() => scope.reset()),
    { numRuns: 100 },
  );
  const integers = arrayOf({ kind: 'integer' });
  const measure = (keys: NestedValue, values: NestedValue): number => {
    const [k, v] = [keys, values].map((value) => write(shredRows([value], 1), integers, false)) as [Slots, Slots];
    return kernels.measureMaps(k.pointers, k.lengths, v.pointers, v.lengths, 1, memory.output(4));
  };
  assert.equal(measure([1, null], [1, 2]), -2);
  assert.equal(measure([1, 2], [1]), -2);
  assert.equal(measure([1], null), -2);
  assert.ok(measure([1], [2]) > 0);
  scope.reset();
});

test('levels that do not fit together are refused', () => {
  // A list that is NULL, and goes on.
  const entries: ShredEntry[] = [
    { value: undefined, repetition: 0, definition: 0 },
    { value: 1, repetition: 1, definition: 3 },
  ];
  const of = write(entries, { kind: 'integer' }, false);
  const slots = room(2);
  const answer = kernels.measureArrays(
    ...([of.lengths, of.repetitions, of.definitions, 2, 1, 1, 2, valueTagOf({ kind: 'integer' })] as const),
    ...([slots.lengths, slots.repetitions, slots.definitions, memory.output(4)] as const),
  );
  assert.equal(answer, -2);
  scope.reset();
});

test('entries of rows, stretch by stretch, and of selected rows only', () => {
  const level = fc.record({ repetition: fc.nat(2), definition: fc.nat(3) });
  const types = fc.constantFrom<SqlType>({ kind: 'integer' }, { kind: 'text' }, { kind: 'uuid' });
  fc.assert(
    fc
      .property(fc.array(level, { maxLength: 40 }), types, fc.nat(3), fc.nat(40), (found, type, modulus, cut) => {
        const levels = found.map((entry, i) => (i === 0 ? { ...entry, repetition: 0 } : entry));
        const [physical, width] = [physicalTypeOf(type), byteWidthOf(physicalTypeOf(type))];
        const present = levels.filter(({ definition }) => definition === 3).length;
        const values = Array.from({ length: present }, (_, i): Exclude<NestedValue, null> => {
          if (type.kind === 'integer') return i;
          if (type.kind === 'text') return i % 3 === 0 ? '' : `text number ${i}`;
          return `a0eebc99-9c0b-4ef8-bb6d-6bb9bd3800${String(i).padStart(2, '0')}`;
        });
        const data =
          physical === 'string'
            ? memory.strings(values.map((value) => bytesOf(value, type)))
            : memory.bytes(values.flatMap((value) => [...bytesOf(value, type)]));
        const repetitions = memory.u32(levels.map(({ repetition }) => repetition));
        const definitions = memory.u32(levels.map(({ definition }) => definition));
        assert.equal(kernels.countWords(definitions, levels.length, 3), present);

        const rows = levels.filter(({ repetition }) => repetition === 0).length;
        const isSelected = (row: number): boolean => modulus === 0 || row % modulus === 1;
        const chosen = Array.from({ length: rows }, (_, row) => row).filter(isSelected);
        const selection = modulus === 0 ? 0 : memory.u32(chosen);
        const slots = room(levels.length);
        const state = memory.u32([0, 0, 0, 0, 0]);
        const middle = Math.min(cut, levels.length);
        for (const [from, to] of [
          [0, middle],
          [middle, levels.length],
        ] as const) {
          kernels.leafSlots(
            ...([repetitions, definitions, from, to, 3, data, width, physical === 'string' ? 1 : 0] as const),
            ...([selection, chosen.length, state] as const),
            ...([slots.pointers, slots.lengths, slots.repetitions, slots.definitions] as const),
          );
        }
        const count = memory.readU32(state + 8, 1)[0]!;
        assertSlots({ ...slots, count }, type, reference.leafSlots(levels, 3, values, isSelected));

        const result = memory.output(4);
        const plain = levels.map(({ repetition }) => repetition);
        const end = kernels.entriesOfRows(repetitions, middle, levels.length, modulus, result);
        const { end: expected, begun } = reference.entriesOfRows(plain, middle, modulus);
        assert.deepEqual([end, memory.readU32(result, 1)[0]], [expected, begun]);
        const flat = kernels.entriesOfRows(0, middle, levels.length, modulus, result);
        assert.equal(flat, Math.min(levels.length, middle + modulus));
      })
      .afterEach(() => scope.reset()),
    { numRuns: 200 },
  );
});
