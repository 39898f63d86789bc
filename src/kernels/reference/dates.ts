// Reference twin of `assembly/dates.ts`, over bigints and Date. `undefined` is an overflow.
import type { ReferenceInterval } from './format.js';

const DAY = 86_400_000_000n;
/** Dates repeat every 400 years; whole cycles are set aside, so that Date can do the rest. */
const CYCLE_DAYS = 146_097n;
/** 4714-11-24 BC, the end of 5874897 AD, and the first day of 294247 AD that timestamps do not have. */
const FIRST_DAY = -2_440_588n;
const LAST_DAY = dayNumber(5_874_897n, 12, 31n);
const END_OF_TIMESTAMPS = dayNumber(294_247n, 1, 2n);

export interface CivilDate {
  /** 0 is 1 BC. */
  readonly year: bigint;
  readonly month: number;
  readonly day: number;
}

export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return quotient * divisor > dividend ? quotient - 1n : quotient;
}

/** The date of a number of days since 1970-01-01. */
export function civilDate(days: bigint): CivilDate {
  const cycle = floorDivide(days, CYCLE_DAYS);
  const date = dateOf(days - cycle * CYCLE_DAYS);
  return {
    year: BigInt(date.getUTCFullYear()) + cycle * 400n,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  };
}

const dateOf = (days: bigint): Date => new Date(Number(days) * 86_400_000);

/** The inverse of `civilDate`. */
export function dayNumber(year: bigint, month: number, day: bigint): bigint {
  const cycle = floorDivide(year - 2000n, 400n);
  const inCycle = Date.UTC(Number(year - cycle * 400n), month - 1, 1) / 86_400_000;
  return BigInt(inCycle) + cycle * CYCLE_DAYS + day - 1n;
}

function inRange(days: bigint): bigint | undefined {
  return days >= FIRST_DAY && days <= LAST_DAY ? days : undefined;
}

/** The largest and smallest value of a type stand for infinity and -infinity. */
const INFINITE_DATES = [2 ** 31 - 1, -(2 ** 31)];
const INFINITE_TIMESTAMPS = [2n ** 63n - 1n, -(2n ** 63n)];

export function dateAddDays(date: number, count: number): bigint | undefined {
  if (INFINITE_DATES.includes(date)) return BigInt(date);
  return inRange(BigInt(date) + BigInt(count));
}

export function dateToTimestamp(date: number): bigint | undefined {
  const infinite = INFINITE_TIMESTAMPS[INFINITE_DATES.indexOf(date)];
  if (infinite !== undefined) return infinite;
  return inTimestamps(BigInt(date) * DAY);
}

export function timestampToDate(timestamp: bigint): number {
  return INFINITE_DATES[INFINITE_TIMESTAMPS.indexOf(timestamp)] ?? Number(floorDivide(timestamp, DAY));
}

function inTimestamps(timestamp: bigint): bigint | undefined {
  return timestamp >= FIRST_DAY * DAY && timestamp < END_OF_TIMESTAMPS * DAY ? timestamp : undefined;
}

/** Months first, the day cut to the month's length; then days, then time. */
export function timestampAddInterval(timestamp: bigint, interval: ReferenceInterval): bigint | undefined {
  if (INFINITE_TIMESTAMPS.includes(timestamp)) return timestamp;
  let days = floorDivide(timestamp, DAY);
  const ofDay = timestamp - days * DAY;
  if (interval.months !== 0) {
    const { year, month, day } = civilDate(days);
    const months = year * 12n + BigInt(month - 1 + interval.months);
    const newYear = floorDivide(months, 12n);
    const newMonth = Number(months - newYear * 12n) + 1;
    const nextMonth = dayNumber(newMonth === 12 ? newYear + 1n : newYear, (newMonth % 12) + 1, 1n);
    const wanted = dayNumber(newYear, newMonth, BigInt(day));
    days = wanted < nextMonth ? wanted : nextMonth - 1n;
  }
  return inTimestamps((days + BigInt(interval.days)) * DAY + ofDay + interval.microseconds);
}

export function negateInterval({ months, days, microseconds }: ReferenceInterval): ReferenceInterval {
  return { months: -months, days: -days, microseconds: -microseconds };
}

function fittingInterval(interval: ReferenceInterval): ReferenceInterval | undefined {
  const { months, days, microseconds } = interval;
  const fits = months === (months | 0) && days === (days | 0) && BigInt.asIntN(64, microseconds) === microseconds;
  return fits ? interval : undefined;
}

/** Whole days and what is left, both with the sign of the difference. */
export function timestampDifference(left: bigint, right: bigint): ReferenceInterval | undefined {
  if (INFINITE_TIMESTAMPS.includes(left) || INFINITE_TIMESTAMPS.includes(right)) return undefined;
  const difference = left - right;
  if (BigInt.asIntN(64, difference) !== difference) return undefined;
  return { months: 0, days: Number(difference / DAY), microseconds: difference % DAY };
}

export function timeOfDay(microseconds: bigint): bigint {
  return microseconds - floorDivide(microseconds, DAY) * DAY;
}

