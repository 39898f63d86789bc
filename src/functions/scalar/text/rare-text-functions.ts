import { userError } from '../../../common/errors.js';
import { BOOLEAN, BYTEA, formatType, INTEGER, type SqlType, type SqlTypeKind, TEXT } from '../../../types/sql-type.js';
import type { FunctionExample, FunctionValue, ScalarFunction, VectorCreate } from '../../function-types.js';

// Functions of text and bytes that scans seldom call: computed in TypeScript, row by row.

function of(
  name: string,
  doc: string,
  example: FunctionExample,
  args: readonly SqlTypeKind[],
  returns: SqlType,
  compute: (...values: never[]) => FunctionValue,
): ScalarFunction {
  const create: VectorCreate = () => (values) => compute(...(values as never[]));
  return {
    name,
    doc,
    example,
    overloads: [{ args, returns, fallible: true, implementation: { kind: 'vector', create } }],
  };
}

const encoder = new TextEncoder();

function overlayText(text: string, replacement: string, start: number, count: number): string {
  if (start <= 0) throw userError('22011', 'negative substring length not allowed');
  const characters = [...text];
  const end = Math.max(0, start - 1 + count);
  return characters.slice(0, start - 1).join('') + replacement + characters.slice(end).join('');
}

const quoteLiteral = (text: string): string => {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? ` E${quoted}`.trimStart() : quoted;
};

const HEX_DIGITS = '0123456789abcdef';
const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64_LINE = 76;

function encodeBytes(bytes: Uint8Array, format: string): string {
  switch (format.toLowerCase()) {
    case 'hex':
      return Array.from(bytes, (byte) => HEX_DIGITS[byte >> 4]! + HEX_DIGITS[byte & 15]!).join('');
    case 'base64':
      return encodeBase64(bytes);
    case 'escape':
      return Array.from(bytes, (byte) => {
        if (byte === 0x5c) return '\\\\';
        if (byte !== 0 && byte < 0x80) return String.fromCharCode(byte);
        return `\\${byte.toString(8).padStart(3, '0')}`;
      }).join('');
    default:
      throw unknownEncoding(format);
  }
}

/** In lines of 76 digits, as PostgreSQL writes them. */
function encodeBase64(bytes: Uint8Array): string {
  let digits = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const count = Math.min(3, bytes.length - at) + 1;
    for (let digit = 0; digit < 4; digit++)
      digits += digit < count ? BASE64_DIGITS[(group >> (18 - 6 * digit)) & 63]! : '=';
  }
  return digits.replace(new RegExp(`(.{${BASE64_LINE}})(?=.)`, 'g'), '$1\n');
}

function decodeText(text: string, format: string): Uint8Array {
  switch (format.toLowerCase()) {
    case 'hex':
      return decodeHex(text);
    case 'base64':
      return decodeBase64(text);
    default:
      throw unknownEncoding(format);
  }
}

function decodeHex(text: string): Uint8Array {
  const digits = [...text].filter((character) => !/\s/.test(character));
  for (const digit of digits) {
    if (!/[0-9a-fA-F]/.test(digit)) throw userError('22023', `invalid hexadecimal digit: "${digit}"`);
  }
  if (digits.length % 2 === 1) throw userError('22023', 'invalid hexadecimal data: odd number of digits');
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits[at * 2]! + digits[at * 2 + 1]!, 16),
  );
}

function decodeBase64(text: string): Uint8Array {
  const digits = [...text].filter((character) => !/\s/.test(character));
  const padding = digits.length - digits.findLastIndex((digit) => digit !== '=') - 1;
  const bytes: number[] = [];
  let group = 0;
  for (const [at, digit] of digits.entries()) {
    const value = at >= digits.length - padding ? 0 : BASE64_DIGITS.indexOf(digit);
    if (value < 0) throw userError('22023', `invalid symbol "${digit}" found while decoding base64 sequence`);
    group = (group << 6) | value;
    if (at % 4 !== 3) continue;
    bytes.push((group >> 16) & 255, (group >> 8) & 255, group & 255);
    group = 0;
  }
  if (digits.length % 4 !== 0 || padding > 2) {
    throw userError('22023', 'invalid base64 end sequence', {
      hint: 'Input data is missing padding, is truncated, or is otherwise corrupted.',
    });
  }
  return Uint8Array.from(bytes.slice(0, bytes.length - padding));
}

