import { BIGINT, DOUBLE, INTERVAL, type SqlType } from '../../types/sql-type.js';
import type { AggregateFunction, AggregateOverloadDeclaration } from '../function-types.js';
import { orderedKinds } from './aggregate-types.js';

const lastOf = (args: readonly SqlType[]): SqlType => args.at(-1)!;
const firstOf = (args: readonly SqlType[]): SqlType => args[0]!;

const values = 'from (values (4), (1), (3), (2)) as t (x)';

const discrete = { accumulators: ['values'], finish: 'discretePercentile' } as const;
const continuous = { accumulators: ['values'], finish: 'percentile' } as const;

const percentileCont: AggregateFunction = {
  name: 'percentile_cont',
  doc: 'The value at a fraction of the ordered values, between two of them in proportion.',
  example: { sql: `percentile_cont(0.25) within group (order by x) ${values}`, result: '1.75' },
  overloads: [
    { args: ['double', 'double'], returns: DOUBLE, ...continuous, withinGroup: true, parameter: 'first' },
    { args: ['double', 'interval'], returns: INTERVAL, ...continuous, withinGroup: true, parameter: 'first' },
  ],
};

const kinds = [...orderedKinds, 'boolean' as const];

const percentileDisc: AggregateFunction = {
  name: 'percentile_disc',
  doc: 'The first of the ordered values whose share, with all before it, reaches the fraction.',
  example: { sql: `percentile_disc(0.25) within group (order by x) ${values}`, result: '1' },
  overloads: kinds.map((kind) => ({
    args: ['double', kind],
    returns: lastOf,
    ...discrete,
    withinGroup: true,
    parameter: 'first',
  })),
};

const mode: AggregateFunction = {
  name: 'mode',
  doc: 'The most frequent value; of several, the first in order. Also written mode(x).',
  example: { sql: "mode() within group (order by x) from (values ('b'), ('a'), ('b')) as t (x)", result: 'b' },
  overloads: kinds.map((kind) => ({
    args: [kind],
    returns: lastOf,
    accumulators: ['values'],
    finish: 'mode',
    withinGroup: true,
  })),
};

const median: AggregateFunction = {
  name: 'median',
  doc: 'percentile_cont(0.5) of the argument.',
  example: { sql: `median(x) ${values}`, result: '2.5' },
  overloads: [
    { args: ['double'], returns: DOUBLE, ...continuous, defaultParameter: 0.5 },
    { args: ['interval'], returns: INTERVAL, ...continuous, defaultParameter: 0.5 },
  ],
};

const medianOfDistances: AggregateFunction = {
  name: 'mad',
  doc: 'The median of the distances from the median, as a double.',
  example: { sql: 'mad(x) from (values (1), (2), (4), (9)) as t (x)', result: '1.5' },
  overloads: [{ args: ['double'], returns: DOUBLE, accumulators: ['values'], finish: 'medianDistance' }],
};

function quantile(
  name: string,
  doc: string,
  result: string,
  overloads: readonly AggregateOverloadDeclaration[],
  aliases: readonly string[] = [],
): AggregateFunction {
  return { name, aliases, doc, example: { sql: `${name}(x, 0.9) ${values}`, result }, overloads };
}

const approxCountDistinct: AggregateFunction = {
  name: 'approx_count_distinct',
  doc: 'About how many distinct values there are that are not NULL: within 5 % nearly always, and in little memory.',
  example: { sql: 'approx_count_distinct(x) from (values (1), (2), (1)) as t (x)', result: '2' },
  overloads: [{ args: ['any'], returns: BIGINT, accumulators: ['sketch'], finish: 'estimate' }],
};

/** Aggregates whose result is found in the ordered values, or estimated. */
export const orderedSetAggregates: readonly AggregateFunction[] = [
  percentileCont,
  percentileDisc,
  mode,
  median,
  medianOfDistances,
  quantile(
    'quantile_cont',
    'percentile_cont with the fraction after the value.',
    '3.7',
    [
      { args: ['double', 'double'], returns: DOUBLE, ...continuous, parameter: 'last' },
      { args: ['interval', 'double'], returns: INTERVAL, ...continuous, parameter: 'last' },
    ],
    ['percentile'],
  ),
  quantile(
    'quantile_disc',
    'percentile_disc with the fraction after the value.',
    '4',
    kinds.map((kind) => ({ args: [kind, 'double'], returns: firstOf, ...discrete, parameter: 'last' })),
    ['quantile'],
  ),
  approxCountDistinct,
];
