import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Engine } from '../../../src/session/engine.js';
import { execute } from '../../slt/run-slt.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// What generated code leaves to JavaScript, row by row: EXPLAIN ANALYZE counts the calls.

const openEngine = (context: TestContext): Promise<Engine> => openSharedEngine(context, temporaryFolder(context), 1);

async function plan(engine: Engine, sql: string, timeZone = 'UTC'): Promise<string> {
  const session = engine.openSession();
  try {
    await execute(session, `set time zone '${timeZone}'`);
    return (await execute(session, `explain analyze ${sql}`)).map(([line]) => line).join('\n');
  } finally {
    await session.close();
  }
}

/** How many rows of `count` numbers an expression over the number `i` and its text `t` leaves to JavaScript. */
async function callsOf(engine: Engine, expression: string, count: number, timeZone?: string): Promise<number> {
  const source = `(select i, i::text as t from generate_series(1, ${count}) as g(i)) as s`;
  const text = await plan(engine, `select count(*) filter (where (${expression}) is null) from ${source}`, timeZone);
  return Array.from(text.matchAll(/javascript=(\d+) calls/g), ([, calls]) => Number(calls)).reduce((a, b) => a + b, 0);
}

test('calls of JavaScript are counted where they are made', async (context) => {
  const engine = await openEngine(context);
  const text = await plan(
    engine,
    `select has_table_privilege('postgres', 'pg_class', t) from
     (select case when i > 3 then 'select' end as t from generate_series(1, 10) as g(i)) as s where t = 'select'`,
  );
  assert.match(text, /Project .*javascript=7 calls/);
  assert.doesNotMatch(text, /(Filter|Series) .*javascript/);
});

const documentOf = `('{"n": ' || t || ', "t": "' || t || '", "a": [1, 2, 3], "q\\"": true}')::jsonb`;

