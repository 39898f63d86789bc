import { userError } from '../../../common/errors.js';
import {
  BIGINT,
  BOOLEAN,
  BYTEA,
  formatType,
  INTEGER,
  type SqlType,
  type SqlTypeKind,
  TEXT,
  UUID,
} from '../../../types/sql-type.js';
import type {
  FunctionExample,
  FunctionImplementation,
  FunctionValue,
  KernelImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  VectorCreate,
} from '../../function-types.js';
import { op } from '../../opcodes.js';
import { decodeText, encodeBytes } from './binary-text.js';
import { bytesOverlay, endOfOverlaid } from './bytes-functions.js';
import { formatArrayFunction, formatFunction } from './format-function.js';
import { quotingFunctions } from './quoting-functions.js';
import { sha224, sha256, sha384, sha512, sha512Constants } from './sha2.js';

// Functions of text and bytes that scans seldom call: some of them computed in TypeScript, row by row.

function of(
  name: string,
  doc: string,
  example: FunctionExample,
  args: readonly SqlTypeKind[],
  returns: SqlType,
  compute: (...values: never[]) => FunctionValue,
  /** Does what it can; TypeScript the rows that it declines. */
  kernel?: Pick<KernelImplementation, 'kernel' | 'parameters'>,
): ScalarFunction {
  const create: VectorCreate = () => (values) => compute(...(values as never[]));
  const implementation: FunctionImplementation =
    kernel === undefined ? { kind: 'vector', create } : { kind: 'kernel', ...kernel, block: true, fallback: create };
  return { name, doc, example, overloads: [{ args, returns, fallible: true, implementation }] };
}

/** Eight times the number of bytes, which is in the view. */
const bitLength: FunctionImplementation = {
  kind: 'emit',
  emit: (e) => {
    e.lane64(0);
    e.op(op.i32WrapI64);
    e.i32(3);
    e.op(op.i32Shl);
    return undefined;
  },
};

const ofTexts = (kernel: string, returns: SqlType): ScalarOverloadDeclaration => ({
  args: ['text', 'text'],
  returns,
  implementation: { kind: 'kernel', kernel },
});

function overlayText(text: string, replacement: string, start: number, count: number): string {
  const end = endOfOverlaid(start, count);
  const characters = [...text];
  return characters.slice(0, start - 1).join('') + replacement + characters.slice(end).join('');
}

/** An integer in two's complement, in digits of some base. */
function inDigits(name: string, base: number, example: FunctionExample, digits: string): ScalarFunction {
  const overload = (kind: 'integer' | 'bigint', bits: number): ScalarFunction['overloads'][number] => {
    const create: VectorCreate = () => (args) =>
      BigInt.asUintN(bits, BigInt(args[0] as number | bigint)).toString(base);
    return {
      args: [kind],
      returns: TEXT,
      fallible: true,
      implementation: {
        kind: 'kernel',
        kernel: `${kind}Digits`,
        block: true,
        parameters: [Math.log2(base)],
        fallback: create,
      },
    };
  };
  return {
    name,
    doc: `An integer in ${digits} digits, in two\u2019s complement.`,
    example,
    overloads: [overload('integer', 32), overload('bigint', 64)],
  };
}

const digest = (
  name: string,
  bits: number,
  compute: (bytes: Uint8Array) => Uint8Array,
  start: string,
): ScalarFunction => {
  const example = { sql: `left(encode(${name}('abc'::bytea), 'hex'), 8)`, result: start };
  const doc = `The SHA-${bits} digest of bytes.`;
  if (bits < 384) {
    return of(name, doc, example, ['bytea'], BYTEA, compute, { kernel: 'bytesSha256', parameters: [bits / 8] });
  }
  const implementation: FunctionImplementation = {
    kind: 'memory',
    kernel: `bytesSha${bits}`,
    constant: sha512Constants,
    fallback:
      () =>
      ([bytes]) =>
        compute(bytes as Uint8Array),
  };
  return { name, doc, example, overloads: [{ args: ['bytea'], returns: BYTEA, fallible: true, implementation }] };
};

