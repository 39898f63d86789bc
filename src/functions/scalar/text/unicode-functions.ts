import { userError } from '../../../common/errors.js';
import { encodeNested } from '../../../types/nested-codec.js';
import { arrayOf, BOOLEAN, BYTEA, type SqlType, type SqlTypeKind, TEXT } from '../../../types/sql-type.js';
import type {
  FunctionExample,
  FunctionValue,
  MemoryImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  VectorCreate,
} from '../../function-types.js';
import { readEncoding, writtenEncoding } from './encoding-tables.js';
import { bytesOfText, encodingOf, textOfBytes } from './encodings.js';
import { normalFormTables } from './normal-form-tables.js';

// Unicode's normal forms and escapes, encodings, and the parts of names. Kernels leave to TypeScript what is an error.

const overload = (
  args: readonly SqlTypeKind[],
  returns: SqlType,
  compute: (...values: never[]) => FunctionValue,
  /** Does what it can; TypeScript the rows that it declines. */
  kernel: string,
  parameters: readonly number[] = [],
): ScalarOverloadDeclaration => {
  const create: VectorCreate = () => (values) => compute(...(values as never[]));
  const implementation = { kind: 'kernel', kernel, parameters, block: true, fallback: create } as const;
  return { args, returns, fallible: true, implementation };
};

/** The same, where the kernel reads tables, made of the second argument: TypeScript does the rows where there are none. */
const overTables = (
  args: readonly SqlTypeKind[],
  returns: SqlType,
  compute: (...values: never[]) => FunctionValue,
  kernel: string,
  constant: NonNullable<MemoryImplementation['constant']>,
): ScalarOverloadDeclaration => {
  const fallback: VectorCreate = () => (values) => compute(...(values as never[]));
  return { args, returns, fallible: true, implementation: { kind: 'memory', kernel, constant, memo: 1, fallback } };
};

const spelled = (args: readonly SqlTypeKind[], returns: SqlType, sql: string): ScalarOverloadDeclaration => ({
  args,
  returns,
  fallible: true,
  strict: false,
  implementation: { kind: 'spelled', sql },
});

const declare = (
  name: string,
  doc: string,
  example: FunctionExample,
  ...overloads: readonly ScalarOverloadDeclaration[]
): ScalarFunction => ({ name, doc, example, overloads });

function normalForm(name: string): 'NFC' | 'NFD' | 'NFKC' | 'NFKD' {
  const form = name.toUpperCase();
  if (form === 'NFC' || form === 'NFD' || form === 'NFKC' || form === 'NFKD') return form;
  throw userError('22023', `invalid normalization form: ${name}`);
}

const normalized = (text: string, form: string): string => text.normalize(normalForm(form));
const isNormalized = (text: string, form: string): boolean => normalized(text, form) === text;

const ESCAPE = /\\(?:(\\)|([0-9a-fA-F]{4})|\+([0-9a-fA-F]{6})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|)/g;

function unescaped(text: string): string {
  let high: number | undefined;
  let result = '';
  let behind = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const between = text.slice(behind, match.index);
    behind = match.index + match[0].length;
    if (high !== undefined && between !== '') throw invalidPair();
    result += between;
    const digits = match[2] ?? match[3] ?? match[4] ?? match[5];
    if (digits === undefined) {
      if (match[1] === undefined) throw invalidEscape();
      if (high !== undefined) throw invalidPair();
      result += '\\';
      continue;
    }
    const code = Number.parseInt(digits, 16);
    if (code === 0 || code > 0x10ffff) throw userError('22023', `invalid Unicode code point: ${digits.toUpperCase()}`);
    if ((high === undefined) === (code >= 0xdc00 && code < 0xe000)) throw invalidPair();
    if (high !== undefined) {
      result += String.fromCharCode(high, code);
      high = undefined;
    } else if (code >= 0xd800 && code < 0xdc00) high = code;
    else result += String.fromCodePoint(code);
  }
  if (high !== undefined) throw invalidPair();
  return result + text.slice(behind);
}

const invalidPair = (): Error => userError('42601', 'invalid Unicode surrogate pair');
const invalidEscape = (): Error =>
  userError('42601', 'invalid Unicode escape', {
    hint: 'Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.',
  });

const TEXTS = arrayOf(TEXT);

