import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ShredEntry } from '../../../src/kernels/reference/shred.js';
import * as reference from '../../../src/kernels/reference/shred.js';
import { decodeValue, encodeNested, type NestedValue } from '../../../src/types/nested-codec.js';
import {
  arrayOf,
  byteWidthOf,
  type MapType,
  physicalTypeOf,
  type SqlType,
  type StructType,
} from '../../../src/types/sql-type.js';
import { KernelMemory } from './kernel-memory.js';
import { nullableOf, partTypes } from './nested-arbitraries.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

interface Entries {
  readonly count: number;
  readonly pointers: number;
  readonly lengths: number;
  readonly repetitions: number;
  readonly definitions: number;
}

function room(count: number): Entries {
  const [pointers, lengths] = [memory.output(count * 4), memory.output(count * 4)];
  return { count, pointers, lengths, repetitions: memory.output(count), definitions: memory.output(count) };
}

function assertEntries(actual: Entries, type: SqlType, expected: readonly ShredEntry[]): void {
  const { count, pointers, lengths, repetitions, definitions } = actual;
  assert.equal(count, expected.length);
  const starts = memory.readU32(pointers, count);
  const found = memory.readU32(lengths, count).map((length, i) => {
    if (starts[i] === 0) return undefined;
    return decodeValue(memory.readBytes(starts[i]!, length), type);
  });
  assert.deepEqual(
    found,
    expected.map((entry) => entry.value),
  );
  assert.deepEqual(
    [...memory.readBytes(repetitions, count)],
    expected.map((entry) => entry.repetition),
  );
  assert.deepEqual(
    [...memory.readBytes(definitions, count)],
    expected.map((entry) => entry.definition),
  );
}

/** Checks a node and everything below it. */
function check(type: SqlType, entries: Entries, twin: readonly ShredEntry[], definition: number, depth: number): void {
  assertEntries(entries, type, twin);
  const { count, pointers, repetitions, definitions } = entries;
  const elements = (arrays: number, arrayTwin: readonly ShredEntry[], element: SqlType, optional: number): void => {
    const of = room(kernels.countElementEntries(arrays, count));
    const level = definition + 1 + optional;
    const { lengths } = of;
    kernels.shredArrays(
      ...([arrays, repetitions, definitions, count, level, depth + 1] as const),
      ...([of.pointers, lengths, of.repetitions, of.definitions] as const),
    );
    check(element, of, reference.shredArrays(arrayTwin, level, depth + 1), level, depth + 1);
  };
  switch (type.kind) {
    case 'array':
      elements(pointers, twin, type.element, 1);
      break;
    case 'struct':
      (type as StructType).fields.forEach((field, index) => {
        const of = { ...room(count), repetitions };
        const level = definition + 1;
        kernels.shredFields(pointers, definitions, count, index, level, of.pointers, of.lengths, of.definitions);
        check(field.type, of, reference.shredFields(twin, index, level), level, depth);
      });
      break;
    case 'map': {
      const { key, value } = type as MapType;
      const [keys, values] = [memory.output(count * 4), memory.output(count * 4)];
      kernels.shredMaps(pointers, count, keys, values);
      elements(keys, reference.shredMaps(twin, 0), key, 0);
      elements(values, reference.shredMaps(twin, 1), value, 1);
      break;
    }
    default:
      checkLeaf(type, entries, twin);
  }
}

function checkLeaf(type: SqlType, { count, pointers, lengths }: Entries, twin: readonly ShredEntry[]): void {
  const physical = physicalTypeOf(type);
  const width = byteWidthOf(physical);
  const target = memory.output(count * width);
  const found =
    physical === 'string'
      ? kernels.gatherLeafViews(pointers, lengths, count, target)
      : kernels.gatherLeafValues(pointers, count, width, target);
  const values = Array.from({ length: found }, (_, i) => {
    const at = target + i * width;
    if (physical !== 'string') return decodeValue(memory.readBytes(at, width), type);
    return decodeValue(memory.readText(memory.readI128(at)), type);
  });
  assert.deepEqual(
    values,
    twin.flatMap(({ value }) => (value === undefined ? [] : [value])),
  );
}

