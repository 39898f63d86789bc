import { userError } from '../../../common/errors.js';
import { instantToLocal, localToInstant } from '../../zones/zone-arithmetic.js';
import type { ZoneTable } from '../../zones/zone-table.js';
import {
  checkTimestamp,
  civilFromDays,
  DAY_MICROSECONDS,
  daysFromCivil,
  daysInMonth,
  isInfiniteTimestamp,
} from './calendar.js';

export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly microseconds: bigint;
}

export function floorDays(timestamp: bigint): number {
  const days = timestamp / DAY_MICROSECONDS;
  return Number(timestamp % DAY_MICROSECONDS < 0n ? days - 1n : days);
}

/** Months later or earlier, at the same time of the day; the day is cut to the month's length. */
export function addMonths(local: bigint, months: number): bigint {
  const date = floorDays(local);
  const { year, month, day } = civilFromDays(date);
  const total = year * 12 + month - 1 + months;
  const newYear = Math.floor(total / 12);
  const newMonth = total - newYear * 12 + 1;
  const newDate = daysFromCivil(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
  return local + BigInt(newDate - date) * DAY_MICROSECONDS;
}

/** instant ± interval by the clocks of a zone: months, then days, then time. */
export function addInterval(zone: ZoneTable, instant: bigint, interval: Interval, sign: 1 | -1): bigint {
  if (isInfiniteTimestamp(instant)) return instant;
  let result = instant;
  if (interval.months !== 0) {
    result = checkTimestamp(localToInstant(zone, addMonths(instantToLocal(zone, result), interval.months * sign)));
  }
  if (interval.days !== 0) {
    const change = BigInt(interval.days * sign) * DAY_MICROSECONDS;
    result = checkTimestamp(localToInstant(zone, instantToLocal(zone, result) + change));
  }
  return checkTimestamp(result + interval.microseconds * BigInt(sign));
}

/** An interval whose parts fit; throws 22008. */
export function checkInterval(months: number, days: number, microseconds: bigint): Interval {
  const fits = months === (months | 0) && days === (days | 0) && BigInt.asIntN(64, microseconds) === microseconds;
  if (!fits) throw userError('22008', 'interval out of range');
  return { months, days, microseconds };
}
