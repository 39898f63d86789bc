// Functions of Spark over dates, for generated code. What a function declines is NULL: names that it does not know, and what
// infinity does not have.
import { civilFromDays, daysFromCivil, daysInMonth, floorDivide, isInfinite, isInfiniteDate, isoWeekday } from './calendar';
import { decline } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;

/** At most eight bytes, letters in lower case, the first in the lowest byte; 0 of what is longer. */
function shortWord(text: v128): u64 {
  const length = lengthOf(text);
  const pointer = pointerOf(text);
  if (length > 8) return 0;
  let word: u64 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    word |= <u64>(u8(byte - 0x41) < 26 ? byte | 0x20 : byte) << (i << 3);
  }
  return word;
}

// @ts-ignore: decorator
@inline function isSpace(byte: u8): bool {
  return byte == 0x20 || u8(byte - 9) < 5;
}

/** 0 is Monday; -1 of other words than names in full, or of two or three letters. There may be spaces around them. */
function weekdayOf(name: v128): i64 {
  let start = pointerOf(name);
  let end = start + lengthOf(name);
  while (start < end && isSpace(load<u8>(start))) start++;
  while (end > start && isSpace(load<u8>(end - 1))) end--;
  const length = <u32>(end - start);
  // Only Wednesday has more than eight letters.
  if (length == 9) return shortWord(makeView(start, 8)) == 0x616473656e646577 && (load<u8>(end - 1) | 0x20) == 0x79 ? 2 : -1;
  switch (shortWord(makeView(start, length))) {
    case 0x6f6d:
    case 0x6e6f6d:
    case 0x7961646e6f6d:
      return 0;
    case 0x7574:
    case 0x657574:
    case 0x79616473657574:
      return 1;
    case 0x6577:
    case 0x646577:
      return 2;
    case 0x6874:
    case 0x756874:
    case 0x7961647372756874:
      return 3;
    case 0x7266:
    case 0x697266:
    case 0x796164697266:
      return 4;
    case 0x6173:
    case 0x746173:
    case 0x7961647275746173:
      return 5;
    case 0x7573:
    case 0x6e7573:
    case 0x7961646e7573:
      return 6;
    default:
      return -1;
  }
}

/** next_day: the first day after a date that is that day of the week. */
export function dateNextWeekday(block: usize, date: i32, name: v128): i32 {
  const weekday = weekdayOf(name);
  if (weekday < 0 || isInfiniteDate(date)) {
    decline(block);
    return date;
  }
  return date + <i32>((weekday - isoWeekday(date) + 6) % 7) + 1;
}

/** trunc(date, unit). */
export function dateTruncateToUnit(block: usize, date: i32, unit: v128): i32 {
  if (isInfiniteDate(date)) return date;
  const civil = civilFromDays(date);
  const year = civil >> 9;
  const month = (civil >> 5) & 15;
  switch (shortWord(unit)) {
    case 0x72616579: // year
    case 0x79797979:
    case 0x7979:
      return <i32>daysFromCivil(year, 1, 1);
    case 0x72657472617571: // quarter
      return <i32>daysFromCivil(year, month - ((month - 1) % 3), 1);
    case 0x68746e6f6d: // month
    case 0x6e6f6d:
    case 0x6d6d:
      return <i32>daysFromCivil(year, month, 1);
    case 0x6b656577: // week
      return date - <i32>isoWeekday(date);
    default:
      decline(block);
      return date;
  }
}

/** months_between: months of 31 days, unless both are the same day of the month or the last; to eight digits. */
export function timestampMonthsBetween(block: usize, later: i64, earlier: i64): f64 {
  if (isInfinite(later) || isInfinite(earlier)) {
    decline(block);
    return 0;
  }
  const endDate = floorDivide(later, DAY);
  const startDate = floorDivide(earlier, DAY);
  const end = civilFromDays(endDate);
  const start = civilFromDays(startDate);
  const endDay = end & 31;
  const startDay = start & 31;
  const endMonth = (end >> 5) & 15;
  const startMonth = (start >> 5) & 15;
  const months = <f64>(((end >> 9) - (start >> 9)) * 12 + endMonth - startMonth);
  const areLast = endDay == daysInMonth(end >> 9, endMonth) && startDay == daysInMonth(start >> 9, startMonth);
  if (endDay == startDay || areLast) return months;
  const endTime = <f64>(later - endDate * DAY) / 1e6;
  const startTime = <f64>(earlier - startDate * DAY) / 1e6;
  const seconds = <f64>((endDay - startDay) * 86400) + endTime - startTime;
  // As Math.round: halves go up.
  return floor<f64>((months + seconds / 2678400.0) * 1e8 + 0.5) / 1e8;
}
