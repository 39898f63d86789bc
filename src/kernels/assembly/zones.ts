// From instants to the clocks of a time zone and back, for generated code. `zone` is a table of zone-table.ts.
import { civilFromDays, days, daysFromCivil, daysInMonth, floorDivide, isInfinite, months, time } from './calendar';
import { timestampPart, timestampTruncate } from './date-fields';
import { localToChar } from './date-formatting';
import { isEpoch, TIMEZONE, truncatesDays, unitNumber } from './date-units';
import { readTimestampText } from './datetime-readers';
import { formatZonedTimestamp } from './format';
import { decline, fail, heapAllocate, reject, TIMESTAMP_OVERFLOW } from './status';
import { NOT_PLAIN, plainTimestamp } from './text-readers';
import { lengthOf, makeView, pointerOf } from './text-view';
import { offsetWidth } from './text-zones';
import { zoneOffsetAt, zoneOffsetOf } from './zone-table';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
// @ts-ignore: decorator
@inline const SECOND: i64 = 1000000;
// @ts-ignore: decorator
@inline const FIRST_TIMESTAMP: i64 = -210866803200000000;
// @ts-ignore: decorator
@inline const END_OF_TIMESTAMPS: i64 = 9223371331200000000;

function checked(block: usize, timestamp: i64): i64 {
  if (timestamp >= FIRST_TIMESTAMP && timestamp < END_OF_TIMESTAMPS) return timestamp;
  fail(block, TIMESTAMP_OVERFLOW);
  return 0;
}

/** The same for what TRY_CAST tries. */
function rejectedBeyond(block: usize, timestamp: i64): i64 {
  if (timestamp < FIRST_TIMESTAMP || timestamp >= END_OF_TIMESTAMPS) reject(block);
  return timestamp;
}

/** What the clocks show at an instant. */
export function zoneLocalOfInstant(block: usize, instant: i64, zone: usize): i64 {
  return isInfinite(instant) ? instant : rejectedBeyond(block, instant + zoneOffsetAt(instant, zone) * SECOND);
}

/** The instant at which the clocks show a time. */
export function zoneInstantOfLocal(block: usize, local: i64, zone: usize): i64 {
  return isInfinite(local) ? local : rejectedBeyond(block, local - zoneOffsetOf(local, zone) * SECOND);
}

function checkedInstant(block: usize, date: i64, rest: i64, zone: usize): i64 {
  // Days far beyond the bounds would wrap.
  if (date < -4000000 || date > 110000000) {
    fail(block, TIMESTAMP_OVERFLOW);
    return 0;
  }
  const local = date * DAY + rest;
  return checked(block, local - zoneOffsetOf(local, zone) * SECOND);
}

/** instant ± interval: months and days are those of the zone's clocks, each a step of its own; then time. */
export function zoneAddInterval(block: usize, instant: i64, interval: v128, zone: usize, sign: i32): i64 {
  if (isInfinite(instant)) return instant;
  const monthCount = <i64>months(interval) * sign;
  const dayCount = <i64>days(interval) * sign;
  let result = instant;
  if (monthCount != 0) {
    const local = result + zoneOffsetAt(result, zone) * SECOND;
    const date = floorDivide(local, DAY);
    const civil = civilFromDays(date);
    const total = (civil >> 9) * 12 + ((civil >> 5) & 15) - 1 + monthCount;
    const year = floorDivide(total, 12);
    const month = total - year * 12 + 1;
    const day = daysFromCivil(year, month, min(civil & 31, daysInMonth(year, month)));
    result = checkedInstant(block, day, local - date * DAY, zone);
    if (load<i32>(block) != 0) return 0;
  }
  if (dayCount != 0) {
    const local = result + zoneOffsetAt(result, zone) * SECOND;
    const date = floorDivide(local, DAY);
    result = checkedInstant(block, date + dayCount, local - date * DAY, zone);
    if (load<i32>(block) != 0) return 0;
  }
  const change = time(interval) * sign;
  const sum = result + change;
  if (((result ^ sum) & (change ^ sum)) < 0) {
    fail(block, TIMESTAMP_OVERFLOW);
    return 0;
  }
  return checked(block, sum);
}

/** date_trunc by the clocks of a zone. Hours and less keep their offset, so that they can be told apart when clocks go back. */
export function zoneTruncate(block: usize, unit: v128, instant: i64, zone: usize): i64 {
  if (isInfinite(instant)) return timestampTruncate(block, unit, instant);
  const offset = zoneOffsetAt(instant, zone) * SECOND;
  const local = timestampTruncate(block, unit, instant + offset);
  if (load<i32>(block) != 0) return instant;
  return truncatesDays(unit) ? checked(block, local - zoneOffsetOf(local, zone) * SECOND) : local - offset;
}

/** As text, with the offset behind it. */
export function zoneInstantToText(block: usize, instant: i64, zone: usize): v128 {
  const target = heapAllocate(block, 96);
  if (target == 0) return i64x2.splat(0);
  const length = formatZonedTimestamp(instant, zone, target);
  store<u32>(block, <u32>target + ((length + 15) & ~15), 4);
  return makeView(target, length);
}

/** A timestamp moved by an offset that is given as an interval. Declines those with months or days. */
export function timestampShift(block: usize, offset: v128, timestamp: i64, sign: i32): i64 {
  if (months(offset) != 0 || days(offset) != 0) {
    decline(block);
    return timestamp;
  }
  if (isInfinite(timestamp)) return timestamp;
  return checked(block, timestamp + (time(offset) / SECOND) * SECOND * sign);
}

/** date_part by the clocks of a zone. */
export function zonePart(block: usize, unit: v128, instant: i64, zone: usize): f64 {
  const field = unitNumber(unit);
  if (field >= TIMEZONE) return <f64>zoneOffsetField(block, instant, zone, field - TIMEZONE);
  if (isInfinite(instant) || isEpoch(unit)) return timestampPart(block, unit, instant);
  return timestampPart(block, unit, instant + zoneOffsetAt(instant, zone) * SECOND);
}

/** The offset of a zone at an instant: 0 in seconds, 1 its hours, 2 its minutes. Declines infinity. */
export function zoneOffsetField(block: usize, instant: i64, zone: usize, field: i32): i64 {
  if (isInfinite(instant)) {
    decline(block);
    return 0;
  }
  const offset = zoneOffsetAt(instant, zone);
  return field == 0 ? offset : field == 1 ? offset / 3600 : (offset % 3600) / 60;
}

/** to_char by the clocks of a zone. */
export function zoneToChar(block: usize, instant: i64, pattern: v128, zone: usize): v128 {
  const offset = isInfinite(instant) ? 0 : zoneOffsetAt(instant, zone);
  return localToChar(block, instant + offset * SECOND, pattern, offset);
}

/** A text as a cast to timestamptz reads it: without an offset, as the clocks of a zone show it. */
export function zoneInstantOfText(block: usize, text: v128, zone: usize): i64 {
  const hasOffset = offsetWidth(pointerOf(text), lengthOf(text)) > 0;
  const plain = plainTimestamp(text, hasOffset);
  if (plain == NOT_PLAIN) return readTimestampText(block, text, true, zone);
  return hasOffset ? plain : zoneInstantOfLocal(block, plain, zone);
}