/** Of data that is not as it should be, or written otherwise than we write it. */
const expressions: readonly string[] = [
  ...[
    'smallint',
    'int',
    'bigint',
    'real',
    'double precision',
    'numeric(5,2)',
    'numeric(30,4)',
    'boolean',
    'uuid',
    'bytea',
  ].map((type) => `try_cast(case when i % 2 = 0 then t || 'x\\' else t end as ${type})`),
  ...['date', 'time', 'timestamp', 'timestamptz', 'interval', 'json', 'jsonb'].flatMap((type) => [
    `try_cast(t || ' x' as ${type})`,
    `try_cast('n/a' || t as ${type})`,
    `try_cast('2024-13-' || t as ${type})`,
  ]),
  'try_cast(to_jsonb(t) as int)',
  "try_cast(('[' || t || ']')::jsonb as numeric(5,2))",
  "try_cast((t || 'e30')::jsonb as double precision)",
  "try_cast((t || 'e30')::jsonb as bigint)",
  "try_url_decode('%z' || t)",
  "(' +0' || t || ' ')::int",
  "('12345678901234' || lpad(t, 5, '0'))::bigint",
  "(t || '.12345678901234567890123456')::numeric(38, 26)",
  "('0.1234567890123456789' || t)::double precision",
  "(t || 'e-300')::double precision",
  "('-inf' || case when i % 2 = 0 then 'inity' else '' end)::real",
  "(t || '.00000017881393421514957253748434595763683319091796875001')::real",
  "('{00000000-0000-0000-0000-0000' || lpad(t, 8, '0') || '}')::uuid",
  "('\\x' || lpad(t, 2, '0') || ' 00')::bytea",
  "('a\\001' || t)::bytea",
  "('Jan ' || 1 + i % 28 || ' 2024')::date",
  "('1/' || 1 + i % 28 || '/24')::date",
  "('2024-01-02T03:04:05.123456789' || case when i % 2 = 0 then 'Z' else '+05:30' end)::timestamptz",
  "('Friday, January 5, 2024 10:' || 10 + i || ' PM PST')::timestamptz",
  "('10:' || 10 + i || ' PM')::time",
  "('P' || t || 'Y2M3DT4H5M6.7S')::interval",
  "('1 year 2.5 days ' || t || ' ms ago')::interval",
  `('{"b": "\\u00e4\\ud83d\\ude00", "a": 1e5, "a": ' || t || '}')::jsonb`,
  `('{"\\u0061": ' || t || '}')::json ->> 'a'`,
  `('{"a": null, "b": 1e2}')::jsonb ->> t`,
  "try_cast('{' || t || ',x}' as int[])",
  "try_cast('{{' || t || '},{x}}' as int[][])",
  "('{{' || t || ',2},{3,4}}')::int[][]",
  "('{a\\,' || t || '}')::text[]",
  "('(' || t || ',b)')::struct<a int, b text>",
  "json_populate_record(row(i, 'b')::struct<a int, b text>, json_build_object('b', t))",
  "json_populate_record(null::struct<m map<text, int>>, json_build_object('m', json_build_object('x', i)))",
  'try_cast(i::bigint * 3000000000 as int)',
  `json_populate_record(null::struct<a int>, ('{"\\u0061": ' || t || ', "b\\"": 1}')::json)`,
  ...[
    '$.n.size() + $.n.type().size()',
    '$.n * 2.5 - $.n / 7 + $.n % 3',
    '(-$.n).abs().floor()',
    '$.n.double().ceiling()',
    '$.t ? (@ like_regex "^1" flag "i" || @ starts with "2")',
    '$.t ? (@ like_regex "([0-9])\\1" || @ like_regex "1(?=2)")',
    '$.t.double()',
    '$.keyvalue().key',
    '$.a[last / 2 to $.a.size() - 1]',
    'strict $.**.n ? (@ > 1)',
    '$."q\\"".string().boolean()',
  ].map((path) => `jsonb_path_query_array(${documentOf}, '${path}')`),
  `${documentOf} @? 'strict $.none'`,
  `json_value(${documentOf}, '$.none' default t on empty)`,
  `json_value(${documentOf}, '$.a' default t on error)`,
  `json_value(${documentOf}, '$.n' returning jsonb)`,
  `json_value(${documentOf}, '$.n' returning int)`,
  `json_value(${documentOf}, '$.t' returning date)`,
  `json_value(${documentOf}, '$.t' returning numeric(5, 1) error on error)`,
  `json_query(${documentOf}, '$.a[*]' with conditional wrapper)`,
  `json_query(${documentOf}, '$.t' returning text omit quotes)`,
  `json_query(${documentOf}, '$.none' empty array on empty)`,
  `json_exists(${documentOf}, 'strict $.none' true on error)`,
  `json_value(${documentOf}, '$.n' returning int default i on empty)`,
  `json_value(${documentOf}, '$.t' returning int default 1 on empty default i on error)`,
  `json_value(${documentOf}, '$.t' returning varchar(1))`,
  `json_query(${documentOf}, '$.a' returning int[])`,
  `json_query(${documentOf}, '$.t' returning int[] empty array on error)`,
  `json_query(${documentOf}, '$' returning struct<n int, t date, a int[]>)`,
  `json_query(${documentOf}, '$.t' returning jsonb omit quotes)`,
  `json_query(${documentOf}, '$.n' returning numeric(3, 1) default i on error)`,
  `json_populate_record(null::struct<a int[]>, json_build_object('a', '{' || t || '}'))`,
  "to_date(1 + i % 28 || ' January 2024', 'DD Month YYYY')",
  "to_date('2024-' || 1 + i % 50 || '-1', 'IYYY-IW-ID')",
  "to_timestamp('1/' || 1 + i % 28 || '/24 10:00:00.5 PM', 'MM/DD/YY HH12:MI:SS.MS AM')",
  "to_timestamp('2024-01-02T10:' || 10 + i || '+05:30', 'YYYY-MM-DD\"T\"HH24:MITZH:TZM')",
  "to_char(date '2024-01-01' + i, 'FMDay, FMDDth FMMonth YYYY \"week\" IW Q')",
  "to_char(timestamptz '2024-01-01 UTC' + i * interval '1 hour', 'HH12:MI AM TZ OF')",
  "to_char(i * interval '-7 days 1 hour', 'DDD HH24:MI SSSS')",
  "to_number('€ ' || t || '.50', 'L999999D99')",
  "to_number('12345678901234567890' || t || '.5 \"x\"', '9999999999999999999999999D9 \"x\"')",
  "to_number(t || '99', '9999V99')",
  "to_char(i, 'RN') || to_char(i, '999 \"€\"')",
  "to_char(i * 1.5::double precision, '9.99EEEE') || to_char(i * 1.25, '9.9EEEE')",
  "translate(t || 'é', 'éèà', 'eea')",
  "btrim('«' || t || '»', '«»')",
  "initcap(t || ' 中文abc שלום ⓐb ǆ')",
  "t like '%1!%' escape (case when i % 2 = 0 then '!' else '' end)",
  "t || '中1' like '%中1' escape (case when i % 2 = 0 then '中' else 'é' end)",
  "t || 'B' ilike '%bb' escape (case when i % 2 = 0 then 'b' else 'É' end)",
  "t ~ '1(?=2)'",
  "regexp_replace(t || 'abc', '(?<![2-5])a(?!c)', 'x')",
  "regexp_replace(t, '(\\d)(?=(\\d{3})+$)', '\\1,', 'g')",
  "regexp_replace('hello ' || t, '(.)\\1', '<\\1>', 'g')",
  "t || ' x X ' || t ~* '(\\w+) \\1'",
  "regexp_match(t || ' ' || t, '^(?:(\\d)\\1?)+ (.)')",
  "regexp_split_to_array(t, '(\\d)\\1+')",
  "regexp_match(t, '^[[:alpha:]][^@]{1,64}@[a-z0-9.-]{1,255}\\.[a-z]{2,24}$')",
  "encode(('a\\377' || t)::bytea, 'escape')",
  "decode(t || '\\377', 'escape')",
  "decode('12 ' || lpad(t, 2, '0') || '\n', 'hex')",
  "decode(encode(repeat(t, 100)::bytea, 'base64'), 'base64')",
  "convert_from(('\\xe9'::bytea || t::bytea), 'LATIN1')",
  "convert_to(t || '€', 'win1252')",
  ...['SJIS', 'EUC_JP', 'EUC_KR', 'BIG5', 'GBK', 'GB18030'].map(
    (name) => `convert_from(t::bytea || '\\xb0a1'::bytea, '${name}')`,
  ),
  "convert_from('\\x8fb0a1'::bytea || t::bytea, 'euc-jp')",
  "convert_from('\\x8130813090308130'::bytea || t::bytea, 'gb18030')",
  "normalize(t || 'привет')",
  "normalize('a' || chr(776) || t)",
  "normalize(t || 'ﬁ', NFKD)",
  "(t || 'é') is nfd normalized",
  'uuid_extract_timestamp(gen_random_uuid())',
  "array_to_string(array[i / 7.0::float8, null], ', ', '-')",
  "t::bytea like '%1_'::bytea",
  "t::bytea like (t || '#%')::bytea escape '#'::bytea",
  "length(t::bytea, 'utf8')",
  "format('%s|%2$-5I|%1$L', variadic string_to_array(t || ',x''y', ','))",
  'num_nulls(variadic array_remove(array[i, null], 3))',
  'json_build_array(variadic array_remove(array[t, null], t))',
  "jsonb_build_object(variadic string_to_array('k,' || t, ','))",
  "array_to_string(array[array[i, 2], array[3, i]], ',')",
  "array_to_string(array[row(i, t)], ';')",
  "next_day(date '2024-01-01' + i, case when i % 2 = 0 then 'Wednesday' else 'x' end)",
  "extract(day from case when i % 2 = 0 then timestamp 'infinity' else timestamp '2024-01-01' end)",
  "date_part('year', case when i % 2 = 0 then date 'infinity' else date '2024-01-01' end)",
  "date_part('milliseconds', time '10:00' + i * interval '1 s')",
  "date_part('julian', timestamp '2024-01-01' + i * interval '1 day')",
  "date_trunc('milliseconds', case when i % 2 = 0 then timestamp 'infinity' else timestamp '2024-01-01' end)",
  "case when i % 2 = 0 then timestamp 'infinity' else timestamp '2024-01-01' end::time",
  'make_date(-i, 3, 15)',
  'make_timestamp(-i, 3, 15, 1, 2, 3)',
  '(i / 3.0 * 1e15)::float8::numeric(38, 10)',
  "try_cast(map(array[t], array[t || 'x']) as map<int, text>)",
  "try_cast(map(array[t, '0' || t], array[1, 2]) as map<int, int>)",
];

