import { decimalAverageType, decimalOfInteger, decimalSumType } from '../../types/decimal-rules.js';
import {
  BIGINT,
  BOOLEAN,
  type DecimalType,
  DOUBLE,
  decimal,
  REAL,
  type SqlType,
  type SqlTypeKind,
  TEXT,
} from '../../types/sql-type.js';
import type { AggregateFinish, AggregateFunction, AggregateOverloadDeclaration } from '../function-types.js';

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
  ],
};

const orderedKinds: readonly SqlTypeKind[] = [
  'smallint',
  'integer',
  'bigint',
  'decimal',
  'real',
  'double',
  'text',
  'varchar',
  'char',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
  'bytea',
  'uuid',
];

function extremum(name: 'min' | 'max', doc: string, result: string): AggregateFunction {
  return {
    name,
    doc,
    example: { sql: `${name}(x) from (values (3), (1), (null)) as t (x)`, result },
    overloads: orderedKinds.map((kind) => ({
      args: [kind],
      returns: sameAsArgument,
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

const anyValue: AggregateFunction = {
  name: 'any_value',
  doc: 'One of the values that are not NULL.',
  example: { sql: 'any_value(x) from (values (null), (7)) as t (x)', result: '7' },
  overloads: [{ args: ['any'], returns: sameAsArgument, accumulators: ['first'], finish: 'value' }],
};

const stringAgg: AggregateFunction = {
  name: 'string_agg',
  doc: 'The texts that are not NULL, one after the other with a separator between them, in the order of its ORDER BY.',
  example: { sql: "string_agg(x, ', ' order by x) from (values ('b'), ('a')) as t (x)", result: 'a, b' },
  overloads: [{ args: ['text', 'text'], returns: TEXT, accumulators: ['list'], finish: 'joined' }],
};

function moments(
  name: string,
  doc: string,
  result: string,
  finish: AggregateFinish,
  aliases: readonly string[] = [],
): AggregateFunction {
  return {
    name,
    doc,
    example: { sql: `${name}(x::double precision) from (values (0), (2), (4), (2)) as t (x)`, result },
    aliases,
    overloads: [{ args: ['double'], returns: DOUBLE, accumulators: ['moments'], finish }],
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
  anyValue,
  stringAgg,
  moments('var_samp', 'Sample variance, as a double.', '2.6666666666666665', 'varianceSample', ['variance']),
  moments('var_pop', 'Population variance, as a double.', '2', 'variancePopulation'),
  moments('stddev_samp', 'Sample standard deviation, as a double.', '1.632993161855452', 'deviationSample', ['stddev']),
  moments('stddev_pop', 'Population standard deviation, as a double.', '1.4142135623730951', 'deviationPopulation'),
];