test('values are taken apart down to their leaves, from columns of every kind', () => {
  const given = partTypes.chain((type) =>
    fc.tuple(fc.constant(arrayOf(type)), fc.array(nullableOf(arrayOf(type)), { minLength: 1, maxLength: 6 })),
  );
  fc.assert(
    fc
      .property(
        given,
        fc.constantFrom('flat', 'dictionary', 'constant', 'selected'),
        fc.boolean(),
        ([type, rows], encoding, required) => {
          const bytes = rows.map((row) => (row === null ? new Uint8Array() : encodeNested(row as NestedValue[], type)));
          const data = memory.strings(bytes);
          const valid = memory.bytes(rows.map((row) => (row === null ? 0 : 1)));
          const picked = rows.map((_, i) => rows.length - 1 - i);
          const codes = encoding === 'dictionary' ? memory.u32(picked) : 0;
          const selection = encoding === 'selected' ? memory.u32(picked) : 0;
          const validity = codes ? memory.bytes(picked.map((i) => (rows[i] === null ? 0 : 1))) : valid;
          const values =
            encoding === 'flat'
              ? rows
              : encoding === 'constant'
                ? rows.map(() => rows[0]!)
                : picked.map((i) => rows[i]!);
          const definition = required ? 4 : 1;
          const of = room(rows.length);
          const nulls = kernels.shredRows(
            ...([data, codes, encoding === 'constant' ? 0 : -1, validity, selection, 0, rows.length] as const),
            ...([definition, of.pointers, of.lengths, of.repetitions, of.definitions] as const),
          );
          assert.equal(nulls, values.filter((value) => value === null).length);
          check(type, of, reference.shredRows(values, definition), definition, 0);
        },
      )
      .afterEach(() => scope.reset()),
    { numRuns: 200 },
  );
});

test('a stretch of rows begins where it is told to', () => {
  const rows = [[1], [2, null], null, []];
  const type = arrayOf({ kind: 'integer' });
  const data = memory.strings(rows.map((row) => (row === null ? new Uint8Array() : encodeNested(row, type))));
  const of = room(2);
  const validity = memory.bytes([1, 1, 0, 1]);
  kernels.shredRows(data, 0, -1, validity, 0, 1, 2, 1, of.pointers, of.lengths, of.repetitions, of.definitions);
  assertEntries(of, type, reference.shredRows(rows.slice(1, 3), 1));
  scope.reset();
});

test('slices hold at least one entry, and as many as fit', () => {
  fc.assert(
    fc
      .property(fc.array(fc.nat(100), { minLength: 1, maxLength: 20 }), fc.nat(300), (lengths, limit) => {
        let fitting = 0;
        for (let bytes = 0; fitting < lengths.length; fitting++) {
          bytes += lengths[fitting]!;
          if (bytes > limit) break;
        }
        assert.equal(kernels.entriesWithin(memory.u32(lengths), lengths.length, limit), Math.max(1, fitting));
      })
      .afterEach(() => scope.reset()),
  );
});

test('a NULL is no pointer, whatever its slot holds', () => {
  const bytes = encodeNested([null, 5], arrayOf({ kind: 'bigint' }));
  const value = memory.bytes(bytes);
  const of = room(2);
  const [pointers, levels] = [memory.u32([value]), memory.bytes([0])];
  kernels.shredArrays(
    ...([pointers, levels, levels, 1, 2, 1] as const),
    ...([of.pointers, of.lengths, of.repetitions, of.definitions] as const),
  );
  assert.deepEqual(memory.readU32(of.pointers, 2), [0, value + 24]);
  assert.deepEqual([...shared.u8.subarray(of.definitions, of.definitions + 2)], [1, 2]);
  scope.reset();
});