export function intervalAdd(left: ReferenceInterval, right: ReferenceInterval): ReferenceInterval | undefined {
  return fittingInterval({
    months: left.months + right.months,
    days: left.days + right.days,
    microseconds: left.microseconds + right.microseconds,
  });
}

/**
 * `interval_mul` and `interval_div` of PostgreSQL (src/backend/utils/adt/timestamp.c), which compute in double
 * precision: fractions of months become days, fractions of days become time.
 */
export function intervalScale(
  interval: ReferenceInterval,
  scale: (value: number) => number,
): ReferenceInterval | undefined {
  const monthProduct = scale(interval.months);
  const dayProduct = scale(interval.days);
  const months = Math.trunc(monthProduct);
  let days = Math.trunc(dayProduct);
  const monthDays = roundToMicros((monthProduct - months) * 30);
  const fraction = dayProduct - days + monthDays - Math.trunc(monthDays);
  let seconds = roundToMicros(fraction * 86_400);
  if (Math.abs(seconds) >= 86_400) {
    days += Math.trunc(seconds / 86_400);
    seconds -= Math.trunc(seconds / 86_400) * 86_400;
  }
  days += Math.trunc(monthDays);
  const microseconds = roundHalfEven(scale(Number(interval.microseconds)) + seconds * 1e6);
  const fits = [monthProduct, dayProduct, days].every((value) => value >= -(2 ** 31) && value < 2 ** 31);
  if (!fits || !(microseconds >= -(2 ** 63) && microseconds < 2 ** 63)) return undefined;
  return { months: months + 0, days: days + 0, microseconds: BigInt(microseconds) };
}

const roundToMicros = (seconds: number): number => roundHalfEven(seconds * 1e6) / 1e6;

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** PostgreSQL's order: a month counts as 30 days, a day as 24 hours. */
export function intervalLength({ months, days, microseconds }: ReferenceInterval): bigint {
  return (BigInt(months) * 30n + BigInt(days)) * DAY + microseconds;
}

/** EXTRACT by name; second and epoch in millionths, milliseconds in thousandths. */
export function timestampField(field: string, timestamp: bigint): bigint {
  const days = floorDivide(timestamp, DAY);
  const { year, month, day } = civilDate(days);
  const weekday = dateOf(days - floorDivide(days, CYCLE_DAYS) * CYCLE_DAYS).getUTCDay();
  const isoWeekday = weekday === 0 ? 7 : weekday;
  // The week, and its year, are those of its Thursday.
  const thursday = days - BigInt(isoWeekday) + 4n;
  const isoYear = civilDate(thursday).year;
  // There is no year 0: years BC count from −1 down.
  const counted = (value: bigint): bigint => (value > 0n ? value : value - 1n);
  const period = (years: bigint): bigint => {
    const named = counted(year);
    return named > 0n ? (named + years - 1n) / years : (named - years + 1n) / years;
  };
  switch (field) {
    case 'year':
      return counted(year);
    case 'month':
      return BigInt(month);
    case 'day':
      return BigInt(day);
    case 'quarter':
      return BigInt(Math.ceil(month / 3));
    case 'dow':
      return BigInt(weekday);
    case 'isodow':
      return BigInt(isoWeekday);
    case 'doy':
      return days - dayNumber(year, 1, 1n) + 1n;
    case 'week':
      return (thursday - dayNumber(isoYear, 1, 1n)) / 7n + 1n;
    case 'isoyear':
      return counted(isoYear);
    case 'decade':
      return floorDivide(year, 10n);
    case 'century':
      return period(100n);
    case 'millennium':
      return period(1000n);
    case 'epoch':
      return timestamp;
    default:
      return timeField(field, timeOfDay(timestamp));
  }
}

export function dateField(field: string, date: number): bigint {
  return timestampField(field, BigInt(date) * DAY);
}

function fittingEpoch(epoch: bigint): bigint | undefined {
  return epoch > -(10n ** 18n) && epoch < 10n ** 18n ? epoch : undefined;
}

/** Of a time of day, or of the time of an interval. */
export function timeField(field: string, microseconds: bigint): bigint {
  switch (field) {
    case 'hour':
      return microseconds / 3_600_000_000n;
    case 'minute':
      return (microseconds / 60_000_000n) % 60n;
    case 'epoch':
      return microseconds;
    default:
      return microseconds % 60_000_000n;
  }
}

export function intervalField(field: string, interval: ReferenceInterval): bigint | undefined {
  const { months, days, microseconds } = interval;
  const years = BigInt(Math.trunc(months / 12));
  switch (field) {
    case 'year':
      return years;
    case 'month':
      return BigInt(months % 12);
    case 'day':
      return BigInt(days);
    case 'quarter':
      return months < 0 ? -intervalField(field, negateInterval(interval))! : BigInt(Math.ceil(((months % 12) + 1) / 3));
    case 'decade':
      return years / 10n;
    case 'century':
      return years / 100n;
    case 'millennium':
      return years / 1000n;
    case 'epoch': {
      // A year counts as 365.25 days, a month as 30.
      const inDays = BigInt(months % 12) * 30n + BigInt(days);
      return fittingEpoch(years * 31_557_600_000_000n + inDays * DAY + microseconds);
    }
    default:
      return timeField(field, microseconds);
  }
}
