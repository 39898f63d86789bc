// Intervals in any form, for the cast of interval-reader.ts, which reads the plain ones itself: the twin of
// src/functions/casts/datetime/parse-interval.ts. What is no interval is rejected; declined is what is longer than any.
import {
  clearMeaning,
  closeWork,
  DATE_FIELD,
  fieldEnd,
  fieldKind,
  fieldStart,
  NUMBER_FIELD,
  openWork,
  SIGNED_WORD_FIELD,
  skipDigits,
  splitDateTime,
  TIME_FIELD,
  ZONE_FIELD,
} from './datetime-fields';
import {
  BEYOND_BIGINT,
  decodeTime,
  fractionOf,
  numberOf,
  OUT_OF_RANGE,
  READ,
  UNSURE,
  WRONG_FORMAT,
} from './datetime-numbers';
import { addMicroseconds, addMonths, addUnit, fitsInterval, intervalOf, IntervalSum, negateSum } from './interval-sum';
import {
  AGO_WORD,
  DAY_UNIT,
  HOUR_UNIT,
  INFINITE_WORD,
  intervalWordOf,
  MICROSECOND_UNIT,
  MILLISECOND_UNIT,
  MINUTE_UNIT,
  MONTH_UNIT,
  NO_UNIT_WORD,
  SECOND_UNIT,
} from './interval-words';
import { readIsoInterval } from './iso-interval';
import { decline, reject } from './status';
import { lengthOf, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const ALL_SECONDS: u32 = SECOND_UNIT | MILLISECOND_UNIT | MICROSECOND_UNIT;
// @ts-ignore: decorator
@inline const CLOCK: u32 = HOUR_UNIT | MINUTE_UNIT | ALL_SECONDS;
// @ts-ignore: decorator
@inline const DASH: u32 = 0x2d;

// @ts-ignore: decorator
@inline function hasSign(from: usize): bool {
  const byte = <u32>load<u8>(from);
  return byte == 0x2b || byte == DASH;
}

// @ts-ignore: decorator
@inline function isNegative(from: usize): bool {
  return load<u8>(from) == DASH;
}

/** Is there a colon in a number with a sign? */
function hasColon(from: usize, end: usize): bool {
  for (let at = from; at < end; at++) {
    if (load<u8>(at) == 0x3a) return true;
  }
  return false;
}

/** What is read from the last field to the first, because units come behind their numbers. */
@unmanaged
class VerboseInterval extends IntervalSum {
  /** Of the next number; 0 where there is none yet. */
  unit: u32;
  /** Units that numbers have been read for. */
  seen: u32;
}

// @ts-ignore: decorator
@inline function take(v: VerboseInterval, units: u32): i32 {
  if ((v.seen & units) != 0) return WRONG_FORMAT;
  v.seen |= units;
  return READ;
}

function addClock(v: VerboseInterval, from: usize, end: usize): i32 {
  if (take(v, CLOCK) != READ) return WRONG_FORMAT;
  v.unit = DAY_UNIT;
  const outcome = decodeTime(v, from + usize(hasSign(from)), end);
  if (outcome != READ) return outcome;
  const hours = <i64>v.hour;
  const rest = <i64>(v.minute * 60 + v.second) * 1000000 + v.micros;
  return isNegative(from)
    ? addMicroseconds(v, -hours, 3600000000, -rest)
    : addMicroseconds(v, hours, 3600000000, rest);
}

/** SQL's years and months, `1-2`, of which the dash is given. */
function addYearsAndMonths(v: VerboseInterval, from: usize, start: usize, dash: usize, end: usize): i32 {
  const years = numberOf(start, dash);
  const months = numberOf(dash + 1, end);
  if (months >= 12 || years > 0x7fffffff) return OUT_OF_RANGE;
  const total = <i64>(years * 12 + months);
  const outcome = addMonths(v, isNegative(from) ? -total : total, 0);
  if (outcome != READ) return outcome;
  v.unit = MONTH_UNIT;
  return take(v, MONTH_UNIT);
}

function addNumber(v: VerboseInterval, from: usize, end: usize): i32 {
  const start = from + usize(hasSign(from));
  const point = skipDigits(start);
  let fraction: f64 = 0;
  let hasDecimals = false;
  if (point < end) {
    const byte = <u32>load<u8>(point);
    const last = skipDigits(point + 1);
    if (last != end) return WRONG_FORMAT;
    if (byte == DASH && point > start && last > point + 1) return addYearsAndMonths(v, from, start, point, end);
    hasDecimals = last > point + 1;
    if (byte != 0x2e || (point == start && !hasDecimals)) return WRONG_FORMAT;
    fraction = fractionOf(point + 1, end);
  } else if (point == start) return WRONG_FORMAT;
  const size = numberOf(start, point);
  if (size >= BEYOND_BIGINT) return OUT_OF_RANGE;
  if (fraction != fraction) return UNSURE;
  const unit = v.unit;
  const outcome = isNegative(from)
    ? addUnit(v, unit, -(<i64>size), -fraction)
    : addUnit(v, unit, <i64>size, fraction);
  if (outcome != READ) return outcome;
  if (unit == HOUR_UNIT) v.unit = DAY_UNIT;
  return take(v, unit == SECOND_UNIT && fraction != 0 ? ALL_SECONDS : unit);
}

/** After DecodeInterval of PostgreSQL. Where it is WRONG_FORMAT, it may be after ISO 8601. */
function readVerbose(work: usize, count: i32): i32 {
  clearMeaning(work);
  const v = changetype<VerboseInterval>(work);
  let isPending = false;
  let isNegated = false;
  for (let index = count - 1; index >= 0; index--) {
    const kind = fieldKind(work, index);
    const from = fieldStart(work, index);
    const end = fieldEnd(work, index);
    let outcome: i32;
    if (kind == TIME_FIELD || (kind == ZONE_FIELD && hasColon(from, end))) {
      outcome = addClock(v, from, end);
      isPending = false;
    } else if (kind == ZONE_FIELD || kind == DATE_FIELD || kind == NUMBER_FIELD) {
      if (v.unit == 0) {
        // What lies `ago` needs a unit.
        if (isNegated) return WRONG_FORMAT;
        v.unit = SECOND_UNIT;
      }
      outcome = addNumber(v, from, end);
      isPending = false;
    } else {
      const isSigned = kind == SIGNED_WORD_FIELD;
      const word = intervalWordOf(from + usize(isSigned), end);
      if (word == NO_UNIT_WORD && !isSigned) continue;
      if (word == 0 || isPending || (isSigned && word != INFINITE_WORD)) return WRONG_FORMAT;
      outcome = READ;
      if (word == AGO_WORD || word == INFINITE_WORD) {
        if (index != count - 1) return WRONG_FORMAT;
        // No interval is infinite.
        if (word == INFINITE_WORD) return count == 1 ? OUT_OF_RANGE : WRONG_FORMAT;
        isNegated = true;
      } else {
        v.unit = word;
        isPending = true;
      }
    }
    if (outcome != READ) return outcome;
  }
  if (v.seen == 0 || isPending) return WRONG_FORMAT;
  return isNegated ? negateSum(v) : READ;
}

/** Units of any spelling, a clock, SQL's `1-2 3 04:05:06`, or ISO 8601. */
export function readIntervalText(block: usize, text: v128): v128 {
  const work = openWork(block, text);
  if (work == 0) return text;
  const count = splitDateTime(work, text);
  let outcome = count < 0 ? WRONG_FORMAT : readVerbose(work, count);
  if (outcome == WRONG_FORMAT) outcome = readIsoInterval(work, pointerOf(text), lengthOf(text));
  closeWork(block);
  const sum = changetype<IntervalSum>(work);
  if (outcome == UNSURE) decline(block);
  else if (outcome != READ || !fitsInterval(sum)) reject(block);
  return intervalOf(sum);
}
