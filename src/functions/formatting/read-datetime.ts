import { type MillraceError, userError } from '../../common/errors.js';
import { civilFromDays, DAY_MICROSECONDS, daysFromCivil, daysInMonth } from '../scalar/dates/calendar.js';
import { abbreviationOffset } from '../zones/zone-abbreviations.js';
import { DAY_NAMES, MONTH_NAMES, ROMAN_MONTHS } from './calendar-names.js';
import { isSeparator, type TemplateNode } from './datetime-template.js';

type Field = Extract<TemplateNode, { kind: 'field' }>;

/** A date and time read by a template. */
export interface ReadTime {
  /** µs since 1970-01-01 by the clocks of wherever it was. */
  readonly local: bigint;
  /** Seconds east of Greenwich, where the text gave it. */
  readonly offset: number | undefined;
}

const DIGITS: Readonly<Record<string, number>> = {
  ...{ HH: 2, HH12: 2, HH24: 2, MI: 2, SS: 2, MS: 3, US: 6, FF1: 1, FF2: 2, FF3: 3, FF4: 4, FF5: 5, FF6: 6, SSSS: 4 },
  ...{ SSSSS: 5, MM: 2, DD: 2, DDD: 3, IDDD: 3, D: 1, ID: 1, WW: 2, IW: 2, Q: 1, CC: 2, W: 1, J: 1, YYYY: 4, IYYY: 4 },
  ...{ YYY: 3, IYY: 3, YY: 2, IY: 2, Y: 1, I: 1, TZH: 2, TZM: 2 },
};

/** What PostgreSQL keeps of each field. Fields of one meaning share a name, so that they may not contradict. */
const MEANINGS: Readonly<Record<string, string>> = {
  ...{
    HH: 'hour',
    HH12: 'hour',
    HH24: 'hour',
    MI: 'minute',
    SS: 'second',
    MS: 'milliseconds',
    US: 'micros',
    SSSS: 'daySecond',
  },
  ...{
    SSSSS: 'daySecond',
    MM: 'month',
    DD: 'day',
    DDD: 'dayOfYear',
    IDDD: 'dayOfYear',
    D: 'weekday',
    ID: 'weekday',
    WW: 'week',
  },
  ...{
    IW: 'week',
    CC: 'century',
    W: 'weekOfMonth',
    J: 'julian',
    YYYY: 'year',
    IYYY: 'year',
    YYY: 'year',
    IYY: 'year',
    YY: 'year',
  },
  ...{ IY: 'year', Y: 'year', I: 'year', TZH: 'zoneHour', TZM: 'zoneMinute' },
  ...{ FF1: 'micros', FF2: 'micros', FF3: 'micros', FF4: 'micros', FF5: 'micros', FF6: 'micros' },
};

/** After DCH_from_char and do_to_timestamp of PostgreSQL (src/backend/utils/adt/formatting.c). */
export function readDatetime(text: string, template: readonly TemplateNode[]): ReadTime {
  const reader = new TemplateReader(text, template);
  reader.read();
  return reader.assemble();
}

class TemplateReader {
  private readonly text: string;
  private readonly template: readonly TemplateNode[];
  private at = 0;
  private isFixed = false;
  private skipped = 0;
  private readonly values = new Map<string, number>();
  private isTwelveHours = false;
  private isAfternoon = false;
  private isBeforeChrist = false;
  private convention: 'gregorian' | 'iso' | undefined;
  private yearDigits = 4;
  /** FF1 to FF6 round what is read. */
  private fractionDigits = 6;
  private zoneSign = 0;
  private offset: number | undefined;

  constructor(text: string, template: readonly TemplateNode[]) {
    this.text = text;
    this.template = template;
  }

  read(): void {
    if (this.template.some((node) => node.kind === 'field' && node.name === 'FX')) this.isFixed = this.startsFixed();
    this.template.forEach((node, index) => {
      if (this.at >= this.text.length) return;
      if (!this.isFixed && (node.kind === 'field' || index === 0)) this.skipped += this.skipSpaces();
      if (node.kind === 'space' || node.kind === 'separator') this.readSeparator();
      else if (node.kind === 'literal') this.readLiteral();
      else if (node.name === 'FX') this.isFixed = true;
      else {
        this.readField(node, index);
        if (!this.isFixed) this.skipped = this.skipSpaces();
      }
    });
  }

  private startsFixed(): boolean {
    const [first] = this.template;
    return first?.kind === 'field' && first.name === 'FX';
  }

  private skipSpaces(): number {
    const from = this.at;
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
    return this.at - from;
  }

