import type { ScalarFunction } from '../function-types.js';
import { spelled } from './spelled.js';

/*
 * Functions of Spark that scripts use. Names of lambdas' parameters are quoted, with a sign that nobody writes: what stands
 * for $1 may have a column of any name in it.
 */

const entry = '"#entry"';

export const etlSpellings: readonly ScalarFunction[] = [
  spelled(
    'try_divide(a, b)',
    '$1::double precision / nullif($2::double precision, 0)',
    'The quotient as a double; NULL where the divisor is 0.',
    'try_divide(1, 2), try_divide(1, 0)',
    '0.5\tNULL',
  ),
  spelled(
    'try_add(a, b)',
    '$1 + $2',
    'The sum of integers; NULL where their type does not hold it.',
    'try_add(1, 2), try_add(2147483647, 1)',
    '3\tNULL',
  ),
  spelled(
    'try_subtract(a, b)',
    '$1 - $2',
    'The difference of integers; NULL where their type does not hold it.',
    'try_subtract(1, 2)',
    '-1',
  ),
  spelled(
    'try_multiply(a, b)',
    '$1 * $2',
    'The product of integers; NULL where their type does not hold it.',
    'try_multiply(65536, 65536)',
    'NULL',
  ),
  spelled(
    'try_mod(a, b)',
    '$1 % nullif($2, 0)',
    'The remainder; NULL where the divisor is 0.',
    'try_mod(7, 4), try_mod(1, 0)',
    '3\tNULL',
  ),
  spelled(
    'try_element_at(array, index)',
    'element_at($1, $2)',
    'As element_at.',
    'try_element_at(array[1], 5)',
    'NULL',
  ),
  spelled(
    'nanvl(a, b)',
    "case when $1 = 'NaN'::double precision then $2 else $1 end",
    'The first, or the second where that is NaN.',
    "nanvl('NaN'::double precision, 1)",
    '1',
  ),
  spelled('getbit(n, place)', '($1 >> $2) & 1', 'A bit of an integer, from the lowest on.', 'getbit(5, 2)', '1', [
    'bit_get',
  ]),
  spelled(
    'bround(x)',
    'case when abs($1 - trunc($1)) = 0.5 then round($1 / 2) * 2 else round($1) end',
    'Rounded half to even.',
    'bround(2.5), bround(3.5), bround(-2.5)',
    '2\t4\t-2',
    ['round_even', 'roundbankers'],
  ),
  spelled('rand()', 'random()', 'As random.', 'rand() between 0 and 1', 't'),
  spelled('spark_partition_id()', '0', 'Always 0: rows belong to no partition.', 'spark_partition_id()', '0'),
  spelled(
    'monotonically_increasing_id()',
    'row_number() over () - 1',
    'Numbers of rows from 0 on, in no order.',
    'monotonically_increasing_id()',
    '0',
  ),
  spelled(
    'current_timezone()',
    "current_setting('timezone')",
    'The time zone of the session.',
    "current_timezone() = current_setting('timezone')",
    't',
  ),

  spelled(
    'format_number(x, digits)',
    "to_char($1::numeric, 'FM999,999,999,999,999,999,990' || case when $2 > 0 then '.' || repeat('0', $2) else '' end)",
    'A number with commas, and so many digits behind the point.',
    'format_number(12345.678, 2), format_number(0.5, 0)',
    '12,345.68\t1',
  ),
  spelled(
    'conv(n, from, to)',
    'in_base($1::text, $2, $3)',
    'A number of one base, 2 to 36, in another, by way of 64 bits without a sign, all of them set where it needs more; with a sign where the other is negative.',
    "conv('100', 2, 10), conv(-10, 16, -10), conv('-1', 10, 16)",
    '4\t-16\tFFFFFFFFFFFFFFFF',
  ),
  spelled(
    'parse_url(url, part, key)',
    "case when $2 = 'QUERY' then url_value(parse_url($1, 'QUERY'), $3) end",
    'The value of a key in the query of a URL, where the part is QUERY.',
    "parse_url('http://a.org/b?c=1&d=2', 'QUERY', 'd')",
    '2',
  ),
  spelled(
    'mask(text)',
    "translate($1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', repeat('X', 26) || repeat('x', 26) || repeat('n', 10))",
    'The text with X for capitals, x for small letters and n for digits, of ASCII.',
    "mask('abcd-EXAMPLE-8080')",
    'xxxx-XXXXXXX-nnnn',
  ),
  spelled(
    'try_to_date(text)',
    'try_cast($1 as date)',
    'The date that a text says; NULL where it says none.',
    "try_to_date('2024-02-30'), try_to_date('2024-02-29')",
    'NULL\t2024-02-29',
  ),
  spelled(
    'try_to_timestamp(text)',
    'try_cast($1 as timestamp)',
    'The time that a text says; NULL where it says none.',
    "try_to_timestamp('tomorrow noon'), try_to_timestamp('2024-02-29')",
    'NULL\t2024-02-29 00:00:00',
  ),
  spelled(
    'make_ym_interval(years, months)',
    'make_interval($1, $2)',
    'An interval of years and months.',
    'make_ym_interval(1, 2)',
    '1 year 2 mons',
  ),
  spelled(
    'make_dt_interval(days, hours, minutes, seconds)',
    'make_interval(0, 0, 0, $1, $2, $3, $4)',
    'An interval of days and a time.',
    'make_dt_interval(1, 12, 30, 1.5)',
    '1 day 12:30:01.5',
  ),
  spelled(
    'str_to_map(text)',
    "str_to_map($1, ',', ':')",
    'A map of keys and values, which the third argument separates (a colon), in parts that the second does (a comma).',
    "str_to_map('a:1,b'), str_to_map('a=1;b=2', ';', '=')",
    '{a=1, b=NULL}\t{a=1, b=2}',
  )
    .and('str_to_map(text, parts)', "str_to_map($1, $2, ':')")
    .and(
      'str_to_map(text, parts, values)',
      `map(transform(string_to_array($1, $2), ${entry} -> split_part(${entry}, $3, 1)), transform(string_to_array($1, $2), ${entry} -> case when strpos(${entry}, $3) > 0 then substr(${entry}, strpos(${entry}, $3) + length($3)) end))`,
    ),
  spelled(
    'regexp_extract_all(text, pattern, group)',
    'transform(series_array(1, regexp_count($1, $2)), "#i" -> coalesce(regexp_substr($1, $2, 1, "#i", \'\', $3), \'\'))',
    'An array of the group of that number of all matches, 0 for the whole match. Without a number, of the first group, or the whole match where a literal pattern has none.',
    "regexp_extract_all('a1b2', '([a-z])([0-9])', 2), regexp_extract_all('a1b2', '[0-9]')",
    '{1,2}\t{1,2}',
  ),

  spelled(
    'arrays_zip(a, b)',
    'zip_with($1, $2, ("#x", "#y") -> named_struct(\'0\', "#x", \'1\', "#y"))',
    'An array of rows of the elements of two arrays; the shorter is filled up with NULLs.',
    "arrays_zip(array[1, 2], array['a'])",
    '{"(1,a)","(2,)"}',
    ['list_zip', 'array_zip'],
  ),
  spelled(
    'list_where(list, flags)',
    'transform(filter(series_array(1, array_size($1)), "#i" -> ($2)["#i"]), "#i" -> ($1)["#i"])',
    'The elements whose flags are true.',
    'list_where([1, 2, 3], [true, false, true])',
    '{1,3}',
    ['array_where'],
  ),
  spelled(
    'list_select(list, places)',
    'transform($2, "#i" -> ($1)["#i"])',
    'The elements of these places, from 1.',
    "list_select(['a', 'b', 'c'], [3, 1])",
    '{c,a}',
    ['array_select'],
  ),
  spelled(
    'from_json(text, schema)',
    'json_populate_record(null::struct<schema>, $1::json)',
    'A row of the fields that the schema, a literal, names; NULL of what is no JSON object. A value that its type does not read is an error.',
    `from_json('{"a": 1, "b": ["x"]}', 'a INT, b ARRAY<STRING>'), (from_json('{"a": 1}', 'a int')).a`,
    '(1,{x})\t1',
  ),
  spelled(
    'map_concat(a, b)',
    'map(map_keys($1) || map_keys($2), map_values($1) || map_values($2))',
    'The entries of both maps, whose keys must differ.',
    "map_concat(map(array['a'], array[1]), map(array['b'], array[2]))",
    '{a=1, b=2}',
  ),
  spelled('get(array, index)', '($1)[$2 + 1]', 'The element of that number, from 0.', 'get(array[5, 6], 1)', '6'),
  spelled(
    'explode_outer(array)',
    'explode(case when array_size($1) > 0 then $1 else array_append($1, null) end)',
    'As explode, with NULL for an array that is empty or NULL.',
    'explode_outer(array[1, 2])',
    '1\n2',
  ),
  spelled(
    'posexplode_outer(array)',
    'posexplode(case when array_size($1) > 0 then $1 else array_append($1, null) end)',
    'As posexplode, with NULL for an array that is empty or NULL.',
    "posexplode_outer(array['a'])",
    '(0,a)',
  ),
  spelled(
    'shuffle(array)',
    `transform(array_sort(transform($1, ${entry} -> row(random(), ${entry}))), ${entry} -> (${entry}).f2)`,
    'The elements in a random order.',
    'array_size(shuffle(array[1, 2, 3]))',
    '3',
  ),
];

