import { fault } from './datetime-errors.js';
import { type Interval, IntervalSum } from './interval-sum.js';

interface IsoNumber {
  readonly whole: bigint;
  readonly fraction: number;
  /** Digits before the point. */
  readonly width: number;
}

/** `P1Y2M3DT4H5M6.7S`, `P0001-02-03T04:05:06`, `P00010203T040506`: after DecodeISO8601Interval of PostgreSQL. */
export function parseIsoInterval(text: string): Interval {
  if (!text.startsWith('P') || text.length < 2) throw fault('format');
  const sum = new IntervalSum();
  const reader = new IsoReader(text.slice(1));
  let inDate = true;
  let hasField = false;
  while (!reader.isAtEnd) {
    if (reader.takeIf('T')) {
      inDate = false;
      hasField = false;
      continue;
    }
    const number = reader.number();
    const unit = reader.take();
    if (addDesignated(sum, number, unit, inDate)) {
      hasField = true;
      continue;
    }
    if (hasField) throw fault('format');
    const next = inDate ? readDate(sum, reader, number, unit) : readTime(sum, reader, number, unit);
    if (next === 'end') return sum.value;
    inDate = false;
  }
  return sum.value;
}

/** A number with its unit: `3D`, and behind the T `4H`. */
function addDesignated(sum: IntervalSum, { whole, fraction }: IsoNumber, unit: string, inDate: boolean): boolean {
  switch ((inDate ? '' : 'T') + unit) {
    case 'Y':
      sum.addYears(whole, fraction, 1n);
      return true;
    case 'M':
      sum.addMonths(whole, fraction);
      return true;
    case 'W':
      sum.addDays(whole, fraction, 7n);
      return true;
    case 'D':
      sum.addDays(whole, fraction, 1n);
      return true;
    case 'TH':
      sum.addTime(whole, fraction, 3_600_000_000);
      return true;
    case 'TM':
      sum.addTime(whole, fraction, 60_000_000);
      return true;
    case 'TS':
      sum.addTime(whole, fraction, 1_000_000);
      return true;
    default:
      return false;
  }
}

/** `YYYYMMDD` or `YYYY-MM-DD`, of which the later parts may be missing. */
function readDate(sum: IntervalSum, reader: IsoReader, first: IsoNumber, unit: string): 'time' | 'end' {
  if (unit !== '' && unit !== 'T' && unit !== '-') throw fault('format');
  if (first.width === 8 && unit !== '-') {
    sum.addYears(first.whole / 10_000n, 0, 1n);
    sum.addMonths((first.whole / 100n) % 100n, 0);
    sum.addDays(first.whole % 100n, first.fraction, 1n);
    return unit === 'T' ? 'time' : 'end';
  }
  sum.addYears(first.whole, first.fraction, 1n);
  if (unit !== '-') return unit === 'T' ? 'time' : 'end';
  const month = reader.number();
  sum.addMonths(month.whole, month.fraction);
  const behindMonth = reader.take();
  if (behindMonth !== '-') return endOrTime(behindMonth);
  const day = reader.number();
  sum.addDays(day.whole, day.fraction, 1n);
  return endOrTime(reader.take());
}

function endOrTime(unit: string): 'time' | 'end' {
  if (unit === '') return 'end';
  if (unit === 'T') return 'time';
  throw fault('format');
}

/** `HHMMSS` or `HH:MM:SS`. */
function readTime(sum: IntervalSum, reader: IsoReader, first: IsoNumber, unit: string): 'end' {
  if (unit !== '' && unit !== ':') throw fault('format');
  if (first.width === 6 && unit === '') {
    sum.addTime(first.whole / 10_000n, 0, 3_600_000_000);
    sum.addTime((first.whole / 100n) % 100n, 0, 60_000_000);
    sum.addTime(first.whole % 100n, first.fraction, 1_000_000);
    return 'end';
  }
  sum.addTime(first.whole, first.fraction, 3_600_000_000);
  if (unit === '') return 'end';
  const minute = reader.number();
  sum.addTime(minute.whole, minute.fraction, 60_000_000);
  if (reader.isAtEnd) return 'end';
  if (!reader.takeIf(':')) throw fault('format');
  const second = reader.number();
  sum.addTime(second.whole, second.fraction, 1_000_000);
  if (!reader.isAtEnd) throw fault('format');
  return 'end';
}

class IsoReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The next character; empty at the end. */
  take(): string {
    return this.text[this.at++] ?? '';
  }

  takeIf(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  number(): IsoNumber {
    const match = /^([-+]?)(\d*)(\.\d*)?/.exec(this.text.slice(this.at))!;
    const [all, sign, digits = '', decimals = ''] = match;
    if (digits === '' && decimals.length < 2) throw fault('format');
    this.at += all.length;
    const whole = BigInt(digits || '0');
    if (whole >= 2n ** 31n) throw fault('field');
    const fraction = decimals.length > 1 ? Number(decimals) : 0;
    return {
      whole: sign === '-' ? -whole : whole,
      fraction: sign === '-' ? -fraction : fraction,
      width: digits.length,
    };
  }
}