/** The parts of a name with dots: those in double quotes as they are, others in lower case. */
function nameParts(text: string, strict = true): Uint8Array {
  const invalid = (detail?: string): Error =>
    userError('22023', `string is not a valid identifier: "${text}"`, detail === undefined ? {} : { detail });
  const parts: string[] = [];
  let at = 0;
  const skipSpace = (): void => {
    while (/[ \t\n\r\v\f]/.test(text[at] ?? '')) at++;
  };
  skipSpace();
  for (let afterDot = false; ; afterDot = true) {
    const quoted = /^"((?:[^"]|"")*)("?)/.exec(text.slice(at));
    const word = quoted ? undefined : /^[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/.exec(text.slice(at));
    if (quoted) {
      if (quoted[2] === '') throw invalid('String has unclosed double quotes.');
      if (quoted[1] === '') throw invalid('Quoted identifier must not be empty.');
      parts.push(quoted[1]!.replaceAll('""', '"'));
      at += quoted[0].length;
    } else if (word) {
      parts.push(word[0].replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
      at += word[0].length;
    } else if (text[at] === '.') throw invalid('No valid identifier before ".".');
    else throw invalid(afterDot ? 'No valid identifier after ".".' : undefined);
    skipSpace();
    if (text[at] !== '.') break;
    at++;
    skipSpace();
  }
  if (at < text.length && strict) throw invalid();
  return encodeNested(parts, TEXTS);
}

export const unicodeFunctions: readonly ScalarFunction[] = [
  declare(
    'casefold',
    'The text with its letters such that texts are equal that differ in case only.',
    { sql: "casefold('ÀB') = casefold('àb')", result: 't' },
    spelled(['text'], TEXT, 'lower($1)'),
  ),
  declare(
    'normalize',
    'The text in one of Unicode’s normal forms: NFC, which is the default, NFD, NFKC or NFKD.',
    { sql: "length(normalize(U&'\\0061\\0308', NFC))", result: '1' },
    spelled(['text'], TEXT, "normalize($1, 'NFC')"),
    overTables(['text', 'text'], TEXT, normalized, 'textNormalize', normalFormTables),
  ),
  declare(
    'is_normalized',
    'Is the text in a normal form of Unicode? Also written x IS NFC NORMALIZED.',
    { sql: "is_normalized('ä'), 'ä' is nfd normalized", result: 't\tf' },
    spelled(['text'], BOOLEAN, "is_normalized($1, 'NFC')"),
    overTables(['text', 'text'], BOOLEAN, isNormalized, 'textIsNormalized', normalFormTables),
  ),
  declare(
    'unistr',
    'The text with its Unicode escapes, such as \\0041, as the characters they stand for.',
    { sql: "unistr('d\\0061t\\+000061')", result: 'data' },
    overload(['text'], TEXT, unescaped, 'textUnescape'),
  ),
  declare(
    'convert_from',
    'The text that bytes are in an encoding.',
    { sql: "convert_from('\\x63616ec3a9'::bytea, 'UTF8')", result: 'cané' },
    overTables(
      ['bytea', 'text'],
      TEXT,
      (bytes: Uint8Array, name: string) => textOfBytes(bytes, encodingOf(name, 'source')),
      'textOfEncoding',
      readEncoding,
    ),
  ),
  declare(
    'convert_to',
    'The bytes of a text in an encoding.',
    { sql: "convert_to('é', 'UTF8')", result: '\\xc3a9' },
    overTables(
      ['text', 'text'],
      BYTEA,
      (text: string, name: string) => bytesOfText(text, encodingOf(name, 'destination')),
      'bytesOfEncoding',
      writtenEncoding,
    ),
  ),
  declare(
    'convert',
    'The bytes of a text in one encoding as those of another.',
    { sql: "convert('\\xc3a9'::bytea, 'UTF8', 'UTF8')", result: '\\xc3a9' },
    spelled(['bytea', 'text', 'text'], BYTEA, 'convert_to(convert_from($1, $2), $3)'),
  ),
  declare(
    'parse_ident',
    'The parts of a name with dots; with false as second argument, what follows the name does not matter.',
    { sql: `parse_ident('"Some".Table')`, result: '{Some,table}' },
    overload(['text'], TEXTS, nameParts, 'textNameParts', [1]),
    overload(['text', 'boolean'], TEXTS, nameParts, 'textNameParts'),
  ),
];