const DAY = "timestamptz '2024-05-17 00:00:00+00'";

export const instantSpellings: readonly ScalarFunction[] = [
  spelled(
    'from_utc_timestamp(time, zone)',
    "($1::timestamp at time zone 'UTC') at time zone $2",
    'A time of UTC as the clocks of a zone show it.',
    "from_utc_timestamp('2024-01-01 00:00:00', 'Europe/Berlin')",
    '2024-01-01 01:00:00',
  ),
  spelled(
    'to_utc_timestamp(time, zone)',
    "($1::timestamp at time zone $2) at time zone 'UTC'",
    'What the clocks of a zone show, as a time of UTC.',
    "to_utc_timestamp('2024-01-01 00:00:00', 'Europe/Berlin')",
    '2023-12-31 23:00:00',
  ),
  ...(
    [
      ['timestamp_seconds', 'second', '1715904000'],
      ['timestamp_millis', 'millisecond', '1715904000000'],
      ['timestamp_micros', 'microsecond', '1715904000000000'],
    ] as const
  ).map(([name, unit, count]) =>
    spelled(
      `${name}(n)`,
      `'epoch'::timestamptz + $1 * interval '1 ${unit}'`,
      `The time so many ${unit}s after 1970 began in UTC.`,
      `${name}(${count}) = ${DAY}`,
      't',
    ),
  ),
  spelled(
    'convert_timezone(from, to, time)',
    '($3::timestamp at time zone $1) at time zone $2',
    'What clocks of one zone show, as those of another show it.',
    "convert_timezone('Europe/Berlin', 'America/New_York', timestamp '2024-01-01 12:00:00')",
    '2024-01-01 06:00:00',
  ),
  spelled(
    'unix_seconds(time)',
    'floor(extract(epoch from $1))::bigint',
    'Whole seconds since 1970.',
    `unix_seconds(${DAY})`,
    '1715904000',
  ),
  spelled(
    'unix_date(date)',
    "$1::date - date '1970-01-01'",
    'Days since 1970 began.',
    "unix_date('2024-05-17')",
    '19860',
  ),
  spelled(
    'date_from_unix_date(n)',
    "date '1970-01-01' + $1",
    'The date so many days after 1970 began.',
    'date_from_unix_date(19860)',
    '2024-05-17',
  ),
  spelled(
    'date_diff(to, from)',
    'datediff($1, $2)',
    'Days from the second to the first.',
    "date_diff(date '2024-05-17', date '2024-05-01')",
    '16',
  ),
  spelled(
    'dateadd(date, days)',
    'date_add($1, $2)',
    'As date_add; with a unit and a number before the date, that many of them later.',
    "dateadd(date '2024-05-17', 1), dateadd(hour, 2, timestamp '2024-05-17 00:00:00')",
    '2024-05-18\t2024-05-17 02:00:00',
  ),
  spelled(
    'dayname(date)',
    "to_char($1, 'Dy')",
    'The name of the day, abbreviated as in Spark.',
    "dayname(date '2024-05-17')",
    'Fri',
  ),
  spelled(
    'to_timestamp_ltz(text)',
    '$1::timestamptz',
    'The time that a text says, in the time zone of the session.',
    `to_timestamp_ltz('2024-05-17 00:00:00+00') = ${DAY}`,
    't',
  ),
  spelled(
    'to_timestamp_ntz(text)',
    '$1::timestamp',
    'The time that a text says, without a zone.',
    "to_timestamp_ntz('2024-05-17')",
    '2024-05-17 00:00:00',
  ),
];
