import { decimalAverageType, decimalOfInteger } from '../../types/decimal-rules.js';
import { BIGINT, type DecimalType, DOUBLE } from '../../types/sql-type.js';
import type {
  AccumulatorKind,
  AggregateFinish,
  AggregateFunction,
  AggregateOverloadDeclaration,
  FunctionExample,
} from '../function-types.js';

/** Exact for integers and decimals, with the scale of an average; doubles for others. */
function spread(
  name: string,
  doc: string,
  result: string,
  finish: AggregateFinish,
  aliases: readonly string[] = [],
): AggregateFunction {
  const exact = (kind: 'smallint' | 'integer' | 'bigint'): AggregateOverloadDeclaration => ({
    args: [kind],
    returns: decimalAverageType(decimalOfInteger(kind)),
    accumulators: ['squares', 'exactSum', 'count'],
    finish,
  });
  return {
    name,
    doc,
    aliases,
    example: { sql: `${name}(x) from (values (0), (2), (4), (2)) as t (x)`, result },
    overloads: [
      exact('smallint'),
      exact('integer'),
      exact('bigint'),
      {
        args: ['decimal'],
        returns: (args) => decimalAverageType(args[0] as DecimalType),
        accumulators: ['squares', 'exactSum', 'count'],
        finish,
      },
      { args: ['double'], returns: DOUBLE, accumulators: ['moments'], finish },
    ],
  };
}

function ofDoubles(
  name: string,
  doc: string,
  example: FunctionExample,
  accumulator: AccumulatorKind,
  finish: AggregateFinish,
  aliases: readonly string[] = [],
): AggregateFunction {
  const overloads = [{ args: ['double'] as const, returns: DOUBLE, accumulators: [accumulator], finish }];
  return { name, doc, aliases, example, overloads };
}

const THREE = 'from (values (1), (1), (5)) as t (x)';

function ofPairs(name: string, doc: string, result: string, finish: AggregateFinish): AggregateFunction {
  const returns = finish === 'regressionCount' ? BIGINT : DOUBLE;
  return {
    name,
    doc: `${doc} Rows in which y or x is NULL are left out.`,
    example: { sql: `${name}(y, x) from (values (1, 0), (5, 2), (3, 1), (8, null)) as t (y, x)`, result },
    overloads: [{ args: ['double', 'double'], returns, accumulators: ['comoments'], finish }],
  };
}

export const statisticsAggregates: readonly AggregateFunction[] = [
  spread('var_samp', 'Sample variance; NULL of fewer than two values.', '2.6666666666666667', 'varianceSample', [
    'variance',
  ]),
  spread('var_pop', 'Population variance.', '2.0000000000000000', 'variancePopulation'),
  spread(
    'stddev_samp',
    'Sample standard deviation; NULL of fewer than two values.',
    '1.6329931618554521',
    'deviationSample',
    ['stddev'],
  ),
  spread('stddev_pop', 'Population standard deviation.', '1.4142135623730950', 'deviationPopulation'),
  ofDoubles(
    'skewness',
    'The skewness of the population, as in Spark; NULL where all values are equal. DuckDB has that of the sample.',
    { sql: `skewness(x)::numeric(9, 6) ${THREE}`, result: '0.707107' },
    'centralMoments',
    'skewness',
  ),
  ofDoubles(
    'kurtosis',
    'The excess kurtosis of the population, as in Spark; NULL where all values are equal. DuckDB has that of the sample under this name.',
    { sql: `kurtosis(x)::numeric(9, 6) ${THREE}`, result: '-1.500000' },
    'centralMoments',
    'kurtosis',
    ['kurtosis_pop'],
  ),
  ofDoubles(
    'product',
    'The product of the values that are not NULL, as a double; NULL where there are none.',
    { sql: 'product(x) from (values (2), (3), (4)) as t (x)', result: '24' },
    'product',
    'value',
  ),
  ofPairs('covar_pop', 'Population covariance.', '1.3333333333333333', 'covariancePopulation'),
  ofPairs('covar_samp', 'Sample covariance; NULL of fewer than two pairs.', '2', 'covarianceSample'),
  ofPairs('corr', 'Correlation coefficient; NULL where x or y is constant.', '1', 'correlation'),
  ofPairs('regr_count', 'Number of pairs.', '3', 'regressionCount'),
  ofPairs('regr_slope', 'Slope of the least-squares line y = intercept + slope * x.', '2', 'regressionSlope'),
  ofPairs(
    'regr_intercept',
    'Intercept of the least-squares line y = intercept + slope * x.',
    '1',
    'regressionIntercept',
  ),
  ofPairs('regr_r2', 'Square of the correlation coefficient: how well the line fits.', '1', 'regressionR2'),
  ofPairs('regr_avgx', 'Mean of x.', '1', 'regressionAverageX'),
  ofPairs('regr_avgy', 'Mean of y.', '3', 'regressionAverageY'),
  ofPairs('regr_sxx', 'Sum of squared deviations of x from its mean.', '2', 'regressionSxx'),
  ofPairs('regr_syy', 'Sum of squared deviations of y from its mean.', '8', 'regressionSyy'),
  ofPairs('regr_sxy', 'Sum of the products of deviations of x and y from their means.', '4', 'regressionSxy'),
];
