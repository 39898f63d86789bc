import assert from 'node:assert/strict';
import { test } from 'node:test';
import { substituteVariables } from '../../../src/parser/index.js';

const variables = { ds: '2026-03-22', table: 'My "t"', n: '42', quote: "it's", back: 'a\\b' };

const substitutions: readonly (readonly [text: string, expected: string])[] = [
  ["select :'ds'", "select '2026-03-22'"],
  ["select :'quote', :'back'", "select 'it''s',  E'a\\\\b'"],
  ['from :"table"', 'from "My ""t"""'],
  ['limit :n', 'limit 42'],
  ['limit :n::int', 'limit 42::int'],
  ['x::n', 'x::n'],
  ['f(a := :n)', 'f(a := 42)'],
  ['\':n\' ":n" $$:n$$ $x$ :n $x$', '\':n\' ":n" $$:n$$ $x$ :n $x$'],
  ["E'\\':n' :n", "E'\\':n' 42"],
  ['-- :n\n:n /* :n /* :n */ :n */', '-- :n\n42 /* :n /* :n */ :n */'],
  ['a[1:2] a[:2] a[lo:hi] a[1:n] a[lo :n]', 'a[1:2] a[:2] a[lo:hi] a[1:n] a[lo :n]'],
  ['a[1: :n] a[:n]', 'a[1: 42] a[42]'],
  ['select 1 : 2', 'select 1 : 2'],
];

for (const [text, expected] of substitutions) {
  test(`substitutes in ${text}`, () => assert.equal(substituteVariables(text, variables).sql, expected));
}

test('an unknown variable is an error at its place', () => {
  assert.throws(() => substituteVariables("select 1, :'nope'", { a: '1' }), {
    code: '42704',
    message: 'variable "nope" is not set',
    position: 10,
    hint: 'Set it with --var nope=value. Set are: a.',
  });
});

test('positions lead back to the text as written', () => {
  const text = "select :'ds', :n, frm";
  const { sql, originalPosition } = substituteVariables(text, variables);
  assert.equal(originalPosition(sql.indexOf('frm')), text.indexOf('frm'));
  assert.equal(originalPosition(sql.indexOf('42')), text.indexOf(':n'));
  assert.equal(originalPosition(sql.indexOf('2026') + 3), text.indexOf(":'ds'"));
  assert.equal(originalPosition(sql.indexOf('select')), 0);
  assert.equal(originalPosition(sql.length), text.length);
});
