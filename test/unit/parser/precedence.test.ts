import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExpression } from '../../../src/parser/index.js';
import { render } from './render-expression.js';

/** From PostgreSQL's documentation, "Operator Precedence", and its gram.y. */
const groupings: readonly (readonly [sql: string, grouped: string])[] = [
  ['a or b and c', '(a or (b and c))'],
  ['a and b or c and d or e', '((a and b) or (c and d) or e)'],
  ['a and b and c and d', '(a and b and c and d)'],
  ['not a and b', '((not a) and b)'],
  ['not a = b', '(not (a = b))'],
  ['not a is null', '(not (a is null))'],
  ['not not a', '(not (not a))'],
  ['a = not b and c', '((a = (not b)) and c)'],
  ['a = b is null', '((a = b) is null)'],
  ['a < b is true = c', '(((a < b) is true) = c)'],
  ['x or a is null = b', '(x or ((a is null) = b))'],
  ['a is null is not null', '((a is null) is not null)'],
  ['a is distinct from b + 1', '(a is distinct from (b + 1))'],
  ['a is not distinct from b and c', '((a is not distinct from b) and c)'],
  ['a + b = c * d', '((a + b) = (c * d))'],
  ['a = b like c', '(a = (b like c))'],
  ['a like b || c', '(a like (b || c))'],
  ["a not like b escape '!' and c", "((a not like b escape '!') and c)"],
  ['a between b and c and d', '((a between b and c) and d)'],
  ['a between b + 1 and c || d or e', '((a between (b + 1) and (c || d)) or e)'],
  ['a + 1 in (b, c) = true', '(((a + 1) in (b, c)) = true)'],
  ['a = b in (c)', '(a = (b in (c)))'],
  ['a || b + c', '(a || (b + c))'],
  ['a || b || c', '((a || b) || c)'],
  ["a -> 'x' ->> 'y' = b", "(((a -> 'x') ->> 'y') = b)"],
  ['a - b - c', '((a - b) - c)'],
  ['a + b * c ^ d', '(a + (b * (c ^ d)))'],
  ['a ^ b ^ c', '((a ^ b) ^ c)'],
  ['a / b % c * d', '(((a / b) % c) * d)'],
  ['- a ^ b', '((- a) ^ b)'],
  ['- a + b', '((- a) + b)'],
  ['- a::int', '(- (a::int4))'],
  ['- - a', '(- (- a))'],
  ['a - -1', '(a - (- 1))'],
  ['~ a + b', '(~ (a + b))'],
  ['~ a || b', '((~ a) || b)'],
  ["a at time zone 'u' + b", "(timezone('u', a) + b)"],
  ['- a at time zone b', 'timezone(b, (- a))'],
  ['a ^ b at time zone c', '(a ^ timezone(c, b))'],
  ['a || b collate "C"', '(a || (b collate C))'],
  ['- a collate "C"', '((- a) collate C)'],
  ['a + b::int::text', '(a + ((b::int4)::text))'],
  ['a::numeric(10, 2)[]', '(a::numeric(10,2)[])'],
  ['a[1][2]', 'a[1][2]'],
  ['(a).b.c', '((a).b).c'],
  ['a operator(pg_catalog.*) b + c', '(a * (b + c))'],
  ['a = any (b) and c', '((a = any b) and c)'],
  ['a || b like any (c)', '((a || b) ~~ any c)'],
  ['a <> b', '(a <> b)'],
  ['a != b', '(a <> b)'],
  ['a=-1', '(a = (- 1))'],
  ['a*-b', '(a * (- b))'],
  ['a@-b', '(a @- b)'],
  ['(a, b) = (c, d)', '(row(a, b) = row(c, d))'],
  ['(((a)))', 'a'],
  ['a/*b*/+--c\nd', '(a + d)'],
];

for (const [sql, grouped] of groupings) {
  test(`${sql} is ${grouped}`, () => assert.equal(render(parseExpression(sql)), grouped));
}

const nonAssociative = [
  'a < b < c',
  'a = b = c',
  'x or a < b < c',
  'a between b and c between d and e',
  'a like b like c',
];
for (const sql of nonAssociative) {
  test(`${sql} is an error, as in PostgreSQL`, () => assert.throws(() => parseExpression(sql), { code: '42601' }));
}