test('values of odd forms, and broken ones, are no work for JavaScript', async (context) => {
  const engine = await openEngine(context);
  for (const expression of expressions) assert.equal(await callsOf(engine, expression, 20), 0, expression);
});

test('zones, regular expressions, paths and names out of columns are made once for each', async (context) => {
  const engine = await openEngine(context);
  const zone = "case i % 3 when 0 then 'UTC' when 1 then 'Europe/Berlin' else 'PST' end";
  assert.equal(await callsOf(engine, `timestamp '2024-01-01' at time zone (${zone})`, 1000), 3);
  // Of 60 some have to share their place in the table with others.
  assert.equal(await callsOf(engine, "timestamp '2024-01-01' at time zone ('x' || i % 60 || 'y')", 1000), 60);
  // A regular expression is compiled when it comes again: the first row is TypeScript's.
  const pattern = "case when i % 2 = 0 then '^1' else '[0-4]$' end";
  assert.equal(await callsOf(engine, `t ~ (${pattern})`, 1000), 6);
  assert.equal(await callsOf(engine, `regexp_replace(t, ${pattern}, 'x', 'g')`, 1000), 6);
  assert.equal(await callsOf(engine, `jsonb_path_query_array(${documentOf}, '$.a[' || i % 3 || ']')`, 1000), 3);
  assert.equal(await callsOf(engine, `${documentOf} @? ('$.n ? (@ > ' || i % 3 || ')')`, 1000), 3);
  const path = "case i % 3 when 0 then '$.n' when 1 then '$.t' end";
  assert.equal(await callsOf(engine, `json_value(${documentOf}, (${path}))`, 1000), 2);
  assert.equal(await callsOf(engine, `('strict $.' || chr(97 + i % 3))::jsonpath`, 1000), 3);
  const flags = "case when i % 2 = 0 then 'g' else '' end";
  assert.equal(await callsOf(engine, `regexp_replace(t, '[1-3]', 'x', ${flags})`, 1000), 6);
  const form = "case i % 3 when 0 then 'NFC' when 1 then 'NFD' else 'NFKD' end";
  assert.equal(await callsOf(engine, `normalize('é' || t, ${form})`, 1000), 3);
  const encoding = "case i % 3 when 0 then 'utf8' when 1 then 'EUC_JP' else 'latin1' end";
  assert.equal(await callsOf(engine, `convert_from(t::bytea, ${encoding})`, 1000), 3);
});

