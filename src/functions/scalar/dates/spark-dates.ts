import { DATE, DOUBLE } from '../../../types/sql-type.js';
import type { FunctionImplementation, ScalarFunction, VectorCreate } from '../../function-types.js';
import {
  civilFromDays,
  DAY_MICROSECONDS,
  daysFromCivil,
  daysInMonth,
  FIRST_DAY,
  isInfiniteTimestamp,
  LAST_DAY,
} from './calendar.js';
import { floorDays } from './interval-arithmetic.js';

// Functions of Spark over dates: kernels, which decline what is NULL, and the TypeScript that is their twin.

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 4;

const isFiniteDay = (day: number): boolean => day >= FIRST_DAY && day <= LAST_DAY;
const weekdayOf = (day: number): number => (((day + FIRST_WEEKDAY) % 7) + 7) % 7;

const nextDay: VectorCreate =
  () =>
  ([date, name]) => {
    const day = date as number;
    const wanted = (name as string).replace(/^[\t-\r ]+|[\t-\r ]+$/g, '').toLowerCase();
    const weekday = WEEKDAYS.findIndex((full) => [full, full.slice(0, 3), full.slice(0, 2)].includes(wanted));
    if (weekday < 0 || !isFiniteDay(day)) return null;
    return day + ((weekday - weekdayOf(day) + 6) % 7) + 1;
  };

/** NULL for units that it does not know, as in Spark. */
const truncated: VectorCreate =
  () =>
  ([date, unit]) => {
    const day = date as number;
    if (!isFiniteDay(day)) return day;
    const { year, month } = civilFromDays(day);
    switch ((unit as string).toLowerCase()) {
      case 'year':
      case 'yyyy':
      case 'yy':
        return daysFromCivil(year, 1, 1);
      case 'quarter':
        return daysFromCivil(year, month - ((month - 1) % 3), 1);
      case 'month':
      case 'mon':
      case 'mm':
        return daysFromCivil(year, month, 1);
      case 'week':
        return day - ((weekdayOf(day) + 6) % 7);
      default:
        return null;
    }
  };

/** Months of 31 days, unless both are the same day of the month or the last; to eight digits. */
const monthsBetween: VectorCreate =
  () =>
  ([end, start]) => {
    const [to, from] = [end as bigint, start as bigint];
    if (isInfiniteTimestamp(to) || isInfiniteTimestamp(from)) return null;
    const [later, earlier] = [to, from].map((moment) => {
      const day = floorDays(moment);
      const civil = civilFromDays(day);
      const isLast = civil.day === daysInMonth(civil.year, civil.month);
      return { ...civil, isLast, time: Number(moment - BigInt(day) * DAY_MICROSECONDS) / 1e6 };
    }) as [Moment, Moment];
    const months = (later.year - earlier.year) * 12 + later.month - earlier.month;
    if (later.day === earlier.day || (later.isLast && earlier.isLast)) return months;
    const seconds = (later.day - earlier.day) * 86_400 + later.time - earlier.time;
    // There is no −0.
    return Math.round((months + seconds / (31 * 86_400)) * 1e8) / 1e8 + 0;
  };

interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly isLast: boolean;
  readonly time: number;
}

const kernelOr = (kernel: string, fallback: VectorCreate): FunctionImplementation => ({
  kind: 'kernel',
  kernel,
  block: true,
  fallback,
  nullable: true,
  declinedIsNull: true,
});

export const truncatedDate: ScalarFunction['overloads'][number] = {
  args: ['date', 'text'],
  returns: DATE,
  fallible: true,
  implementation: kernelOr('dateTruncateToUnit', truncated),
};

export const sparkDates: readonly ScalarFunction[] = [
  {
    name: 'next_day',
    doc: 'The first day after a date that is that day of the week.',
    example: { sql: "next_day(date '2024-05-17', 'Mon')", result: '2024-05-20' },
    overloads: [
      { args: ['date', 'text'], returns: DATE, fallible: true, implementation: kernelOr('dateNextWeekday', nextDay) },
    ],
  },
  {
    name: 'months_between',
    doc: 'Months from the second time to the first; days that are over are parts of a month of 31.',
    example: { sql: "months_between(date '2024-05-17', date '2024-04-01')", result: '1.51612903' },
    overloads: [
      {
        args: ['timestamp', 'timestamp'],
        returns: DOUBLE,
        fallible: true,
        implementation: kernelOr('timestampMonthsBetween', monthsBetween),
      },
    ],
  },
];
