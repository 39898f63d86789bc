// The meaning of the fields of a date and time: the twin of src/functions/casts/datetime/decode-datetime.ts, which is after
// PostgreSQL's DecodeDateTime and DecodeTimeOnly, with DateStyle ISO, MDY.
import { civilFromDays, daysFromCivil, daysInMonth } from './calendar';
import {
  clearMeaning,
  DATE_FIELD,
  fieldEnd,
  fieldKind,
  fieldStart,
  isDecimalDigit,
  isSmallLetter,
  NUMBER_FIELD,
  skipDigits,
  TIME_FIELD,
  ZONE_FIELD,
} from './datetime-fields';
import { decodeTime, NO_OFFSET, READ, UNSURE } from './datetime-numbers';
import {
  DATE,
  DateTime,
  DAY,
  DAY_OF_YEAR,
  ERA,
  FAULT,
  MERIDIAN,
  MONTH,
  readConcatenated,
  readDate,
  readNumber,
  setJulianDay,
  setOffset,
  SUMMER_TIME,
  TIME,
  timeOverflows,
  WEEKDAY,
  YEAR,
  ZONE,
} from './datetime-numerals';
import {
  AD_WORD,
  AM_WORD,
  BC_WORD,
  EPOCH,
  IGNORED_WORD,
  INFINITY,
  ISO_TIME_WORD,
  JULIAN_WORD,
  keywordOf,
  lettersOf,
  MIDNIGHT_UTC,
  MINUS_INFINITY,
  MONTH_WORD,
  NOW,
  PM_WORD,
  SPECIAL_WORD,
  SUMMER_TIME_WORD,
  TODAY,
  UNIT_WORD,
  WEEKDAY_WORD,
} from './datetime-words';
import { abbreviationMinutes, NO_ZONE } from './zone-abbreviations';
import { NAMED_ZONE, zoneOfWord } from './zone-names';

/** The name of a zone: one that the tz database has to be asked for is looked up when all else is right. */
function readZoneName(d: DateTime, from: usize, end: usize): u32 {
  const offset = zoneOfWord(from, end);
  if (offset == NO_OFFSET) return FAULT;
  if (offset == NAMED_ZONE) {
    d.nameStart = <u32>from;
    d.nameEnd = <u32>end;
  } else {
    d.zoneOffset = offset;
    d.hasZone = true;
  }
  return ZONE;
}

/** Where a byte is first found; the end where it is not. */
function findByte(from: usize, end: usize, byte: u8): usize {
  let at = from;
  while (at < end && load<u8>(at) != byte) at++;
  return at;
}

/** `mayBeginWithDate`: a time may have a date before it where the rest leaves no doubt. */
function readDateField(d: DateTime, from: usize, end: usize, mayBeginWithDate: bool): u32 {
  const expected = d.expected;
  const dash = findByte(from, end, 0x2d);
  if (expected == JULIAN_WORD) {
    // A Julian day with an offset behind it: J2451187-05.
    d.expected = 0;
    if (dash == end || skipDigits(from) != dash || (setJulianDay(d, from, dash) & FAULT) != 0) return FAULT;
    return DATE | TIME | setOffset(d, dash, end);
  }
  const hasDate = d.timeOnly ? !mayBeginWithDate : (d.seen & (MONTH | DAY)) == (MONTH | DAY);
  if (expected == 0) {
    if (!hasDate) return readDate(d, from, end);
    // A date is there already: the name of a zone, or a time without colons and an offset.
    if (!isDecimalDigit(load<u8>(from))) return readZoneName(d, from, end);
  } else if (expected != ISO_TIME_WORD) return FAULT;
  d.expected = 0;
  if ((d.seen & TIME) == TIME || dash == end || skipDigits(from) != dash) return FAULT;
  const bits = setOffset(d, dash, end);
  return bits | readConcatenated(d, from, dash, d.timeOnly ? d.seen | DATE : d.seen);
}

function readTimeField(d: DateTime, from: usize, end: usize): u32 {
  if (d.expected != 0 && d.expected != ISO_TIME_WORD) return FAULT;
  d.expected = 0;
  const outcome = decodeTime(d, from, end);
  if (outcome == UNSURE) d.isUnsure = true;
  else if (outcome != READ) return FAULT;
  return timeOverflows(d) ? FAULT : TIME;
}

function readNumberField(d: DateTime, from: usize, end: usize): u32 {
  const expected = d.expected;
  if (expected != 0) {
    d.expected = 0;
    if (expected == JULIAN_WORD) return setJulianDay(d, from, end);
    if (expected != ISO_TIME_WORD) return FAULT;
    return readConcatenated(d, from, end, d.seen | DATE);
  }
  if (d.timeOnly) return readConcatenated(d, from, end, d.seen | DATE);
  const point = skipDigits(from);
  const hasPoint = point < end;
  if (hasPoint && (d.seen & DATE) == 0) return readDate(d, from, end);
  const hasAll = (d.seen & DATE) != 0 && (d.seen & TIME) != 0;
  if (hasPoint ? point - from > 2 : end - from >= 6 && !hasAll) return readConcatenated(d, from, end, d.seen);
  return readNumber(d, from, end, d.seen);
}

