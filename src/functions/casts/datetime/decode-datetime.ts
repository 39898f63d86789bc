import { civilFromDays, daysFromCivil, daysInMonth } from '../../scalar/dates/calendar.js';
import { abbreviationOffset } from '../../zones/zone-abbreviations.js';
import { zoneOf } from '../../zones/zone-of.js';
import type { ZoneTable } from '../../zones/zone-table.js';
import { fault } from './datetime-errors.js';
import type { DateTimeField } from './datetime-fields.js';
import { keywordOf, type SpecialTime } from './datetime-keywords.js';
import { decodeOffset, decodeTime, fractionOf } from './decode-time.js';
import type { DecodedDateTime } from './decoded-datetime.js';

/*
 * The meaning of the fields of a date and time, after PostgreSQL's DecodeDateTime and DecodeTimeOnly
 * (src/backend/utils/adt/datetime.c), with DateStyle ISO, MDY.
 */

/** Fields that have been read, as bits: none may be given twice. */
const YEAR = 1;
const MONTH = 2;
const DAY = 4;
const DATE = YEAR | MONTH | DAY;
const HOUR = 8;
const MINUTE = 16;
const SECOND = 32;
const TIME = HOUR | MINUTE | SECOND;
const ZONE = 64;
const DAY_OF_YEAR = 128;
const SUMMER_TIME = 256;
const MERIDIAN = 512;
const ERA = 1024;
const WEEKDAY = 2048;

class Decoder {
  year = 0;
  month = 0;
  day = 0;
  hour = 0;
  minute = 0;
  second = 0;
  micros = 0;
  seen = 0;
  special: SpecialTime | undefined;
  offset: number | undefined;
  zone: ZoneTable | undefined;
  private dayOfYear = 0;
  private expected: 'julian' | 'time' | 'unit' | undefined;
  private meridian: 'am' | 'pm' | undefined;
  private isBeforeChrist = false;
  private isJulian = false;
  private hasTextMonth = false;
  private hasShortYear = false;
  private readonly fields: readonly DateTimeField[];
  private readonly timeOnly: boolean;

  constructor(fields: readonly DateTimeField[], timeOnly: boolean) {
    this.fields = fields;
    this.timeOnly = timeOnly;
  }

  decode(): void {
    this.fields.forEach((field, index) => {
      const read = this.read(field, index);
      if ((read & this.seen) !== 0) throw fault('format');
      this.seen |= read;
    });
    if (this.expected !== undefined) throw fault('format');
    if (this.special === 'infinity' || this.special === '-infinity' || this.special === 'epoch') return;
    this.validateDate();
    this.applyMeridian();
    if (this.timeOverflows()) throw fault('field');
  }

  private read(field: DateTimeField, index: number): number {
    switch (field.kind) {
      case 'date':
        return this.readDateField(field.text, index);
      case 'time':
        return this.readTimeField(field.text);
      case 'zone':
        this.offset = decodeOffset(field.text);
        return ZONE;
      case 'number':
        return this.readNumberField(field.text);
      case 'string':
      case 'special':
        return this.readWord(field.text);
    }
  }

  private readDateField(text: string, index: number): number {
    if (this.expected === 'julian') {
      // A Julian day with an offset behind it: J2451187-05.
      this.expected = undefined;
      const dash = text.indexOf('-');
      if (dash < 0) throw fault('format');
      this.setJulianDay(text.slice(0, dash));
      this.offset = decodeOffset(text.slice(dash));
      return DATE | TIME | ZONE;
    }
    const hasDate = this.timeOnly
      ? !(index === 0 && this.mayBeginWithDate())
      : (this.seen & (MONTH | DAY)) === (MONTH | DAY);
    if (this.expected === undefined && !hasDate) return this.readDate(text);
    // A date is there already: the name of a zone, or a time without colons and an offset.
    if (!/^[0-9]/.test(text) && this.expected === undefined) return this.readZoneName(text);
    if (this.expected !== undefined && this.expected !== 'time') throw fault('format');
    this.expected = undefined;
    const dash = text.indexOf('-');
    if ((this.seen & TIME) === TIME || !/^[0-9]+-/.test(text)) throw fault('format');
    this.offset = decodeOffset(text.slice(dash));
    return this.readConcatenated(text.slice(0, dash), this.timeOnly ? this.seen | DATE : this.seen) | ZONE;
  }

  /** A time may have a date before it where the rest leaves no doubt. */
  private mayBeginWithDate(): boolean {
    const last = this.fields[this.fields.length - 1];
    return this.fields.length >= 2 && (last?.kind === 'date' || this.fields[1]?.kind === 'time');
  }

  private readZoneName(text: string): number {
    this.zone = zoneOf(text);
    if (this.zone === undefined) throw fault({ zone: text });
    return ZONE;
  }

