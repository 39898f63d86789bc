import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExpectedError, TestLake } from './test-lake.js';

const at = (sql: string, part: string): number => sql.indexOf(part);

test('names that are not there, with the nearest one that is', async (context) => {
  const lake = await TestLake.open(context);
  const cases: readonly (readonly [sql: string, part: string, expected: ExpectedError])[] = [
    [
      'select lable from numbers',
      'lable',
      { code: '42703', message: /^column "lable" does not exist$/, hint: /column "numbers\.label"/ },
    ],
    [
      'select n.lable from numbers n',
      'n.lable',
      { code: '42703', message: /^column n\.lable does not exist$/, hint: /column "n\.label"/ },
    ],
    [
      'select * from number',
      'number',
      { code: '42P01', message: /^relation "number" does not exist$/, hint: /numbers/ },
    ],
    [
      'insert into days (m) select 1',
      'm)',
      { code: '42703', message: /^column "m" of relation "days" does not exist$/, hint: /n, d/ },
    ],
    [
      "insert overwrite days partition (day = '2026-01-01') select 1",
      'day =',
      { code: '42703', message: /^"day" is not a partition column of "days"$/, hint: /\(d\)/ },
    ],
    [
      'select lenght(label) from numbers',
      'lenght',
      { code: '42883', message: /lenght\(text\) does not exist/, hint: /length/ },
    ],
    ['drop table numberz', '', { code: '42P01', message: /table "numberz" does not exist/, hint: /numbers/ }],
  ];
  for (const [sql, part, expected] of cases) {
    await lake.fails(sql, part === '' ? expected : { ...expected, position: at(sql, part) });
  }
  const shown = await lake.commandLineFails(cases[0]![0], cases[0]![2]);
  assert.match(
    shown.stderr,
    /^line 1, column 8: error: .*\n {2}LINE 1: select lable from numbers\n {17}\^\n {2}HINT: /,
  );
});

test('types that do not go together', async (context) => {
  const lake = await TestLake.open(context);
  const cases: readonly (readonly [sql: string, part: string, expected: ExpectedError])[] = [
    ["select i from numbers where i = 'x'", "'x'", { code: '22P02', message: /type integer: "x"$/, hint: /^/ }],
    ['select i + label from numbers', '+', { code: '42883', message: /operator does not exist: integer \+ text/ }],
    [
      'select i from numbers where label',
      'label',
      { code: '42804', message: /argument of WHERE must be type boolean/ },
    ],
    [
      'insert into days select label, d from numbers, days',
      '',
      { code: '42804', message: /column "n" is of type integer but expression is of type text/ },
    ],
    [
      'select i from numbers union all select label from numbers',
      '',
      { code: '42804', message: /UNION types integer and text cannot be matched/ },
    ],
    [
      "insert overwrite days partition (d = '2026-13-01') select 1",
      "'2026-13-01'",
      { code: '22008', message: /out of range: "2026-13-01"/, hint: /^/ },
    ],
    ["select cast('1,5' as numeric)", "'1,5'", { code: '22P02', message: /type numeric: "1,5"/, hint: /^/ }],
  ];
  for (const [sql, part, expected] of cases) {
    await lake.fails(sql, part === '' ? expected : { ...expected, position: at(sql, part) });
  }
  await lake.commandLineFails(cases[1]![0], cases[1]![2]);
});

test('syntax errors: position and caret', async (context) => {
  const lake = await TestLake.open(context);
  for (const [sql, position, message] of [
    ['selec i from numbers', 0, /^syntax error at or near "selec"$/],
    ['select i frm numbers where', 13, /^syntax error at or near "numbers"$/],
    ['select (1 + 2 from numbers', 14, /^syntax error at or near "from"$/],
    ['select i from', 13, /^syntax error at end of input$/],
    ["select 'open from numbers", 7, /^unterminated quoted string/],
    ['insert overwrite days partition d = 1 select 1', 32, /^syntax error at or near "d"$/],
  ] as const) {
    await lake.fails(sql, { code: '42601', message, position, hint: /^/ });
  }
  const sql = 'select i,\n  g\n  frm numbers -- größe 😀\n';
  const shown = await lake.commandLineFails(sql, { code: '42601', message: /syntax error at or near "numbers"$/ });
  assert.match(
    shown.stderr,
    /^line 3, column 7: error: .*\n {2}LINE 3: {3}frm numbers -- größe 😀\n {16}\^\n {2}HINT: /,
  );
});
