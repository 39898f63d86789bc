import type { ScalarFunction } from '../../function-types.js';

interface LambdaDeclaration extends ScalarFunction {
  readonly written: readonly [string, ...string[]];
}

function lambda(
  written: LambdaDeclaration['written'],
  doc: string,
  sql: string,
  result: string,
  aliases: readonly string[] = [],
): LambdaDeclaration {
  const name = written[0].slice(0, written[0].indexOf('('));
  return { name, doc, example: { sql, result }, aliases, written, overloads: [] };
}

/**
 * Functions of Spark and DuckDB that take lambdas: `src/planner/binder/bind-lambda.ts` makes loops of them. The parser has
 * their names too: an arrow is an operator of JSON elsewhere.
 */
export const lambdaFunctions: readonly LambdaDeclaration[] = [
  lambda(
    ['transform(array, x -> …)', 'transform(array, (x, i) -> …)'],
    'An array of what the lambda makes of each element; places count from 0, as in Spark.',
    'transform(array[1, 2], x -> x * 10), transform(array[5, 5], (x, i) -> x + i)',
    '{10,20}\t{5,6}',
  ),
  lambda(
    ['list_transform(array, x -> …)', 'list_transform(array, (x, i) -> …)'],
    'As transform; places count from 1, as in DuckDB. [f(x) for x in array] is written as well.',
    'list_transform([5, 5], lambda x, i: x + i), [x * 10 for x in [1, 2]]',
    '{6,7}\t{10,20}',
    ['array_transform', 'list_apply', 'array_apply', 'apply'],
  ),
  lambda(
    ['filter(array, x -> …)', 'filter(array, (x, i) -> …)'],
    'The elements for which the lambda is true; places count from 0, as in Spark.',
    'filter(array[1, 2, null, 4], x -> x > 1)',
    '{2,4}',
  ),
  lambda(
    ['list_filter(array, x -> …)', 'list_filter(array, (x, i) -> …)'],
    'As filter; places count from 1, as in DuckDB. [x for x in array if p(x)] is written as well.',
    'list_filter([7, 8, 9], (x, i) -> i > 1), [x for x in [1, 2, 3] if x > 1]',
    '{8,9}\t{2,3}',
    ['array_filter'],
  ),
  lambda(
    ['exists(array, x -> …)'],
    'Is the lambda true for an element? NULL where it is true for none and NULL for one.',
    'exists(array[1, 2], x -> x > 1), exists(array[1, null], x -> x > 1)',
    't\tNULL',
    ['any_match'],
  ),
  lambda(
    ['forall(array, x -> …)'],
    'Is the lambda true for all elements? NULL where it is false for none and NULL for one.',
    'forall(array[1, 2], x -> x > 1), forall(array[]::integer[], x -> x > 1)',
    'f\tt',
    ['all_match'],
  ),
  lambda(
    ['reduce(array, start, (result, x) -> …)', 'reduce(array, start, (result, x) -> …, result -> …)'],
    'What the first lambda makes of the result so far and the next element, from a start on; the second makes the final result of it.',
    'reduce(array[1, 2, 3], 0, (sum, x) -> sum + x), reduce(array[2, 3], 1, (a, x) -> a * x, a -> -a)',
    '6\t-6',
    ['aggregate'],
  ),
  lambda(
    ['list_reduce(array, (result, x) -> …)', 'list_reduce(array, (result, x, i) -> …, start)'],
    'As reduce, from the first element on where no start is given: NULL of an empty array. Of reduce, too, if the lambda is its second argument.',
    'list_reduce([1, 2, 3], (a, x) -> a - x), list_reduce([1, 2], (a, x) -> a + x, 100)',
    '-4\t103',
    ['array_reduce'],
  ),
  lambda(
    ['zip_with(array, array, (x, y) -> …)'],
    'An array of what the lambda makes of the elements of two; the shorter is filled up with NULLs.',
    'zip_with(array[1, 2], array[10, 20], (x, y) -> x + y)',
    '{11,22}',
  ),
  lambda(
    ['map_filter(map, (key, value) -> …)'],
    'The entries for which the lambda is true.',
    "map_filter(map(array['a', 'b'], array[1, 2]), (k, v) -> v > 1)",
    '{b=2}',
  ),
  lambda(
    ['transform_keys(map, (key, value) -> …)'],
    'The map with other keys.',
    "transform_keys(map(array['a'], array[1]), (k, v) -> k || v)",
    '{a1=1}',
  ),
  lambda(
    ['transform_values(map, (key, value) -> …)'],
    'The map with other values.',
    "transform_values(map(array['a'], array[1]), (k, v) -> k || v)",
    '{a=a1}',
  ),
];

const usages = new Map(
  lambdaFunctions.flatMap(({ name, aliases = [], written }) =>
    [name, ...aliases].map((one) => [one, written.map((form) => form.replace(name, one)).join(', or ')] as const),
  ),
);

/** How a function with lambdas is written, for errors. */
export function lambdaUsage(name: string): string {
  return usages.get(name) ?? `${name}(array, x -> …)`;
}
