import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ParsedTexts } from '../../../src/session/plan-cache/parsed-texts.js';

test('a text that comes again is not parsed again', () => {
  const texts = new ParsedTexts(true);
  const first = texts.parse(' select 1; select 2');
  assert.deepEqual(
    first.map(({ text, offset }) => [text, offset]),
    [
      ['select 1', 1],
      ['select 2', 11],
    ],
  );
  assert.equal(texts.parse(' select 1; select 2'), first);
  assert.notEqual(texts.parse('select 1; select 2'), first, 'positions differ');
  assert.equal(texts.hits, 1);
});

test('what does not parse is not kept', () => {
  const texts = new ParsedTexts(true);
  for (let again = 0; again < 2; again++) assert.throws(() => texts.parse('selec 1'), { code: '42601', position: 0 });
  assert.equal(texts.hits, 0);
});

test('texts that were used last are kept as far as there is room; long ones are not', () => {
  const texts = new ParsedTexts(false);
  const textOf = (number: number): string => `select '${String(number).padStart(10_000, 'x')}'`;
  texts.parse(textOf(0));
  for (let number = 1; number < 100; number++) {
    texts.parse(textOf(number));
    texts.parse(textOf(0));
  }
  assert.equal(texts.hits, 99);
  texts.parse(textOf(98));
  assert.equal(texts.hits, 100);
  texts.parse(textOf(1));
  assert.equal(texts.hits, 100);
  const long = `select '${'x'.repeat(20_000)}'`;
  texts.parse(long);
  texts.parse(long);
  assert.equal(texts.hits, 100);
});

test('a checked engine notices who changes syntax that others find again', () => {
  const [statement] = new ParsedTexts(true).parse('select a from t where b in (1, 2)');
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
  assert.ok(frozen(statement));
});
