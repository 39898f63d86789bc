import type { TokenType } from 'chevrotain';
import { notSupportedError } from '../../common/errors.js';
import { syntaxErrorAt } from './lexical-error.js';
import { SqlToken } from './sql-token.js';
import { decodeBackslashEscapes, decodeUnicodeEscapes } from './string-escapes.js';
import * as T from './token-types.js';

// Character classes, one per ASCII code.
const SPACE = 1;
const IDENTIFIER = 2;
const DIGIT = 3;
const OPERATOR = 4;

const characterClass = new Uint8Array(128);
for (const char of ' \t\n\r\f\v') characterClass[char.charCodeAt(0)] = SPACE;
for (const char of '~!@#^&|?+-*/%<>=') characterClass[char.charCodeAt(0)] = OPERATOR;
for (let code = 48; code <= 57; code++) characterClass[code] = DIGIT;
for (let code = 97; code <= 122; code++) characterClass[code] = characterClass[code - 32] = IDENTIFIER;
characterClass[95] = IDENTIFIER;

const keywordByText: ReadonlyMap<string, TokenType> = new Map(Object.entries(T.Keyword));

const punctuation: Readonly<Record<string, TokenType>> = {
  '(': T.LParen,
  ')': T.RParen,
  '[': T.LBracket,
  ']': T.RBracket,
  '{': T.LBrace,
  '}': T.RBrace,
  ',': T.Comma,
  ';': T.Semicolon,
};

const operatorTypes: Readonly<Record<string, TokenType>> = {
  '+': T.Plus,
  '-': T.Minus,
  '*': T.Star,
  '/': T.Slash,
  '%': T.Percent,
  '^': T.Caret,
  '**': T.Caret,
  '=': T.Equal,
  '<': T.Less,
  '>': T.Greater,
  '<=': T.LessEqual,
  '>=': T.GreaterEqual,
  '<>': T.NotEqual,
  '!=': T.NotEqual,
  '==': T.Equal,
  '<=>': T.Equal,
  '//': T.Slash,
  '=>': T.Arrow,
};

const otherSpellings: Readonly<Record<string, string>> = { '!=': '<>', '==': '=', '**': '^' };

/** Types that Spark's letters behind a number stand for; of BD, the one that it has anyway. */
const numberSuffixes: Readonly<Record<string, string>> = {
  l: 'int8',
  s: 'int2',
  y: 'int2',
  d: 'float8',
  f: 'float4',
  bd: '',
};

const numberPattern =
  /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y;
const identifierPattern = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const dollarTagPattern = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
/** What may join two string literals into one: white space with a newline in it. */
const continuationPattern = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'/y;
const unicodeEscapePattern = /(?:\s|--[^\n]*\n)*uescape(?:\s|--[^\n]*\n)*'([^'])'/iy;

function matchAt(pattern: RegExp, sql: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(sql);
}

/** Cuts SQL into tokens, by the rules of PostgreSQL's scanner with standard_conforming_strings on. */
export function tokenize(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  const length = sql.length;
  let position = sql.charCodeAt(0) === 0xfeff ? 1 : 0;

  while (position < length) {
    const code = sql.charCodeAt(position);
    const kind = code < 128 ? (characterClass[code] as number) : IDENTIFIER;
    if (kind === SPACE) {
      position++;
      continue;
    }
    const start = position;
    if (kind === IDENTIFIER) {
      position = readWord(sql, start, tokens);
    } else if (kind === DIGIT || (code === 46 && characterClass[sql.charCodeAt(start + 1)] === DIGIT)) {
      position = readNumber(sql, start, tokens);
    } else if (code === 39) {
      position = readPlainString(sql, start, start, tokens);
    } else if (code === 34 || code === 96) {
      // Spark quotes names by backticks; PostgreSQL knows them only as a character of operators that nobody makes.
      position = readQuotedIdentifier(sql, start, start, false, tokens);
    } else if (code === 45 && sql.charCodeAt(start + 1) === 45) {
      position = skipLineComment(sql, start);
    } else if (code === 47 && sql.charCodeAt(start + 1) === 42) {
      position = skipBlockComment(sql, start);
    } else if (kind === OPERATOR) {
      position = readOperator(sql, start, tokens);
    } else if (code === 36) {
      position = readDollar(sql, start, tokens);
    } else {
      position = readPunctuation(sql, start, tokens);
    }
  }
  return tokens;
}

export function skipLineComment(sql: string, start: number): number {
  let position = start + 2;
  while (position < sql.length && sql[position] !== '\n' && sql[position] !== '\r') position++;
  return position;
}

