import { notSupportedError, userError } from '../../../common/errors.js';
import {
  BOOLEAN,
  INTERVAL,
  type SqlType,
  type SqlTypeKind,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
} from '../../../types/sql-type.js';
import type {
  FunctionImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  VectorCreate,
} from '../../function-types.js';
import { op } from '../../opcodes.js';
import { checkTimestamp, DAY_MICROSECONDS, daysFromCivil, daysInMonth, isInfiniteTimestamp } from './calendar.js';
import { ageBetween } from './date-functions-js.js';
import { checkInterval, type Interval } from './interval-arithmetic.js';

const kernel = (
  name: string,
  args: readonly SqlTypeKind[],
  returns: SqlType,
  fallback?: VectorCreate,
): ScalarOverloadDeclaration => ({
  args,
  returns,
  fallible: true,
  implementation: { kind: 'kernel', kernel: name, block: true, ...(fallback && { fallback }) },
});

const justify = (name: string, kernelName: string, doc: string, sql: string, result: string): ScalarFunction => ({
  name,
  doc,
  example: { sql: `${name}(interval '${sql}')`, result },
  overloads: [kernel(kernelName, ['interval'], INTERVAL)],
});

const finite: FunctionImplementation = {
  kind: 'emit',
  emit: (e, operands) => {
    const { wasm } = operands[0]!;
    if (wasm === 'v128') {
      e.op(op.drop);
      e.i32(1);
      return undefined;
    }
    const value = e.local(wasm);
    e.tee(value);
    if (wasm === 'i32') {
      e.i32(0x7fff_ffff);
      e.op(op.i32Ne);
      e.get(value);
      e.i32(-0x8000_0000);
      e.op(op.i32Ne, op.i32And);
    } else {
      e.i64(2n ** 63n - 1n);
      e.op(op.i64Ne);
      e.get(value);
      e.i64(-(2n ** 63n));
      e.op(op.i64Ne, op.i32And);
    }
    return undefined;
  },
};

const finiteTest: ScalarFunction = {
  name: 'isfinite',
  doc: 'Is a date, timestamp or interval neither infinity nor -infinity?',
  example: { sql: "isfinite(date 'infinity'), isfinite(date '2024-01-01')", result: 'f\tt' },
  overloads: (['date', 'timestamp', 'timestamptz', 'interval'] as const).map((kind) => ({
    args: [kind],
    returns: BOOLEAN,
    implementation: finite,
  })),
};

const age: ScalarFunction = {
  name: 'age',
  doc: 'The difference of two timestamps in years, months, days and time; of one, to midnight of today.',
  example: { sql: "age(timestamp '2024-05-06', timestamp '2001-01-01')", result: '23 years 4 mons 5 days' },
  overloads: (['timestamp', 'timestamptz'] as const).map((kind) =>
    kernel('timestampAge', [kind, kind], INTERVAL, () => (values) => {
      if (values.some((value) => isInfiniteTimestamp(value as bigint)))
        throw userError('22008', 'interval out of range');
      return ageBetween()(values);
    }),
  ),
};

/** date_bin, and what is wrong with a stride. */
const bin: VectorCreate =
  () =>
  ([stride, timestamp, origin]) => {
    const { months, days, microseconds } = stride as Interval;
    if (isInfiniteTimestamp(timestamp as bigint)) return timestamp!;
    if (isInfiniteTimestamp(origin as bigint)) throw userError('22008', 'origin out of range');
    if (months !== 0) {
      throw notSupportedError('timestamps cannot be binned into intervals containing months or years', {
        hint: 'Use date_trunc for months and years.',
      });
    }
    const size = BigInt(days) * DAY_MICROSECONDS + microseconds;
    if (size <= 0n) throw userError('22008', 'stride must be greater than zero');
    const difference = (timestamp as bigint) - (origin as bigint);
    if (BigInt.asIntN(64, difference) !== difference) throw userError('22008', 'interval out of range');
    const rest = difference % size;
    return checkTimestamp((timestamp as bigint) - rest - (rest < 0n ? size : 0n));
  };

const dateBin: ScalarFunction = {
  name: 'date_bin',
  doc: 'The start of the bin that a timestamp falls in: bins of a width are laid out from an origin.',
  example: {
    sql: "date_bin('15 minutes', timestamp '2024-05-06 07:38:09', timestamp '2024-01-01')",
    result: '2024-05-06 07:30:00',
  },
  overloads: [
    kernel('timestampBin', ['interval', 'timestamp', 'timestamp'], TIMESTAMP, bin),
    kernel('timestampBin', ['interval', 'timestamptz', 'timestamptz'], TIMESTAMPTZ, bin),
  ],
};

const two = (value: number): string => String(value).padStart(2, '0');

function timeOfParts(hour: number, minute: number, second: number): bigint {
  const value = BigInt(hour * 60 + minute) * 60_000_000n + BigInt(Number.isFinite(second) ? rint(second * 1e6) : 0);
  const valid = hour >= 0 && hour <= 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
  if (!valid || value > DAY_MICROSECONDS) {
    // As C's %02g prints it.
    const seconds = Number(second.toPrecision(6)).toString();
    throw userError('22008', `time field value out of range: ${hour}:${two(minute)}:${seconds.padStart(2, '0')}`);
  }
  return value;
}

