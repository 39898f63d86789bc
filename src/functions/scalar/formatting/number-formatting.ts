import { userError } from '../../../common/errors.js';
import { DEFAULT_DECIMAL } from '../../../types/coercion.js';
import { type DecimalType, TEXT } from '../../../types/sql-type.js';
import { formatDecimal } from '../../format-value.js';
import { cachedTemplate } from '../../formatting/cached-template.js';
import { formatNumber, formatRoman } from '../../formatting/format-number.js';
import { type NumberTemplate, parseNumberTemplate } from '../../formatting/number-template.js';
import { readNumber } from '../../formatting/read-number.js';
import type { ScalarFunction, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';
import { datetimeToChar } from '../dates/datetime-formatting.js';

/** Significant digits that PostgreSQL trusts in a float. */
const FLOAT_DIGITS = { real: 6, double: 15 } as const;

/** An exact number: `value` / 10^`scale`. */
function formatExact(template: NumberTemplate, value: bigint, scale: number): string {
  const magnitude = value < 0n ? -value : value;
  if (template.scientific) return formatScientific(value < 0n, exponentialOfExact(magnitude, scale, template.fraction));
  if (template.roman) return formatRoman(template, Number(rounded(magnitude, scale, 0)) * (value < 0n ? -1 : 1));
  const digits = rounded(magnitude * 10n ** BigInt(template.shift), scale, template.fraction);
  return formatNumber(template, formatDecimal(digits, template.fraction), value < 0n && digits > 0n);
}

/** Halves away from zero. */
function rounded(magnitude: bigint, scale: number, places: number): bigint {
  if (places >= scale) return magnitude * 10n ** BigInt(places - scale);
  const unit = 10n ** BigInt(scale - places);
  return (magnitude + unit / 2n) / unit;
}

function formatScientific(isNegative: boolean, exponential: string): string {
  const [mantissa, exponent] = exponential.split('e') as [string, string];
  const power = Number(exponent);
  const digits = String(Math.abs(power)).padStart(2, '0');
  return `${isNegative ? '-' : ' '}${mantissa}e${power < 0 ? '-' : '+'}${digits}`;
}

/** `1.48e+3`: halves go to the even neighbour, as C prints them. */
function exponentialOf(value: number, places: number): string {
  const up = value.toExponential(places);
  const oneMore = value.toExponential(places + 1);
  const [mantissa, exponent] = oneMore.split('e') as [string, string];
  const isTie = mantissa.endsWith('5') && Number(oneMore) === value;
  const isOdd = Number(up.replace(/e.*/, '').at(-1)) % 2 === 1;
  return isTie && isOdd ? `${mantissa.slice(0, -1).replace(/\.$/, '')}e${exponent}` : up;
}

/** Exact digits in scientific form, halves away from zero. */
function exponentialOfExact(magnitude: bigint, scale: number, places: number): string {
  if (magnitude === 0n) return `0${places > 0 ? `.${'0'.repeat(places)}` : ''}e+0`;
  const length = magnitude.toString().length;
  const excess = length - 1 - places;
  const digits = excess > 0 ? rounded(magnitude, excess, 0) : magnitude * 10n ** BigInt(-excess);
  const text = digits.toString();
  // What is rounded up to 10 stays 10, in PostgreSQL.
  const whole = text.length - places;
  return `${text.slice(0, whole)}${places > 0 ? `.${text.slice(whole)}` : ''}e${length - 1 - scale}`;
}

function formatFloat(template: NumberTemplate, value: number, significant: number): string {
  const isNegative = value < 0;
  if (template.scientific) {
    if (Number.isFinite(value)) {
      return formatScientific(isNegative, exponentialOf(Math.abs(value), template.fraction));
    }
    return ` ${'#'.repeat(template.whole)}.${'#'.repeat(template.fraction + 4)}`;
  }
  if (template.roman) {
    const whole = Number.isFinite(value) ? Number(exact(Math.abs(value), 0)) * Math.sign(value) : value;
    return formatRoman(template, whole);
  }
  const scaled = Math.abs(value) * 10 ** template.shift;
  if (!Number.isFinite(scaled)) {
    // They print as text, and do not fit as a rule.
    const text = Number.isNaN(value) ? 'NaN' : 'Infinity';
    return formatNumber(template, text, isNegative);
  }
  const wholeLength = exact(scaled, 0).length;
  const places = Math.max(0, Math.min(template.fraction, significant - wholeLength));
  return formatNumber(template, exact(scaled, places), isNegative);
}

/** With so many digits behind the point, as C's printf has them. */
function exact(value: number, places: number): string {
  if (value < 1e21) {
    const up = value.toFixed(places);
    const isTie = Number(up) > value && /^50*$/.test(value.toFixed(Math.min(100, places + 52)).slice(-52));
    const isOdd = Number(up.at(-1)) % 2 === 1;
    // A half goes to the even neighbour: up was away from zero.
    return isTie && isOdd
      ? value
          .toFixed(Math.min(100, places + 52))
          .slice(0, -52)
          .replace(/\.$/, '')
      : up;
  }
  return `${BigInt(value)}${places > 0 ? `.${'0'.repeat(places)}` : ''}`;
}

const overload = (kind: 'integer' | 'bigint' | 'decimal' | 'real' | 'double'): ScalarOverloadDeclaration => {
  const create: VectorCreate = (types) => {
    const parse = cachedTemplate(parseNumberTemplate);
    const scale = kind === 'decimal' ? (types[0] as DecimalType).scale : 0;
    return ([value, text]) => {
      if (text === '') return '';
      const template = parse(text as string);
      if (kind === 'real' || kind === 'double') return formatFloat(template, value as number, FLOAT_DIGITS[kind]);
      // As PostgreSQL does it: integers are printed as doubles here, and bigints are not.
      if (template.scientific && kind === 'integer') return formatFloat(template, Number(value), FLOAT_DIGITS.double);
      return formatExact(template, BigInt(value as number | bigint), scale);
    };
  };
  return {
    args: [kind, 'text'],
    returns: TEXT,
    fallible: true,
    implementation: { kind: 'memory', kernel: 'numberToChar', fallback: create },
  };
};

const toChar: ScalarFunction = {
  name: 'to_char',
  doc: 'A timestamp, interval or number as text, after a template such as YYYY-MM-DD HH24:MI:SS or 999,990.00.',
  example: { sql: "to_char(timestamp '2024-05-06 07:08:09', 'DD Mon YYYY HH24:MI')", result: '06 May 2024 07:08' },
  overloads: [...datetimeToChar, ...(['integer', 'bigint', 'decimal', 'real', 'double'] as const).map(overload)],
};

/** What to_number gives. */
const NUMBER = DEFAULT_DECIMAL as DecimalType;

const numberOfText: VectorCreate = () => {
  const parse = cachedTemplate(parseNumberTemplate);
  const { scale, precision } = NUMBER;
  return ([text, template]) => {
    if (template === '') return null;
    const { digits, places } = readNumber(text as string, parse(template as string));
    const value = places <= scale ? digits * 10n ** BigInt(scale - places) : digits / 10n ** BigInt(places - scale);
    if (value >= 10n ** BigInt(precision)) throw userError('22003', 'numeric field overflow');
    return value;
  };
};

const toNumber: ScalarFunction = {
  name: 'to_number',
  doc: 'A number read by a template; it has ten digits behind the point.',
  example: {
    sql: "to_number('12,454.8-', '99G999D9S')",
    result: '-12454.8000000000',
    differs: 'Its scale follows from the text.',
  },
  overloads: [
    {
      args: ['text', 'text'],
      returns: DEFAULT_DECIMAL,
      fallible: true,
      implementation: {
        kind: 'kernel',
        kernel: 'textToNumber64',
        wideKernel: 'textToNumber128',
        block: true,
        parameters: [NUMBER.precision, NUMBER.scale],
        fallback: numberOfText,
        nullable: true,
      },
    },
  ],
};

export const formattingFunctions: readonly ScalarFunction[] = [toChar, toNumber];
