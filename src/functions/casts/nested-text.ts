import { userError } from '../../common/errors.js';
import { decodeNested, encodeNested, type NestedValue } from '../../types/nested-codec.js';
import {
  type ArrayType,
  formatType,
  isNestedType,
  type NestedType,
  type SqlType,
  type StructType,
} from '../../types/sql-type.js';
import type { FunctionValue } from '../function-types.js';

/** A nested value as text: `{1,NULL,"a b"}`, `(1,,"a b")`, `{a=1, b=2}`. Twin of the kernel `nestedToText`. */
export function formatNested(bytes: Uint8Array, type: NestedType, format: FormatScalar): string {
  return new NestedFormatter(format).format(decodeNested(bytes, type), type);
}

type FormatScalar = (value: Exclude<FunctionValue, null>, type: SqlType) => string;
type ParseScalar = (text: string, type: SqlType) => Exclude<FunctionValue, null>;

class NestedFormatter {
  private readonly formatScalar: FormatScalar;

  constructor(formatScalar: FormatScalar) {
    this.formatScalar = formatScalar;
  }

  format(value: readonly NestedValue[], type: NestedType): string {
    switch (type.kind) {
      case 'array':
        return `{${value.map((element) => this.element(element, type.element)).join(',')}}`;
      case 'struct':
        return `(${value.map((field, i) => this.field(field, type.fields[i]!.type)).join(',')})`;
      case 'map': {
        const pairs = value as readonly (readonly NestedValue[])[];
        const part = (item: NestedValue, of: SqlType): string => (item === null ? 'NULL' : this.part(item, of));
        return `{${pairs.map((pair) => `${part(pair[0]!, type.key)}=${part(pair[1]!, type.value)}`).join(', ')}}`;
      }
    }
  }

  private part(value: Exclude<NestedValue, null>, type: SqlType): string {
    if (isNestedType(type)) return this.format(value as readonly NestedValue[], type);
    if (type.kind === 'boolean') return value ? 't' : 'f';
    return this.formatScalar(value as Exclude<FunctionValue, null>, type);
  }