/** Halves go to the even neighbour, as in C. */
function rint(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function timestampOfParts(parts: readonly number[]): bigint {
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  const astronomical = year < 0 ? year + 1 : year;
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(astronomical, month)) {
    throw userError('22008', `date field value out of range: ${year}-${two(month)}-${two(day)}`);
  }
  const time = timeOfParts(hour, minute, second);
  return checkTimestamp(BigInt(daysFromCivil(astronomical, month, day)) * DAY_MICROSECONDS + time);
}

const partKinds: readonly SqlTypeKind[] = ['integer', 'integer', 'integer', 'integer', 'integer', 'double'];

const makers: readonly ScalarFunction[] = [
  {
    name: 'make_time',
    parameters: ['hour, min, sec'],
    doc: 'A time of hour, minute and second.',
    example: { sql: 'make_time(8, 15, 23.5)', result: '08:15:23.5' },
    overloads: [
      kernel(
        'timeOfParts',
        ['integer', 'integer', 'double'],
        TIME,
        () =>
          ([hour, minute, second]) =>
            timeOfParts(hour as number, minute as number, second as number),
      ),
    ],
  },
  {
    name: 'make_timestamp',
    parameters: ['year, month, mday, hour, min, sec'],
    doc: 'A timestamp of year, month, day, hour, minute and second.',
    example: { sql: 'make_timestamp(2024, 7, 15, 8, 15, 23.5)', result: '2024-07-15 08:15:23.5' },
    overloads: [kernel('timestampOfParts', partKinds, TIMESTAMP, () => (parts) => timestampOfParts(parts as number[]))],
  },
  {
    name: 'make_timestamptz',
    parameters: ['year, month, mday, hour, min, sec, timezone'],
    doc: 'A timestamptz of its parts, by the clocks of the session, or of the zone that is given.',
    example: { sql: "make_timestamptz(2024, 7, 15, 8, 15, 23.5, 'Europe/Berlin')", result: '2024-07-15 06:15:23.5+00' },
    overloads: [
      kernel('timestampOfParts', partKinds, TIMESTAMPTZ, () => (parts) => timestampOfParts(parts as number[])),
    ],
  },
  {
    name: 'make_interval',
    parameters: ['years = 0, months = 0, weeks = 0, days = 0, hours = 0, mins = 0, secs = 0'],
    doc: 'An interval of years, months, weeks, days, hours, minutes and seconds, which may be named.',
    example: { sql: 'make_interval(days => 10, hours => 2)', result: '10 days 02:00:00' },
    overloads: [
      {
        args: ['integer', 'integer', 'integer', 'integer', 'integer', 'integer', 'double'],
        returns: INTERVAL,
        fallible: true,
        implementation: {
          kind: 'kernel',
          kernel: 'intervalOfParts',
          block: true,
          fallback: () => (parts) => {
            const [years, months, weeks, days, hours, minutes, seconds] = parts as number[] as [
              number,
              number,
              number,
              number,
              number,
              number,
              number,
            ];
            if (!Number.isFinite(seconds)) throw userError('22008', 'interval out of range');
            const time = (BigInt(hours) * 60n + BigInt(minutes)) * 60_000_000n + BigInt(rint(seconds * 1e6));
            return checkInterval(years * 12 + months, weeks * 7 + days, time);
          },
        },
      },
    ],
  },
];

/** to_timestamp(seconds since 1970). */
export const timestampOfSeconds: ScalarOverloadDeclaration = kernel(
  'timestampOfSeconds',
  ['double'],
  TIMESTAMPTZ,
  () =>
    ([value]) => {
      const seconds = value as number;
      if (Number.isNaN(seconds)) throw userError('22008', 'timestamp cannot be NaN');
      if (!Number.isFinite(seconds)) return seconds > 0 ? 2n ** 63n - 1n : -(2n ** 63n);
      const micros = rint((seconds - 946_684_800) * 1e6);
      if (!(micros > -211_813_488_000_000_000 && micros < 9_222_424_646_400_000_000)) {
        throw userError('22008', `timestamp out of range: "${Number(seconds.toPrecision(6))}"`);
      }
      return BigInt(micros) + 946_684_800_000_000n;
    },
);

/** `timestamp(3)`: what a cast to a type with a precision rounds with. The second operand is the unit in µs. */
const rounding: ScalarFunction = {
  name: 'round_time',
  doc: 'What a precision, as in timestamp(3), does to a value.',
  internal: true,
  overloads: (
    [
      ['timestamp', 'timestampRound'],
      ['timestamptz', 'timestampRound'],
      ['time', 'timeRound'],
      ['interval', 'intervalRound'],
    ] as const
  ).map(([kind, name]) => ({
    args: [kind, 'integer'],
    returns: { kind },
    implementation: { kind: 'kernel', kernel: name },
  })),
};

export const intervalFunctions: readonly ScalarFunction[] = [
  justify('justify_days', 'intervalJustifyDays', 'Every 30 days become a month.', '35 days', '1 mon 5 days'),
  justify('justify_hours', 'intervalJustifyHours', 'Every 24 hours become a day.', '50 hours', '2 days 02:00:00'),
  justify(
    'justify_interval',
    'intervalJustify',
    'Both, with one sign throughout.',
    '1 mon -1 hour',
    '29 days 23:00:00',
  ),
  finiteTest,
  age,
  dateBin,
  ...makers,
  rounding,
];
