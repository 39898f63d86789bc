import { userError } from '../../../common/errors.js';

/** Days since 1970-01-01 of a civil date (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The inverse of `daysFromCivil`. Year 0 is 1 BC. */
export function civilFromDays(days: number): CivilDate {
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export const DAY_MICROSECONDS = 86_400_000_000n;

/** The days of dates: 4714-11-24 BC and 5874897-12-31, where PostgreSQL's end. */
export const FIRST_DAY = -2_440_588;
export const LAST_DAY = 2_145_042_905;

/** The first timestamp, and the first that there is no more: 294247-01-02, since ours count from 1970. */
const FIRST_TIMESTAMP: bigint = BigInt(FIRST_DAY) * DAY_MICROSECONDS;
const END_OF_TIMESTAMPS = 9_223_371_331_200_000_000n;

export function isTimestamp(timestamp: bigint): boolean {
  return timestamp >= FIRST_TIMESTAMP && timestamp < END_OF_TIMESTAMPS;
}

export function isInfiniteTimestamp(timestamp: bigint): boolean {
  return timestamp === 2n ** 63n - 1n || timestamp === -(2n ** 63n);
}

/** The timestamp, infinite or in range; throws 22008. */
export function checkTimestamp(timestamp: bigint): bigint {
  if (isTimestamp(timestamp) || isInfiniteTimestamp(timestamp)) return timestamp;
  throw userError('22008', 'timestamp out of range');
}
