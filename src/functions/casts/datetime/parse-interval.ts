import { notSupportedError } from '../../../common/errors.js';
import { DateTimeFaultError, fault, reportingFaults } from './datetime-errors.js';
import { type DateTimeField, splitDateTime } from './datetime-fields.js';
import { decodeTime } from './decode-time.js';
import { type Interval, IntervalSum } from './interval-sum.js';
import { parseIsoInterval } from './parse-iso-interval.js';

/** The last field of `interval '…' hour to minute`, and whether `mm:ss` is meant by two numbers. */
export interface IntervalRange {
  readonly from: IntervalUnit;
  readonly to: IntervalUnit;
}

type IntervalUnit = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';
type Unit = IntervalUnit | 'microsecond' | 'millisecond' | 'week' | 'decade' | 'century' | 'millennium';

const unitWords: ReadonlyMap<string, Unit | 'ago' | 'ignored' | 'infinity'> = new Map(
  (
    [
      ['microsecond', 'microsecon us usec usecond useconds usecs'],
      ['millisecond', 'millisecon ms msec msecond mseconds msecs'],
      ['second', 's sec second seconds secs'],
      ['minute', 'm min mins minute minutes'],
      ['hour', 'h hour hours hr hrs'],
      ['day', 'd day days'],
      ['week', 'w week weeks'],
      ['month', 'mon mons month months'],
      ['year', 'y year years yr yrs'],
      ['decade', 'dec decade decades decs'],
      ['century', 'c cent centuries century'],
      ['millennium', 'mil millennia millennium mils'],
      ['ago', 'ago'],
      ['ignored', '@ at on'],
      ['infinity', 'infinity -infinity +infinity'],
    ] as const
  ).flatMap(([unit, words]) => words.split(' ').map((word) => [word.slice(0, 10), unit] as const)),
);

/** A number's share of each field, so that none is given twice. */
const fieldBits: Readonly<Record<Unit, number>> = {
  microsecond: 1,
  millisecond: 2,
  second: 4,
  minute: 8,
  hour: 16,
  day: 32,
  week: 64,
  month: 128,
  year: 256,
  decade: 512,
  century: 1024,
  millennium: 2048,
};
const ALL_SECONDS = fieldBits.second | fieldBits.millisecond | fieldBits.microsecond;
const TIME = fieldBits.hour | fieldBits.minute | ALL_SECONDS;

/** An interval as PostgreSQL reads it: verbose, with a clock, SQL's `1-2`, or ISO 8601. Throws 22007 and 22015. */
export function parseInterval(text: string, range?: IntervalRange): Interval {
  return reportingFaults(text, 'interval', () => {
    try {
      return decodeVerbose(text, range) ?? parseIsoInterval(text);
    } catch (thrown) {
      throw thrown instanceof DateTimeFaultError && thrown.fault === 'field' ? fault('interval') : thrown;
    }
  });
}

/** Undefined for what has another format. */
function decodeVerbose(text: string, range: IntervalRange | undefined): Interval | undefined {
  try {
    return decodeInterval(splitDateTime(text), range);
  } catch (thrown) {
    if (thrown instanceof DateTimeFaultError && thrown.fault === 'format') return undefined;
    throw thrown;
  }
}

