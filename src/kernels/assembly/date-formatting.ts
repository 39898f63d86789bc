// to_char and make_date, for generated code. What a function declines is left to TypeScript.
import {
  civilFromDays,
  civilIsValid,
  days,
  daysFromCivil,
  floorDivide,
  isInfinite,
  isoWeekday,
  months,
  time,
} from './calendar';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
// @ts-ignore: decorator
@inline const NO_DATE: i64 = i64.MIN_VALUE;

/** Exactly `count` digits. */
function putDigits(target: usize, value: i64, count: u32): usize {
  let rest = value;
  for (let i = count; i > 0; i--) {
    store<u8>(target + i - 1, <u8>(0x30 + rest % 10));
    rest /= 10;
  }
  return target + count;
}

/** The first three letters of a month, the first in the lowest byte. */
function monthLetters(value: u32): u32 {
  switch (value) {
    case 1:
      return 0x6e614a;
    case 2:
      return 0x626546;
    case 3:
      return 0x72614d;
    case 4:
      return 0x727041;
    case 5:
      return 0x79614d;
    case 6:
      return 0x6e754a;
    case 7:
      return 0x6c754a;
    case 8:
      return 0x677541;
    case 9:
      return 0x706553;
    case 10:
      return 0x74634f;
    case 11:
      return 0x766f4e;
    default:
      return 0x636544;
  }
}

/** The same of a day of the week; 0 is Monday. */
function dayLetters(value: u32): u32 {
  switch (value) {
    case 0:
      return 0x6e6f4d;
    case 1:
      return 0x657554;
    case 2:
      return 0x646557;
    case 3:
      return 0x756854;
    case 4:
      return 0x697246;
    case 5:
      return 0x746153;
    default:
      return 0x6e7553;
  }
}

/** Three letters in the case of a pattern's first two: `MO`, `Mo` or `mo`. */
function putLetters(target: usize, letters: u32, first: u8, second: u8): usize {
  let cased = letters;
  if (first >= 0x61) cased |= 0x202020;
  else if (second < 0x61) cased &= ~0x202020;
  store<u32>(target, cased);
  return target + 3;
}

/** Two letters of a word in capitals, in small letters, or with one capital: `lower` has them in small letters. */
function isWord(two: u32, first: u8, lower: u32): bool {
  return (two | 0x2020) == lower && (two != 0) && !(first >= 0x61 && (two >> 8) < 0x61);
}

/** Is the third letter in the case of the second? */
function sameCase(first: u8, second: u8, third: u8): bool {
  return first >= 0x61 ? third >= 0x61 : second >= 0x61 == third >= 0x61;
}

/** Two digits, or more where a number has them. */
function putTwoOrMore(target: usize, value: i64): usize {
  let count: u32 = 2;
  for (let rest = value; rest >= 100; rest /= 10) count++;
  return putDigits(target, value, count);
}

/**
 * Patterns of YYYY, MM, Mon, DD, Dy, HH24, MI, SS, MS, US and what is not letters or quotes. `date` is the day since 1970,
 * or NO_DATE of an interval, which has no names; `micros` are those of its time, which may be of many days then.
 */
function laidOut(block: usize, pattern: v128, date: i64, year: i64, month: i64, day: i64, micros: i64): v128 {
  const source = pointerOf(pattern);
  const length = lengthOf(pattern);
  // No part writes more than three times its letters: US, and days of intervals. Names write a byte too many.
  const room = length * 3 + 16;
  const target = heapAllocate(block, room);
  if (target == 0) return pattern;
  let write = target;
  let i: u32 = 0;
  while (i < length) {
    const byte = load<u8>(source + i);
    const two = i + 2 <= length ? load<u16>(source + i) : 0;
    const four: u32 = i + 4 <= length ? load<u32>(source + i) : 0;
    if (four == 0x59595959) {
      write = putDigits(write, year, 4);
      i += 4;
    } else if (four == 0x34324848) {
      write = putTwoOrMore(write, micros / 3600000000);
      i += 4;
    } else if (two == 0x4d4d) {
      write = putDigits(write, month, 2);
      i += 2;
    } else if (two == 0x4444 && (i + 2 == length || load<u8>(source + i + 2) != 0x44)) {
      write = putTwoOrMore(write, day);
      i += 2;
    } else if (isWord(two, byte, 0x6f6d) && (load<u8>(source + i + 2) | 0x20) == 0x6e && i + 3 <= length) {
      if (date == NO_DATE || !sameCase(byte, <u8>(two >> 8), load<u8>(source + i + 2))) {
        heapReturn(block, room);
        decline(block);
        return pattern;
      }
      write = putLetters(write, monthLetters(<u32>month), byte, <u8>(two >> 8));
      i += 3;
    } else if (date != NO_DATE && isWord(two, byte, 0x7964)) {
      write = putLetters(write, dayLetters(<u32>isoWeekday(date)), byte, <u8>(two >> 8));
      i += 2;
    } else if (two == 0x494d) {
      write = putDigits(write, (micros / 60000000) % 60, 2);
      i += 2;
    } else if (two == 0x5353 && (i + 2 == length || load<u8>(source + i + 2) != 0x53)) {
      write = putDigits(write, (micros / 1000000) % 60, 2);
      i += 2;
    } else if (two == 0x534d) {
      write = putDigits(write, (micros % 1000000) / 1000, 3);
      i += 2;
    } else if (two == 0x5355) {
      write = putDigits(write, micros % 1000000, 6);
      i += 2;
    } else if (u8((byte | 0x20) - 0x61) < 26 || byte == 0x22 || byte == 0x5c) {
      heapReturn(block, room);
      decline(block);
      return pattern;
    } else {
      store<u8>(write++, byte);
      i++;
    }
  }
  heapReturn(block, room - <u32>(write - target));
  return makeView(target, <u32>(write - target));
}

/** to_char of years 1 to 9999. */
export function timestampToChar(block: usize, timestamp: i64, pattern: v128): v128 {
  const date = floorDivide(timestamp, DAY);
  const civil = civilFromDays(date);
  const year = civil >> 9;
  if (lengthOf(pattern) == 0 || isInfinite(timestamp) || year < 1 || year > 9999) {
    decline(block);
    return pattern;
  }
  return laidOut(block, pattern, date, year, (civil >> 5) & 15, civil & 31, timestamp - date * DAY);
}

/** to_char of an interval without negative parts, below 10,000 years and a million days. */
export function intervalToChar(block: usize, interval: v128, pattern: v128): v128 {
  const m = months(interval);
  const d = days(interval);
  const micros = time(interval);
  if (lengthOf(pattern) == 0 || m < 0 || m >= 120000 || d < 0 || d >= 1000000 || micros < 0) {
    decline(block);
    return pattern;
  }
  return laidOut(block, pattern, NO_DATE, m / 12, m % 12, d, micros);
}

/** Years 1 to 9999; invalid dates are declined. */
export function dateOfCivil(block: usize, year: i32, month: i32, day: i32): i32 {
  if (year < 1 || year > 9999 || !civilIsValid(year, month, day)) {
    decline(block);
    return 0;
  }
  return <i32>daysFromCivil(year, month, day);
}
