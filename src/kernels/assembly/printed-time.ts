// What templates of to_char print (date-formatting.ts), and what follows from it.
import { civilFromDays, daysFromCivil, isoWeekday } from './calendar';

// What is known of the zone of a timestamp.
// @ts-ignore: decorator
@inline export const NO_ZONE: u32 = 0;
// @ts-ignore: decorator
@inline export const UTC: u32 = 1;
/** A zone with a name that only TypeScript knows. */
// @ts-ignore: decorator
@inline export const NAMED_ZONE: u32 = 2;

/** What templates print, of a timestamp or of an interval. */
@unmanaged
export class PrintedTime {
  year: i64;
  month: i64;
  day: i64;
  /** Days since 1970-01-01; of an interval, of the date that its fields would be. */
  date: i64;
  /** Of the day, or all of an interval. */
  micros: i64;
  /** Seconds east of Greenwich. */
  offset: i64;
  zone: u32;
  isInterval: bool;

  /** As it is written: 1 BC is the year before 1. */
  @inline
  shown(year: i64): i64 {
    return this.isInterval || year > 0 ? year : 1 - year;
  }

  get dayOfYear(): i64 {
    if (this.isInterval) return (this.year * 12 + this.month) * 30 + this.day;
    return this.date - daysFromCivil(this.year, 1, 1) + 1;
  }

  get century(): i64 {
    const year = this.year;
    if (this.isInterval) return year / 100;
    return year > 0 ? (year - 1) / 100 + 1 : year / 100 - 1;
  }

  /** The Thursday of its week, which tells the year that the week belongs to. */
  @inline
  get thursday(): i64 {
    return this.date - isoWeekday(this.date) + 3;
  }

  get weekYear(): i64 {
    return civilFromDays(this.thursday) >> 9;
  }

  get week(): i64 {
    const thursday = this.thursday;
    return (thursday - daysFromCivil(civilFromDays(thursday) >> 9, 1, 1)) / 7 + 1;
  }
}
