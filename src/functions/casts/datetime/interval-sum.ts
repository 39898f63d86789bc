import { fault } from './datetime-errors.js';

export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly microseconds: bigint;
}

const INT32 = 2n ** 31n;
const INT64 = 2n ** 63n;

function checked32(value: bigint): bigint {
  if (value >= INT32 || value < -INT32) throw fault('interval');
  return value;
}

/** Collects the parts of an interval. What is left of months becomes days, what is left of days becomes time. */
export class IntervalSum {
  private years = 0n;
  private months = 0n;
  private days = 0n;
  private microseconds = 0n;

  addMonths(whole: bigint, fraction: number): void {
    this.months = checked32(this.months + checked32(whole));
    this.addFractionOfDays(fraction * 30);
  }

  /** Fractions of years and longer units are rounded to months. */
  addYears(whole: bigint, fraction: number, years: bigint): void {
    this.years = checked32(this.years + checked32(whole * years));
    this.months = checked32(this.months + BigInt(roundHalfEven(fraction * Number(years) * 12)));
  }

  addDays(whole: bigint, fraction: number, days: bigint): void {
    this.days = checked32(this.days + checked32(whole * days));
    this.addFractionOfDays(fraction * Number(days));
  }

  addTime(whole: bigint, fraction: number, microseconds: number): void {
    this.addMicroseconds(whole * BigInt(microseconds) + BigInt(roundAwayFromHalf(fraction * microseconds)));
  }

  addMicroseconds(value: bigint): void {
    const sum = this.microseconds + value;
    if (sum >= INT64 || sum < -INT64) throw fault('interval');
    this.microseconds = sum;
  }

  negate(): void {
    this.years = checked32(-this.years);
    this.months = checked32(-this.months);
    this.days = checked32(-this.days);
    this.microseconds = -this.microseconds;
    this.addMicroseconds(0n);
  }

  get value(): Interval {
    const months = this.years * 12n + this.months;
    if (months >= INT32 || months < -INT32) throw fault('span');
    return { months: Number(months), days: Number(this.days), microseconds: this.microseconds };
  }

  private addFractionOfDays(days: number): void {
    const whole = Math.trunc(days);
    this.days = checked32(this.days + BigInt(whole));
    this.addTime(0n, days - whole, 86_400_000_000);
  }
}

/** As AdjustFractMicroseconds of PostgreSQL: halves go towards zero. */
function roundAwayFromHalf(value: number): number {
  const whole = Math.trunc(value);
  const rest = value - whole;
  return rest > 0.5 ? whole + 1 : rest < -0.5 ? whole - 1 : whole;
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
