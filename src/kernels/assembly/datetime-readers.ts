// Dates, times and timestamps in any form, for the casts of text-readers.ts, word-readers.ts and zones.ts, which read the
// plain ones themselves: the twins of src/functions/casts/datetime/parse-timestamp.ts. What is no date is rejected;
// declined are `now`, `today` and its neighbours, and what is longer than any date. Of names of zones that are not known yet
// STATUS_ZONE asks (zone-names.ts); what has one is read again with the answer.
import { daysFromCivil } from './calendar';
import { END_OF_DAYS, FIRST_DAY, LAST_DAY } from './date-bounds';
import { decodeDateTime } from './datetime-decoding';
import { closeWork, openWork, splitDateTime } from './datetime-fields';
import { DATE, DateTime, TIME } from './datetime-numerals';
import { EPOCH, INFINITY } from './datetime-words';
import { decline, reject } from './status';
import { zoneOfName } from './zone-names';
import { zoneOffsetOf } from './zone-table';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
// @ts-ignore: decorator
@inline const DAY_SECONDS: i64 = 86400;
// @ts-ignore: decorator
@inline const SECOND: i64 = 1000000;
/** By so many days an offset may lead into the range. */
// @ts-ignore: decorator
@inline const LONGEST_OFFSET_DAYS: i64 = 7;

/** What a text means; null, with the status set, where it is not to be read. */
function decoded(block: usize, text: v128, timeOnly: bool): DateTime | null {
  const work = openWork(block, text);
  if (work == 0) return null;
  const count = splitDateTime(work, text);
  const isRead = count >= 0 && decodeDateTime(work, count, timeOnly);
  closeWork(block);
  const result = changetype<DateTime>(work);
  const needed = timeOnly ? TIME : DATE;
  if (!isRead || (result.seen & needed) != needed) reject(block);
  else if (result.isUnsure) decline(block);
  else if (result.nameStart == 0) return result;
  else {
    const zone = zoneOfName(block, result.nameStart, result.nameEnd);
    result.zone = <u32>zone;
    if (zone != 0) return result;
  }
  return null;
}

/** Days since 1970-01-01; a time behind the date is read and left out. */
export function readDateText(block: usize, text: v128): i32 {
  const d = decoded(block, text, false);
  if (d == null) return 0;
  if (d.special != 0) return d.special == EPOCH ? 0 : d.special == INFINITY ? i32.MAX_VALUE : i32.MIN_VALUE;
  const days = daysFromCivil(d.year, d.month, d.day);
  if (days < FIRST_DAY || days > LAST_DAY) reject(block);
  return <i32>days;
}

/** µs since midnight. */
export function readTimeText(block: usize, text: v128): i64 {
  const d = decoded(block, text, true);
  return d == null ? 0 : d.time;
}

/** µs since 1970-01-01. With `zoned` it is an instant, by the offset in the text, or else by a zone: 0 is UTC. */
export function readTimestampText(block: usize, text: v128, zoned: bool, zone: usize): i64 {
  const d = decoded(block, text, false);
  if (d == null) return 0;
  if (d.special != 0) return d.special == EPOCH ? 0 : d.special == INFINITY ? i64.MAX_VALUE : i64.MIN_VALUE;
  const days = daysFromCivil(d.year, d.month, d.day);
  if (days < FIRST_DAY - LONGEST_OFFSET_DAYS || days >= END_OF_DAYS + LONGEST_OFFSET_DAYS) {
    reject(block);
    return 0;
  }
  const time = d.time;
  let offset: i64 = 0;
  if (zoned) {
    if (d.hasOffset) offset = d.offset;
    else if (d.hasZone) offset = d.zoneOffset;
    else {
      const clocks = d.zone != 0 ? <usize>d.zone : zone;
      if (clocks != 0) offset = zoneOffsetOf(days * DAY + time, clocks);
    }
  }
  // In seconds, because microseconds out of range could wrap.
  const seconds = days * DAY_SECONDS + time / SECOND - offset;
  if (seconds < FIRST_DAY * DAY_SECONDS || seconds >= END_OF_DAYS * DAY_SECONDS) reject(block);
  return seconds * SECOND + (time % SECOND);
}
