import type { FunctionArea, ScalarFunction } from '../function-types.js';
import { aggregateSpellings } from './aggregate-spellings.js';
import { datetimeSpellings } from './datetime-spellings.js';
import { etlSpellings, instantSpellings } from './etl-spellings.js';
import { arraySpellings, castSpellings } from './nested-spellings.js';
import { spelled } from './spelled.js';

/*
 * Functions of Spark and DuckDB that are other words for what PostgreSQL's SQL says: the binder puts the expression in the
 * place of the call, so that it is compiled as what it is.
 */

const conditional: readonly ScalarFunction[] = [
  spelled('nvl(a, b)', 'coalesce($1, $2)', 'The first, or the second where that is NULL.', 'nvl(null, 1)', '1', [
    'ifnull',
  ]),
  spelled(
    'nvl2(a, b, c)',
    'case when $1 is not null then $2 else $3 end',
    'The second where the first is not NULL, else the third.',
    'nvl2(null, 1, 2), nvl2(0, 1, 2)',
    '2\t1',
  ),
  spelled(
    'if(condition, a, b)',
    'case when $1 then $2 else $3 end',
    'The second where the condition is true, else the third.',
    "if(1 > 2, 'more', 'less')",
    'less',
    ['iff'],
  ),
  spelled('isnull(a)', '$1 is null', 'Is it NULL?', 'isnull(1)', 'f'),
  spelled('isnotnull(a)', '$1 is not null', 'Is it not NULL?', 'isnotnull(1)', 't'),
  spelled(
    'equal_null(a, b)',
    '$1 is not distinct from $2',
    'Are they equal, or both NULL?',
    'equal_null(1, null), equal_null(null, null)',
    'f\tt',
  ),
  spelled('zeroifnull(a)', 'coalesce($1, 0)', 'The number, or 0 for NULL.', 'zeroifnull(null::integer)', '0'),
  spelled('nullifzero(a)', 'nullif($1, 0)', 'The number, or NULL for 0.', 'nullifzero(0)', 'NULL'),
];

const mathematical: readonly ScalarFunction[] = [
  spelled('rint(x)', 'round($1::double precision)', 'Rounded half to even, as a double.', 'rint(2.5)', '2'),
  spelled('pmod(a, b)', '(($1 % $2) + $2) % $2', 'The remainder, with the sign of the second.', 'pmod(-7, 3)', '2'),
  spelled('shiftleft(a, n)', '$1 << $2', 'Bits shifted left.', 'shiftleft(1, 3)', '8'),
  spelled('shiftright(a, n)', '$1 >> $2', 'Bits shifted right.', 'shiftright(8, 3)', '1'),
  spelled('signum(x)', 'sign($1::double precision)', '-1, 0 or 1, as a double.', 'signum(-2.5)', '-1'),
  spelled('negative(a)', '-$1', 'The negation.', 'negative(1)', '-1'),
  spelled('positive(a)', '+$1', 'The number itself.', 'positive(1)', '1'),
  spelled('e()', 'exp(1::double precision)', 'The base of natural logarithms.', 'e()', '2.718281828459045'),
  spelled('sec(x)', '1 / cos($1)', 'The secant of an angle in radians.', 'sec(0)', '1'),
  spelled('csc(x)', '1 / sin($1)', 'The cosecant of an angle in radians.', 'csc(pi() / 2)', '1'),
  spelled(
    'bin(n)',
    'to_bin($1::bigint)',
    'An integer in binary digits, 64 of them if it is negative.',
    'bin(5)',
    '101',
  ),
  spelled('randn()', 'random_normal()', 'As random_normal.', 'randn() is not null', 't'),
];

/** Words of PostgreSQL's own. */
const postgres: readonly ScalarFunction[] = [
  spelled(
    'quote_nullable(value)',
    "coalesce(quote_literal($1::text), 'NULL')",
    'The value as a literal of SQL; the word NULL for NULL.',
    "quote_nullable('O''Reilly'), quote_nullable(null)",
    "'O''Reilly'\tNULL",
  ),
  spelled(
    'levenshtein_less_equal(a, b, most)',
    'levenshtein($1, $2)',
    'As levenshtein, whatever the most is that one cares about.',
    "levenshtein_less_equal('kitten', 'sitting', 2)",
    '3',
  ),
];