  private readSeparator(): void {
    const next = this.text[this.at]!;
    if (this.isFixed) this.at++;
    else {
      this.skipped--;
      if (/\s/.test(next) || isSeparator(next)) {
        this.at++;
        this.skipped++;
      }
    }
  }

  private readLiteral(): void {
    if (!this.isFixed && this.skipped > 0) this.skipped--;
    else this.at += String.fromCodePoint(this.text.codePointAt(this.at)!).length;
  }

  private readField(field: Field, index: number): void {
    const { name } = field;
    const iso = /^I/.test(name);
    if (iso || /^(YYYY|YYY|YY|Y|Y,YYY|MM|MON|MONTH|RM|DD|DDD|D|DAY|DY|WW|W|Q|CC|J)$/.test(name)) {
      if (!/^(D|DAY|DY|Q|CC|J)$/.test(name)) this.setConvention(iso ? 'iso' : 'gregorian');
    }
    switch (name) {
      case 'AM':
      case 'PM':
      case 'A.M.':
      case 'P.M.':
        this.isAfternoon = this.oneOf(field, name.includes('.') ? ['a.m.', 'p.m.'] : ['am', 'pm']) === 1;
        this.isTwelveHours = true;
        return;
      case 'AD':
      case 'BC':
      case 'A.D.':
      case 'B.C.':
        this.isBeforeChrist = this.oneOf(field, name.includes('.') ? ['a.d.', 'b.c.'] : ['ad', 'bc']) === 1;
        return;
      case 'MONTH':
        this.set(field, 'month', this.oneOf(field, MONTH_NAMES) + 1);
        return;
      case 'MON':
        this.set(
          field,
          'month',
          this.oneOf(
            field,
            MONTH_NAMES.map((month) => month.slice(0, 3)),
          ) + 1,
        );
        return;
      case 'DAY':
        this.set(field, 'weekday', this.oneOf(field, DAY_NAMES) + 1);
        return;
      case 'DY':
        this.set(
          field,
          'weekday',
          this.oneOf(
            field,
            DAY_NAMES.map((day) => day.slice(0, 3)),
          ) + 1,
        );
        return;
      case 'RM': {
        const longestFirst = [...ROMAN_MONTHS].sort((left, right) => right.length - left.length);
        const found = longestFirst[this.oneOf(field, longestFirst)]!;
        this.set(field, 'month', ROMAN_MONTHS.indexOf(found) + 1);
        return;
      }
      case 'Y,YYY':
        this.readYearWithComma(field);
        return;
      case 'TZ':
      case 'OF':
      case 'TZH':
        this.readZone(field, index);
        return;
      default:
        this.readNumber(field, index);
        return;
    }
  }

  private setConvention(convention: 'gregorian' | 'iso'): void {
    if (this.convention !== undefined && this.convention !== convention) {
      throw userError('22007', 'invalid combination of date conventions', {
        hint: 'Do not mix Gregorian and ISO week date conventions in a formatting template.',
      });
    }
    this.convention = convention;
  }

  private readNumber(field: Field, index: number): void {
    const { name } = field;
    const { value, length } = this.integer(field, DIGITS[name]!, index);
    switch (name) {
      case 'HH':
      case 'HH12':
        this.isTwelveHours = true;
        break;
      case 'MS':
        this.set(field, 'milliseconds', value * (length === 1 ? 100 : length === 2 ? 10 : 1));
        return;
      case 'ID':
        this.set(field, 'weekday', value + 1 > 7 ? 1 : value + 1);
        return;
      case 'Q':
        return;
      case 'YYY':
      case 'IYY':
      case 'YY':
      case 'IY':
      case 'Y':
      case 'I':
        this.yearDigits = name.replace('I', 'Y').length;
        this.set(field, 'year', length < 4 ? fullYear(value) : value);
        return;
      default:
        if (name === 'US' || name.startsWith('FF')) {
          if (name !== 'US') this.fractionDigits = Number(name[2]);
          this.set(field, 'micros', value * 10 ** Math.max(0, 6 - length));
          return;
        }
    }
    this.set(field, MEANINGS[name]!, value);
  }

  private readYearWithComma(field: Field): void {
    const match = /^\s*([-+]?\d+),(\d{1,3})/.exec(this.text.slice(this.at));
    if (match === null) throw userError('22007', 'invalid input string for "Y,YYY"');
    this.at += match[0].length;
    this.set(field, 'year', Number(match[1]) * 1000 + Number(match[2]));
    this.skipOrdinal(field);
  }