  private readTimeField(text: string): number {
    if (this.expected !== undefined && this.expected !== 'time') throw fault('format');
    this.expected = undefined;
    const time = decodeTime(text);
    this.hour = time.hour;
    this.minute = time.minute;
    this.second = time.second;
    this.micros = time.micros;
    if (this.timeOverflows()) throw fault('field');
    return TIME;
  }

  private readNumberField(text: string): number {
    if (this.expected !== undefined) {
      const { expected } = this;
      this.expected = undefined;
      if (expected === 'julian') return this.setJulianDay(text);
      if (expected !== 'time') throw fault('format');
      const read = this.readConcatenated(text, this.seen | DATE);
      if (read !== TIME) throw fault('format');
      return read;
    }
    if (this.timeOnly) return this.readConcatenated(text, this.seen | DATE);
    const point = text.indexOf('.');
    if (point >= 0 && (this.seen & DATE) === 0) return this.readDate(text);
    const hasAll = (this.seen & DATE) !== 0 && (this.seen & TIME) !== 0;
    if (point > 2 || (point < 0 && text.length >= 6 && !hasAll)) return this.readConcatenated(text, this.seen);
    return this.readNumber(text, this.seen);
  }

  private setJulianDay(text: string): number {
    const [days = '', fraction] = text.split('.');
    if (!/^\d+$/.test(days)) throw fault('format');
    const civil = civilFromDays(Number(days) - 2_440_588);
    this.year = civil.year;
    this.month = civil.month;
    this.day = civil.day;
    this.isJulian = true;
    if (fraction === undefined) return DATE;
    let micros = Math.round(Number(`0.${fraction || '0'}`) * 86_400_000_000);
    this.hour = Math.floor(micros / 3_600_000_000);
    micros -= this.hour * 3_600_000_000;
    this.minute = Math.floor(micros / 60_000_000);
    micros -= this.minute * 60_000_000;
    this.second = Math.floor(micros / 1_000_000);
    this.micros = micros - this.second * 1_000_000;
    return DATE | TIME;
  }

  /** A date in one field: `2024-02-29`, `2/29/2024`, `29-Feb-2024`. */
  private readDate(text: string): number {
    const parts = text.match(/[0-9]+|[a-z]+|[^0-9a-z]/g) ?? [];
    if (/[^0-9a-z]$/.test(text)) throw fault('format');
    let read = 0;
    const take = (bits: number): void => {
      if (((this.seen | read) & bits) !== 0) throw fault('format');
      read |= bits;
    };
    for (const part of parts.filter((one) => /^[a-z]/.test(one))) {
      const keyword = keywordOf(part);
      if (keyword?.kind === 'ignored') continue;
      if (keyword?.kind !== 'month') throw fault('format');
      this.month = keyword.value;
      this.hasTextMonth = true;
      take(MONTH);
    }
    for (const part of parts.filter((one) => /^[0-9]/.test(one))) take(this.readNumber(part, this.seen | read));
    // No time may stand before a date: PostgreSQL takes that for a mistake.
    if (((this.seen | read) & ~(DAY_OF_YEAR | ZONE)) !== DATE) throw fault('format');
    return read;
  }

  /** One number, whose place tells what it is. */
  private readNumber(text: string, seen: number): number {
    const point = text.indexOf('.');
    const value = Number.parseInt(text, 10);
    // A fraction alone is no number of anything.
    if (point === 0) throw fault('format');
    if (value > 0x7fff_ffff) throw fault('field');
    if (point > 2) return this.readConcatenated(text, seen | DATE);
    if (point >= 0) this.micros = fractionOf(text.slice(point));
    const { length } = text;
    if (length === 3 && (seen & DATE) === YEAR && value >= 1 && value <= 366) {
      this.dayOfYear = value;
      return DAY_OF_YEAR | MONTH | DAY;
    }
    const setYear = (): number => {
      this.year = value;
      this.hasShortYear = length <= 2;
      return YEAR;
    };
    const setMonth = (): number => {
      this.month = value;
      return MONTH;
    };
    const setDay = (): number => {
      this.day = value;
      return DAY;
    };
    switch (seen & DATE) {
      case 0:
        return length >= 3 ? setYear() : setMonth();
      case YEAR:
      case DAY:
        return setMonth();
      case MONTH:
        return this.hasTextMonth && length >= 3 ? setYear() : setDay();
      case YEAR | MONTH:
        if (this.hasTextMonth && length >= 3 && this.hasShortYear) {
          // What was taken for a short year was the day.
          this.day = this.year;
          this.year = value;
          this.hasShortYear = false;
          return DAY;
        }
        return setDay();
      case MONTH | DAY:
        return setYear();
      case DATE:
        return this.readConcatenated(text, seen);
      default:
        throw fault('format');
    }
  }

