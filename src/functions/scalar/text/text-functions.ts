import { BOOLEAN, BYTEA, INTEGER, type SqlType, type SqlTypeKind, TEXT } from '../../../types/sql-type.js';
import type {
  FunctionImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  TypePattern,
  VectorCreate,
} from '../../function-types.js';
import { op } from '../../opcodes.js';
import { like } from './like-matching.js';
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

/** A kernel; what it declines, such as characters whose case only Unicode knows, goes to TypeScript. */
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
    overloads: [
      kernel('textConcat', ['text', 'text'], TEXT, true),
      kernel('textConcat', ['bytea', 'bytea'], BYTEA, true),
    ],
  },
  {
    name: 'like',
    aliases: ['~~'],
    doc: 'text LIKE pattern: % is any text, _ any one character, \\ quotes the next. The negation is NOT.',
    overloads: [likeOverload(false, ['text', 'text']), likeOverload(false, ['text', 'text', 'text'])],
  },
  {
    name: 'ilike',
    aliases: ['~~*'],
    doc: 'As LIKE, whatever the case of letters.',
    overloads: [likeOverload(true, ['text', 'text']), likeOverload(true, ['text', 'text', 'text'])],
  },
  {
    name: '~',
    doc: 'Does the text match a regular expression?',
    overloads: [vector(['text', 'text'], BOOLEAN, js.matchesRegex('', false))],
  },
  {
    name: '~*',
    doc: 'As ~, whatever the case.',
    overloads: [vector(['text', 'text'], BOOLEAN, js.matchesRegex('i', false))],
  },
  {
    name: '!~',
    doc: 'Does the text not match a regular expression?',
    overloads: [vector(['text', 'text'], BOOLEAN, js.matchesRegex('', true))],
  },
  {
    name: '!~*',
    doc: 'As !~, whatever the case.',
    overloads: [vector(['text', 'text'], BOOLEAN, js.matchesRegex('i', true))],
  },
  {
    name: 'length',
    aliases: ['char_length', 'character_length'],
    doc: 'Number of characters.',
    overloads: [
      kernel('textLength', ['text'], INTEGER),
      { args: ['bytea'], returns: INTEGER, implementation: byteLength },
    ],
  },
  {
    name: 'octet_length',
    doc: 'Number of bytes.',
    overloads: [
      { args: ['text'], returns: INTEGER, implementation: byteLength },
      { args: ['bytea'], returns: INTEGER, implementation: byteLength },
    ],
  },
  {
    name: 'reject_too_long',
    doc: 'Fails (22001), for a text that is longer than the column it is stored in. The planner calls it.',
    overloads: [vector(['text', 'integer', 'text'], TEXT, js.rejectTooLong)],
  },
  { name: 'lower', doc: 'In lower case.', overloads: [kernelOr('textLower', ['text'], TEXT, js.lower)] },
  { name: 'upper', doc: 'In upper case.', overloads: [kernelOr('textUpper', ['text'], TEXT, js.upper)] },
  {
    name: 'initcap',
    doc: 'Each word with a capital.',
    overloads: [kernelOr('textInitcap', ['text'], TEXT, js.initcap)],
  },
  {
    name: 'substring',
    aliases: ['substr'],
    doc: 'Characters from a position, counted from 1, up to a length.',
    example: "substring('millrace', 1, 4)",
    overloads: [
      kernel('textSubstringFrom', ['text', 'integer'], TEXT, true),
      kernel('textSubstring', ['text', 'integer', 'integer'], TEXT, true),
      vector(['text', 'text'], TEXT, js.substringRegex),
    ],
  },
  {
    name: 'left',
    doc: 'The first characters; with a negative count, all but the last.',
    overloads: [kernel('textLeft', ['text', 'integer'], TEXT)],
  },
  {
    name: 'right',
    doc: 'The last characters; with a negative count, all but the first.',
    overloads: [kernel('textRight', ['text', 'integer'], TEXT)],
  },
  {
    name: 'btrim',
    aliases: ['trim'],
    doc: 'Without spaces, or the given characters, at both ends.',
    overloads: [
      kernel('textTrimSpaces', ['text'], TEXT),
      kernelOr('textTrimSet', ['text', 'text'], TEXT, js.trim(true, true)),
    ],
  },
  {
    name: 'ltrim',
    doc: 'Without spaces, or the given characters, at the start.',
    overloads: [
      kernel('textTrimLeadingSpaces', ['text'], TEXT),
      kernelOr('textTrimLeadingSet', ['text', 'text'], TEXT, js.trim(true, false)),
    ],
  },
  {
    name: 'rtrim',
    doc: 'Without spaces, or the given characters, at the end.',
    overloads: [
      kernel('textTrimTrailingSpaces', ['text'], TEXT),
      kernelOr('textTrimTrailingSet', ['text', 'text'], TEXT, js.trim(false, true)),
    ],
  },
  {
    name: 'replace',
    doc: 'With every occurrence of the second text replaced by the third.',
    overloads: [kernelOr('textReplace', ['text', 'text', 'text'], TEXT, js.replace)],
  },
  {
    name: 'strpos',
    aliases: ['position'],
    doc: 'Where the second text first occurs in the first, counted in characters from 1; else 0. The binder swaps the operands of POSITION(a IN b).',
    overloads: [kernel('textPosition', ['text', 'text'], INTEGER)],
  },
  {
    name: 'starts_with',
    doc: 'Does the text begin with the second?',
    overloads: [kernel('textStartsWith', ['text', 'text'], BOOLEAN)],
  },
  {
    name: 'concat',
    doc: 'All arguments as text, one after the other; NULLs are left out.',
    overloads: [concatOverload(['any'], false)],
  },
  {
    name: 'concat_ws',
    doc: 'All arguments but the first, separated by the first; NULLs are left out.',
    overloads: [concatOverload(['text', 'any'], true)],
  },
  {
    name: 'lpad',
    doc: 'Filled up at the start to a length, or cut to it.',
    overloads: [
      kernelOr('textPadStartSpaces', ['text', 'integer'], TEXT, js.pad(true)),
      kernelOr('textPadStart', ['text', 'integer', 'text'], TEXT, js.pad(true)),
    ],
  },
  {
    name: 'rpad',
    doc: 'Filled up at the end to a length, or cut to it.',
    overloads: [
      kernelOr('textPadEndSpaces', ['text', 'integer'], TEXT, js.pad(false)),
      kernelOr('textPadEnd', ['text', 'integer', 'text'], TEXT, js.pad(false)),
    ],
  },
  {
    name: 'repeat',
    doc: 'The text a number of times.',
    overloads: [kernelOr('textRepeat', ['text', 'integer'], TEXT, js.repeat)],
  },
  {
    name: 'reverse',
    doc: 'The characters in reverse order.',
    overloads: [kernelOr('textReverse', ['text'], TEXT, js.reverse)],
  },
  {
    name: 'split_part',
    doc: 'The n-th field between separators; negative counts from the end.',
    overloads: [kernelOr('textSplitPart', ['text', 'text', 'integer'], TEXT, js.splitPart)],
  },
  {
    name: 'ascii',
    doc: 'Code point of the first character.',
    overloads: [kernel('textFirstCodePoint', ['text'], INTEGER)],
  },
  { name: 'chr', doc: 'The character of a code point.', overloads: [vector(['integer'], TEXT, js.chr)] },
  {
    name: 'translate',
    doc: 'Each character found in the second text becomes the one at its place in the third.',
    overloads: [kernelOr('textTranslate', ['text', 'text', 'text'], TEXT, js.translate)],
  },
  { name: 'md5', doc: 'MD5 hash in hexadecimal.', overloads: [vector(['text'], TEXT, js.md5)] },
  {
    name: 'regexp_replace',
    doc: 'With the first match (with flag g: every match) of a regular expression replaced.',
    overloads: [
      vector(['text', 'text', 'text'], TEXT, js.regexpReplace),
      vector(['text', 'text', 'text', 'text'], TEXT, js.regexpReplace),
    ],
  },
];
