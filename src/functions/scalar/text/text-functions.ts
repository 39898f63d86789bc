import { LETTER_CASES, WORD_CHARACTERS } from '../../../kernels/constant-tables.js';
import { BOOLEAN, BYTEA, INTEGER, type SqlType, type SqlTypeKind, TEXT } from '../../../types/sql-type.js';
import type {
  FunctionImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  TypePattern,
  VectorCreate,
} from '../../function-types.js';
import { op } from '../../opcodes.js';
import {
  bytesLike,
  bytesPosition,
  bytesReverse,
  bytesSubstring,
  bytesTrimBoth,
  bytesTrimEnd,
  bytesTrimStart,
  encodedLength,
} from './bytes-functions.js';
import { like } from './like-matching.js';
import { regexFunctions, substringOfPattern } from './regex-functions.js';
import * as js from './text-functions-js.js';

const kernel = (
  name: string,
  args: readonly SqlTypeKind[],
  returns: SqlType,
  block = false,
): ScalarOverloadDeclaration => ({
  args,
  returns,
  fallible: block,
  implementation: { kind: 'kernel', kernel: name, block },
});

const vector = (
  args: ScalarOverloadDeclaration['args'],
  returns: SqlType,
  create: VectorCreate,
  options: Partial<ScalarOverloadDeclaration> = {},
): ScalarOverloadDeclaration => ({
  args,
  returns,
  fallible: true,
  implementation: { kind: 'vector', create },
  ...options,
});

/** A kernel; what it declines, such as sets of characters beyond ASCII, goes to TypeScript. */
const kernelOr = (
  name: string,
  args: readonly SqlTypeKind[],
  returns: SqlType,
  fallback: VectorCreate,
): ScalarOverloadDeclaration => ({
  args,
  returns,
  fallible: true,
  implementation: { kind: 'kernel', kernel: name, block: true, fallback },
});

/** A kernel that reads the cases of letters, and maybe what words are made of. */
const ofLetters = (name: string, needs: 'letterCases' | 'words' = 'letterCases'): ScalarOverloadDeclaration => ({
  args: ['text'],
  returns: TEXT,
  fallible: true,
  implementation: {
    kind: 'kernel',
    kernel: name,
    block: true,
    parameters: needs === 'words' ? [LETTER_CASES, WORD_CHARACTERS] : [LETTER_CASES],
    needs,
  },
});

const concatOverload = (args: readonly TypePattern[], separated: boolean): ScalarOverloadDeclaration => ({
  args,
  returns: TEXT,
  variadic: true,
  strict: false,
  fallible: true,
  implementation: { kind: 'concat', separated },
});

const byteLength: FunctionImplementation = {
  kind: 'emit',
  emit: (e) => {
    e.lane64(0);
    e.op(op.i32WrapI64);
    return undefined;
  },
};

/** The compiler puts faster code in its place when the pattern is a literal. */
const likeOverload = (ignoreCase: boolean, args: readonly SqlTypeKind[]): ScalarOverloadDeclaration => ({
  args,
  returns: BOOLEAN,
  fallible: true,
  implementation: { kind: 'like', ignoreCase, fallback: like(ignoreCase) },
});

