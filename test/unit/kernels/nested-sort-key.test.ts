import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_DECLINED } from '../../../src/exec/expression/argument-block.js';
import { formatJsonb, parseJsonText } from '../../../src/functions/scalar/json/json-text.js';
import { compareJson } from '../../../src/functions/scalar/json/json-tree.js';
import { nestedSortKey } from '../../../src/functions/scalar/nested/nested-sort-key.js';
import * as twin from '../../../src/kernels/reference/nested.js';
import { encodeNested, type NestedValue } from '../../../src/types/nested-codec.js';
import { arrayOf, type NestedType, type SqlType } from '../../../src/types/sql-type.js';
import { jsonTexts } from './json-arbitraries.js';
import { KernelMemory } from './kernel-memory.js';
import { nullableOf, partTypes } from './nested-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope } = memory;

type Values = readonly NestedValue[];

const viewOf = (value: Values, type: NestedType): bigint => memory.text(encodeNested(value, type));

function keyOf(value: Values, type: NestedType, descending: boolean): Uint8Array | undefined {
  const block = memory.block(100_000);
  const key = generated.sortKeyNested(block.pointer, viewOf(value, type), descending ? 1 : 0);
  return block.takeStatus() === STATUS_DECLINED ? undefined : memory.readText(key);
}

const typedPairs = partTypes
  .map((type): NestedType => arrayOf(type))
  .chain((type) => {
    const values = nullableOf(type).map((value): Values => (value ?? []) as Values);
    return fc.tuple(fc.constant(type), values, values, fc.boolean());
  });

test('keys of nested values are those of the twin, and ordered as values are', () => {
  fc.assert(
    fc
      .property(typedPairs, ([type, left, right, descending]) => {
        const [a, b] = [left, right].map((value) => keyOf(value, type, descending)!) as [Uint8Array, Uint8Array];
        assert.deepEqual(a, nestedSortKey(left, type, descending));
        const sign = Math.sign(twin.compareNested(left, right, type));
        assert.equal(Math.sign(Buffer.compare(a, b)), descending ? 0 - sign : sign);
      })
      .afterEach(() => scope.reset()),
    { numRuns: 500 },
  );
});

const JSONB_ARRAY: NestedType = { kind: 'array', element: { kind: 'jsonb' } };
const jsonbs = jsonTexts.map((text) => formatJsonb(parseJsonText(text)));

test('arrays and rows of jsonb are ordered as its values are', () => {
  const rows: NestedType = { kind: 'struct', fields: [{ name: 'f1', type: { kind: 'jsonb' } as SqlType }] };
  fc.assert(
    fc
      .property(jsonbs, jsonbs, fc.constantFrom(JSONB_ARRAY, rows), (left, right, type) => {
        const expected = Math.sign(compareJson(parseJsonText(left), parseJsonText(right)));
        assert.equal(generated.nestedCompare(viewOf([left], type), viewOf([right], type)), expected);
        const [one, other] = [left, right].map((value) => memory.text(new TextEncoder().encode(value)));
        assert.equal(generated.jsonbCompare(one!, other!), expected);
        const [a, b] = [left, right].map((value) => keyOf([value], type, false)!) as [Uint8Array, Uint8Array];
        assert.deepEqual(a, nestedSortKey([left], type, false));
        assert.equal(Math.sign(Buffer.compare(a, b)), expected);
      })
      .afterEach(() => scope.reset()),
    { numRuns: 2000 },
  );
});

test('what is broken, or nested too deeply for a key, is compared and not read beyond', () => {
  const deep = (digits: string, levels: number): string => '['.repeat(levels) + digits + ']'.repeat(levels);
  assert.equal(
    generated.nestedCompare(viewOf([deep('1', 900)], JSONB_ARRAY), viewOf([deep('1.0', 900)], JSONB_ARRAY)),
    0,
  );
  assert.deepEqual(keyOf([deep('1', 900)], JSONB_ARRAY, false), nestedSortKey([deep('1', 900)], JSONB_ARRAY, false));
  assert.equal(keyOf([deep('1', 1100)], JSONB_ARRAY, false), undefined);
  const broken = fc.oneof(
    fc.string({ maxLength: 8, unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'u', ',', ':', '1', '.', 't') }),
    jsonbs.chain((text) => fc.nat(text.length).map((length) => text.slice(0, length))),
  );
  fc.assert(
    fc
      .property(broken, broken, (left, right) => {
        const [a, b] = [viewOf([left], JSONB_ARRAY), viewOf([right], JSONB_ARRAY)];
        assert.equal(generated.nestedCompare(a, a), 0);
        assert.ok(Math.abs(generated.nestedCompare(a, b)) <= 1);
        keyOf([left], JSONB_ARRAY, false);
      })
      .afterEach(() => scope.reset()),
    { numRuns: 1000 },
  );
});