function unknownEncoding(format: string): Error {
  return userError('22023', `unrecognized encoding: "${format}"`, {
    hint: 'Encodings are hex, base64 and, to encode, escape.',
  });
}

const hexOf = (value: bigint, bits: number): string => BigInt.asUintN(bits, value).toString(16);

export const rareTextFunctions: readonly ScalarFunction[] = [
  of(
    'bit_length',
    'Number of bits.',
    { sql: "bit_length('jose')", result: '32' },
    ['text'],
    INTEGER,
    (text: string) => encoder.encode(text).length * 8,
  ),
  of(
    'ends_with',
    'Whether a text ends with another.',
    { sql: "ends_with('millrace', 'race')", result: 't' },
    ['text', 'text'],
    BOOLEAN,
    (text: string, end: string) => text.endsWith(end),
  ),
  of(
    'contains',
    'Whether a text has another within.',
    { sql: "contains('millrace', 'lra')", result: 't' },
    ['text', 'text'],
    BOOLEAN,
    (text: string, part: string) => text.includes(part),
  ),
  of(
    'quote_literal',
    'The text as a literal of SQL.',
    { sql: "quote_literal('O''Reilly')", result: "'O''Reilly'" },
    ['text'],
    TEXT,
    quoteLiteral,
  ),
  {
    name: 'to_hex',
    doc: 'An integer in hexadecimal digits, in two\u2019s complement.',
    example: { sql: 'to_hex(2147483647)', result: '7fffffff' },
    overloads: [
      {
        args: ['integer'],
        returns: TEXT,
        implementation: { kind: 'vector', create: () => (args) => hexOf(BigInt(args[0] as number), 32) },
      },
      {
        args: ['bigint'],
        returns: TEXT,
        implementation: { kind: 'vector', create: () => (args) => hexOf(args[0] as bigint, 64) },
      },
    ],
  },
  {
    name: 'overlay',
    doc: 'The text with characters from a place on, from 1, replaced: as many as the replacement has, or as are told.',
    example: { sql: "overlay('Txxxxas' placing 'hom' from 2 for 4)", result: 'Thomas' },
    overloads: [
      {
        args: ['text', 'text', 'integer'],
        returns: TEXT,
        fallible: true,
        implementation: {
          kind: 'vector',
          create: () => (args) => {
            const [text, replacement, start] = args as [string, string, number];
            return overlayText(text, replacement, start, [...replacement].length);
          },
        },
      },
      {
        args: ['text', 'text', 'integer', 'integer'],
        returns: TEXT,
        fallible: true,
        implementation: {
          kind: 'vector',
          create: () => (args) => overlayText(...(args as [string, string, number, number])),
        },
      },
    ],
  },
  of(
    'encode',
    'Bytes as text: hex, base64 or escape.',
    { sql: "encode('\\x1234'::bytea, 'hex')", result: '1234' },
    ['bytea', 'text'],
    TEXT,
    encodeBytes,
  ),
  of(
    'decode',
    'Bytes of a text in hex or base64.',
    { sql: "decode('EjQ=', 'base64')", result: '\\x1234' },
    ['text', 'text'],
    BYTEA,
    decodeText,
  ),
  {
    name: 'pg_typeof',
    doc: 'The name of the type of the argument.',
    example: { sql: 'pg_typeof(1 + 1.5)', result: 'numeric' },
    overloads: [
      {
        args: ['any'],
        returns: TEXT,
        strict: false,
        implementation: {
          kind: 'vector',
          create:
            ([type]) =>
            () =>
              formatType(type!).replace(/\(.*?\)/, ''),
        },
      },
    ],
  },
];
