import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareResults } from '../../../bench/compare/compare-results.js';
import { findSortColumns } from '../../../bench/compare/find-sort-columns.js';

const result = (columns: string[], ...rows: unknown[][]): { columns: string[]; rows: unknown[][] } => ({
  columns,
  rows,
});

test('equal results agree, whatever the case of the column names', () => {
  assert.equal(compareResults(result(['A'], [1], [null]), result(['a'], [1], [null])), undefined);
});

test('the number of columns and of rows must agree', () => {
  assert.match(compareResults(result(['a', 'b'], [1, 2]), result(['a'], [1])) ?? '', /2 columns \(a, b\) instead of 1/);
  assert.match(compareResults(result(['a'], [1]), result(['a'], [1], [2])) ?? '', /1 rows instead of 2/);
});

test('without ORDER BY the rows are a bag', () => {
  const expected = result(['a', 'b'], ['x', 1], ['y', 2], ['x', 1]);
  assert.equal(compareResults(result(['a', 'b'], ['x', 1], ['x', 1], ['y', 2]), expected), undefined);
  assert.match(compareResults(result(['a', 'b'], ['x', 1], ['y', 2], ['y', 2]), expected) ?? '', /column a/);
});

test('with ORDER BY the order counts, but not among ties', () => {
  const expected = result(['key', 'value'], [1, 'a'], [1, 'b'], [2, 'c']);
  const tiesTurned = result(['key', 'value'], [1, 'b'], [1, 'a'], [2, 'c']);
  const keysTurned = result(['key', 'value'], [2, 'c'], [1, 'a'], [1, 'b']);
  assert.equal(compareResults(tiesTurned, expected, { orderedBy: [0] }), undefined);
  assert.match(compareResults(keysTurned, expected, { orderedBy: [0] }) ?? '', /row 1, column key: 2 instead of 1/);
  assert.match(compareResults(tiesTurned, expected, { orderedBy: 'all' }) ?? '', /row 1, column value: "b"/);
  assert.equal(compareResults(keysTurned, expected), undefined);
});

test('fractions may differ by a relative 1e-9, whole numbers may not differ', () => {
  assert.equal(compareResults(result(['a'], [1e12 + 0.5]), result(['a'], [1e12 + 0.75])), undefined);
  assert.match(compareResults(result(['a'], [0.1]), result(['a'], [0.100001])) ?? '', /0.1 instead of 0.100001/);
  assert.match(compareResults(result(['a'], [1e12 + 1]), result(['a'], [1e12])) ?? '', /instead of/);
  assert.match(compareResults(result(['a'], [2n ** 60n + 1n]), result(['a'], [2n ** 60n])) ?? '', /instead of/);
});

test('numbers agree across their representations, and NaN with NaN', () => {
  assert.equal(compareResults(result(['a', 'b'], [7, Number.NaN]), result(['a', 'b'], [7n, Number.NaN])), undefined);
});

test('text is not a number, NULL is not empty, bytes compare by content', () => {
  assert.match(compareResults(result(['a'], ['1']), result(['a'], [1])) ?? '', /"1" instead of 1/);
  assert.match(compareResults(result(['a'], [null]), result(['a'], [''])) ?? '', /null instead of ""/);
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
  assert.equal(compareResults(result(['a'], [bytes(1, 2)]), result(['a'], [bytes(1, 2)])), undefined);
  assert.match(compareResults(result(['a'], [bytes(1, 2)]), result(['a'], [bytes(1, 3)])) ?? '', /\\x0102/);
});

test('rows whose fractions differ slightly still meet in a bag', () => {
  const actual = result(['f', 'name'], [0.30000000000000004, 'b'], [0.3, 'a']);
  const expected = result(['f', 'name'], [0.3, 'b'], [0.30000000000000004, 'a']);
  assert.equal(compareResults(actual, expected), undefined);
});

test('the ORDER BY of a query names result columns', () => {
  const columns = ['n_name', 'revenue', 'o_year'];
  assert.equal(findSortColumns('select * from t', columns), undefined);
  assert.deepEqual(findSortColumns('select … order by revenue DESC, n_name limit 10', columns), [1, 0]);
  assert.deepEqual(findSortColumns('select … order by 3 desc nulls last, t.n_name\n;', columns), [2, 0]);
  assert.equal(findSortColumns('select … order by revenue * 2', columns), 'all');
});

test('an ORDER BY in parentheses, a string or a comment does not order the result', () => {
  assert.equal(findSortColumns('select * from (select 1 order by a) t', ['a']), undefined);
  assert.equal(findSortColumns("select ' order by a' -- order by a", ['a']), undefined);
});
