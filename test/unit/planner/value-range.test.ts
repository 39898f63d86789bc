import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Expression } from '../../../src/planner/expression.js';
import { type ValueRange, valueRange } from '../../../src/planner/statistics/value-range.js';
import { BIGINT, INTEGER, type SqlType } from '../../../src/types/sql-type.js';

/** Column 1 holds −5 … 10, column 2 1 … 50,000; of column 3 nothing is known. */
const COLUMNS = new Map(
  [
    [-5, 10],
    [1, 50_000],
    [undefined, undefined],
  ].map(([min, max], index) => [index + 1, { distinct: 10, nullShare: 0, min, max }]),
);

function column(id: number): Expression {
  return { kind: 'column', type: INTEGER, column: id };
}

function call(name: string, type: SqlType, ...args: readonly Expression[]): Expression {
  return { kind: 'call', type, overload: `${name}(${args.map((arg) => arg.type.kind).join(',')})`, args };
}

function rangeOf(expression: Expression): ValueRange | undefined {
  return valueRange(expression, COLUMNS);
}

test('a range follows what is computed of whole numbers', () => {
  deepEqual(rangeOf(call('+', INTEGER, column(1), column(2))), { min: -4, max: 50_010 });
  deepEqual(rangeOf(call('-', INTEGER, column(1), column(2))), { min: -50_005, max: 9 });
  deepEqual(rangeOf(call('*', INTEGER, column(1), column(1))), { min: -50, max: 100 });
  deepEqual(rangeOf(call('-', INTEGER, column(1))), { min: -10, max: 5 });
});

test('there is none where a step on the way leaves its type, or a bound is not known', () => {
  const product = call('*', INTEGER, column(2), column(2));
  deepEqual(rangeOf(product), undefined);
  deepEqual(rangeOf(call('-', INTEGER, product, product)), undefined);
  const wide: Expression = { kind: 'cast', type: BIGINT, input: column(2) };
  deepEqual(rangeOf(call('*', BIGINT, wide, wide)), { min: 1, max: 2_500_000_000 });
  deepEqual(rangeOf({ kind: 'cast', type: INTEGER, input: call('*', BIGINT, wide, wide) }), undefined);
  deepEqual(rangeOf(call('+', INTEGER, column(1), column(3))), undefined);
  deepEqual(rangeOf(call('/', INTEGER, column(1), column(2))), undefined);
});
