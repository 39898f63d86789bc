import type { Expression } from '../../expression.js';
import { andOf, expressionKey, orOf } from '../../logical/expression-tree.js';
import type { ColumnEstimates } from '../../statistics/value-range.js';
import { mayFail } from '../may-fail.js';

type Conditions = readonly Expression[];

/** The conditions that are in all lists, and the others of each: with what could fail, which those before it may guard. */
export function splitCommon(
  lists: readonly Conditions[],
  columns: ColumnEstimates,
): readonly [Conditions, readonly Conditions[]] {
  const keys = lists.map((list) => new Set(list.map(expressionKey)));
  const isCommon = (condition: Expression): boolean =>
    keys.every((known) => known.has(expressionKey(condition))) && !mayFail(condition, columns);
  return [lists[0]!.filter(isCommon), lists.map((list) => list.filter((condition) => !isCommon(condition)))];
}

/** That the conditions of some list hold; undefined where a list has none, so that they always do. */
export function anyListHolds(lists: readonly Conditions[]): Expression | undefined {
  if (lists.some((list) => list.length === 0)) return undefined;
  const different = new Map(lists.map((list) => [list.map(expressionKey).sort().join(), andOf(list)]));
  return orOf([...different.values()]);
}
