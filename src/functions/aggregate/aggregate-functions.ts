import { decimalAverageType, decimalOfInteger, decimalSumType } from '../../types/decimal-rules.js';
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  BYTEA,
  type DecimalType,
  DOUBLE,
  decimal,
  INTERVAL,
  REAL,
  type SqlType,
  TEXT,
} from '../../types/sql-type.js';
import type { AccumulatorKind, AggregateFunction, AggregateOverloadDeclaration } from '../function-types.js';
import { orderedKinds } from './aggregate-types.js';
import { choiceAggregates } from './choice-aggregates.js';
import { jsonAggregates } from './json-aggregates.js';
import { orderedSetAggregates } from './ordered-set-aggregates.js';
import { statisticsAggregates } from './statistics-aggregates.js';

const sameAsArgument = (args: readonly SqlType[]): SqlType => args[0]!;

const count: AggregateFunction = {
  name: 'count',
  doc: 'Number of rows, or of rows where the argument is not NULL.',
  example: { sql: 'count(*), count(x), count(distinct x) from (values (1), (1), (null)) as t (x)', result: '3\t2\t1' },
  overloads: [
    { args: [], returns: BIGINT, accumulators: ['count'], finish: 'count' },
    { args: ['any'], returns: BIGINT, accumulators: ['count'], finish: 'count' },
  ],
};

const sum: AggregateFunction = {
  name: 'sum',
  doc: 'Sum of the values that are not NULL; NULL when there are none.',
  example: { sql: 'sum(x) from (values (1), (2), (null)) as t (x)', result: '3' },
  overloads: [
    { args: ['smallint'], returns: BIGINT, accumulators: ['exactSum'], finish: 'sum' },
    { args: ['integer'], returns: BIGINT, accumulators: ['exactSum'], finish: 'sum' },
    { args: ['bigint'], returns: decimal(38, 0), accumulators: ['exactSum'], finish: 'sum' },
    {
      args: ['decimal'],
      returns: (args) => decimalSumType(args[0] as DecimalType),
      accumulators: ['exactSum'],
      finish: 'sum',
    },
    { args: ['real'], returns: REAL, accumulators: ['floatSum'], finish: 'sum' },
    { args: ['double'], returns: DOUBLE, accumulators: ['floatSum'], finish: 'sum' },
    { args: ['interval'], returns: INTERVAL, accumulators: ['intervalSum'], finish: 'sum' },
  ],
};

function averageOfInteger(kind: 'smallint' | 'integer' | 'bigint'): AggregateOverloadDeclaration {
  return {
    args: [kind],
    returns: decimalAverageType(decimalOfInteger(kind)),
    accumulators: ['exactSum', 'count'],
    finish: 'average',
  };
}

const avg: AggregateFunction = {
  name: 'avg',
  doc: 'Arithmetic mean of the values that are not NULL; NULL when there are none.',
  example: { sql: 'avg(x) from (values (1), (2)) as t (x)', result: '1.5000000000000000' },
  overloads: [
    averageOfInteger('smallint'),
    averageOfInteger('integer'),
    averageOfInteger('bigint'),
    {
      args: ['decimal'],
      returns: (args) => decimalAverageType(args[0] as DecimalType),
      accumulators: ['exactSum', 'count'],
      finish: 'average',
    },
    { args: ['real'], returns: DOUBLE, accumulators: ['floatSum', 'count'], finish: 'average' },
    { args: ['double'], returns: DOUBLE, accumulators: ['floatSum', 'count'], finish: 'average' },
    { args: ['interval'], returns: INTERVAL, accumulators: ['intervalSum', 'count'], finish: 'average' },
  ],
};

function extremum(name: 'min' | 'max', doc: string, result: string): AggregateFunction {
  return {
    name,
    doc,
    example: { sql: `${name}(x) from (values (3), (1), (null)) as t (x)`, result },
    overloads: [...orderedKinds, 'array' as const, 'struct' as const].map((kind) => ({
      args: [kind],
      returns: sameAsArgument,
      comparesValues: true,
      accumulators: [name],
      finish: 'value',
    })),
  };
}

const booleanAnd: AggregateFunction = {
  name: 'bool_and',
  aliases: ['every'],
  doc: 'True when all values that are not NULL are true.',
  example: { sql: 'bool_and(x > 0) from (values (1), (-2)) as t (x)', result: 'f' },
  overloads: [{ args: ['boolean'], returns: BOOLEAN, accumulators: ['and'], finish: 'value' }],
};

const booleanOr: AggregateFunction = {
  name: 'bool_or',
  doc: 'True when one of the values is true.',
  example: { sql: 'bool_or(x > 0) from (values (1), (-2)) as t (x)', result: 't' },
  overloads: [{ args: ['boolean'], returns: BOOLEAN, accumulators: ['or'], finish: 'value' }],
};

const stringAgg: AggregateFunction = {
  name: 'string_agg',
  doc: 'The texts that are not NULL, one after the other with a separator between them, in the order of its ORDER BY.',
  example: { sql: "string_agg(x, ', ' order by x) from (values ('b'), ('a')) as t (x)", result: 'a, b' },
  overloads: [
    { args: ['text', 'text'], returns: TEXT, accumulators: ['list'], finish: 'joined', ordered: 'list' },
    { args: ['bytea', 'bytea'], returns: BYTEA, accumulators: ['list'], finish: 'joined', ordered: 'list' },
  ],
};

const arrayAgg: AggregateFunction = {
  name: 'array_agg',
  aliases: ['list'],
  doc: 'An array of all values, NULLs included, in the order of its ORDER BY; NULL of no rows.',
  example: { sql: "array_agg(x order by x desc) from (values ('b'), ('a'), (null)) as t (x)", result: '{NULL,b,a}' },
  overloads: [
    {
      args: ['any'],
      returns: (args) => arrayOf(args[0]!),
      accumulators: ['list'],
      finish: 'array',
      ordered: 'list',
      wrapped: 'array',
    },
  ],
};

const countIf: AggregateFunction = {
  name: 'count_if',
  aliases: ['countif'],
  doc: 'Number of rows where the argument is true.',
  example: { sql: 'count_if(x > 1) from (values (1), (2), (3)) as t (x)', result: '2' },
  overloads: [{ args: ['boolean'], returns: BIGINT, accumulators: ['trues'], finish: 'count' }],
};

function bits(name: string, accumulator: AccumulatorKind, doc: string, result: string): AggregateFunction {
  return {
    name,
    doc,
    example: { sql: `${name}(x) from (values (6), (3), (7)) as t (x)`, result },
    overloads: (['smallint', 'integer', 'bigint'] as const).map((kind) => ({
      args: [kind],
      returns: sameAsArgument,
      accumulators: [accumulator],
      finish: 'value',
    })),
  };
}

export const aggregateFunctions: readonly AggregateFunction[] = [
  count,
  sum,
  avg,
  extremum('min', 'The least value.', '1'),
  extremum('max', 'The greatest value.', '3'),
  booleanAnd,
  booleanOr,
  countIf,
  bits('bit_and', 'bitAnd', 'Bits that are set in all values.', '2'),
  bits('bit_or', 'bitOr', 'Bits that are set in one of the values.', '7'),
  bits('bit_xor', 'bitXor', 'Bits that are set in an odd number of values.', '2'),
  stringAgg,
  arrayAgg,
  ...jsonAggregates,
  ...choiceAggregates,
  ...statisticsAggregates,
  ...orderedSetAggregates,
];
