import type { ScalarFunction } from '../function-types.js';
import { spelled } from './spelled.js';

const fromEnd = (index: string): string =>
  `case when ${index} < 0 then array_size($1) + ${index} + 1 else ${index} end`;

export const arraySpellings: readonly ScalarFunction[] = [
  spelled(
    'sort_array(array)',
    'array_sort($1, false, true)',
    'The elements in ascending order with NULLs first, or descending with NULLs last where the flag is false.',
    'sort_array(array[2, null, 1]), sort_array(array[2, null, 1], false)',
    '{NULL,1,2}\t{2,1,NULL}',
  ).and(
    'sort_array(array, ascending)',
    'case when $2 then array_sort($1, false, true) else array_sort($1, true, false) end',
  ),
  spelled(
    'list_reverse_sort(array)',
    'array_sort($1, true, true)',
    'The elements in descending order, NULLs first.',
    'list_reverse_sort(array[1, 3, 2])',
    '{3,2,1}',
    ['array_reverse_sort'],
  ),
  spelled(
    'list_extract(array, index)',
    `($1)[${fromEnd('$2')}]`,
    'The element of that number, from 1, or from the end where it is negative.',
    'list_extract(array[1, 2, 3], -1)',
    '3',
    ['list_element', 'array_extract'],
  ),
  spelled('list_first(array)', '($1)[1]', 'The first element.', 'list_first(array[1, 2])', '1', ['array_first']),
  spelled('list_last(array)', '($1)[array_size($1)]', 'The last element.', 'list_last(array[1, 2])', '2', [
    'array_last',
  ]),
  spelled(
    'array_compact(array)',
    'array_remove($1, null)',
    'The elements that are not NULL.',
    'array_compact(array[1, null, 2])',
    '{1,2}',
  ),
  spelled(
    'list_count(array)',
    'array_size(array_remove($1, null))',
    'The number of elements that are not NULL.',
    'list_count(array[1, null, 2])',
    '2',
    ['array_count'],
  ),
  spelled(
    'list_unique(array)',
    'array_size(array_distinct(array_remove($1, null)))',
    'The number of different elements that are not NULL.',
    'list_unique(array[1, null, 2, 1])',
    '2',
    ['array_unique'],
  ),
  spelled(
    'arrays_overlap(a, b)',
    '$1 && $2',
    'Do they have an element in common?',
    'arrays_overlap(array[1, 2], array[2, 3])',
    't',
    ['list_has_any', 'array_has_any'],
  ),
  spelled(
    'list_has_all(a, b)',
    '$1 @> $2',
    'Does the first have all elements of the second?',
    'list_has_all(array[1, 2], array[2])',
    't',
    ['array_has_all'],
  ),
  spelled(
    'array_union(a, b)',
    'array_distinct($1 || $2)',
    'The different elements of both; NULL is left out.',
    'array_union(array[1, 2], array[2, 3])',
    '{1,2,3}',
  ),
  spelled(
    'array_repeat(value, n)',
    'array_fill($1, array[$2])',
    'An array of the same value so many times.',
    "array_repeat('a'::text, 2)",
    '{a,a}',
  ),
  spelled(
    'sequence(from, to)',
    'series_array($1, $2)',
    'The numbers from one to another.',
    'sequence(1, 3), sequence(1, 9, 4)',
    '{1,2,3}\t{1,5,9}',
  ).and('sequence(from, to, step)', 'series_array($1, $2, $3)'),
  spelled(
    'range(stop)',
    'series_array(0, $1 - 1)',
    'The numbers from 0, or the first argument, to the one before the last, as in DuckDB; also in FROM, with a column id.',
    'range(3), range(1, 4), range(5, 0, -2)',
    '{0,1,2}\t{1,2,3}\t{5,3,1}',
  )
    .and('range(start, stop)', 'series_array($1, $2 - 1)')
    .and('range(start, stop, step)', 'series_array($1, $2 - sign($3)::bigint, $3)'),
  spelled(
    'struct_extract(row, field)',
    'struct_extract($1, $2)',
    'A field of a row, by its name as a literal.',
    "struct_extract({'a': 1}, 'a')",
    '1',
  ),
  spelled(
    'slice(array, start, length)',
    `case when $2 > 0 then ($1)[$2:$2 + $3 - 1] else ($1)[array_size($1) + $2 + 1:array_size($1) + $2 + $3] end`,
    'Elements from a place on, from 1, or from the end where it is negative.',
    'slice(array[1, 2, 3, 4], 2, 2), slice(array[1, 2, 3, 4], -2, 2)',
    '{2,3}\t{3,4}',
  ),
  spelled(
    'map_contains_key(map, key)',
    '$2 = any(map_keys($1))',
    'Does the map have the key?',
    "map_contains_key(map(array['a'], array[1]), 'a')",
    't',
  ),
];

/** Casts by the name of the type, as Spark has them. */
export const castSpellings: readonly ScalarFunction[] = (
  [
    ['string', 'text', 'string(5)', '5'],
    ['boolean', 'boolean', "boolean('yes')", 't'],
    ['tinyint', 'smallint', "tinyint('5')", '5'],
    ['smallint', 'smallint', "smallint('5')", '5'],
    ['int', 'integer', "int('5')", '5'],
    ['bigint', 'bigint', "bigint('5')", '5'],
    ['float', 'real', "float('1.5')", '1.5'],
    ['double', 'double precision', "double('1.5')", '1.5'],
    ['date', 'date', "date('2024-05-17')", '2024-05-17'],
  ] as const
).map(([name, type, example, result]) =>
  spelled(`${name}(a)`, `$1::${type}`, `The value as ${type}.`, example, result),
);
