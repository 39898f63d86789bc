import { notSupportedError, userError } from '../../../common/errors.js';
import { BIGINT, DATE, DOUBLE, INTEGER, type SqlTypeKind } from '../../../types/sql-type.js';
import type { ScalarFunction, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';
import { op } from '../../opcodes.js';
import { civilFromDays, daysFromCivil, daysInMonth, FIRST_DAY, isInfiniteTimestamp, LAST_DAY } from './calendar.js';
import { datePart, isInfinite } from './date-functions-js.js';
import { isUnit, unitError, unitOf } from './date-units.js';
import { floorDays } from './interval-arithmetic.js';
import { sparkDates } from './spark-dates.js';

/*
 * What scripts written for Spark and DuckDB call, beside what PostgreSQL has. Days of the week count as in Spark.
 */

interface Part {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly doc: string;
  /** The field as kernels know it. */
  readonly number: number;
  /** The same by date_part. */
  readonly evaluate: (part: (unit: string) => number) => number;
  readonly ofTime?: boolean;
  readonly result: string;
}

const parts: readonly Part[] = [
  { name: 'year', doc: 'The year', number: 0, evaluate: (part) => part('year'), result: '2024' },
  { name: 'month', doc: 'The month', number: 1, evaluate: (part) => part('month'), result: '5' },
  {
    name: 'day',
    aliases: ['dayofmonth'],
    doc: 'The day of the month',
    number: 2,
    evaluate: (part) => part('day'),
    result: '6',
  },
  { name: 'hour', doc: 'The hour', number: 3, evaluate: (part) => part('hour'), ofTime: true, result: '7' },
  { name: 'minute', doc: 'The minute', number: 4, evaluate: (part) => part('minute'), ofTime: true, result: '8' },
  {
    name: 'second',
    doc: 'The whole seconds',
    number: 20,
    evaluate: (part) => Math.floor(part('second')),
    ofTime: true,
    result: '9',
  },
  { name: 'quarter', doc: 'The quarter of the year', number: 8, evaluate: (part) => part('quarter'), result: '2' },
  {
    name: 'week',
    aliases: ['weekofyear'],
    doc: 'The ISO week',
    number: 12,
    evaluate: (part) => part('week'),
    result: '19',
  },
  { name: 'dayofyear', doc: 'The day of the year', number: 11, evaluate: (part) => part('doy'), result: '127' },
  {
    name: 'dayofweek',
    doc: 'The day of the week, Sunday is 1',
    number: 18,
    evaluate: (part) => part('dow') + 1,
    result: '2',
  },
  {
    name: 'weekday',
    doc: 'The day of the week, Monday is 0',
    number: 19,
    evaluate: (part) => part('isodow') - 1,
    result: '0',
  },
];

function partOverload(
  { number, evaluate }: Part,
  kind: 'date' | 'timestamp' | 'timestamptz',
): ScalarOverloadDeclaration {
  const fallback: VectorCreate =
    () =>
    ([value]) => {
      const instant = kind === 'date' ? BigInt(value as number) : (value as bigint);
      if (isInfinite(kind === 'date' ? 'date' : 'timestamp', instant)) return null;
      const part = datePart([{ kind: 'text' }, { kind: kind === 'date' ? 'date' : 'timestamp' }]);
      return BigInt(evaluate((unit) => part([unit, value!]) as number));
    };
  return {
    args: [kind],
    returns: BIGINT,
    fallible: true,
    implementation: {
      kind: 'kernel',
      kernel: kind === 'date' ? 'dateField' : 'timestampField',
      block: true,
      parameters: [number],
      fallback,
      nullable: true,
    },
  };
}

const partFunctions: readonly ScalarFunction[] = parts.map((part) => ({
  name: part.name,
  ...(part.aliases && { aliases: part.aliases }),
  doc: `${part.doc} of a ${part.ofTime ? '' : 'date or '}timestamp.`,
  example: {
    sql: `${part.name}(timestamp '2024-05-06 07:08:09')`,
    result: part.result,
  },
  overloads: (part.ofTime
    ? (['timestamp', 'timestamptz'] as const)
    : (['date', 'timestamp', 'timestamptz'] as const)
  ).map((kind) => partOverload(part, kind)),
}));

/** Names of functions whose answer is that of the clocks of the session's zone. */
export const zonedConveniences: ReadonlySet<string> = new Set([
  ...parts.map(({ name }) => name),
  'last_day',
  'date_diff',
]);

const kernelOr = (
  name: string,
  args: readonly SqlTypeKind[],
  returns: ScalarOverloadDeclaration['returns'],
  fallback: VectorCreate,
): ScalarOverloadDeclaration => ({
  args,
  returns,
  fallible: true,
  implementation: { kind: 'kernel', kernel: name, block: true, fallback },
});

const addMonths: VectorCreate =
  () =>
  ([value, count]) => {
    const { year, month, day } = civilFromDays(value as number);
    const total = year * 12 + month - 1 + (count as number);
    const newYear = Math.floor(total / 12);
    const newMonth = total - newYear * 12 + 1;
    const days = daysFromCivil(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
    if (isInfinite('date', BigInt(value as number))) return value!;
    if (days < FIRST_DAY || days > LAST_DAY) throw userError('22008', 'date out of range');
    return days;
  };

const boundaryUnits: Readonly<Record<string, (timestamp: bigint) => bigint>> = {
  second: (timestamp) => floorDivide(timestamp, 1_000_000n),
  minute: (timestamp) => floorDivide(timestamp, 60_000_000n),
  hour: (timestamp) => floorDivide(timestamp, 3_600_000_000n),
  day: (timestamp) => BigInt(floorDays(timestamp)),
  week: (timestamp) => floorDivide(BigInt(floorDays(timestamp)) + 3n, 7n),
  month: (timestamp) => BigInt(monthOf(timestamp)),
  quarter: (timestamp) => BigInt(Math.floor(monthOf(timestamp) / 3)),
  year: (timestamp) => BigInt(Math.floor(monthOf(timestamp) / 12)),
};

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

function monthOf(timestamp: bigint): number {
  const { year, month } = civilFromDays(floorDays(timestamp));
  return year * 12 + month - 1;
}

const boundaries: VectorCreate =
  (types) =>
  ([unit, from, to]) => {
    const name = unitOf(unit!);
    const count = boundaryUnits[name];
    if (count === undefined) throw unitError(unit!, types[1]!, isUnit(name));
    if (isInfiniteTimestamp(from as bigint) || isInfiniteTimestamp(to as bigint)) {
      throw notSupportedError('the distance to an infinite timestamp has no number', {
        hint: 'Test it with isfinite.',
      });
    }
    return count(to as bigint) - count(from as bigint);
  };

export const dateConveniences: readonly ScalarFunction[] = [
  ...partFunctions,
  ...sparkDates,
  {
    name: 'epoch',
    doc: 'Seconds since 1970 of a timestamp.',
    example: { sql: "epoch(timestamp '1970-01-02 00:00:01.5')", result: '86401.5' },
    overloads: (['timestamp', 'timestamptz'] as const).map((kind) => ({
      args: [kind],
      returns: DOUBLE,
      implementation: { kind: 'kernel', kernel: 'timestampSeconds' },
    })),
  },
  {
    name: 'last_day',
    doc: 'The last day of the month of a date.',
    example: { sql: "last_day(date '2024-02-05')", result: '2024-02-29' },
    overloads: [{ args: ['date'], returns: DATE, implementation: { kind: 'kernel', kernel: 'dateLastOfMonth' } }],
  },
  {
    name: 'add_months',
    doc: 'A date some months later.',
    example: { sql: "add_months(date '2024-01-31', 1)", result: '2024-02-29' },
    overloads: [kernelOr('dateAddMonths', ['date', 'integer'], DATE, addMonths)],
  },
  {
    name: 'datediff',
    doc: 'Days from the second date to the first.',
    example: {
      sql: "datediff(date '2024-03-01', date '2024-02-01')",
      result: '29',
    },
    overloads: [
      {
        args: ['date', 'date'],
        returns: INTEGER,
        implementation: {
          kind: 'emit',
          emit: (e) => {
            e.op(op.i32Sub);
            return undefined;
          },
        },
      },
    ],
  },
  {
    name: 'date_diff',
    doc: 'How many starts of a unit lie between two timestamps.',
    example: {
      sql: "date_diff('month', date '2024-01-31', date '2024-02-01')",
      result: '1',
    },
    overloads: [
      kernelOr('timestampBoundaries', ['text', 'timestamp', 'timestamp'], BIGINT, boundaries),
      kernelOr('timestampBoundaries', ['text', 'timestamptz', 'timestamptz'], BIGINT, boundaries),
    ],
  },
];
