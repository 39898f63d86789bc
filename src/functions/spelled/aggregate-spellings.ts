import type { ScalarFunction } from '../function-types.js';
import { spelled } from './spelled.js';

/*
 * Aggregates of Spark and DuckDB that are expressions over others; DISTINCT, FILTER, ORDER BY and OVER of a call go on to
 * these. What needs to know how often each value comes collects the values in an array, over which lambdas go; calls without
 * DISTINCT, ORDER BY and OVER count the values before they collect them.
 */

const present = 'filter (where $1 is not null)';

/** The values in order, where each different one begins among them, and how often it comes. */
const sorted = `array_sort(array_agg($1) ${present})`;
const starts = `filter(series_array(1, array_size(${sorted})), "#i" -> "#i" = 1 or (${sorted})["#i"] is distinct from (${sorted})["#i" - 1])`;
const different = `transform(${starts}, "#i" -> (${sorted})["#i"])`;
const counts = `transform(${starts}, ("#i", "#n") -> (coalesce((${starts})["#n" + 2], array_size(${sorted}) + 1) - "#i")::bigint)`;
const share = `"#c" / array_size(${sorted})::double precision`;

/** Values, each once, and how often each comes: the same where each is made one of its rows. */
const each = (aggregate: string, value: string): string => `${aggregate}(distinct ${value}) ${present}`;
const total = each('sum', 'occurrences($1)::double precision');
const weighted = each('sum', 'occurrences($1) * log2(occurrences($1)::double precision)');

const THREE = 'from (values (1), (1), (5)) as t (x)';
const PAIRS = "from (values ('a', 1), ('b', 3), ('c', 2)) as t (x, y)";

export const aggregateSpellings: readonly ScalarFunction[] = [
  spelled(
    'collect_list(a)',
    `coalesce(array_agg($1) ${present}, array[])`,
    'An array of the values that are not NULL; empty where there are none.',
    'collect_list(x) from (values (1), (1), (null)) as t (x)',
    '{1,1}',
  ),
  spelled(
    'collect_set(a)',
    `coalesce(array_agg(distinct $1) ${present}, array[])`,
    'An array of the different values that are not NULL; empty where there are none.',
    'collect_set(x) from (values (1), (1), (null)) as t (x)',
    '{1}',
  ),
  spelled(
    'group_concat(text)',
    "string_agg($1, ',')",
    'The texts that are not NULL, with a comma, or what is given, between them.',
    "group_concat(x), listagg(x, '-') from (values ('a'), ('b')) as t (x)",
    'a,b\ta-b',
    ['listagg'],
  ).and('group_concat(text, separator)', 'string_agg($1, $2)'),
  spelled('mean(x)', 'avg($1)', 'As avg.', 'mean(x::double precision) from (values (1), (2)) as t (x)', '1.5'),
  spelled(
    'std(x)',
    'stddev_samp($1)',
    'As stddev_samp.',
    'std(x::double precision) from (values (1), (3), (2)) as t (x)',
    '1',
  ),
  spelled('count_star()', 'count(*)', 'The number of rows.', 'count_star() from (values (1), (null)) as t (x)', '2'),
  spelled(
    'fsum(x)',
    'sum($1::double precision)',
    'The sum, as a double.',
    'fsum(x) from (values (1), (2)) as t (x)',
    '3',
    ['kahan_sum', 'sumkahan'],
  ),
  spelled(
    'favg(x)',
    'avg($1::double precision)',
    'The mean, as a double.',
    'favg(x) from (values (1), (2)) as t (x)',
    '1.5',
  ),
  spelled(
    'sem(x)',
    'stddev_pop($1::double precision) / sqrt(count($1))',
    'The standard error of the mean, of the population, as in DuckDB.',
    'sem(x) from (values (1), (3)) as t (x)',
    '0.7071067811865475',
  ),
  spelled(
    'approx_percentile(x, fraction)',
    'quantile_disc($1, $2)',
    'The value below which that fraction of the values is; exact, and one of them.',
    'approx_percentile(x, 0.5) from (values (1), (2), (9)) as t (x)',
    '2',
    ['percentile_approx', 'approx_quantile'],
  ).and('approx_percentile(x, fraction, accuracy)', 'quantile_disc($1, $2)'),
  spelled(
    'histogram(x)',
    `map(${different}, ${counts})`,
    'A map of the different values that are not NULL, in order, and how often each comes.',
    `histogram(x) ${THREE}`,
    '{1=2, 5=1}',
  ).plainly(`map_from_entries(array_sort(${each('array_agg', 'row($1, occurrences($1))')}))`),
  spelled(
    'entropy(x)',
    `coalesce(reduce(${counts}, 0::double precision, ("#a", "#c") -> "#a" - ${share} * log2(${share})), 0)`,
    'The entropy of the values in bits, from how often each comes.',
    'entropy(x) from (values (1), (2)) as t (x)',
    '1',
  ).plainly(`greatest((${total} * log2(${total}) - ${weighted}) / ${total}, 0)`),
  spelled(
    'approx_top_k(x, k)',
    `transform((array_sort(zip_with(${counts}, ${different}, ("#c", "#x") -> row("#c", "#x")), true, false))[1:$2], "#e" -> ("#e").f2)`,
    'The most frequent values, the most frequent first; exact.',
    `approx_top_k(x, 1) ${THREE}`,
    '{1}',
  ).plainly(
    `transform((array_sort(${each('array_agg', 'row(occurrences($1), $1)')}, true, false))[1:$2], "#e" -> ("#e").f2)`,
  ),
  ...(
    [
      ['max', 'greatest', 'desc', '{5,1}'],
      ['min', 'least', 'asc', '{1,1}'],
    ] as const
  ).map(([name, which, direction, result]) =>
    spelled(
      `${name}(x, n)`,
      `(array_agg($1 order by $1 ${direction}) ${present})[1:$2]`,
      `An array of the n ${which} values, the ${which} first.`,
      `${name}(x, 2) ${THREE}`,
      result,
    ),
  ),
  ...(
    [
      ['max_by', 'desc', '$2 is not null', 'in the n rows with the greatest second argument', '{b,c}'],
      ['min_by', 'asc', '$2 is not null', 'in the n rows with the least second argument', '{a,c}'],
      ['arg_max', 'desc', '$1 is not null and $2 is not null', 'as max_by, without rows where it is NULL', '{b,c}'],
      ['arg_min', 'asc', '$1 is not null and $2 is not null', 'as min_by, without rows where it is NULL', '{a,c}'],
    ] as const
  ).map(([name, direction, filter, rows, result]) =>
    spelled(
      `${name}(x, y, n)`,
      `(array_agg($1 order by $2 ${direction}) filter (where ${filter}))[1:$3]`,
      `An array of the first argument, ${rows}.`,
      `${name}(x, y, 2) ${PAIRS}`,
      result,
    ),
  ),
];