  private readZone(field: Field, index: number): void {
    const { text } = this;
    if (field.name === 'TZ') {
      const word = /^[a-z]+/i.exec(text.slice(this.at))?.[0];
      const abbreviation = word === undefined ? undefined : abbreviationOffset(word);
      if (abbreviation !== undefined) {
        this.at += word!.length;
        this.offset = abbreviation;
        return;
      }
      if (!/^[-+]/.test(text.slice(this.at))) throw this.invalid(field, 'Time zone abbreviation is not recognized.');
    }
    if (/[-+ ]/.test(text[this.at]!)) {
      this.zoneSign = text[this.at] === '-' ? -1 : 1;
      this.at++;
    } else this.zoneSign = this.skipped > 0 && text[this.at - 1] === '-' ? -1 : 1;
    const { value } = this.integer({ ...field, name: 'TZH' }, 2, index);
    this.set(field, 'zoneHour', value);
    if (field.name === 'TZH') return;
    const minutes = /^:(\d{2})/.exec(text.slice(this.at));
    if (minutes === null) return;
    this.at += 3;
    this.set(field, 'zoneMinute', Number(minutes[1]));
  }

  /** A number of so many digits, or of all there are where no digit may follow. */
  private integer(field: Field, width: number, index: number): { readonly value: number; readonly length: number } {
    const from = this.at;
    this.skipSpaces();
    const rest = this.text.slice(this.at);
    let used: string;
    if (field.fill || this.isFollowedByNoDigit(field, index)) used = /^\s*[-+]?\d+/.exec(rest)?.[0] ?? '';
    else {
      const available = rest.slice(0, width);
      if (available.length < width) {
        throw userError('22007', `source string too short for "${field.written}" formatting field`, {
          detail: `Field requires ${width} characters, but only ${available.length} remain.`,
          hint: 'If your source string is not fixed-width, try using the "FM" modifier.',
        });
      }
      used = /^\s*[-+]?\d+/.exec(available)?.[0] ?? '';
      if (used.length > 0 && used.length < width) {
        throw userError('22007', `invalid value "${available}" for "${field.written}"`, {
          detail: `Field requires ${width} characters, but only ${used.length} could be parsed.`,
          hint: 'If your source string is not fixed-width, try using the "FM" modifier.',
        });
      }
    }
    if (used === '') {
      this.at = from;
      throw userError('22007', `invalid value "${rest.slice(0, width)}" for "${field.written}"`, {
        detail: 'Value must be an integer.',
      });
    }
    this.at += used.length;
    const value = Number(used);
    if (Math.abs(value) > 0x7fff_ffff) {
      throw userError('22008', `value for "${field.written}" in source string is out of range`, {
        detail: 'Value must be in the range -2147483648 to 2147483647.',
      });
    }
    this.skipOrdinal(field);
    return { value, length: used.length };
  }

  private isFollowedByNoDigit(field: Field, index: number): boolean {
    if (field.ordinal !== undefined) return true;
    const next = this.template[index + 1];
    if (next === undefined) return true;
    if (next.kind === 'field') return !(next.name in DIGITS) || next.name === 'TZH';
    return !/\d/.test(next.text);
  }

  private skipOrdinal(field: Field): void {
    if (field.ordinal !== undefined) this.at = Math.min(this.text.length, this.at + 2);
  }

  /** The place of the name that the text goes on with. */
  private oneOf(field: Field, names: readonly string[]): number {
    const rest = this.text.slice(this.at).toLowerCase();
    const found = names.findIndex((name) => rest.startsWith(name.toLowerCase()));
    if (found < 0) {
      throw this.invalid(field, 'The given value did not match any of the allowed values for this field.');
    }
    this.at += names[found]!.length;
    return found;
  }

  private invalid(field: Field, detail: string): MillraceError {
    const word = /^\S*/.exec(this.text.slice(this.at))![0];
    return userError('22007', `invalid value "${word}" for "${field.written}"`, { detail });
  }

  private set(field: Field, meaning: string, value: number): void {
    const before = this.values.get(meaning);
    if (before !== undefined && before !== 0 && before !== value) {
      throw userError('22007', `conflicting values for "${field.written}" field in formatting string`, {
        detail: 'This value contradicts a previous setting for the same field type.',
      });
    }
    this.values.set(meaning, value);
  }

  private get(meaning: string): number {
    return this.values.get(meaning) ?? 0;
  }

  assemble(): ReadTime {
    const date = this.assembleDate();
    const time = this.assembleTime();
    const local = roundToDigits(BigInt(date) * DAY_MICROSECONDS + BigInt(time), this.fractionDigits);
    return { local, offset: this.assembleOffset() };
  }

  private outOfRange(): MillraceError {
    return userError('22008', `date/time field value out of range: "${this.text}"`);
  }