export const textFunctions: readonly ScalarFunction[] = [
  {
    name: '||',
    doc: 'Concatenation; NULL when either side is.',
    example: { sql: "'mill' || 'race'", result: 'millrace' },
    overloads: [
      kernel('textConcat', ['text', 'text'], TEXT, true),
      kernel('textConcat', ['bytea', 'bytea'], BYTEA, true),
    ],
  },
  {
    name: 'like',
    aliases: ['~~'],
    doc: 'text LIKE pattern: % is any text, _ any one character, \\ quotes the next. The negation is NOT. Of bytea, _ is any one byte.',
    example: { sql: "'millrace' like 'mill%', 'millrace' like 'm_ll'", result: 't\tf' },
    overloads: [likeOverload(false, ['text', 'text']), likeOverload(false, ['text', 'text', 'text']), ...bytesLike],
  },
  {
    name: 'ilike',
    aliases: ['~~*'],
    doc: 'As LIKE, whatever the case of letters.',
    example: { sql: "'Millrace' ilike 'MILL%'", result: 't' },
    overloads: [likeOverload(true, ['text', 'text']), likeOverload(true, ['text', 'text', 'text'])],
  },
  {
    name: 'length',
    aliases: ['char_length', 'character_length', 'len'],
    doc: 'Number of characters.',
    example: { sql: "length('café'), length(bytea '\\x0102')", result: '4\t2' },
    overloads: [
      kernel('textLength', ['text'], INTEGER),
      { args: ['bytea'], returns: INTEGER, implementation: byteLength },
      encodedLength,
    ],
  },
  {
    name: 'octet_length',
    aliases: ['strlen'],
    doc: 'Number of bytes.',
    example: { sql: "octet_length('café')", result: '5' },
    overloads: [
      { args: ['text'], returns: INTEGER, implementation: byteLength },
      { args: ['bytea'], returns: INTEGER, implementation: byteLength },
    ],
  },
  {
    name: 'reject_too_long',
    internal: true,
    doc: 'Fails (22001), for a text that is longer than the column it is stored in. The planner calls it.',
    overloads: [vector(['text', 'integer', 'text'], TEXT, js.rejectTooLong)],
  },
  {
    name: 'lower',
    aliases: ['lcase'],
    doc: 'In lower case.',
    example: { sql: "lower('ÄB')", result: 'äb' },
    overloads: [ofLetters('textLower')],
  },
  {
    name: 'upper',
    aliases: ['ucase'],
    doc: 'In upper case.',
    example: { sql: "upper('äb')", result: 'ÄB' },
    overloads: [ofLetters('textUpper')],
  },
  {
    name: 'initcap',
    doc: 'Each word with a capital.',
    example: { sql: "initcap('the mill RACE')", result: 'The Mill Race' },
    overloads: [ofLetters('textInitcap', 'words')],
  },
  {
    name: 'substring',
    aliases: ['substr', 'mid'],
    doc: 'Characters from a position, counted from 1, up to a length.',
    example: { sql: "substring('millrace', 5), substring('millrace' from 1 for 4)", result: 'race\tmill' },
    overloads: [
      kernel('textSubstringFrom', ['text', 'integer'], TEXT, true),
      kernel('textSubstring', ['text', 'integer', 'integer'], TEXT, true),
      ...bytesSubstring,
      ...substringOfPattern,
    ],
  },
  {
    name: 'left',
    doc: 'The first characters; with a negative count, all but the last.',
    example: { sql: "left('millrace', 4), left('millrace', -3)", result: 'mill\tmillr' },
    overloads: [kernel('textLeft', ['text', 'integer'], TEXT)],
  },
  {
    name: 'right',
    doc: 'The last characters; with a negative count, all but the first.',
    example: { sql: "right('millrace', 4), right('millrace', -3)", result: 'race\tlrace' },
    overloads: [kernel('textRight', ['text', 'integer'], TEXT)],
  },
  {
    name: 'btrim',
    aliases: ['trim'],
    doc: 'Without spaces, or the given characters, at both ends.',
    example: { sql: "btrim('  mill '), btrim('xxmillxy', 'xy')", result: 'mill\tmill' },
    overloads: [
      kernel('textTrimSpaces', ['text'], TEXT),
      kernelOr('textTrimSet', ['text', 'text'], TEXT, js.trim(true, true)),
      bytesTrimBoth,
    ],
  },
  {
    name: 'ltrim',
    doc: 'Without spaces, or the given characters, at the start.',
    example: { sql: "ltrim('00042', '0')", result: '42' },
    overloads: [
      kernel('textTrimLeadingSpaces', ['text'], TEXT),
      kernelOr('textTrimLeadingSet', ['text', 'text'], TEXT, js.trim(true, false)),
      bytesTrimStart,
    ],
  },
  {
    name: 'rtrim',
    doc: 'Without spaces, or the given characters, at the end.',
    example: { sql: "rtrim('mill...', '.')", result: 'mill' },
    overloads: [
      kernel('textTrimTrailingSpaces', ['text'], TEXT),
      kernelOr('textTrimTrailingSet', ['text', 'text'], TEXT, js.trim(false, true)),
      bytesTrimEnd,
    ],
  },
  {
    name: 'replace',
    doc: 'With every occurrence of the second text replaced by the third.',
    example: { sql: "replace('millrace', 'mill', 'foot')", result: 'footrace' },
    overloads: [kernelOr('textReplace', ['text', 'text', 'text'], TEXT, js.replace)],
  },
  {
    name: 'strpos',
    aliases: ['position'],
    doc: 'Where the second text first occurs in the first, counted in characters from 1; else 0. The binder swaps the operands of POSITION(a IN b).',
    example: { sql: "strpos('millrace', 'race'), position('x' in 'millrace')", result: '5\t0' },
    overloads: [kernel('textPosition', ['text', 'text'], INTEGER), bytesPosition],
  },
  {
    name: 'starts_with',
    aliases: ['^@', 'startswith', 'prefix'],
    doc: 'Does the text begin with the second?',
    example: { sql: "starts_with('millrace', 'mill'), 'millrace' ^@ 'race'", result: 't\tf' },
    overloads: [kernel('textStartsWith', ['text', 'text'], BOOLEAN)],
  },
  {
    name: 'concat',
    doc: 'All arguments as text, one after the other; NULLs are left out.',
    example: { sql: "concat('a', null, 1, true)", result: 'a1t' },
    overloads: [concatOverload(['any'], false)],
  },
  {
    name: 'concat_ws',
    doc: 'All arguments but the first, separated by the first; NULLs are left out.',
    example: { sql: "concat_ws('-', 2024, null, 5)", result: '2024-5' },
    overloads: [concatOverload(['text', 'any'], true)],
  },
  {
    name: 'lpad',
    doc: 'Filled up at the start to a length, or cut to it.',
    example: { sql: "lpad('42', 5, '0'), lpad('millrace', 4)", result: '00042\tmill' },
    overloads: [
      kernelOr('textPadStartSpaces', ['text', 'integer'], TEXT, js.pad(true)),
      kernelOr('textPadStart', ['text', 'integer', 'text'], TEXT, js.pad(true)),
    ],
  },
  {
    name: 'rpad',
    doc: 'Filled up at the end to a length, or cut to it.',
    example: { sql: "rpad('mill', 6, '.')", result: 'mill..' },
    overloads: [
      kernelOr('textPadEndSpaces', ['text', 'integer'], TEXT, js.pad(false)),
      kernelOr('textPadEnd', ['text', 'integer', 'text'], TEXT, js.pad(false)),
    ],
  },
  {
    name: 'repeat',
    doc: 'The text a number of times.',
    example: { sql: "repeat('ab', 3)", result: 'ababab' },
    overloads: [kernelOr('textRepeat', ['text', 'integer'], TEXT, js.repeat)],
  },
  {
    name: 'reverse',
    doc: 'The characters in reverse order.',
    example: { sql: "reverse('mill')", result: 'llim' },
    overloads: [kernelOr('textReverse', ['text'], TEXT, js.reverse), bytesReverse],
  },
  {
    name: 'split_part',
    doc: 'The n-th field between separators; negative counts from the end.',
    example: { sql: "split_part('a,b,c', ',', 2), split_part('a,b,c', ',', -1)", result: 'b\tc' },
    overloads: [kernelOr('textSplitPart', ['text', 'text', 'integer'], TEXT, js.splitPart)],
  },
  {
    name: 'ascii',
    doc: 'Code point of the first character.',
    example: { sql: "ascii('A'), ascii('é')", result: '65\t233' },
    overloads: [kernel('textFirstCodePoint', ['text'], INTEGER)],
  },
  {
    name: 'chr',
    doc: 'The character of a code point.',
    example: { sql: 'chr(233)', result: 'é' },
    overloads: [kernelOr('textOfCode', ['integer'], TEXT, js.chr)],
  },
  {
    name: 'translate',
    doc: 'Each character found in the second text becomes the one at its place in the third.',
    example: { sql: "translate('12345', '143', 'ax')", result: 'a2x5' },
    overloads: [kernelOr('textTranslate', ['text', 'text', 'text'], TEXT, js.translate)],
  },
  {
    name: 'md5',
    doc: 'MD5 hash of a text or bytes, in hexadecimal.',
    example: { sql: "md5('millrace')", result: '78bce37dc29d160a3e6737d97c6f0275' },
    overloads: [kernelOr('textMd5', ['text'], TEXT, js.md5), kernelOr('textMd5', ['bytea'], TEXT, js.md5)],
  },
  ...regexFunctions,
];