  /** Digits without separators: `20240229`, `240229`, `123456.789`, `1234`. */
  private readConcatenated(text: string, seen: number): number {
    const point = text.indexOf('.');
    const digits = point < 0 ? text : text.slice(0, point);
    const part = (from: number, to?: number): number => Number(digits.slice(from, to));
    if (point >= 0) this.micros = fractionOf(text.slice(point));
    else if ((seen & DATE) !== DATE && digits.length >= 6) {
      this.day = part(-2);
      this.month = part(-4, -2);
      this.year = part(0, -4);
      if (digits.length === 6) this.hasShortYear = true;
      return DATE;
    }
    if ((seen & TIME) === TIME || (digits.length !== 6 && digits.length !== 4)) throw fault('format');
    this.hour = part(0, 2);
    this.minute = part(2, 4);
    this.second = digits.length === 6 ? part(4) : 0;
    return TIME;
  }

  private readWord(word: string): number {
    const abbreviation = abbreviationOffset(word);
    if (abbreviation !== undefined) {
      this.offset = abbreviation;
      return ZONE;
    }
    const keyword = keywordOf(word);
    switch (keyword?.kind) {
      case undefined:
        this.zone = zoneOf(word);
        if (this.zone === undefined) throw fault('format');
        return ZONE;
      case 'ignored':
        return 0;
      case 'month':
        if (this.timeOnly) throw fault('format');
        return this.setTextMonth(keyword.value);
      case 'weekday':
        if (this.timeOnly) throw fault('format');
        return WEEKDAY;
      case 'meridian':
        this.meridian = keyword.value;
        return MERIDIAN;
      case 'era':
        this.isBeforeChrist = keyword.value === 'bc';
        return ERA;
      case 'summerTime':
        this.offset = (this.offset ?? 0) + 3600;
        return SUMMER_TIME;
      case 'julian':
      case 'unit':
        if (this.expected !== undefined) throw fault('format');
        this.expected = keyword.kind;
        return 0;
      case 'isoTime':
        if ((this.seen & DATE) !== DATE && !this.timeOnly) throw fault('format');
        if (this.expected !== undefined) throw fault('format');
        this.expected = 'time';
        return 0;
      case 'special':
        return this.setSpecial(keyword.value);
    }
  }

  private setTextMonth(value: number): number {
    // A number before a month's name was its day.
    const numberWasDay = (this.seen & (MONTH | DAY)) === MONTH && !this.hasTextMonth;
    this.hasTextMonth = true;
    if (numberWasDay && this.month >= 1 && this.month <= 31) {
      this.day = this.month;
      this.month = value;
      return DAY;
    }
    this.month = value;
    return MONTH;
  }

  private setSpecial(value: SpecialTime): number {
    if (value === 'midnight utc') {
      this.offset = 0;
      return TIME | ZONE;
    }
    if (this.special !== undefined) throw fault('format');
    if (this.timeOnly && value !== 'now') throw fault('format');
    this.special = value;
    return value === 'today' || value === 'tomorrow' || value === 'yesterday' ? DATE : DATE | TIME | ZONE;
  }

  private validateDate(): void {
    if (this.special !== undefined) return;
    const { seen } = this;
    if ((seen & YEAR) !== 0 && !this.isJulian) {
      if (this.isBeforeChrist || !this.hasShortYear) {
        if (this.year <= 0) throw fault('field');
        if (this.isBeforeChrist) this.year = 1 - this.year;
      } else this.year += this.year < 70 ? 2000 : this.year < 100 ? 1900 : 0;
    }
    if ((seen & DAY_OF_YEAR) !== 0) {
      const civil = civilFromDays(daysFromCivil(this.year, 1, 1) + this.dayOfYear - 1);
      this.year = civil.year;
      this.month = civil.month;
      this.day = civil.day;
    }
    if ((seen & MONTH) !== 0 && (this.month < 1 || this.month > 12)) throw fault('order');
    if ((seen & DAY) !== 0 && (this.day < 1 || this.day > 31)) throw fault('order');
    if ((seen & DATE) === DATE && this.day > daysInMonth(this.year, this.month)) throw fault('field');
  }

  private applyMeridian(): void {
    if (this.meridian === undefined) return;
    if (this.hour > 12) throw fault('field');
    if (this.meridian === 'am') this.hour %= 12;
    else if (this.hour !== 12) this.hour += 12;
  }

  private timeOverflows(): boolean {
    const { hour, minute, second, micros } = this;
    return hour > 24 || minute > 59 || second > 60 || micros > 1_000_000 || this.time > 86_400_000_000;
  }

  get time(): number {
    return ((this.hour * 60 + this.minute) * 60 + this.second) * 1_000_000 + this.micros;
  }
}

/** Faults are thrown as `DateTimeFaultError`. A time alone needs `timeOnly`, a date and time needs a date. */
export function decodeDateTime(fields: readonly DateTimeField[], timeOnly: boolean): DecodedDateTime {
  const decoder = new Decoder(fields, timeOnly);
  decoder.decode();
  const { special, year, month, day, time, seen, offset, zone } = decoder;
  return {
    special,
    year,
    month,
    day,
    time,
    hasDate: (seen & DATE) === DATE,
    hasTime: (seen & TIME) === TIME,
    offset,
    zone,
  };
}