  private assembleYear(): number | undefined {
    const [year, century] = [this.get('year'), this.get('century') * (this.isBeforeChrist ? -1 : 1)];
    if (year !== 0) {
      if (century === 0 || this.yearDigits > 2) {
        const signed = this.isBeforeChrist ? -year : year;
        return signed < 0 ? signed + 1 : signed;
      }
      const short = year % 100;
      if (short === 0) return century * 100 + (century >= 0 ? 0 : 1);
      return century >= 0 ? short + (century - 1) * 100 : (century + 1) * 100 - short + 1;
    }
    if (century === 0) return undefined;
    return century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
  }

  private assembleDate(): number {
    const given = this.assembleYear();
    const year = given ?? 0;
    if (this.get('julian') !== 0) return this.get('julian') - 2_440_588;
    let dayOfYear = this.get('dayOfYear');
    const week = this.get('week');
    const isIso = this.convention === 'iso';
    if (week !== 0) {
      if (isIso) {
        const weekday = this.get('weekday');
        const offset = weekday === 0 ? 0 : weekday === 1 ? 6 : weekday - 2;
        return startOfIsoYear(year) + (week - 1) * 7 + offset;
      }
      dayOfYear = (week - 1) * 7 + 1;
    }
    let day = this.get('weekOfMonth') === 0 ? this.get('day') : (this.get('weekOfMonth') - 1) * 7 + 1;
    let month = this.get('month');
    if (dayOfYear !== 0 && (month <= 1 || day <= 1)) {
      if (given === undefined && !this.isBeforeChrist) {
        throw userError('22007', 'cannot calculate day of year without year information');
      }
      if (isIso) return startOfIsoYear(year) + dayOfYear - 1;
      const civil = civilFromDays(daysFromCivil(year, 1, 1) + dayOfYear - 1);
      if (dayOfYear < 0 || civil.year !== year) throw this.outOfRange();
      if (month <= 1) month = civil.month;
      if (day <= 1) day = civil.day;
    }
    if (month < 0 || month > 12 || day < 0) throw this.outOfRange();
    // What was not given, or given as 0, is the first.
    month = month === 0 ? 1 : month;
    day = day === 0 ? 1 : day;
    if (day > daysInMonth(year, month)) throw this.outOfRange();
    return daysFromCivil(year, month, day);
  }

  private assembleTime(): number {
    const ofDay = this.get('daySecond');
    let hour = this.get('hour') || Math.trunc(ofDay / 3600);
    const minute = this.get('minute') || Math.trunc(ofDay / 60) % 60;
    const second = this.get('second') || ofDay % 60;
    if (this.isTwelveHours) {
      if (hour < 1 || hour > 12) {
        throw userError('22007', `hour "${hour}" is invalid for the 12-hour clock`, {
          hint: 'Use the 24-hour clock, or give an hour between 1 and 12.',
        });
      }
      if (this.isAfternoon && hour < 12) hour += 12;
      else if (!this.isAfternoon && hour === 12) hour = 0;
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) throw this.outOfRange();
    const micros = this.get('milliseconds') * 1000 + this.get('micros');
    if (micros < 0 || micros >= 1_000_000) throw this.outOfRange();
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros;
  }

  private assembleOffset(): number | undefined {
    if (this.offset !== undefined) return this.offset;
    if (!this.values.has('zoneHour') && !this.values.has('zoneMinute')) return undefined;
    const [hours, minutes] = [this.get('zoneHour'), this.get('zoneMinute')];
    if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) throw this.outOfRange();
    return (this.zoneSign < 0 ? -1 : 1) * (hours * 3600 + minutes * 60);
  }
}

/** Years of fewer than four digits are near 2020, as far as they can be. */
function fullYear(year: number): number {
  if (year < 70) return year + 2000;
  if (year < 100) return year + 1900;
  if (year < 520) return year + 2000;
  return year < 1000 ? year + 1000 : year;
}

/** The Monday of the first ISO week of a year. */
function startOfIsoYear(year: number): number {
  const fourth = daysFromCivil(year, 1, 4);
  return fourth - ((((fourth + 3) % 7) + 7) % 7);
}

const epoch2000 = 946_684_800_000_000n;

/** Rounded to digits of a second, away from the year 2000 where it is half of one. */
function roundToDigits(local: bigint, digits: number): bigint {
  const unit = 10n ** BigInt(6 - digits);
  const from2000 = local - epoch2000;
  const distance = from2000 < 0n ? -from2000 : from2000;
  const rounded = ((distance + unit / 2n) / unit) * unit;
  return epoch2000 + (from2000 < 0n ? -rounded : rounded);
}
