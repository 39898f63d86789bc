// Collects the parts of an interval: the twin of src/functions/casts/datetime/interval-sum.ts. What is left of months
// becomes days, what is left of days becomes time.
import { makeInterval } from './calendar';
import { ClockTime, OUT_OF_RANGE, READ } from './datetime-numbers';
import {
  CENTURY_UNIT,
  DAY_UNIT,
  DECADE_UNIT,
  HOUR_UNIT,
  MILLENNIUM_UNIT,
  MILLISECOND_UNIT,
  MINUTE_UNIT,
  MONTH_UNIT,
  SECOND_UNIT,
  WEEK_UNIT,
  YEAR_UNIT,
} from './interval-words';
import { add, high, low, make, multiplyHigh, negate } from './wide-integer';

/** At the start of the memory that intervals are read with. All zeros before; no parts but the clock's are below zero. */
@unmanaged
export class IntervalSum extends ClockTime {
  years: i32;
  months: i32;
  days: i32;
  microseconds: i64;
}

// @ts-ignore: decorator
@inline function fits32(value: i64): bool {
  return value == <i64>(<i32>value);
}

/** Of numbers from 2^32 on, no product with a unit that is not of time is in range. */
// @ts-ignore: decorator
@inline function isWide(value: i64): bool {
  return value >= 4294967296 || value <= -4294967296;
}

/** As AdjustFractMicroseconds of PostgreSQL: halves go towards zero. */
function roundHalfDown(value: f64): i64 {
  const whole = trunc<f64>(value);
  const rest = value - whole;
  return <i64>(rest > 0.5 ? whole + 1 : rest < -0.5 ? whole - 1 : whole);
}

// @ts-ignore: decorator
@inline function widened(value: i64): v128 {
  return make(value, value >> 63);
}

/** whole * unit + rest microseconds, which alone need not fit. */
export function addMicroseconds(sum: IntervalSum, whole: i64, unit: i64, rest: i64): i32 {
  const size = <u64>abs<i64>(whole);
  let total = make(size * unit, <i64>multiplyHigh(size, unit));
  if (whole < 0) total = negate(total);
  total = add(add(total, widened(rest)), widened(sum.microseconds));
  sum.microseconds = <i64>low(total);
  return high(total) == sum.microseconds >> 63 ? READ : OUT_OF_RANGE;
}

/** `unit` in microseconds. */
export function addTime(sum: IntervalSum, whole: i64, fraction: f64, unit: i64): i32 {
  return addMicroseconds(sum, whole, unit, roundHalfDown(fraction * <f64>unit));
}

export function addDays(sum: IntervalSum, whole: i64, fraction: f64, days: i32): i32 {
  if (isWide(whole) || !fits32(whole * days)) return OUT_OF_RANGE;
  const total = <i64>sum.days + whole * days;
  sum.days = <i32>total;
  return fits32(total) ? addFractionOfDays(sum, fraction * <f64>days) : OUT_OF_RANGE;
}

function addFractionOfDays(sum: IntervalSum, days: f64): i32 {
  const whole = trunc<f64>(days);
  const total = <i64>sum.days + <i64>whole;
  sum.days = <i32>total;
  return fits32(total) ? addTime(sum, 0, days - whole, 86400000000) : OUT_OF_RANGE;
}

export function addMonths(sum: IntervalSum, whole: i64, fraction: f64): i32 {
  if (!fits32(whole)) return OUT_OF_RANGE;
  const total = <i64>sum.months + whole;
  sum.months = <i32>total;
  return fits32(total) ? addFractionOfDays(sum, fraction * 30) : OUT_OF_RANGE;
}

/** Fractions of years and longer units are rounded to months. */
export function addYears(sum: IntervalSum, whole: i64, fraction: f64, years: i32): i32 {
  if (isWide(whole) || !fits32(whole * years)) return OUT_OF_RANGE;
  const total = <i64>sum.years + whole * years;
  const months = <i64>sum.months + <i64>nearest<f64>(fraction * <f64>years * 12);
  sum.years = <i32>total;
  sum.months = <i32>months;
  return fits32(total) && fits32(months) ? READ : OUT_OF_RANGE;
}

export function addUnit(sum: IntervalSum, unit: u32, whole: i64, fraction: f64): i32 {
  switch (unit) {
    case YEAR_UNIT:
      return addYears(sum, whole, fraction, 1);
    case DECADE_UNIT:
      return addYears(sum, whole, fraction, 10);
    case CENTURY_UNIT:
      return addYears(sum, whole, fraction, 100);
    case MILLENNIUM_UNIT:
      return addYears(sum, whole, fraction, 1000);
    case MONTH_UNIT:
      return addMonths(sum, whole, fraction);
    case WEEK_UNIT:
      return addDays(sum, whole, fraction, 7);
    case DAY_UNIT:
      return addDays(sum, whole, fraction, 1);
    case HOUR_UNIT:
      return addTime(sum, whole, fraction, 3600000000);
    case MINUTE_UNIT:
      return addTime(sum, whole, fraction, 60000000);
    case SECOND_UNIT:
      return addTime(sum, whole, fraction, 1000000);
    case MILLISECOND_UNIT:
      return addTime(sum, whole, fraction, 1000);
    default:
      return addTime(sum, whole, fraction, 1);
  }
}

/** Turns all parts round, for what lies `ago`. */
export function negateSum(sum: IntervalSum): i32 {
  const isLowest =
    sum.years == i32.MIN_VALUE ||
    sum.months == i32.MIN_VALUE ||
    sum.days == i32.MIN_VALUE ||
    sum.microseconds == i64.MIN_VALUE;
  sum.years = -sum.years;
  sum.months = -sum.months;
  sum.days = -sum.days;
  sum.microseconds = -sum.microseconds;
  return isLowest ? OUT_OF_RANGE : READ;
}

/** The sum's years and months together: they may be more than an interval has. */
// @ts-ignore: decorator
@inline export function monthsOf(sum: IntervalSum): i64 {
  return <i64>sum.years * 12 + sum.months;
}

// @ts-ignore: decorator
@inline export function fitsInterval(sum: IntervalSum): bool {
  return fits32(monthsOf(sum));
}

// @ts-ignore: decorator
@inline export function intervalOf(sum: IntervalSum): v128 {
  return makeInterval(<i32>monthsOf(sum), sum.days, sum.microseconds);
}