function setTextMonth(d: DateTime, value: i32): u32 {
  // A number before a month's name was its day.
  const numberWasDay = (d.seen & (MONTH | DAY)) == MONTH && !d.hasTextMonth && d.month >= 1 && d.month <= 31;
  d.hasTextMonth = true;
  if (numberWasDay) d.day = d.month;
  d.month = value;
  return numberWasDay ? DAY : MONTH;
}

function setSpecial(d: DateTime, value: u32): u32 {
  if (value == MIDNIGHT_UTC) {
    d.offset = 0;
    d.hasOffset = true;
    return TIME | ZONE;
  }
  if (d.special != 0 || (d.timeOnly && value != NOW)) return FAULT;
  d.special = value;
  if (value < MIDNIGHT_UTC) d.isUnsure = true;
  return value >= TODAY && value < MIDNIGHT_UTC ? DATE : DATE | TIME | ZONE;
}

function readWord(d: DateTime, from: usize, end: usize): u32 {
  const keyword = keywordOf(from, end);
  switch (keyword & ~15) {
    case 0: {
      const minutes = end - from <= 8 ? abbreviationMinutes(lettersOf(from, end)) : NO_ZONE;
      if (minutes == NO_ZONE) return readZoneName(d, from, end);
      d.offset = minutes * 60;
      d.hasOffset = true;
      return ZONE;
    }
    case IGNORED_WORD:
      return 0;
    case MONTH_WORD:
      return d.timeOnly ? FAULT : setTextMonth(d, <i32>(keyword & 15));
    case WEEKDAY_WORD:
      return d.timeOnly ? FAULT : WEEKDAY;
    case AM_WORD:
    case PM_WORD:
      d.meridian = keyword;
      return MERIDIAN;
    case AD_WORD:
    case BC_WORD:
      d.isBeforeChrist = keyword == BC_WORD;
      return ERA;
    case SUMMER_TIME_WORD:
      d.offset += 3600;
      d.hasOffset = true;
      return SUMMER_TIME;
    case ISO_TIME_WORD:
      if ((d.seen & DATE) != DATE && !d.timeOnly) return FAULT;
    // fallthrough
    case JULIAN_WORD:
    case UNIT_WORD:
      if (d.expected != 0) return FAULT;
      d.expected = keyword;
      return 0;
    default:
      return setSpecial(d, keyword & 15);
  }
}

/** `+infinity` and `-infinity`: no other word has a sign. */
function readSignedWord(d: DateTime, from: usize, end: usize): u32 {
  if (keywordOf(from + 1, end) != SPECIAL_WORD + INFINITY) return FAULT;
  return setSpecial(d, load<u8>(from) == 0x2d ? MINUS_INFINITY : INFINITY);
}

/** False of a date that there is not. */
function validateDate(d: DateTime): bool {
  if (d.special != 0) return true;
  const seen = d.seen;
  if ((seen & YEAR) != 0 && !d.isJulian) {
    if (d.isBeforeChrist || !d.hasShortYear) {
      if (d.year <= 0) return false;
      if (d.isBeforeChrist) d.year = 1 - d.year;
    } else d.year += d.year < 70 ? 2000 : d.year < 100 ? 1900 : 0;
  }
  if ((seen & DAY_OF_YEAR) != 0) {
    const civil = civilFromDays(daysFromCivil(d.year, 1, 1) + d.dayOfYear - 1);
    d.year = civil >> 9;
    d.month = <i32>((civil >> 5) & 15);
    d.day = <i32>(civil & 31);
  }
  if ((seen & MONTH) != 0 && (d.month < 1 || d.month > 12)) return false;
  if ((seen & DAY) != 0 && (d.day < 1 || d.day > 31)) return false;
  return (seen & DATE) != DATE || d.day <= <i32>daysInMonth(d.year, d.month);
}

/** False where the hour goes with neither half of the day. */
function applyMeridian(d: DateTime): bool {
  if (d.meridian == 0) return true;
  if (d.hour > 12) return false;
  if (d.meridian == AM_WORD) d.hour %= 12;
  else if (d.hour != 12) d.hour += 12;
  return true;
}

/** False where the fields of `work` are no date or time. `timeOnly` as of a time alone; else a date and time need a date. */
export function decodeDateTime(work: usize, count: i32, timeOnly: bool): bool {
  const d = changetype<DateTime>(work);
  clearMeaning(work);
  d.timeOnly = timeOnly;
  const mayBeginWithDate =
    count >= 2 && (fieldKind(work, count - 1) == DATE_FIELD || fieldKind(work, 1) == TIME_FIELD);
  for (let index = 0; index < count; index++) {
    const from = fieldStart(work, index);
    const end = fieldEnd(work, index);
    let read: u32;
    switch (fieldKind(work, index)) {
      case DATE_FIELD:
        read = readDateField(d, from, end, index == 0 && mayBeginWithDate);
        break;
      case TIME_FIELD:
        read = readTimeField(d, from, end);
        break;
      case ZONE_FIELD:
        read = setOffset(d, from, end);
        break;
      case NUMBER_FIELD:
        read = readNumberField(d, from, end);
        break;
      default:
        read = isSmallLetter(load<u8>(from)) ? readWord(d, from, end) : readSignedWord(d, from, end);
    }
    if ((read & (d.seen | FAULT)) != 0) return false;
    d.seen |= read;
  }
  if (d.expected != 0) return false;
  if (d.special == EPOCH || d.special == INFINITY || d.special == MINUS_INFINITY) return true;
  return validateDate(d) && applyMeridian(d) && !timeOverflows(d);
}