/** How many arguments are NULL, or are not. */
const countOfArguments = (name: string, what: string, kernel: string): ScalarFunction => ({
  name,
  doc: `The number of arguments that are ${what}.`,
  example: { sql: `${name}(1, null, 2)`, result: name === 'num_nulls' ? '1' : '2' },
  overloads: [
    {
      args: ['any'],
      variadic: true,
      returns: INTEGER,
      strict: false,
      implementation: { kind: 'memory', kernel },
    },
  ],
});

function byteAt(bytes: Uint8Array, index: number, unit: 'byte' | 'bit'): number {
  const count = unit === 'byte' ? bytes.length : bytes.length * 8;
  if (index < 0 || index >= count) throw userError('2202E', `index ${index} out of valid range, 0..${count - 1}`);
  return unit === 'byte' ? index : index >> 3;
}

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = value;
  return changed;
}

function withBit(bytes: Uint8Array, index: number, bit: number): Uint8Array {
  const at = byteAt(bytes, index, 'bit');
  if (bit !== 0 && bit !== 1) throw userError('22023', 'new bit must be 0 or 1');
  const mask = 1 << (index & 7);
  return withByte(bytes, at, bit === 1 ? bytes[at]! | mask : bytes[at]! & ~mask);
}

function countBits(bytes: Uint8Array): bigint {
  let count = 0n;
  for (const byte of bytes) for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Least number of characters to insert, delete and replace. */
function editDistance(one: string, other: string): number {
  const [a, b] = [[...one], [...other]];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, character] of a.entries()) {
    const next = [i + 1];
    for (const [j, wanted] of b.entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (character === wanted ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}

const randomUuid: FunctionImplementation = {
  kind: 'emit',
  emit: (e) => {
    e.block();
    e.kernel('randomUuid', ['i32'], 'v128');
    return undefined;
  },
};

export const rareTextFunctions: readonly ScalarFunction[] = [
  {
    name: 'bit_length',
    doc: 'Number of bits.',
    example: { sql: "bit_length('jose')", result: '32' },
    overloads: [
      { args: ['text'], returns: INTEGER, implementation: bitLength },
      { args: ['bytea'], returns: INTEGER, implementation: bitLength },
    ],
  },
  {
    name: 'ends_with',
    aliases: ['endswith', 'suffix'],
    doc: 'Whether a text ends with another.',
    example: { sql: "ends_with('millrace', 'race')", result: 't' },
    overloads: [ofTexts('textEndsWith', BOOLEAN)],
  },
  {
    name: 'contains',
    doc: 'Whether a text has another within.',
    example: { sql: "contains('millrace', 'lra')", result: 't' },
    overloads: [ofTexts('textContains', BOOLEAN)],
  },
  ...quotingFunctions,
  formatFunction,
  formatArrayFunction,
  {
    name: 'instr',
    doc: 'Where a text has another, in characters from 1; 0 where it has not. As strpos.',
    example: { sql: "instr('millrace', 'race')", result: '5' },
    overloads: [ofTexts('textPosition', INTEGER)],
  },
  of(
    'levenshtein',
    'How many characters have to be inserted, deleted or replaced to make one text of the other.',
    { sql: "levenshtein('kitten', 'sitting')", result: '3' },
    ['text', 'text'],
    INTEGER,
    editDistance,
    { kernel: 'textEditDistance' },
  ),
  of(
    'get_byte',
    'The byte at a place, from 0.',
    { sql: "get_byte('\\x1234567890'::bytea, 4)", result: '144' },
    ['bytea', 'integer'],
    INTEGER,
    (bytes: Uint8Array, index: number) => bytes[byteAt(bytes, index, 'byte')]!,
    { kernel: 'bytesGetByte' },
  ),
  of(
    'set_byte',
    'The bytes with the one at a place, from 0, replaced.',
    { sql: "set_byte('\\x1234567890'::bytea, 4, 64)", result: '\\x1234567840' },
    ['bytea', 'integer', 'integer'],
    BYTEA,
    (bytes: Uint8Array, index: number, value: number) => withByte(bytes, byteAt(bytes, index, 'byte'), value),
    { kernel: 'bytesSetByte' },
  ),
  of(
    'get_bit',
    'The bit at a place, from 0; each byte begins with its lowest.',
    { sql: "get_bit('\\x1234567890'::bytea, 30)", result: '1' },
    ['bytea', 'bigint'],
    INTEGER,
    (bytes: Uint8Array, index: bigint) => (bytes[byteAt(bytes, Number(index), 'bit')]! >> Number(index & 7n)) & 1,
    { kernel: 'bytesGetBit' },
  ),
  of(
    'set_bit',
    'The bytes with the bit at a place, from 0, set or cleared.',
    { sql: "set_bit('\\x1234567890'::bytea, 30, 0)", result: '\\x1234563890' },
    ['bytea', 'bigint', 'integer'],
    BYTEA,
    (bytes: Uint8Array, index: bigint, bit: number) => withBit(bytes, Number(index), bit),
    { kernel: 'bytesSetBit' },
  ),
  of(
    'bit_count',
    'How many bits are set.',
    { sql: "bit_count('\\x1234567890'::bytea)", result: '15' },
    ['bytea'],
    BIGINT,
    countBits,
    { kernel: 'bytesCountBits' },
  ),
  {
    name: 'gen_random_uuid',
    doc: 'A random UUID (version 4).',
    aliases: ['uuidv4', 'uuid'],
    example: { sql: 'length(gen_random_uuid()::text)', result: '36' },
    overloads: [
      {
        args: [],
        returns: UUID,
        volatility: 'volatile',
        implementation: randomUuid,
      },
    ],
  },
  countOfArguments('num_nulls', 'NULL', 'countNulls'),
  countOfArguments('num_nonnulls', 'not NULL', 'countPresent'),
  digest('sha224', 224, sha224, '23097d22'),
  digest('sha256', 256, sha256, 'ba7816bf'),
  digest('sha384', 384, sha384, 'cb00753f'),
  digest('sha512', 512, sha512, 'ddaf35a1'),
  inDigits('to_hex', 16, { sql: 'to_hex(2147483647)', result: '7fffffff' }, 'hexadecimal'),
  inDigits('to_oct', 8, { sql: 'to_oct(8)', result: '10' }, 'octal'),
  inDigits('to_bin', 2, { sql: 'to_bin(5)', result: '101' }, 'binary'),
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
          kind: 'kernel',
          kernel: 'textOverlayWhole',
          block: true,
          fallback: () => (args) => {
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
          kind: 'kernel',
          kernel: 'textOverlay',
          block: true,
          fallback: () => (args) => overlayText(...(args as [string, string, number, number])),
        },
      },
      ...bytesOverlay,
    ],
  },
  of(
    'encode',
    'Bytes as text: hex, base64 or escape.',
    { sql: "encode('\\x1234'::bytea, 'hex')", result: '1234' },
    ['bytea', 'text'],
    TEXT,
    encodeBytes,
    { kernel: 'bytesEncode' },
  ),
  of(
    'decode',
    'Bytes of a text in hex, base64 or escape.',
    { sql: "decode('EjQ=', 'base64')", result: '\\x1234' },
    ['text', 'text'],
    BYTEA,
    decodeText,
    { kernel: 'textDecode' },
  ),
  {
    name: 'pg_typeof',
    aliases: ['typeof'],
    doc: 'The name of the type of the argument.',
    example: { sql: 'pg_typeof(1 + 1.5)', result: 'numeric' },
    overloads: [
      {
        args: ['any'],
        returns: TEXT,
        strict: false,
        implementation: { kind: 'ofTypes', value: ([type]) => formatType(type!).replace(/\(.*?\)/, '') },
      },
    ],
  },
];
