import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LaneContext } from '../../../../src/exec/operators/operator.js';
import { ValueCodes } from '../../../../src/exec/operators/value-codes.js';
import { createMemoryFixture, dictionaryVector, flatVector } from '../memory-fixture.js';

const fixture = createMemoryFixture();
const { shared, scope } = fixture;

const NAMES = ['a', 'b', null, 'a', 'c', 'b'];
const NUMBERS = [7, 7, 7, 8, null, 7];

function combined(codes: ValueCodes, rows: number, ...keys: Parameters<ValueCodes['combine']>[0]): number[] | string {
  const indexes = scope.allocateCleared(rows * 4);
  const answer = codes.combine(keys, indexes, rows);
  return answer === undefined ? 'none' : [...shared.u32.subarray(indexes / 4, indexes / 4 + rows)];
}

test('texts with codes and whole numbers have one index for each combination', () => {
  const codes = new ValueCodes(fixture as unknown as LaneContext, ['string', 'i32'], 1000);
  const numbers = flatVector(fixture, 'i32', NUMBERS);
  const indexes = combined(codes, 6, dictionaryVector(fixture, 'string', NAMES, 1), numbers) as number[];
  const keys = NAMES.map((name, row) => `${name} ${NUMBERS[row]}`);
  for (const [row, index] of indexes.entries()) {
    assert.ok(index < codes.combinations);
    for (const [other, key] of keys.entries()) assert.equal(indexes[other] === index, key === keys[row]);
  }
});

test('another dictionary means other indexes, texts without codes have none', () => {
  const codes = new ValueCodes(fixture as unknown as LaneContext, ['string', 'i32'], 1000);
  const numbers = flatVector(fixture, 'i32', NUMBERS);
  const indexes = scope.allocate(24);
  const names = dictionaryVector(fixture, 'string', NAMES, 1);
  assert.equal(codes.combine([names, numbers], indexes, 6), 'changed');
  assert.equal(codes.combine([names, numbers], indexes, 6), 'same');
  assert.equal(codes.combine([dictionaryVector(fixture, 'string', NAMES, 2), numbers], indexes, 6), 'changed');
  assert.equal(codes.combine([flatVector(fixture, 'string', NAMES), numbers], indexes, 6), undefined);
  assert.equal(codes.isUseless, false);
});

test('too many combinations are given up', () => {
  const codes = new ValueCodes(fixture as unknown as LaneContext, ['string', 'i32'], 8);
  const keys = [dictionaryVector(fixture, 'string', NAMES, 1), flatVector(fixture, 'i32', NUMBERS)];
  assert.equal(codes.combine(keys, scope.allocate(24), 6), undefined);
  assert.equal(codes.isUseless, true);
});
