import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatJsonb, type Json, parseJsonText } from '../../../src/functions/scalar/json/json-text.js';
import { arrayOfJson, objectOfJson } from '../../../src/functions/scalar/json/json-tree.js';
import type { ConstantValue, Expression } from '../../../src/planner/expression.js';
import { encodeNested } from '../../../src/types/nested-codec.js';
import { arrayOf, BOOLEAN, INTEGER, type SqlType, TEXT } from '../../../src/types/sql-type.js';
import { hold } from '../../support/fallback-agreement.js';
import {
  brokenJson,
  dollarPath,
  jsonbDocument,
  jsonDocument,
  jsonKey,
  jsonPath,
} from '../../support/json-arbitraries.js';
import { anyPath, pathVariables as variables } from '../../support/json-path-arbitraries.js';
import { rowsLeft } from '../../support/rows-left.js';

// As kernel-fallback.test.ts, with more of what matters to JSON: parts of the same document, paths that lead somewhere.

const ROUNDS = Number(process.env.JSON_ROUNDS ?? 4);
const JSONB: SqlType = { kind: 'jsonb' };

/** Unless `mayDecline`, what a kernel leaves to TypeScript is an error. */
function check(
  name: string,
  types: readonly SqlType[],
  rows: fc.Arbitrary<readonly ConstantValue[]>,
  mayDecline = false,
  rounds = ROUNDS,
): void {
  const left = rowsLeft(name, types, (overload, returns, fallback) => {
    const make = (args: readonly Expression[]): Expression => ({ kind: 'call', type: returns, overload, args });
    for (let round = 0; round < rounds; round++) hold(overload, make, types, returns, fallback, rows);
  });
  if (!mayDecline) assert.deepEqual(left, []);
}

test('kernels take JSON apart as TypeScript does', () => {
  for (const prefix of ['json', 'jsonb'] as const) {
    const type: SqlType = { kind: prefix };
    const document = prefix === 'json' ? jsonDocument : jsonbDocument;
    for (const name of ['array_elements', 'array_elements_text', 'each', 'each_text', 'object_keys']) {
      check(`${prefix}_${name}`, [type], fc.tuple(document));
    }
    check('json_keys', [type], fc.tuple(document));
    const step = fc.oneof(jsonKey, fc.constantFrom('1', ' +1 ', '-2', '99999999999', 'x', '1x', '\u00a01'));
    check(`${prefix}_extract_path`, [type, TEXT, TEXT], fc.tuple(document, step, step));
    check(`${prefix}_extract_path_text`, [type, TEXT], fc.tuple(document, step));
    check(`${prefix}_strip_nulls`, [type], fc.tuple(document));
    check(`${prefix}_strip_nulls`, [type, BOOLEAN], fc.tuple(document, fc.boolean()));
  }
  check('json_keys', [TEXT], fc.tuple(brokenJson));
});

test('kernels follow pointers and paths with a dollar as TypeScript does', () => {
  for (const name of ['json_extract', 'json_extract_string']) {
    check(name, [{ kind: 'json' }, TEXT], fc.tuple(jsonDocument, dollarPath));
    check(name, [JSONB, TEXT], fc.tuple(jsonbDocument, dollarPath));
    check(name, [TEXT, TEXT], fc.tuple(brokenJson, dollarPath));
  }
  check('json_valid', [TEXT], fc.tuple(brokenJson));
  const kind = fc.constantFrom('value', 'scalar', 'object', 'array');
  check('is_json', [TEXT, TEXT, BOOLEAN], fc.tuple(brokenJson, kind, fc.boolean()));
  check('text_with_unique_keys', [TEXT], fc.tuple(brokenJson));
});

/** A part of a value, as the digits say, with numbers written in another way. */
function partOf(value: Json, digits: readonly number[], at = { next: 0 }): Json {
  const draw = (): number => digits[at.next++ % digits.length]!;
  if (value.kind === 'number' && draw() > 1) return { ...value, digits: lengthened(value.digits) };
  if (value.kind === 'array') {
    return arrayOfJson(value.items.filter(() => draw() > 0).map((item) => partOf(item, digits, at)));
  }
  if (value.kind !== 'object') return value;
  return objectOfJson(
    value.entries.filter(() => draw() > 0).map(([key, part]) => [key, partOf(part, digits, at)] as const),
  );
}

const lengthened = (digits: string): string => (digits.includes('.') ? `${digits}00` : `${digits}.0`);

const documentAndPart = fc
  .tuple(jsonbDocument, fc.array(fc.nat(3), { minLength: 7, maxLength: 30 }))
  .map(([document, digits]): [string, string] => [document, formatJsonb(partOf(parseJsonText(document), digits))]);