/** After DecodeInterval of PostgreSQL: from the last field to the first, because units come behind their numbers. */
function decodeInterval(fields: readonly DateTimeField[], range: IntervalRange | undefined): Interval {
  const sum = new IntervalSum();
  let seen = 0;
  let unit: Unit | undefined;
  /** A unit that no number has been read for. */
  let isPending = false;
  let isNegated = false;
  const take = (bits: number): void => {
    if ((seen & bits) !== 0) throw fault('format');
    seen |= bits;
  };
  for (let index = fields.length - 1; index >= 0; index--) {
    const { kind, text } = fields[index]!;
    const isClock = kind === 'time' || (kind === 'zone' && text.indexOf(':', 1) > 0);
    if (isClock) {
      take(TIME);
      addClock(sum, text, range);
      unit = 'day';
      isPending = false;
    } else if (kind === 'zone' || kind === 'date' || kind === 'number') {
      // What lies "ago" needs a unit.
      if (unit === undefined && isNegated) throw fault('format');
      unit ??= range?.to ?? 'second';
      const added = addNumber(sum, text, unit);
      take(added.bits);
      unit = added.next;
      isPending = false;
    } else {
      const word = unitWords.get(text.slice(0, 10));
      if (word === 'ignored') continue;
      if (word === undefined || isPending) throw fault('format');
      if (word === 'ago' || word === 'infinity') {
        if (index !== fields.length - 1) throw fault('format');
        if (word === 'ago') isNegated = true;
        else if (fields.length === 1) throw infinityError();
        else throw fault('format');
      } else {
        unit = word;
        isPending = true;
      }
    }
  }
  if (seen === 0 || isPending) throw fault('format');
  if (isNegated) sum.negate();
  return sum.value;
}

function infinityError(): Error {
  return notSupportedError('infinite intervals are not supported', {
    hint: 'Use an infinite timestamp, or NULL for a span without an end.',
  });
}

function addClock(sum: IntervalSum, text: string, range: IntervalRange | undefined): void {
  const minutesAndSeconds = range?.from === 'minute' && range.to === 'second';
  const { hour, minute, second, micros } = decodeTime(text.replace(/^[-+]/, ''), minutesAndSeconds);
  const total = BigInt(hour) * 3_600_000_000n + BigInt((minute * 60 + second) * 1_000_000 + micros);
  sum.addMicroseconds(text.startsWith('-') ? -total : total);
}

function addNumber(
  sum: IntervalSum,
  text: string,
  unit: Unit,
): { readonly bits: number; readonly next: Unit | undefined } {
  const years = /^([-+]?)(\d+)-(\d+)$/.exec(text);
  if (years !== null) {
    const [, sign, whole, rest] = years;
    if (Number(rest) >= 12) throw fault('field');
    const months = BigInt(whole!) * 12n + BigInt(rest!);
    sum.addMonths(sign === '-' ? -months : months, 0);
    return { bits: fieldBits.month, next: 'month' };
  }
  const number = /^([-+]?)(\d*)(\.\d*)?$/.exec(text);
  if (number === null) throw fault('format');
  const [, sign, digits, decimals = ''] = number;
  if (digits === '' && decimals.length < 2) throw fault('format');
  const magnitude = BigInt(digits || '0');
  if (magnitude >= 2n ** 63n) throw fault('field');
  const size = decimals.length > 1 ? Number(decimals) : 0;
  const [whole, fraction] = sign === '-' ? [-magnitude, -size] : [magnitude, size];
  addUnit(sum, unit, whole, fraction);
  const bits = unit === 'second' && decimals !== '' && fraction !== 0 ? ALL_SECONDS : fieldBits[unit];
  return { bits, next: unit === 'hour' ? 'day' : unit };
}

const microsecondsOf: Readonly<Partial<Record<Unit, number>>> = {
  microsecond: 1,
  millisecond: 1000,
  second: 1_000_000,
  minute: 60_000_000,
  hour: 3_600_000_000,
};

const yearsOf: Readonly<Partial<Record<Unit, bigint>>> = { year: 1n, decade: 10n, century: 100n, millennium: 1000n };

function addUnit(sum: IntervalSum, unit: Unit, whole: bigint, fraction: number): void {
  const [microseconds, years] = [microsecondsOf[unit], yearsOf[unit]];
  if (microseconds !== undefined) sum.addTime(whole, fraction, microseconds);
  else if (years !== undefined) sum.addYears(whole, fraction, years);
  else if (unit === 'month') sum.addMonths(whole, fraction);
  else sum.addDays(whole, fraction, unit === 'week' ? 7n : 1n);
}
