// Fields of text files (text-records.ts) read as dates and times, a column of a batch at a time. Each kernel reads the usual
// forms itself, has datetime-readers.ts read the others, and lists the rows which that leaves, malformed ones included, in
// `declined` (one u32 each); it returns how many there are. Rows whose validity is 0 get the value 0.
//
// `work` are 1024 bytes for datetime-readers.ts, zeros at first: the head of an argument block (status.ts), and
//
//   64  table of the names of zones, 68 answer: see zone-names.ts
//   72  the row to begin with: where STATUS_ZONE asks for a zone, that row; else 0
//   76  how many rows before it were declined
//   80  a string heap
import { civilIsValid, daysFromCivil } from './calendar';
import { readDateText, readTimestampText } from './datetime-readers';
import { decline, isDigit } from './field-bytes';
import { STATUS_ZONE } from './status';
import { FIELD_ESCAPED, FIELD_LENGTH } from './text-field';
import { makeView } from './text-view';

const NO_DATE: i64 = i64.MIN_VALUE;
const WORK_HEAP: usize = 80;
const WORK_BYTES: usize = 1024;

/** Makes an argument block of the work memory, where nothing has failed yet. */
// @ts-ignore: decorator
@inline function openBlock(work: usize): void {
  store<i32>(work, 0);
  store<u32>(work, <u32>(work + WORK_HEAP), 4);
  store<u32>(work, <u32>(work + WORK_BYTES), 8);
}

/** Stops at a row that names a zone which TypeScript has to be asked for: it calls again with the answer. */
// @ts-ignore: decorator
@inline function asksAt(work: usize, row: u32, found: u32): bool {
  if (load<i32>(work) != STATUS_ZONE) return false;
  store<u32>(work, row, 72);
  store<u32>(work, found, 76);
  return true;
}

/** The row that a kernel begins with; the next call begins anew. */
// @ts-ignore: decorator
@inline function firstRow(work: usize): u32 {
  const row = load<u32>(work, 72);
  store<i32>(work, 0);
  store<u32>(work, 0, 72);
  return row;
}

/** How many rows before that were declined. */
// @ts-ignore: decorator
@inline function firstDeclined(work: usize): u32 {
  const found = load<u32>(work, 76);
  store<u32>(work, 0, 76);
  return found;
}

/** `2024-01-31` at the start of a text of at least ten bytes. */
function readDate(pointer: usize): i64 {
  const digits = load<u64>(pointer);
  if (load<u8>(pointer + 4) != 0x2d || load<u8>(pointer + 7) != 0x2d) return NO_DATE;
  const year = <i64>fourDigits(<u32>digits);
  const month = <i64>twoDigits(<u32>load<u16>(pointer + 5));
  const day = <i64>twoDigits(<u32>load<u16>(pointer + 8));
  if (year <= 0 || month < 0 || day < 0 || !civilIsValid(year, month, day)) return NO_DATE;
  return daysFromCivil(year, month, day);
}

/** -1 if they are not digits. */
function twoDigits(bytes: u32): i32 {
  const high = (bytes & 0xff) - 0x30;
  const low = (bytes >> 8) - 0x30;
  return high <= 9 && low <= 9 ? <i32>(high * 10 + low) : -1;
}