  private element(value: NestedValue, type: SqlType): string {
    if (value === null) return 'NULL';
    const text = this.part(value, type);
    if (type.kind === 'array' || !(text === '' || /^null$/i.test(text) || /[{}",\\ \t\n\v\f\r]/.test(text)))
      return text;
    return `"${text.replace(/["\\]/g, '\\$&')}"`;
  }

  private field(value: NestedValue, type: SqlType): string {
    if (value === null) return '';
    const text = this.part(value, type);
    return text === '' || /[()",\\ \t\n\v\f\r]/.test(text) ? `"${text.replace(/["\\]/g, '$&$&')}"` : text;
  }
}

/**
 * array_in and record_in of PostgreSQL. Throws 22P02, or what reading an element throws: the text is taken apart before
 * its elements are read.
 */
export function parseNested(text: string, type: NestedType, parse: ParseScalar): Uint8Array {
  return encodeNested(parseText(text, type, parse), type);
}

/** What is written in a text, as texts. */
type WrittenValue = string | null | readonly WrittenValue[];

function parseText(text: string, type: NestedType, parse: ParseScalar): readonly NestedValue[] {
  switch (type.kind) {
    case 'array':
      return readElements(parseArray(text, type.element), type.element, parse);
    case 'struct':
      return parseRow(text, type).map((word, place) =>
        word === null ? null : parsePart(word, type.fields[place]!.type, parse),
      );
    case 'map':
      throw userError('0A000', `cannot read a ${formatType(type)} from text`, {
        hint: 'Make it of two arrays: map(keys, values).',
      });
  }
}

function readElements(elements: readonly WrittenValue[], type: SqlType, parse: ParseScalar): NestedValue[] {
  return elements.map((element) => {
    if (element === null) return null;
    if (typeof element === 'string') return parsePart(element, type, parse);
    return readElements(element, (type as ArrayType).element, parse);
  });
}

function parsePart(text: string, type: SqlType, parse: ParseScalar): NestedValue {
  if (isNestedType(type)) return parseText(text, type, parse);
  const value = parse(text, type);
  return type.kind === 'char' || type.kind === 'varchar' ? withLength(value as string, type) : value;
}

/** Cut, and padded for char(n), as by a cast. */
function withLength(text: string, { kind, length }: { readonly kind: string; readonly length?: number }): string {
  if (length === undefined) return text;
  const cut = [...text].slice(0, length);
  return kind === 'char' ? cut.join('') + ' '.repeat(length - cut.length) : cut.join('');
}

function malformedArray(text: string, detail: string, hint?: string): Error {
  return userError('22P02', `malformed array literal: "${text}"`, { detail, hint });
}

function parseArray(text: string, element: SqlType): WrittenValue[] {
  if (/^\s*\[/.test(text)) {
    throw userError('0A000', 'array bounds are not supported', { hint: 'Leave them out: arrays begin at 1.' });
  }
  const reader = new ArrayReader(text);
  const values = reader.array(element);
  reader.end();
  return values;
}

/** Reads `{…}`, by PostgreSQL's rules for quotes, backslashes, NULL and white space. */
class ArrayReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
    this.skipSpace();
  }

  array(element: SqlType): WrittenValue[] {
    if (this.text[this.at] !== '{') {
      throw malformedArray(this.text, 'Array value must start with "{" or dimension information.');
    }
    this.at++;
    const values: WrittenValue[] = [];
    this.skipSpace();
    if (this.text[this.at] === '}') {
      this.at++;
      return values;
    }
    for (;;) {
      values.push(this.element(element));
      this.skipSpace();
      const next = this.text[this.at++];
      if (next === '}') return values;
      if (next === undefined) throw malformedArray(this.text, 'Unexpected end of input.');
      if (next !== ',') throw malformedArray(this.text, 'Junk after a closing quote or brace.');
    }
  }

  end(): void {
    this.skipSpace();
    if (this.at < this.text.length) throw malformedArray(this.text, 'Junk after closing right brace.');
  }

  private element(type: SqlType): WrittenValue {
    this.skipSpace();
    const first = this.text[this.at];
    if (first === '{') {
      if (type.kind === 'array') return this.array(type.element);
      throw malformedArray(
        this.text,
        `An element is an array, but the type is ${formatType(type)}[].`,
        'Write the type with as many brackets as the array has dimensions, as in int[][].',
      );
    }
    if (first === '"') return this.part(this.quoted(), type);
    const word = this.word();
    if (word === '') throw malformedArray(this.text, `Unexpected "${this.text[this.at] ?? 'end of input'}".`);
    return /^null$/i.test(word) && !this.sawEscape ? null : this.part(word, type);
  }

  private sawEscape = false;

  private part(text: string, type: SqlType): string {
    if (type.kind === 'array') {
      throw malformedArray(this.text, `An element is no array, but the type is ${formatType(type)}[].`);
    }
    return text;
  }

  private word(): string {
    let word = '';
    let kept = 0;
    this.sawEscape = false;
    for (; this.at < this.text.length; this.at++) {
      const character = this.text[this.at]!;
      if (character === ',' || character === '}') break;
      if (character === '{' || character === '"')
        throw malformedArray(this.text, `Unexpected "${character}" character.`);
      if (character === '\\') {
        this.sawEscape = true;
        word += this.text[++this.at] ?? '';
        kept = word.length;
        continue;
      }
      word += character;
      if (!isSpace(character)) kept = word.length;
    }
    return word.slice(0, kept);
  }

  private quoted(): string {
    let word = '';
    for (this.at++; this.at < this.text.length; this.at++) {
      const character = this.text[this.at]!;
      if (character === '"') {
        this.at++;
        return word;
      }
      word += character === '\\' ? (this.text[++this.at] ?? '') : character;
    }
    throw malformedArray(this.text, 'Unexpected end of input.');
  }

  private skipSpace(): void {
    while (this.at < this.text.length && isSpace(this.text[this.at]!)) this.at++;
  }
}

const isSpace = (character: string): boolean => /[ \t\n\v\f\r]/.test(character);

function parseRow(text: string, type: StructType): (string | null)[] {
  const malformed = (detail: string): Error => userError('22P02', `malformed record literal: "${text}"`, { detail });
  let at = 0;
  const skipSpace = (): void => {
    while (at < text.length && isSpace(text[at]!)) at++;
  };
  skipSpace();
  if (text[at] !== '(') throw malformed('Missing left parenthesis.');
  at++;
  const values = type.fields.map((_, index) => {
    if (index > 0) {
      if (text[at] !== ',') throw malformed('Too few columns.');
      at++;
    }
    if (text[at] === ',' || text[at] === ')') return null;
    let word = '';
    let isQuoted = false;
    while (isQuoted || (text[at] !== ',' && text[at] !== ')')) {
      const character = text[at++];
      if (character === undefined) throw malformed('Unexpected end of input.');
      if (character === '\\') word += text[at++] ?? '';
      else if (character !== '"') word += character;
      else if (isQuoted && text[at] === '"') word += text[at++];
      else isQuoted = !isQuoted;
    }
    return word;
  });
  if (text[at] === ',') throw malformed('Too many columns.');
  at++;
  skipSpace();
  if (at < text.length) throw malformed('Junk after right parenthesis.');
  return values;
}
