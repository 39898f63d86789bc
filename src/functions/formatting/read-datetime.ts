import { type MillraceError, userError } from '../../common/errors.js';
import { abbreviationOffset } from '../zones/zone-abbreviations.js';
import { assembleDatetime, type DatetimeFields, type ReadTime } from './assemble-datetime.js';
import { DAY_NAMES, MONTH_NAMES, ROMAN_MONTHS } from './calendar-names.js';
import { isSeparator, type TemplateNode } from './datetime-template.js';

type Field = Extract<TemplateNode, { kind: 'field' }>;

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
  return assembleDatetime(reader);
}

class TemplateReader implements DatetimeFields {
  readonly text: string;
  private readonly template: readonly TemplateNode[];
  private at = 0;
  private isFixed = false;
  private skipped = 0;
  readonly values = new Map<string, number>();
  isTwelveHours = false;
  isAfternoon = false;
  isBeforeChrist = false;
  convention: 'gregorian' | 'iso' | undefined;
  yearDigits = 4;
  fractionDigits = 6;
  zoneSign = 0;
  offset: number | undefined;

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
}

/** Years of fewer than four digits are near 2020, as far as they can be. */
function fullYear(year: number): number {
  if (year < 70) return year + 2000;
  if (year < 100) return year + 1900;
  if (year < 520) return year + 2000;
  return year < 1000 ? year + 1000 : year;
}