/** Block comments nest, as in PostgreSQL. */
export function skipBlockComment(sql: string, start: number): number {
  let depth = 1;
  let position = start + 2;
  for (; position < sql.length && depth > 0; position++) {
    if (sql.startsWith('/*', position)) depth++;
    else if (sql.startsWith('*/', position)) depth--;
    else continue;
    position++;
  }
  if (depth > 0) throw unterminated('/* comment', sql, start);
  return position;
}

function unterminated(what: string, sql: string, start: number): Error {
  const text = sql.slice(start);
  return syntaxErrorAt('42601', `unterminated ${what} at or near "${text}"`, start, {
    hint: `It starts on line ${sql.slice(0, start).split('\n').length} and runs to the end of the text.`,
  });
}

/** Where the quoted text that starts at `open` (the quote's offset) ends: the offset behind its closing quote. */
export function findClosingQuote(sql: string, open: number, backslashes: boolean): number {
  const quote = sql.charCodeAt(open);
  for (let position = open + 1; position < sql.length; position++) {
    const code = sql.charCodeAt(position);
    if (backslashes && code === 92) position++;
    else if (code === quote) {
      if (sql.charCodeAt(position + 1) !== quote) return position + 1;
      position++;
    }
  }
  return -1;
}

/**
 * A string's raw content from its opening quote at `open`, together with the literals it continues in on later lines.
 * `position` is behind the last closing quote.
 */
function readStringContent(
  sql: string,
  start: number,
  open: number,
  backslashes: boolean,
): { raw: string; position: number } {
  let raw = '';
  let quote = open;
  for (;;) {
    const position = findClosingQuote(sql, quote, backslashes);
    if (position < 0) throw unterminated('quoted string', sql, start);
    raw += sql.slice(quote + 1, position - 1);
    const continuation = matchAt(continuationPattern, sql, position);
    if (continuation === null) return { raw, position };
    quote = position + continuation[0].length - 1;
  }
}

function readPlainString(sql: string, start: number, open: number, tokens: SqlToken[]): number {
  const { raw, position } = readStringContent(sql, start, open, false);
  const text = raw.includes("'") ? raw.replaceAll("''", "'") : raw;
  tokens.push(new SqlToken(T.StringLiteralToken, sql, start, position, text));
  return position;
}

function readQuotedIdentifier(sql: string, start: number, open: number, unicode: boolean, tokens: SqlToken[]): number {
  let position = findClosingQuote(sql, open, false);
  if (position < 0) throw unterminated('quoted identifier', sql, start);
  const quote = sql.charAt(open);
  let text = sql.slice(open + 1, position - 1).replaceAll(quote + quote, quote);
  if (unicode) {
    const clause = matchAt(unicodeEscapePattern, sql, position);
    text = decodeUnicodeEscapes(text, clause?.[1] ?? '\\', start);
    position += clause?.[0].length ?? 0;
  }
  if (text === '') {
    throw syntaxErrorAt('42601', `zero-length delimited identifier at or near "${sql.slice(start, position)}"`, start);
  }
  tokens.push(new SqlToken(T.QuotedIdentifier, sql, start, position, text));
  return position;
}