test('a kernel finds parts of jsonb as TypeScript does', () => {
  check('@>', [JSONB, JSONB], documentAndPart);
  check(
    '<@',
    [JSONB, JSONB],
    documentAndPart.map(([document, part]): [string, string] => [part, document]),
  );
  check('@>', [JSONB, JSONB], fc.tuple(jsonbDocument, jsonbDocument));
});

/** A path that leads somewhere in the document, or a step further. */
const documentAndPath = fc
  .tuple(jsonbDocument, fc.array(fc.nat(5), { minLength: 1, maxLength: 5 }))
  .map(([document, digits]): [string, Uint8Array] => {
    const steps: string[] = [];
    let part: Json | undefined = parseJsonText(document);
    for (const digit of digits) {
      if (part?.kind === 'array') {
        steps.push(String(digit - 2));
        part = part.items.at(digit - 2);
      } else if (part?.kind === 'object') {
        const entry: readonly [string, Json] | undefined = part.entries[digit];
        steps.push(entry?.[0] ?? ['a', 'new', 'b"', ''][digit % 4]!);
        part = entry?.[1];
      }
    }
    return [document, encodeNested(steps, arrayOf(TEXT))];
  });

test('kernels change jsonb as TypeScript does', () => {
  const texts = arrayOf(TEXT);
  const places = fc.oneof(documentAndPath, fc.tuple(jsonbDocument, jsonPath));
  const withValue = fc.tuple(places, jsonbDocument).map(([[document, path], value]) => [document, path, value]);
  const withOption = fc.tuple(withValue, fc.boolean()).map(([values, option]) => [...values, option]);
  for (const name of ['jsonb_set', 'jsonb_insert']) {
    check(name, [JSONB, texts, JSONB], withValue);
    check(name, [JSONB, texts, JSONB, BOOLEAN], withOption);
  }
  check('#-', [JSONB, texts], places);
  check('-', [JSONB, TEXT], fc.tuple(jsonbDocument, jsonKey));
  check('-', [JSONB, texts], fc.tuple(jsonbDocument, jsonPath));
  check('-', [JSONB, INTEGER], fc.tuple(jsonbDocument, fc.integer({ min: -6, max: 6 })));
  check('||', [JSONB, JSONB], fc.tuple(jsonbDocument, jsonbDocument));
  check('?|', [JSONB, texts], fc.tuple(jsonbDocument, jsonPath));
  check('?&', [JSONB, texts], fc.tuple(jsonbDocument, jsonPath));
  check('jsonb_pretty', [JSONB], fc.tuple(jsonbDocument));
});

test('a kernel writes the keys that jsonb is ordered by', () => {
  check('sort_key', [JSONB, BOOLEAN], fc.tuple(jsonbDocument, fc.boolean()));
});

test('what is nested too deeply for a kernel is left to TypeScript', () => {
  for (const levels of [450, 520]) {
    const rows = fc.constant(`${'[{"a": '.repeat(levels)}1${'}]'.repeat(levels)}`);
    const isTooDeep = levels > 500;
    // They are the same each time.
    check('@>', [JSONB, JSONB], fc.tuple(rows, rows), isTooDeep, 1);
    check('jsonb_strip_nulls', [JSONB], fc.tuple(rows), isTooDeep, 1);
    check('sort_key', [JSONB, BOOLEAN], fc.tuple(rows, fc.boolean()), isTooDeep, 1);
    check('jsonb_pretty', [JSONB], fc.tuple(rows), false, 1);
  }
});

/** Paths that are no literals have no program, and some have none at all. */
test('a kernel finds what is at the paths of jsonpath as TypeScript does', () => {
  const functions = ['query', 'query_array', 'query_first', 'exists', 'match'].map((name) => `jsonb_path_${name}`);
  for (const name of functions) {
    check(name, [JSONB, TEXT, JSONB], fc.tuple(jsonbDocument, anyPath, variables), true);
    check(name, [JSONB, TEXT, JSONB, BOOLEAN], fc.tuple(jsonbDocument, anyPath, variables, fc.boolean()), true);
  }
  const withoutVariables = anyPath.filter((path) => !/\$[vw]/.test(path));
  for (const name of ['@?', '@@', 'jsonb_path_query']) {
    check(name, [JSONB, TEXT], fc.tuple(jsonbDocument, withoutVariables), true);
  }
});

test('a kernel answers the forms of SQL/JSON as TypeScript does', () => {
  const row = (...defaults: readonly ConstantValue[]) =>
    fc
      .tuple(jsonbDocument, anyPath, fc.option(variables.filter((text) => text !== '[]')))
      .map((values) => [...values, '', ...defaults]);
  for (const [form, type] of [
    ['value', TEXT],
    ['query', JSONB],
    ['query', TEXT],
    ['exists', BOOLEAN],
  ] as const) {
    check(`json_${form}_of_path`, [JSONB, TEXT, JSONB, TEXT, type, type], row(null, null), true);
  }
});