function fourDigits(bytes: u32): i32 {
  const high = twoDigits(bytes & 0xffff);
  const low = twoDigits(bytes >> 16);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

export function fieldsToDates(
  fields: usize,
  count: u32,
  target: usize,
  validity: usize,
  declined: usize,
  work: usize,
): u32 {
  let found = firstDeclined(work);
  for (let row = firstRow(work); row < count; row++) {
    let value: i64 = 0;
    if (load<u8>(validity + row) != 0) {
      const pointer: usize = load<u32>(fields + (row << 3));
      const flags = load<u32>(fields + (row << 3), 4);
      const length = flags & FIELD_LENGTH;
      value = length == 10 ? readDate(pointer) : NO_DATE;
      if (value == NO_DATE) {
        openBlock(work);
        value = (flags & FIELD_ESCAPED) == 0 ? readDateText(work, makeView(pointer, length)) : 0;
        if (asksAt(work, row, found)) return found;
        if ((flags & FIELD_ESCAPED) != 0 || load<i32>(work) != 0) {
          value = 0;
          found = decline(declined, found, row);
        }
      }
    }
    store<i32>(target + (row << 2), <i32>value);
  }
  return found;
}

/** Microseconds of `12:34:56[.789]` in `length` bytes, or -1. */
function readTime(pointer: usize, length: u32): i64 {
  if (length < 5 || load<u8>(pointer + 2) != 0x3a) return -1;
  const hour = twoDigits(<u32>load<u16>(pointer));
  const minute = twoDigits(<u32>load<u16>(pointer + 3));
  if (<u32>hour > 23 || <u32>minute > 59) return -1;
  let value: i64 = (<i64>hour * 60 + minute) * 60000000;
  if (length == 5) return value;
  if (length < 8 || load<u8>(pointer + 5) != 0x3a) return -1;
  const second = twoDigits(<u32>load<u16>(pointer + 6));
  if (<u32>second > 59) return -1;
  value += <i64>second * 1000000;
  if (length == 8) return value;
  // More than six digits are rounded, by others.
  if (load<u8>(pointer + 8) != 0x2e || length < 10 || length > 15) return -1;
  let unit: i64 = 100000;
  for (let i: u32 = 9; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (!isDigit(byte)) return -1;
    value += (byte - 0x30) * unit;
    unit /= 10;
  }
  return value;
}

/** `withZone`: the usual forms end in `Z`, `+00`, `+00:00` or the like; without an offset it is by `zone`, UTC if that is 0. */
export function fieldsToTimestamps(
  fields: usize,
  count: u32,
  withZone: i32,
  zone: usize,
  target: usize,
  validity: usize,
  declined: usize,
  work: usize,
): u32 {
  let found = firstDeclined(work);
  for (let row = firstRow(work); row < count; row++) {
    let value: i64 = 0;
    if (load<u8>(validity + row) != 0) {
      const pointer: usize = load<u32>(fields + (row << 3));
      const flags = load<u32>(fields + (row << 3), 4);
      let length = flags & FIELD_LENGTH;
      let isRead = length >= 10;
      let offset: i64 = 0;
      if (isRead && length > 10 && load<u8>(pointer + length - 1) == 0x5a) length--;
      else if (withZone != 0 && length > 19) {
        // The sign stands 3 or 6 bytes before the end.
        const minutesBehind = load<u8>(pointer + length - 3) == 0x3a;
        const at = pointer + length - (minutesBehind ? 6 : 3);
        const sign = load<u8>(at);
        const hours = twoDigits(<u32>load<u16>(at + 1));
        const minutes = minutesBehind ? twoDigits(<u32>load<u16>(at + 4)) : 0;
        isRead = (sign == 0x2b || sign == 0x2d) && <u32>hours <= 14 && <u32>minutes <= 59;
        offset = (<i64>hours * 60 + minutes) * (sign == 0x2d ? -60000000 : 60000000);
        length = <u32>(at - pointer);
      } else if (withZone != 0) isRead = false;
      const date = isRead ? readDate(pointer) : NO_DATE;
      let time: i64 = 0;
      if (length > 10) {
        const between = load<u8>(pointer + 10);
        time = between == 0x20 || between == 0x54 ? readTime(pointer + 11, length - 11) : -1;
      }
      if (date != NO_DATE && time >= 0) value = date * 86400000000 + time - offset;
      else if ((flags & FIELD_ESCAPED) != 0) found = decline(declined, found, row);
      else {
        openBlock(work);
        value = readTimestampText(work, makeView(pointer, flags & FIELD_LENGTH), withZone != 0, zone);
        if (asksAt(work, row, found)) return found;
        if (load<i32>(work) != 0) {
          value = 0;
          found = decline(declined, found, row);
        }
      }
    }
    store<i64>(target + (row << 3), value);
  }
  return found;
}
