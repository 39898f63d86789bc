import { notSupportedError, userError } from '../../../common/errors.js';
import { decodeNested } from '../../../types/nested-codec.js';
import { type ArrayType, type SqlType, TEXT } from '../../../types/sql-type.js';
import { formatValue } from '../../format-value.js';
import type { FunctionImplementation, FunctionValue, ScalarFunction, VectorCreate } from '../../function-types.js';
import { quoteIdentifier, quoteLiteral, reservedWordTable } from './quoting.js';

/** `%[position][flags][width]type`; a width may be `*`, the next argument, or `*n$`. */
const SPECIFIER = /%(?:(\d+)\$)?(-*)(?:(\d+)|(\*)(?:(\d+)\$)?)?(.?)/gsu;

/** Arguments in the order in which specifiers take them, from 1. */
class FormatArguments {
  private readonly values: readonly FunctionValue[];
  private readonly types: readonly SqlType[];
  private last = 0;

  constructor(values: readonly FunctionValue[], types: readonly SqlType[]) {
    this.values = values;
    this.types = types;
  }

  /** The text of the argument at a place, or of the next one; null for NULL. */
  take(position: string | undefined): string | null {
    const place = position === undefined ? this.last + 1 : Number(position);
    if (place === 0) throw userError('22023', 'format specifies argument 0, but arguments are numbered from 1');
    if (place >= this.values.length) throw userError('22023', 'too few arguments for format()');
    this.last = place;
    const value = this.values[place]!;
    return value === null ? null : textOf(value, this.types[place]!);
  }
}

function textOf(value: Exclude<FunctionValue, null>, type: SqlType): string {
  if (type.kind === 'boolean') return value === true ? 't' : 'f';
  if (type.kind === 'timestamptz') {
    throw notSupportedError('format() of a timestamp with time zone', { hint: 'Cast it to text.' });
  }
  return formatValue(value, type);
}

const format: VectorCreate = (types) => (values) => {
  const template = values[0] as string | null;
  if (template === null) return null;
  const given = new FormatArguments(values, types);
  return template.replace(SPECIFIER, (whole: string, ...parts: (string | undefined)[]) => {
    const [position, minus, digits, star, starPosition, kind] = parts;
    if (kind === '%' && whole === '%%') return '%';
    if (kind === '') {
      throw userError('22023', 'unterminated format() type specifier', { hint: 'For a single "%" use "%%".' });
    }
    const width = star === undefined ? Number(digits ?? 0) : Number(given.take(starPosition) ?? 0);
    if (kind !== 's' && kind !== 'I' && kind !== 'L') {
      const message = `unrecognized format() type specifier "${kind}"`;
      throw userError('22023', message, { hint: 'For a single "%" use "%%".' });
    }
    const text = converted(given.take(position), kind);
    const missing = Math.max(0, Math.abs(width) - [...text].length);
    return minus !== '' || width < 0 ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
  });
};

function converted(text: string | null, kind: 's' | 'I' | 'L'): string {
  if (kind === 's') return text ?? '';
  if (kind === 'L') return text === null ? 'NULL' : quoteLiteral(text);
  if (text === null) throw userError('22004', 'null values cannot be formatted as an SQL identifier');
  return quoteIdentifier(text);
}

const implementation: FunctionImplementation = {
  kind: 'memory',
  kernel: 'textFormat',
  ofTexts: true,
  constant: reservedWordTable,
  fallback: format,
};

const formatArray: VectorCreate = ([ofTemplate, ofArray]) => {
  const type = ofArray as ArrayType;
  return ([template, array]) => {
    const elements = array == null ? [] : (decodeNested(array as Uint8Array, type) as readonly (string | null)[]);
    return format([ofTemplate!, ...elements.map(() => TEXT)], TEXT)([template!, ...elements]);
  };
};

export const formatArrayFunction: ScalarFunction = {
  name: 'format_array',
  internal: true,
  doc: 'format(template, VARIADIC array).',
  overloads: [
    {
      args: ['text', 'array'],
      returns: TEXT,
      strict: false,
      fallible: true,
      implementation: { kind: 'memory', kernel: 'textFormatArray', constant: reservedWordTable, fallback: formatArray },
    },
  ],
};

export const formatFunction: ScalarFunction = {
  name: 'format',
  doc: 'A text with arguments filled in: %s as text, %I as an identifier, %L as a literal, %1$s by position, %-10s by width.',
  example: {
    sql: "format('Hello %s, %1$s, %I, %L', 'World', 'Foo bar', 'O''Reilly')",
    result: "Hello World, World, \"Foo bar\", 'O''Reilly'",
  },
  overloads: [
    {
      args: ['text', 'any'],
      variadic: true,
      returns: TEXT,
      strict: false,
      fallible: true,
      implementation,
    },
    {
      args: ['text'],
      returns: TEXT,
      strict: false,
      fallible: true,
      implementation,
    },
  ],
};