const textual: readonly ScalarFunction[] = [
  spelled(
    'levenshtein(a, b, most)',
    'case when levenshtein($1, $2) > $3 then -1 when $3 is not null then levenshtein($1, $2) end',
    'As levenshtein; -1 where that is more than the third.',
    "levenshtein('kitten', 'sitting', 4), levenshtein('kitten', 'sitting', 2)",
    '3\t-1',
  ),
  spelled(
    'substring_index(text, separator, n)',
    `case when $3 = 0 or $2 = '' then '' when $3 > 0 then array_to_string((string_to_array($1, $2))[1:$3], $2)
      else array_to_string((string_to_array($1, $2))[array_size(string_to_array($1, $2)) + $3 + 1:], $2) end`,
    'What is before the n-th separator; behind it, counted from the end, where n is negative.',
    "substring_index('www.apache.org', '.', 2), substring_index('www.apache.org', '.', -2)",
    'www.apache\tapache.org',
  ),
  spelled(
    'split(text, pattern)',
    'regexp_split_to_array($1, $2)',
    'The parts between matches of a regular expression.',
    "split('one1two2three', '[12]')",
    '{one,two,three}',
    ['string_split_regex', 'str_split_regex', 'regexp_split'],
  ),
  spelled(
    'string_split(text, separator)',
    `case when $1 is null then null when $1 = '' or $2 is null then array[$1]
      when $2 = '' then string_to_array($1, null) else string_to_array($1, $2) end`,
    'The parts between separators, as DuckDB has it: an empty text is a part, and an empty separator takes characters apart.',
    "string_split('a,b', ','), string_split('', ','), string_split('ab', '')",
    '{a,b}\t{""}\t{a,b}',
    ['str_split'],
  ),
  spelled(
    'regexp_extract(text, pattern)',
    "case when $1 is not null and $2 is not null then coalesce((regexp_match($1, $2))[1], '') end",
    'The first group of the first match, or the whole match where the pattern has none; an empty text without a match.',
    "regexp_extract('100-200', '(\\d+)-(\\d+)')",
    '100',
  ).and(
    'regexp_extract(text, pattern, group)',
    "case when $1 is not null and $2 is not null then coalesce(regexp_substr($1, $2, 1, 1, '', $3), '') end",
  ),
  spelled(
    'rlike(text, pattern)',
    '$1 ~ $2',
    'Does a regular expression match? Also written text RLIKE pattern.',
    "rlike('abc', '^a'), 'abc' rlike 'd'",
    't\tf',
    ['regexp'],
  ),
  spelled(
    'get_json_object(json, path)',
    'case when $1::text is json then json_extract_string($1::text, $2) end',
    'What is at a path of a JSON text, as text; NULL where there is nothing, or no JSON.',
    `get_json_object('{"a": {"b": "x"}}', '$.a.b'), get_json_object('no json', '$.a')`,
    'x\tNULL',
  ),
  spelled('space(n)', "repeat(' ', $1)", 'So many spaces.', "'[' || space(2) || ']'", '[  ]'),
  spelled(
    'find_in_set(text, list)',
    "coalesce(array_position(string_to_array($2, ','), $1), 0)",
    'The place of a text in a list with commas, from 1; 0 where it is not.',
    "find_in_set('b', 'a,b,c')",
    '2',
  ),
  spelled(
    'charindex(part, text)',
    'strpos($2, $1)',
    'Where the second text has the first, in characters from 1; 0 where it has not.',
    "charindex('race', 'millrace')",
    '5',
  ),
  spelled(
    'locate(part, text)',
    'strpos($2, $1)',
    'Where the second text has the first, in characters from 1, at a place or behind it; 0 where it has not.',
    "locate('race', 'millrace'), locate('l', 'millrace', 4)",
    '5\t4',
  ).and(
    'locate(part, text, start)',
    `case when $3 < 1 or strpos(substring($2, $3), $1) = 0 then 0
      else strpos(substring($2, $3), $1) + $3 - 1 end`,
  ),
  spelled('replace(text, part)', "replace($1, $2, '')", 'The text without a part.', "replace('abc', 'b')", 'ac'),
  spelled(
    'unhex(text)',
    "case when $1 ~ '^[0-9A-Fa-f]*$' then decode(case when length($1) % 2 = 1 then '0' || $1 else $1 end, 'hex') end",
    'The bytes of hexadecimal digits; NULL of what has others.',
    "unhex('cafe'), unhex('f'), unhex('no')",
    '\\xcafe\t\\x0f\tNULL',
  ),
  spelled('from_hex(text)', "decode($1, 'hex')", 'The bytes of hexadecimal digits.', "from_hex('cafe')", '\\xcafe'),
  spelled('unbase64(text)', "decode($1, 'base64')", 'The bytes of a text in base64.', "unbase64('YWJj')", '\\x616263', [
    'from_base64',
  ]),
  spelled(
    'base64(bytes)',
    "replace(encode($1, 'base64'), chr(10), '')",
    'Bytes in base64, without line breaks.',
    "base64('abc'::bytea)",
    'YWJj',
    ['to_base64'],
  ),
];

type Standing = NonNullable<ScalarFunction['stands']>[number];

const standing = new Map<string, Standing>();

export const spelledArea: FunctionArea = {
  title: 'Spark and DuckDB',
  functions: [
    ...[
      ...conditional,
      ...mathematical,
      ...textual,
      ...postgres,
      ...datetimeSpellings,
      ...instantSpellings,
      ...etlSpellings,
    ],
    ...[...arraySpellings, ...castSpellings, ...aggregateSpellings],
  ],
};

for (const { name, aliases = [], stands = [] } of spelledArea.functions) {
  for (const one of stands) for (const word of [name, ...aliases]) standing.set(`${word}/${one.count}`, one);
}

const aggregates: ReadonlySet<string> = new Set(
  aggregateSpellings.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
);

/** What the call of a function of this name with so many arguments stands for. */
export const spelledExpression = (name: string, count: number): Standing | undefined =>
  standing.get(`${name}/${count}`);

/** Does the call stand for an aggregate? */
export const isSpelledAggregate = (name: string): boolean => aggregates.has(name);