/** A keyword, an identifier, or a string with a prefix: E'…', U&'…', U&"…", N'…', R'…', B'…', X'…'. */
function readWord(sql: string, start: number, tokens: SqlToken[]): number {
  const next = sql.charCodeAt(start + 1);
  if (next === 39 || (next === 38 && /['"]/.test(sql.charAt(start + 2)))) {
    const position = readPrefixedString(sql, start, tokens);
    if (position > start) return position;
  }
  const match = matchAt(identifierPattern, sql, start);
  const image = match === null ? sql.charAt(start) : match[0];
  const folded = foldIdentifier(image);
  const end = start + image.length;
  tokens.push(new SqlToken(keywordByText.get(folded) ?? T.Identifier, sql, start, end, folded));
  return end;
}

/** PostgreSQL folds only the ASCII letters. */
export function foldIdentifier(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function readPrefixedString(sql: string, start: number, tokens: SqlToken[]): number {
  const prefix = sql.charAt(start).toLowerCase();
  if (sql.charAt(start + 1) === '&') {
    if (prefix !== 'u') return start;
    if (sql.charAt(start + 2) === '"') return readQuotedIdentifier(sql, start, start + 2, true, tokens);
    const { raw, position } = readStringContent(sql, start, start + 2, false);
    const clause = matchAt(unicodeEscapePattern, sql, position);
    const text = decodeUnicodeEscapes(raw.replaceAll("''", "'"), clause?.[1] ?? '\\', start);
    const end = position + (clause?.[0].length ?? 0);
    tokens.push(new SqlToken(T.StringLiteralToken, sql, start, end, text));
    return end;
  }
  if (prefix === 'e') {
    const { raw, position } = readStringContent(sql, start, start + 1, true);
    tokens.push(new SqlToken(T.StringLiteralToken, sql, start, position, decodeBackslashEscapes(raw, start)));
    return position;
  }
  // Spark's raw strings: in no plain string is a backslash anything but itself.
  if (prefix === 'n' || prefix === 'r') return readPlainString(sql, start, start + 1, tokens);
  if (prefix === 'b' || prefix === 'x') {
    throw notSupportedError('bit string literals are not supported', {
      position: start,
      hint: "Write bytes as a bytea literal in hexadecimal: '\\xCAFE'::bytea.",
    });
  }
  return start;
}

function readNumber(sql: string, start: number, tokens: SqlToken[]): number {
  const match = matchAt(numberPattern, sql, start) as RegExpExecArray;
  const end = start + match[0].length;
  const junk = matchAt(identifierPattern, sql, end);
  const suffix = junk === null ? undefined : numberSuffixes[junk[0].toLowerCase()];
  if (junk !== null && (suffix === undefined || /^0[xob]/i.test(match[0]))) {
    const text = sql.slice(start, end + junk[0].length);
    throw syntaxErrorAt('42601', `trailing junk after numeric literal at or near "${text}"`, start, {
      hint: 'A name that starts with a digit must be written in double quotes.',
    });
  }
  let text = match[0].replaceAll('_', '');
  if (/^0[xob]/i.test(text)) text = BigInt(text).toString();
  tokens.push(new SqlToken(T.NumberLiteral, sql, start, end, text));
  if (suffix !== undefined) {
    const behind = end + junk![0].length;
    if (suffix !== '') {
      tokens.push(new SqlToken(T.Typecast, sql, end, behind, '::'));
      tokens.push(new SqlToken(T.Identifier, sql, end, behind, suffix));
    }
    return behind;
  }
  return end;
}

/**
 * The longest run of operator characters, cut before a comment; it may end in + or - only if it holds a character that
 * no SQL operator has, so that `a=-1` is two operators and `@-` is one.
 */
function readOperator(sql: string, start: number, tokens: SqlToken[]): number {
  let end = start + 1;
  while (end < sql.length && characterClass[sql.charCodeAt(end)] === OPERATOR) {
    if (sql.startsWith('--', end) || sql.startsWith('/*', end)) break;
    end++;
  }
  if (end - start > 1 && !/[~!@#^&|?%]/.test(sql.slice(start, end))) {
    while (end - start > 1 && (sql[end - 1] === '+' || sql[end - 1] === '-')) end--;
  }
  const text = sql.slice(start, end);
  const type = operatorTypes[text] ?? T.OtherOperator;
  tokens.push(new SqlToken(type, sql, start, end, otherSpellings[text] ?? text));
  return end;
}

/** `$1` or `$tag$ … $tag$`. */
function readDollar(sql: string, start: number, tokens: SqlToken[]): number {
  const parameter = matchAt(/\$(\d+)/y, sql, start);
  if (parameter !== null) {
    const end = start + parameter[0].length;
    if (matchAt(identifierPattern, sql, end) !== null) {
      throw syntaxErrorAt('42601', `trailing junk after parameter at or near "${sql.slice(start, end + 1)}"`, start);
    }
    tokens.push(new SqlToken(T.Parameter, sql, start, end, parameter[1]));
    return end;
  }
  const end = findDollarQuoteEnd(sql, start);
  if (end === undefined) return readPunctuation(sql, start, tokens);
  const tagLength = sql.indexOf('$', start + 1) + 1 - start;
  const text = sql.slice(start + tagLength, end - tagLength);
  tokens.push(new SqlToken(T.StringLiteralToken, sql, start, end, text));
  return end;
}

/** The offset behind a dollar-quoted string that starts at `start`, or undefined if none starts there. */
export function findDollarQuoteEnd(sql: string, start: number): number | undefined {
  const tag = matchAt(dollarTagPattern, sql, start)?.[0];
  if (tag === undefined) return undefined;
  const close = sql.indexOf(tag, start + tag.length);
  if (close < 0) throw unterminated('dollar-quoted string', sql, start);
  return close + tag.length;
}

function readPunctuation(sql: string, start: number, tokens: SqlToken[]): number {
  const char = sql.charAt(start);
  let type = punctuation[char];
  let end = start + 1;
  if (char === '.') type = T.Dot;
  else if (char === ':') {
    const next = sql.charAt(end);
    type = next === ':' ? T.Typecast : next === '=' ? T.ColonEquals : T.Colon;
    if (type !== T.Colon) end++;
  }
  if (type === undefined) throw syntaxErrorAt('42601', `syntax error at or near "${char}"`, start);
  tokens.push(new SqlToken(type, sql, start, end));
  return end;
}
