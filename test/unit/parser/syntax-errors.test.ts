import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MillraceError } from '../../../src/common/errors.js';
import { formatErrorWithCaret, locatePosition, parseStatement, parseStatements } from '../../../src/parser/index.js';

function errorOf(sql: string): MillraceError {
  try {
    parseStatements(sql);
  } catch (thrown) {
    return thrown as MillraceError;
  }
  throw new Error(`no error in: ${sql}`);
}

/** The message, what the position points at, and the hint (where it is part of the promise). */
const errors: readonly (readonly [sql: string, message: string, rest: string, hint?: RegExp])[] = [
  ['selct 1', 'syntax error at or near "selct"', 'selct 1', /Did you mean SELECT instead of "selct"/],
  ['select a frm t', 'syntax error at or near "t"', 't', /Did you mean FROM instead of "frm"/],
  ['select a from t wher x = 1', 'syntax error at or near "x"', 'x = 1', /Did you mean WHERE/],
  ['select a from t where x gruop by a', 'syntax error at or near "gruop"', 'gruop by a', /GROUP/],
  ['drop tabel t', 'syntax error at or near "tabel"', 'tabel t', /TABLE/],
  ['select 1; selec 2', 'syntax error at or near "selec"', 'selec 2', /SELECT/],
  ['select a,, b', 'syntax error at or near ","', ', b', /^Expected an expression\.$/],
  ['select a, from t', 'syntax error at or near "from"', 'from t', /Remove the comma/],
  ['select 1 +', 'syntax error at end of input', '', /Expected an expression/],
  ['select 1 +; select 2', 'syntax error at or near ";"', '; select 2', /Expected an expression/],
  ['select (1 + 2', 'syntax error at end of input', '', /opens on line 1 is not closed/],
  ['select\n (\n1 + 2', 'syntax error at end of input', '', /opens on line 2 is not closed/],
  ['select 1)', 'syntax error at or near ")"', ')', /No parenthesis is open/],
  ['select 1 2', 'syntax error at or near "2"', '2', /Expected the end of the statement/],
  ['select * from', 'syntax error at end of input', '', /^Expected a table, a function, a file/],
  ['select a from t order a', 'syntax error at or near "a"', 'a', /^Expected BY\.$/],
  ['insert t values (1)', 'syntax error at or near "t"', 't values (1)', /^Expected OVERWRITE or INTO\.$/],
  ['create table order (a int)', 'syntax error at or near "order"', 'order (a int)', /reserved word.*double quotes/],
  ['create table t (a)', 'syntax error at or near "a"', 'a)', /Give column "a" a type/],
  ['select f(select 1)', 'syntax error at or near "select"', 'select 1)', /parentheses of its own/],
  ['select a < b < c', 'syntax error at or near "<"', '< c', /do not chain/],
  [
    'select x is',
    'syntax error at end of input',
    '',
    /^Expected JSON, NORMALIZED, DISTINCT, NULL, TRUE, FALSE or UNKNOWN\.$/,
  ],
  ["select 'abc", 'unterminated quoted string at or near "\'abc"', "'abc", /starts on line 1/],
  ['select "abc', 'unterminated quoted identifier at or near ""abc"', '"abc'],
  ['select $x$ a', 'unterminated dollar-quoted string at or near "$x$ a"', '$x$ a'],
  ['select 1 /* a', 'unterminated /* comment at or near "/* a"', '/* a'],
  ['select 123abc', 'trailing junk after numeric literal at or near "123abc"', '123abc', /double quotes/],
  ['select "" from t', 'zero-length delimited identifier at or near """"', '"" from t'],
  ['select a from t limit 1 limit 2', 'syntax error at or near "limit"', 'limit 2', /one LIMIT/],
];

for (const [sql, message, rest, hint] of errors) {
  test(`error of ${JSON.stringify(sql)}`, () => {
    const error = errorOf(sql);
    assert.equal(error.code, '42601');
    assert.equal(error.message, message);
    assert.equal(sql.slice(error.position), rest);
    if (hint !== undefined) assert.match(error.hint ?? '', hint);
  });
}

test('a wrong escape has a code of its own, and stands within the literal', () => {
  const { code, position } = errorOf("select E'a\\u00g0'");
  assert.equal(code, '22025');
  assert.equal(position, "select E'a".length);
});

const unsupported = [
  'lock table t',
  'create trigger x before insert on t',
  'alter type t rename to u',
  'create sequence s',
  "select x'1F'",
];
for (const sql of unsupported) {
  test(`${sql} is refused by name`, () => {
    const { code, hint } = errorOf(sql);
    assert.equal(code, '0A000');
    assert.ok(hint);
  });
}

test('a window frame that ends before it starts is refused', () => {
  const { code, message } = errorOf('select sum(x) over (rows between current row and 1 preceding)');
  assert.equal(code, '42P20');
  assert.equal(message, 'frame starting from current row cannot have preceding rows');
});

test('one statement is asked for, two are given', () => {
  assert.throws(() => parseStatement('select 1; select 2'), { code: '42601', position: 10 });
  assert.throws(() => parseStatement(' '), { code: '42601', message: 'syntax error at end of input' });
});

test('a place in the text, for people', () => {
  assert.deepEqual(locatePosition('select\r\n  é𝒳 frm', 13), { line: 2, column: 5, text: '  é𝒳 frm' });
  assert.equal(formatErrorWithCaret('select\n\ta frm t', 13), `LINE 2:  a frm t\n${' '.repeat(14)}^`);
  assert.equal(formatErrorWithCaret('select 你 x', 9), `LINE 1: select 你 x\n${' '.repeat(18)}^`);
  const long = formatErrorWithCaret(`${'a'.repeat(500)}!${'b'.repeat(500)}`, 500).split('\n') as [string, string];
  assert.equal(long[0][long[1].length - 1], '!');
  assert.ok(long[0].length < 150);
});
