// Intervals after ISO 8601: the twin of src/functions/casts/datetime/parse-iso-interval.ts, which is after
// DecodeISO8601Interval of PostgreSQL.
import { clearMeaning, isDecimalDigit } from './datetime-fields';
import { fractionOf, numberOf, OUT_OF_RANGE, READ, UNSURE, WRONG_FORMAT } from './datetime-numbers';
import { addDays, addMonths, addTime, addYears, IntervalSum } from './interval-sum';

// @ts-ignore: decorator
@inline const HOUR: i64 = 3600000000;
// @ts-ignore: decorator
@inline const MINUTE: i64 = 60000000;
// @ts-ignore: decorator
@inline const SECOND: i64 = 1000000;
// @ts-ignore: decorator
@inline const T: u32 = 0x54;
// @ts-ignore: decorator
@inline const DASH: u32 = 0x2d;
// @ts-ignore: decorator
@inline const COLON: u32 = 0x3a;

/** Where a text is read, and the number that was read last. */
@unmanaged
class IsoReader extends IntervalSum {
  at: usize;
  end: usize;
  whole: i64;
  fraction: f64;
  /** Digits before the point. */
  width: usize;
}

/** The next character; 0 at the end. A character of no bits is another, which is no unit, either. */
// @ts-ignore: decorator
@inline function take(r: IsoReader): u32 {
  return r.at < r.end ? max<u32>(load<u8>(r.at++), 1) : 0;
}

function digitsEnd(r: IsoReader, from: usize): usize {
  let at = from;
  while (at < r.end && isDecimalDigit(load<u8>(at))) at++;
  return at;
}

function readNumber(r: IsoReader): i32 {
  let from = r.at;
  const sign = from < r.end ? <u32>load<u8>(from) : 0;
  if (sign == 0x2b || sign == DASH) from++;
  const point = digitsEnd(r, from);
  r.width = point - from;
  r.at = point;
  r.fraction = 0;
  if (point < r.end && load<u8>(point) == 0x2e) {
    r.at = digitsEnd(r, point + 1);
    if (r.at > point + 1) r.fraction = fractionOf(point + 1, r.at);
    else if (r.width == 0) return WRONG_FORMAT;
  } else if (r.width == 0) return WRONG_FORMAT;
  const size = numberOf(from, point);
  if (size > 0x7fffffff) return OUT_OF_RANGE;
  if (r.fraction != r.fraction) return UNSURE;
  r.whole = sign == DASH ? -(<i64>size) : <i64>size;
  if (sign == DASH) r.fraction = -r.fraction;
  return READ;
}

/** A number with its unit: `3D`, and behind the T `4H`. WRONG_FORMAT where there is no unit. */
function addDesignated(r: IsoReader, unit: u32, inDate: bool): i32 {
  if (inDate) {
    switch (unit) {
      case 0x59: // Y
        return addYears(r, r.whole, r.fraction, 1);
      case 0x4d: // M
        return addMonths(r, r.whole, r.fraction);
      case 0x57: // W
        return addDays(r, r.whole, r.fraction, 7);
      case 0x44: // D
        return addDays(r, r.whole, r.fraction, 1);
    }
  } else {
    switch (unit) {
      case 0x48: // H
        return addTime(r, r.whole, r.fraction, HOUR);
      case 0x4d: // M
        return addTime(r, r.whole, r.fraction, MINUTE);
      case 0x53: // S
        return addTime(r, r.whole, r.fraction, SECOND);
    }
  }
  return WRONG_FORMAT;
}

/** `YYYYMMDD` or `YYYY-MM-DD`, of which the later parts may be missing. What follows is the end or a time. */
function readDate(r: IsoReader, first: u32): i32 {
  let unit = first;
  let outcome: i32;
  if (r.width == 8 && unit != DASH) {
    outcome = addYears(r, r.whole / 10000, 0, 1);
    if (outcome == READ) outcome = addMonths(r, (r.whole / 100) % 100, 0);
    if (outcome == READ) outcome = addDays(r, r.whole % 100, r.fraction, 1);
  } else {
    outcome = addYears(r, r.whole, r.fraction, 1);
    if (outcome == READ && unit == DASH) {
      outcome = readNumber(r);
      if (outcome == READ) outcome = addMonths(r, r.whole, r.fraction);
      unit = take(r);
      if (outcome == READ && unit == DASH) {
        outcome = readNumber(r);
        if (outcome == READ) outcome = addDays(r, r.whole, r.fraction, 1);
        unit = take(r);
      }
    }
  }
  if (outcome != READ) return outcome;
  return unit == T || unit == 0 ? READ : WRONG_FORMAT;
}

/** `HHMMSS` or `HH:MM:SS`. */
function readTime(r: IsoReader, unit: u32): i32 {
  let outcome: i32;
  if (unit != COLON) {
    if (unit != 0) return WRONG_FORMAT;
    if (r.width != 6) return addTime(r, r.whole, r.fraction, HOUR);
    outcome = addTime(r, r.whole / 10000, 0, HOUR);
    if (outcome == READ) outcome = addTime(r, (r.whole / 100) % 100, 0, MINUTE);
    return outcome == READ ? addTime(r, r.whole % 100, r.fraction, SECOND) : outcome;
  }
  outcome = addTime(r, r.whole, r.fraction, HOUR);
  if (outcome == READ) outcome = readNumber(r);
  if (outcome == READ) outcome = addTime(r, r.whole, r.fraction, MINUTE);
  if (outcome != READ || r.at == r.end) return outcome;
  if (take(r) != COLON) return WRONG_FORMAT;
  outcome = readNumber(r);
  if (outcome == READ) outcome = addTime(r, r.whole, r.fraction, SECOND);
  return outcome == READ && r.at != r.end ? WRONG_FORMAT : outcome;
}

/** `P1Y2M3DT4H5M6.7S`, `P0001-02-03T04:05:06`, `P00010203T040506`, into a sum; what reading comes to. */
export function readIsoInterval(work: usize, from: usize, length: u32): i32 {
  if (length < 2 || load<u8>(from) != 0x50) return WRONG_FORMAT;
  clearMeaning(work);
  const r = changetype<IsoReader>(work);
  r.at = from + 1;
  r.end = from + length;
  let inDate = true;
  let hasField = false;
  while (r.at < r.end) {
    if (load<u8>(r.at) == T) {
      r.at++;
      inDate = false;
      hasField = false;
      continue;
    }
    let outcome = readNumber(r);
    if (outcome != READ) return outcome;
    const unit = take(r);
    outcome = addDesignated(r, unit, inDate);
    if (outcome == READ) hasField = true;
    else {
      if (outcome != WRONG_FORMAT || hasField) return outcome;
      if (!inDate) return readTime(r, unit);
      outcome = readDate(r, unit);
      if (outcome != READ) return outcome;
      inDate = false;
    }
  }
  return READ;
}
