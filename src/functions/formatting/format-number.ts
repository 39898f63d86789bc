import { userError } from '../../common/errors.js';
import { ordinalOf } from './calendar-names.js';
import type { NumberTemplate } from './number-template.js';

/**
 * A number's digits as a template lays them out. `digits`: without sign, rounded to the template's places, `12.50`;
 * after NUM_processor of PostgreSQL (src/backend/utils/adt/formatting.c).
 */
export function formatNumber(template: NumberTemplate, digits: string, isNegative: boolean): string {
  const wholeLength = digits.indexOf('.') < 0 ? digits.length : digits.indexOf('.');
  const room = template.whole + template.shift;
  if (wholeLength <= room) return new Layout(template, digits, room - wholeLength, isNegative).write();
  const hashes = `${'#'.repeat(room)}.${'#'.repeat(template.fraction)}`;
  return new Layout(template, hashes, 0, isNegative).write();
}

class Layout {
  private readonly template: NumberTemplate;
  private readonly digits: string;
  /** Places before the digits. */
  private readonly spaces: number;
  private readonly isNegative: boolean;
  private readonly sign: NumberTemplate['sign'];
  private readonly bracket: boolean;
  /** The last digit that is shown with FM: of those behind the point, the last that is not 0. */
  private readonly lastRelevant: number | undefined;
  private readonly count: number;
  private signWritten: boolean;
  private place = 0;
  private at = 0;
  private inNumber = false;
  private result = '';

  constructor(template: NumberTemplate, digits: string, spaces: number, isNegative: boolean) {
    const { plus, minus, fill, sign, whole, digitsBeforeSign, fraction, shift } = template;
    this.template = template;
    this.digits = digits;
    this.spaces = spaces;
    this.isNegative = isNegative;
    this.sign = sign === 'before' && whole === digitsBeforeSign ? 'behind' : sign;
    this.bracket = template.bracket && (isNegative || !fill);
    if (plus || minus) this.signWritten = !(plus && !minus);
    else this.signWritten = !isNegative && fill && sign === 'none';
    if (plus && !minus) this.signWritten = false;
    this.lastRelevant = fill && template.hasPoint ? this.findLastRelevant() : undefined;
    this.count = fraction + whole + shift - 1 + (!this.signWritten && spaces === 0 ? 1 : 0);
  }

  private findLastRelevant(): number | undefined {
    const point = this.digits.indexOf('.');
    if (point < 0) return undefined;
    let last = point;
    for (let at = point + 1; at < this.digits.length; at++) if (this.digits[at] !== '0') last = at;
    const { zeroEnd } = this.template;
    if (zeroEnd <= this.spaces) return last;
    return Math.max(last, Math.min(this.digits.length - 1, zeroEnd - this.spaces));
  }

  write(): string {
    const { nodes, fill } = this.template;
    for (const node of nodes) {
      if (node.kind === 'literal') {
        this.result += node.text;
        continue;
      }
      switch (node.name) {
        case '9':
        case '0':
        case '.':
        case 'D':
          this.writePart(node.name);
          break;
        case ',':
        case 'G':
          if (this.inNumber) this.result += ',';
          else if (!fill) this.result += ' ';
          break;
        case 'L':
          this.result += ' ';
          break;
        case 'TH':
          if (!this.template.hasPoint && !this.isNegative && this.digits[0] !== '#') {
            if (!/\d$/.test(this.digits)) throw userError('22P02', `"${this.digits}" is not a number`);
            const ordinal = ordinalOf(this.digits);
            this.result += node.written === 'TH' ? ordinal.toUpperCase() : ordinal;
          }
          break;
        case 'MI':
          this.result += this.isNegative ? '-' : fill ? '' : ' ';
          break;
        case 'PL':
          this.result += this.isNegative ? (fill ? '' : ' ') : '+';
          break;
        case 'SG':
          this.result += this.isNegative ? '-' : '+';
          break;
      }
    }
    return this.result;
  }

  /** Is the digit the 0 before the point of a number below 1, for which no 0 was asked? */
  private get isLeadingZero(): boolean {
    const { hasZero, fraction } = this.template;
    return !hasZero && this.at === 0 && this.digits[0] === '0' && fraction !== 0;
  }

  private writePart(name: string): void {
    const { hasZero, fill } = this.template;
    const zeroStart = this.template.zeroStart - 1;
    this.inNumber = false;
    const reachedZero = hasZero && zeroStart === this.place;
    const onlyPointIsLeft = this.lastRelevant !== undefined && this.digits[this.lastRelevant] === '.';
    if (!this.signWritten && (this.place >= this.spaces || reachedZero) && (!this.isLeadingZero || onlyPointIsLeft)) {
      this.writeSign();
    }
    if (this.place < this.spaces && (!hasZero || zeroStart > this.place)) {
      if (!fill) this.result += ' ';
    } else if (hasZero && this.place < this.spaces && zeroStart <= this.place) {
      this.result += '0';
      this.inNumber = true;
    } else {
      this.writeDigit(name, onlyPointIsLeft);
      if (this.at < this.digits.length) this.at++;
    }
    let end = this.count + (this.spaces > 0 ? 1 : 0) + (this.template.hasPoint ? 1 : 0);
    if (this.lastRelevant !== undefined && this.lastRelevant === this.at) end = this.place;
    if (this.place + 1 === end) {
      if (this.signWritten && this.bracket) this.result += this.isNegative ? '>' : ' ';
      else if (this.sign === 'behind') this.result += this.isNegative ? '-' : '+';
    }
    this.place++;
  }

  private writeSign(): void {
    if (this.template.sign !== 'none') {
      if (this.sign !== 'before') return;
      this.result += this.isNegative ? '-' : '+';
    } else if (this.bracket) this.result += this.isNegative ? '<' : ' ';
    else if (this.isNegative) this.result += '-';
    else if (!this.template.fill) this.result += ' ';
    this.signWritten = true;
  }

  private writeDigit(name: string, onlyPointIsLeft: boolean): void {
    const { fill } = this.template;
    const digit = this.digits[this.at] ?? '';
    if (digit === '.') this.result += '.';
    else if (this.lastRelevant !== undefined && this.at > this.lastRelevant && name !== '0') return;
    else if (this.isLeadingZero) this.result += fill ? (onlyPointIsLeft ? '0' : '') : ' ';
    else {
      this.result += digit;
      this.inNumber = true;
    }
  }
}

const ROMAN: readonly (readonly [value: number, numeral: string])[] = [
  ...([
    [1000, 'M'],
    [900, 'CM'],
    [500, 'D'],
    [400, 'CD'],
    [100, 'C'],
    [90, 'XC'],
    [50, 'L'],
    [40, 'XL'],
  ] as const),
  ...([
    [10, 'X'],
    [9, 'IX'],
    [5, 'V'],
    [4, 'IV'],
    [1, 'I'],
  ] as const),
];

/** A whole number in Roman numerals, in 15 places; `###############` where there are none. */
export function formatRoman({ nodes, fill }: NumberTemplate, value: number): string {
  let rest = value;
  let numerals = '';
  if (!(value >= 1 && value <= 3999)) numerals = '#'.repeat(15);
  else {
    for (const [size, numeral] of ROMAN) {
      while (rest >= size) {
        numerals += numeral;
        rest -= size;
      }
    }
  }
  const isLower = nodes.some((node) => node.kind === 'action' && node.written === 'rn');
  const text = isLower ? numerals.toLowerCase() : numerals;
  return nodes
    .map((node) => (node.kind === 'literal' ? node.text : node.name === 'RN' ? (fill ? text : text.padStart(15)) : ''))
    .join('');
}