test('zones that texts name are looked up once for each', async (context) => {
  const engine = await openEngine(context);
  const zone = "case i % 4 when 0 then 'Europe/Berlin' when 1 then 'EST5EDT' when 2 then 'PST' else '+01' end";
  const text = `'2024-07-01 12:00 ' || ${zone}`;
  for (const type of ['timestamptz', 'timestamp', 'date', 'time']) {
    assert.equal(await callsOf(engine, `(${text})::${type}`, 1000), 2, type);
    assert.equal(
      await callsOf(engine, `try_cast(${text} || case when i % 3 = 0 then 'x' else '' end as ${type})`, 1000),
      4,
    );
    assert.equal(await callsOf(engine, `try_cast('2024-07-01 12:00 Europe/' || i % 2 as ${type})`, 1000), 2, type);
  }
  assert.equal(await callsOf(engine, "('2024-07-01 12:00 x' || i % 60 || 'y')::timestamptz", 1000), 60);
  assert.equal(await callsOf(engine, `('{"' || ${text} || '"}')::timestamptz[]`, 1000), 2);
  assert.equal(await callsOf(engine, `(${text})::timestamptz`, 1000, 'America/New_York'), 2);
});

test('TRY_CAST by the clocks of a zone is no work for JavaScript', async (context) => {
  const engine = await openEngine(context);
  const half = (value: string, broken: string): string => `case when i % 2 = 0 then ${value} else ${broken} end`;
  for (const expression of [
    `try_cast(${half("'2024-07-01 12:' || 10 + i", "'n/a' || t")} as timestamptz)`,
    `try_cast(${half("date '2024-01-01' + i", "date '300000-01-01'")} as timestamptz)`,
    `try_cast(${half("timestamp '2024-01-01'", "timestamp '294247-01-01 23:00'")} as timestamptz)`,
    ...['timestamp', 'date', 'time'].map(
      (type) => `try_cast(${half('now()', "timestamptz '4714-11-24 00:00+00 BC'")} as ${type})`,
    ),
  ]) {
    assert.equal(await callsOf(engine, expression, 20, 'America/New_York'), 0, expression);
  }
});

test('instants within values are read and written by the clocks of a zone without JavaScript', async (context) => {
  const engine = await openEngine(context);
  const text = "('2024-07-01 12:' || 10 + i % 50)";
  const instant = `${text}::timestamptz`;
  for (const expression of [
    `array[${text}, null]::timestamptz[]`,
    `('{' || ${text} || '}')::timestamptz[]`,
    `array[timestamp '2024-01-01' + make_interval(days => i)]::timestamptz[]`,
    `array[${instant}]::timestamp[]`,
    `array[${instant}]::text`,
    `row(${instant}, i)::text`,
    `try_cast(case when i % 2 = 0 then 'n/a' else '{"' || ${text} || '"}' end as timestamptz[])`,
    `try_cast(array[case when i % 2 = 0 then 'n/a' else ${text} end] as timestamptz[])`,
    `array_to_string(array[${instant}], ',')`,
    `concat(array[${instant}], i)`,
    `format('%s %s', ${instant}, array[${instant}])`,
    `to_json(array[${instant}])`,
    `to_jsonb(row(${instant}, i))`,
    `json_build_object('a', array[${instant}])`,
    `json_value(to_jsonb(${text}), '$' returning timestamptz)`,
    `json_query(jsonb_build_array(${text}), '$' returning timestamptz[])`,
    `from_json('{"a": "' || ${text} || '"}', 'a timestamptz')`,
  ]) {
    assert.equal(await callsOf(engine, expression, 20, 'America/New_York'), 0, expression);
  }
  const records = await plan(
    engine,
    `select count(a) from generate_series(1, 20) as g(i),
       json_to_record(json_build_object('a', ${text})) as r(a timestamptz, b timestamptz[])`,
    'America/New_York',
  );
  assert.doesNotMatch(records, /javascript/);
});
