// Reference twin of what `assembly/date-functions.ts` does without a fallback; the twins of the others are the fallbacks of
// their functions. `undefined` is an overflow.
import { civilDate, dayNumber, intervalLength } from './dates.js';
import type { ReferenceInterval } from './format.js';

const DAY = 86_400_000_000n;
const MONTH = 30n * DAY;
/** 2000-01-01. */
const EPOCH = 946_684_800_000_000n;

/** An interval of the same length whose smaller part has the sign of the larger, and is less than `unit`. */
function split(length: bigint, unit: bigint): readonly [larger: bigint, rest: bigint] {
  return [length / unit, length % unit];
}

function fitting(months: bigint, days: bigint, microseconds: bigint): ReferenceInterval | undefined {
  const fits = BigInt.asIntN(32, months) === months && BigInt.asIntN(32, days) === days;
  return fits ? { months: Number(months), days: Number(days), microseconds } : undefined;
}

export function justifyHours({ months, days, microseconds }: ReferenceInterval): ReferenceInterval | undefined {
  const [whole, rest] = split(BigInt(days) * DAY + microseconds, DAY);
  return fitting(BigInt(months), whole, rest);
}

export function justifyDays({ months, days, microseconds }: ReferenceInterval): ReferenceInterval | undefined {
  const [whole, rest] = split(BigInt(months) * 30n + BigInt(days), 30n);
  return fitting(whole, rest, microseconds);
}

export function justify(interval: ReferenceInterval): ReferenceInterval | undefined {
  const [months, rest] = split(intervalLength(interval), MONTH);
  const [days, microseconds] = split(rest, DAY);
  return fitting(months, days, microseconds);
}

/** To a multiple of a unit, halves away from 0. */
export function roundTo(value: bigint, unit: bigint): bigint {
  const half = value < 0n ? -unit / 2n : unit / 2n;
  return ((value + half) / unit) * unit;
}

export function roundTimestamp(timestamp: bigint, unit: bigint): bigint {
  return roundTo(timestamp - EPOCH, unit) + EPOCH;
}

export function lastOfMonth(date: number): number {
  const { year, month } = civilDate(BigInt(date));
  return Number(dayNumber(month === 12 ? year + 1n : year, (month % 12) + 1, 1n)) - 1;
}
