// The cast of a text to an interval, for generated code: of plain forms; every other one is read by verbose-interval.ts.
import { makeInterval } from './calendar';
import { timeAt } from './text-readers';
import { lengthOf, pointerOf } from './text-view';
import { readIntervalText } from './verbose-interval';

// Units as the first bytes of a number.
// @ts-ignore: decorator
@inline const YEAR: u64 = 0x72616579;
// @ts-ignore: decorator
@inline const MON: u64 = 0x6e6f6d;
// @ts-ignore: decorator
@inline const MONTH: u64 = 0x68746e6f6d;
// @ts-ignore: decorator
@inline const WEEK: u64 = 0x6b656577;
// @ts-ignore: decorator
@inline const DAY: u64 = 0x796164;
// @ts-ignore: decorator
@inline const HOUR: u64 = 0x72756f68;
// @ts-ignore: decorator
@inline const MIN: u64 = 0x6e696d;
// @ts-ignore: decorator
@inline const MINUTE: u64 = 0x6574756e696d;
// @ts-ignore: decorator
@inline const SEC: u64 = 0x636573;
// @ts-ignore: decorator
@inline const SECOND: u64 = 0x646e6f636573;

/** Digits of a number: with six, no sum of units overflows. */
const MOST_DIGITS: u32 = 6;

// Fields that a clock stands for, and which then have no number of their own.
const HOURS: u32 = 8;
const MINUTES: u32 = 16;
const SECONDS: u32 = 32;
const CLOCK: u32 = HOURS | MINUTES | SECONDS;

/** `1 year 2 mons -3 days 04:05:06.7`: whole numbers with a unit in small letters, one space between, and a clock last. */
export function textToInterval(block: usize, text: v128): v128 {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  let months: i32 = 0;
  let days: i32 = 0;
  let time: i64 = 0;
  let seen: u32 = 0;
  let i: u32 = 0;
  while (i < length) {
    const sign = load<u8>(pointer + i);
    if (sign == 0x2d || sign == 0x2b) i++;
    const start = i;
    let number: i32 = 0;
    for (; i < length && i - start <= MOST_DIGITS; i++) {
      const digit = <u32>load<u8>(pointer + i) - 0x30;
      if (digit > 9) break;
      number = number * 10 + <i32>digit;
    }
    if (i - start - 1 >= MOST_DIGITS || i == length) break;
    if (sign == 0x2d) number = -number;
    let field: u32 = 0;
    if (load<u8>(pointer + i) == 0x3a) {
      const clock = timeAt(pointer + start, length - start);
      if (clock < 0) break;
      time += sign == 0x2d ? -clock : clock;
      field = CLOCK;
      i = length;
    } else if (load<u8>(pointer + i) == 0x20) {
      const from = ++i;
      let unit: u64 = 0;
      for (; i < length && i - from < 8; i++) {
        const byte = load<u8>(pointer + i);
        if (byte == 0x20) break;
        unit |= <u64>byte << (<u64>(i - from) << 3);
      }
      const last = i - from - 1;
      if (last < 8 && last > 0 && load<u8>(pointer + i - 1) == 0x73) unit &= (<u64>1 << (<u64>last << 3)) - 1;
      if (unit == YEAR) {
        months += number * 12;
        field = 1;
      } else if (unit == MON || unit == MONTH) {
        months += number;
        field = 2;
      } else if (unit == WEEK) {
        days += number * 7;
        field = 64;
      } else if (unit == DAY) {
        days += number;
        field = 4;
      } else if (unit == HOUR) {
        time += <i64>number * 3600000000;
        field = HOURS;
      } else if (unit == MIN || unit == MINUTE) {
        time += <i64>number * 60000000;
        field = MINUTES;
      } else if (unit == SEC || unit == SECOND) {
        time += <i64>number * 1000000;
        field = SECONDS;
      }
      if (i < length) {
        // A space, and what it separates.
        if (load<u8>(pointer + i) != 0x20 || i + 1 == length) break;
        i++;
      }
    }
    if (field == 0 || (seen & field) != 0) break;
    seen |= field;
    if (i == length) return makeInterval(months, days, time);
  }
  return readIntervalText(block, text);
}
