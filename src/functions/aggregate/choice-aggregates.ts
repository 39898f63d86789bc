import type { SqlType } from '../../types/sql-type.js';
import type { AccumulatorKind, AggregateFunction } from '../function-types.js';
import { orderedKinds } from './aggregate-types.js';

const sameAsFirst = (args: readonly SqlType[]): SqlType => args[0]!;

const anyValue: AggregateFunction = {
  name: 'any_value',
  doc: 'One of the values that are not NULL.',
  example: { sql: 'any_value(x) from (values (null), (7)) as t (x)', result: '7' },
  overloads: [{ args: ['any'], returns: sameAsFirst, accumulators: ['first'], finish: 'value' }],
};

function byKey(name: string, accumulator: AccumulatorKind, result: string, doc: string): AggregateFunction {
  return {
    name,
    doc,
    example: { sql: `${name}(x, y) from (values ('a', 2), ('b', 1), (null, 3)) as t (x, y)`, result },
    overloads: [...orderedKinds, 'boolean' as const].map((kind) => ({
      args: ['any', kind],
      returns: sameAsFirst,
      accumulators: [accumulator],
      finish: 'value',
    })),
  };
}

function ofOrder(name: string, accumulator: AccumulatorKind, result: string, doc: string): AggregateFunction {
  return {
    name,
    doc,
    example: { sql: `${name}(x order by y) from (values ('a', 2), ('b', 1), ('c', 3)) as t (x, y)`, result },
    overloads: [{ args: ['any'], returns: sameAsFirst, accumulators: [accumulator], finish: 'value', ordered: 'key' }],
  };
}

/** Aggregates that hand on the value of one row. */
export const choiceAggregates: readonly AggregateFunction[] = [
  anyValue,
  byKey(
    'arg_min',
    'argMin',
    'b',
    'The first argument, where it is not NULL, in the row with the least second argument.',
  ),
  byKey(
    'arg_max',
    'argMax',
    'a',
    'The first argument, where it is not NULL, in the row with the greatest second argument.',
  ),
  byKey('min_by', 'minBy', 'b', 'The first argument, which may be NULL, in the row with the least second argument.'),
  byKey(
    'max_by',
    'maxBy',
    'NULL',
    'The first argument, which may be NULL, in the row with the greatest second argument.',
  ),
  ofOrder(
    'first',
    'minBy',
    'b',
    'The value of the first row in the order of its ORDER BY, NULL or not; else of any row.',
  ),
  ofOrder(
    'last',
    'maxBy',
    'c',
    'The value of the last row in the order of its ORDER BY, NULL or not; else of any row.',
  ),
];
