import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MillraceError } from '../../../src/common/errors.js';
import {
  isAggregate,
  resolveAggregateFunction,
  resolveComparison,
  resolveOperator,
  resolveScalarFunction,
} from '../../../src/functions/registry.js';
import { canCast, commonType, typeFromName } from '../../../src/types/coercion.js';
import { decimalTypeOfLiteral } from '../../../src/types/decimal-rules.js';
import {
  BIGINT,
  DATE,
  DOUBLE,
  decimal,
  formatType,
  INTEGER,
  INTERVAL,
  REAL,
  SMALLINT,
  type SqlType,
  TEXT,
  TIMESTAMP,
  UNKNOWN,
} from '../../../src/types/sql-type.js';

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return `${(error as MillraceError).code} ${(error as MillraceError).message}`;
  }
  return 'no error';
};

test('operators resolve as in PostgreSQL', () => {
  const cases: [SqlType | undefined, string, SqlType, string][] = [
    [INTEGER, '+', INTEGER, 'integer'],
    [SMALLINT, '+', INTEGER, 'integer'],
    [INTEGER, '*', BIGINT, 'bigint'],
    [REAL, '+', REAL, 'real'],
    [INTEGER, '+', REAL, 'double precision'],
    [decimal(5, 2), '+', REAL, 'double precision'],
    [decimal(15, 2), '*', decimal(16, 2), 'numeric(31,4)'],
    [INTEGER, '-', decimal(15, 2), 'numeric(16,2)'],
    [decimal(15, 2), '/', INTEGER, 'numeric(38,16)'],
    [DATE, '+', INTEGER, 'date'],
    [DATE, '-', DATE, 'integer'],
    [DATE, '-', INTERVAL, 'timestamp without time zone'],
    [TIMESTAMP, '-', TIMESTAMP, 'interval'],
    [INTERVAL, '*', INTEGER, 'interval'],
    [INTEGER, '*', INTERVAL, 'interval'],
    [INTEGER, '+', UNKNOWN, 'integer'],
    [TEXT, '||', UNKNOWN, 'text'],
    [UNKNOWN, '||', UNKNOWN, 'text'],
    [{ kind: 'varchar', length: 3 }, '||', TEXT, 'text'],
    [undefined, '-', decimal(5, 2), 'numeric(5,2)'],
    [INTEGER, '^', INTEGER, 'double precision'],
    [INTEGER, '%', decimal(5, 2), 'numeric(12,2)'],
  ];
  for (const [left, symbol, right, expected] of cases) {
    assert.equal(
      formatType(resolveOperator(symbol, left, right).returns),
      expected,
      `${left?.kind} ${symbol} ${right.kind}`,
    );
  }
});

test('what does not resolve says what PostgreSQL says', () => {
  assert.equal(
    codeOf(() => resolveOperator('+', TEXT, INTEGER)),
    '42883 operator does not exist: text + integer',
  );
  assert.equal(
    codeOf(() => resolveScalarFunction('lenght', [TEXT])),
    '42883 function lenght(text) does not exist',
  );
  assert.equal(
    codeOf(() => resolveComparison('=', INTEGER, TEXT)),
    '42883 operator does not exist: integer = text',
  );
  assert.match(
    codeOf(() => resolveOperator('+', UNKNOWN, UNKNOWN)),
    /^42725 operator is not unique/,
  );
});

test('functions and aggregates', () => {
  assert.equal(
    resolveScalarFunction('SUBSTRING', [TEXT, INTEGER, INTEGER]).overload,
    'substring(text,integer,integer)',
  );
  assert.equal(resolveScalarFunction('length', [UNKNOWN]).overload, 'length(text)');
  assert.deepEqual(resolveScalarFunction('greatest', [INTEGER, decimal(3, 1)]).returns, decimal(11, 1));
  assert.deepEqual(resolveScalarFunction('sqrt', [INTEGER]).argTypes, [DOUBLE]);
  assert.deepEqual(resolveScalarFunction('round', [decimal(5, 2)]).returns, decimal(4, 0));
  assert.ok(isAggregate('SUM') && isAggregate('every') && !isAggregate('abs'));
  assert.deepEqual(resolveAggregateFunction('sum', [INTEGER]).returns, BIGINT);
  assert.deepEqual(resolveAggregateFunction('sum', [BIGINT]).returns, decimal(38, 0));
  assert.deepEqual(resolveAggregateFunction('avg', [decimal(15, 2)]).returns, decimal(38, 16));
  assert.deepEqual(resolveAggregateFunction('min', [{ kind: 'varchar', length: 3 }]).returns, {
    kind: 'varchar',
    length: 3,
  });
  assert.deepEqual(resolveAggregateFunction('stddev', [REAL]).argTypes, [DOUBLE]);
  assert.equal(resolveAggregateFunction('count', []).overload, 'count()');
});

test('casts, common types and type names', () => {
  assert.ok(canCast(INTEGER, BIGINT, 'implicit'));
  assert.ok(!canCast(BIGINT, INTEGER, 'implicit') && canCast(BIGINT, INTEGER, 'assignment'));
  assert.ok(!canCast(TEXT, INTEGER, 'assignment') && canCast(TEXT, INTEGER, 'explicit'));
  assert.ok(!canCast(INTEGER, DATE, 'explicit'));
  assert.deepEqual(commonType([INTEGER, UNKNOWN, decimal(5, 2)]), decimal(12, 2));
  assert.deepEqual(commonType([decimal(5, 2), DOUBLE]), DOUBLE);
  assert.deepEqual(commonType([DATE, TIMESTAMP]), TIMESTAMP);
  assert.deepEqual(commonType([UNKNOWN]), TEXT);
  assert.equal(
    codeOf(() => commonType([INTEGER, TEXT])),
    '42804 CASE types integer and text cannot be matched',
  );
  assert.deepEqual(typeFromName(['double', 'precision']), DOUBLE);
  assert.deepEqual(typeFromName(['numeric'], [10, 2]), decimal(10, 2));
  assert.equal(
    codeOf(() => typeFromName(['nonsense'])),
    '42704 type "nonsense" does not exist',
  );
  assert.deepEqual(decimalTypeOfLiteral('0.06'), decimal(2, 2));
  assert.deepEqual(decimalTypeOfLiteral('100.00'), decimal(5, 2));
  assert.deepEqual(decimalTypeOfLiteral('1.5e3'), decimal(4, 0));
});
