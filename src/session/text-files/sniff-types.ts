import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  type SqlType,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
} from '../../types/sql-type.js';

const INTEGER_TEXT = /^[-+]?\d{1,18}$/;
const WIDE_INTEGER_TEXT = /^[-+]?\d{1,38}$/;
const NUMBER_TEXT = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/i;
const SPECIAL_NUMBER = /^[-+]?(inf|infinity|nan)$/i;
const BOOLEAN_TEXT = /^(true|false|t|f)$/i;
const DATE_TEXT = /^\d{4}-\d{2}-\d{2}$/;
const TIME_TEXT = /^\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/;
const TIMESTAMP_TEXT = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?(Z|[-+]\d{2}(:?\d{2})?))?$/;
const ZONE = /(Z|[-+]\d{2}(:?\d{2})?)$/;

/** One bit a kind of text. */
const BITS = {
  boolean: 1,
  bigint: 2,
  wide: 4,
  double: 8,
  date: 16,
  time: 32,
  timestamp: 64,
  timestamptz: 128,
} as const;
const ALL = 255;

/** Which types the values of a column so far could all have. */
export class TypeSniffer {
  private candidates = ALL;
  private hasValues = false;
  private hasZones = false;

  /** A value that is not NULL. */
  add(text: string): void {
    this.hasValues = true;
    if (this.candidates === 0) return;
    this.candidates &= kindsOf(text);
    if ((this.candidates & BITS.timestamptz) !== 0 && text.length > 10 && ZONE.test(text.slice(10)))
      this.hasZones = true;
  }

  /** A value whose type is known already, as in JSON. */
  restrict(kinds: number): void {
    this.hasValues = true;
    this.candidates &= kinds;
  }

  merge(other: TypeSniffer): void {
    if (!other.hasValues) return;
    this.hasValues = true;
    this.hasZones ||= other.hasZones;
    this.candidates &= other.candidates;
  }

  get isText(): boolean {
    return this.hasValues && this.candidates === 0;
  }

  get type(): SqlType {
    const { candidates } = this;
    if (!this.hasValues || candidates === 0) return TEXT;
    if ((candidates & BITS.boolean) !== 0) return BOOLEAN;
    if ((candidates & BITS.bigint) !== 0) return BIGINT;
    if ((candidates & BITS.wide) !== 0) return decimal(38, 0);
    if ((candidates & BITS.double) !== 0) return DOUBLE;
    if ((candidates & BITS.date) !== 0) return DATE;
    if ((candidates & BITS.time) !== 0) return TIME;
    return this.hasZones && (candidates & BITS.timestamptz) !== 0 ? TIMESTAMPTZ : TIMESTAMP;
  }

  /** Could this be one of the values, going by the others? */
  accepts(text: string): boolean {
    return this.candidates === 0 || (this.candidates & kindsOf(text)) !== 0;
  }
}

function kindsOf(text: string): number {
  const word = text.trim();
  const first = word.charCodeAt(0);
  // Digits, signs and points come first in all but booleans and special numbers.
  if (!(first >= 0x2b && first <= 0x39)) {
    if (BOOLEAN_TEXT.test(word)) return BITS.boolean;
    return SPECIAL_NUMBER.test(word) ? BITS.double : 0;
  }
  if (INTEGER_TEXT.test(word)) return BITS.bigint | BITS.wide | BITS.double;
  if (WIDE_INTEGER_TEXT.test(word)) return BITS.wide | BITS.double | (fitsBigint(word) ? BITS.bigint : 0);
  if (NUMBER_TEXT.test(word)) return BITS.double;
  if (SPECIAL_NUMBER.test(word)) return BITS.double;
  if (DATE_TEXT.test(word)) return isDate(word) ? BITS.date | BITS.timestamp | BITS.timestamptz : 0;
  if (TIME_TEXT.test(word)) return isTime(word) ? BITS.time : 0;
  if (!TIMESTAMP_TEXT.test(word) || !isDate(word.slice(0, 10)) || !isTime(word.slice(11, 16))) return 0;
  return ZONE.test(word.slice(10)) ? BITS.timestamptz : BITS.timestamp | BITS.timestamptz;
}

function fitsBigint(text: string): boolean {
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value;
}

function isDate(text: string): boolean {
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function isTime(text: string): boolean {
  return Number(text.slice(0, 2)) < 24 && Number(text.slice(3, 5)) < 60;
}
