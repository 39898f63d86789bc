import type { TokenType } from 'chevrotain';
import { type MillraceError, userError } from '../common/errors.js';
import type { SqlToken } from './tokens/sql-token.js';
import * as T from './tokens/token-types.js';

const K = T.Keyword;

/** Words worth guessing behind a misspelling: those that start a statement or a clause. */
const guessableWords = [
  ...['select', 'from', 'where', 'group', 'having', 'order', 'limit', 'offset', 'union', 'intersect', 'except', 'join'],
  ...['values', 'insert', 'overwrite', 'into', 'partition', 'partitioned', 'partitions', 'create', 'table', 'view'],
  ...['schema', 'explain', 'analyze', 'describe', 'distinct', 'between', 'exists', 'tables', 'rollback', 'commit'],
  ...['begin', 'truncate', 'alter', 'rename', 'replace', 'using', 'natural', 'inner', 'outer', 'lateral', 'qualify'],
];

/** Groups of expected tokens and the words for them, the widest first. */
const expectationGroups: readonly (readonly [words: string, sign: readonly TokenType[]])[] = [
  ['a statement, such as SELECT, INSERT or CREATE', [K.select, K.insert, K.create]],
  [
    'a table, a function, a file in single quotes or a query in parentheses',
    [T.QueryParen, T.Name, T.StringLiteralToken, K.lateral],
  ],
  ['an expression', [T.NumberLiteral, T.LParen, K.case]],
  ['a query', [K.select, K.values, K.table]],
  ['a query in parentheses', [T.QueryParen]],
  ['a name', [T.Name]],
  ['a name', [T.AnyLabel]],
  ['a number', [T.NumberLiteral]],
  ['a string in single quotes', [T.StringLiteralToken]],
  ['an operator', [T.InfixOperator]],
];

interface SyntaxErrorContext {
  readonly sql: string;
  /** All tokens of the script. */
  readonly tokens: readonly SqlToken[];
  /** Which of them could not be parsed; `tokens.length` for the end of the text. */
  readonly failedIndex: number;
  /** Where the statement starts. */
  readonly startIndex: number;
  readonly expected: readonly TokenType[];
}

/** PostgreSQL's error 42601 with a hint of ours. */
export function createSyntaxError(context: SyntaxErrorContext): MillraceError {
  const { sql, tokens } = context;
  let failedIndex = context.failedIndex;
  // A query where none may stand: PostgreSQL names the query's first word and not the parenthesis.
  if (tokens[failedIndex]?.tokenType === T.QueryParen && !context.expected.includes(T.QueryParen)) {
    const previous = tokens[failedIndex - 1]?.tokenType;
    if (previous?.CATEGORIES?.includes(T.Name)) failedIndex++;
  }
  const failed = tokens[failedIndex];
  if (failed === undefined) {
    const hint = hintFor(context, undefined);
    return userError('42601', 'syntax error at end of input', { position: sql.length, hint });
  }
  return userError('42601', `syntax error at or near "${failed.image}"`, {
    position: failed.startOffset,
    hint: hintFor(context, failed),
  });
}

function hintFor(context: SyntaxErrorContext, failed: SqlToken | undefined): string | undefined {
  return (
    guessMisspelling(context) ??
    guessParenthesis(context, failed) ??
    guessComma(context, failed) ??
    guessReservedWord(context, failed) ??
    guessByToken(failed, context.expected) ??
    describeExpected(context.expected)
  );
}

/** A plain word at the failure, or up to three tokens before it, that is one slip away from a keyword. */
function guessMisspelling({ tokens, failedIndex, startIndex }: SyntaxErrorContext): string | undefined {
  for (let index = failedIndex; index >= Math.max(startIndex, failedIndex - 3); index--) {
    const token = tokens[index];
    // `int` is a type, not a slip of INTO.
    if (token?.tokenType !== T.Identifier || token.text.length < 3 || token.text === 'int') continue;
    const word = guessableWords.find((candidate) => isOneSlipAway(token.text, candidate));
    if (word !== undefined) return `Did you mean ${word.toUpperCase()} instead of "${token.image}"?`;
  }
  return undefined;
}

/** One letter too many, too few or wrong, or two neighbours swapped. */
function isOneSlipAway(text: string, word: string): boolean {
  if (text === word || Math.abs(text.length - word.length) > 1) return false;
  let start = 0;
  while (start < text.length && text[start] === word[start]) start++;
  let end = 0;
  while (end < Math.min(text.length, word.length) - start && text.at(-1 - end) === word.at(-1 - end)) end++;
  const left = text.slice(start, text.length - end);
  const right = word.slice(start, word.length - end);
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}

function guessParenthesis(context: SyntaxErrorContext, failed: SqlToken | undefined): string | undefined {
  const { tokens, failedIndex, startIndex, sql } = context;
  const open: SqlToken[] = [];
  for (const token of tokens.slice(startIndex, failedIndex)) {
    if (token.tokenType === T.LParen || token.tokenType === T.QueryParen) open.push(token);
    else if (token.tokenType === T.RParen) open.pop();
  }
  const innermost = open.at(-1);
  if (failed === undefined || failed.tokenType === T.Semicolon) {
    if (innermost === undefined) return undefined;
    return `The parenthesis that opens on line ${lineOf(sql, innermost.startOffset)} is not closed.`;
  }
  if (failed.tokenType === T.RParen && innermost === undefined) return 'No parenthesis is open here.';
  return undefined;
}

function lineOf(sql: string, position: number): number {
  return sql.slice(0, position).split('\n').length;
}

function guessComma({ tokens, failedIndex }: SyntaxErrorContext, failed: SqlToken | undefined): string | undefined {
  const previous = tokens[failedIndex - 1];
  if (previous?.tokenType !== T.Comma) return undefined;
  if (failed === undefined || failed.tokenType === T.RParen || T.reservedKeywordTypes.has(failed.tokenType)) {
    return failed === undefined ? 'Something is missing after the comma.' : `Remove the comma before ${failed.image}.`;
  }
  return undefined;
}

function guessReservedWord({ expected }: SyntaxErrorContext, failed: SqlToken | undefined): string | undefined {
  if (failed === undefined || !T.reservedKeywordTypes.has(failed.tokenType) || !expected.includes(T.Name)) {
    return undefined;
  }
  if (expected.includes(T.NumberLiteral)) return undefined;
  return `"${failed.text}" is a reserved word; to use it as a name, write it in double quotes.`;
}

const comparisons: ReadonlySet<TokenType> = new Set([
  T.Equal,
  T.NotEqual,
  T.Less,
  T.Greater,
  T.LessEqual,
  T.GreaterEqual,
]);

function guessByToken(failed: SqlToken | undefined, expected: readonly TokenType[]): string | undefined {
  if (failed === undefined || expected.includes(T.NumberLiteral)) return undefined;
  if (comparisons.has(failed.tokenType)) return 'Comparisons do not chain: join them with AND, or use parentheses.';
  if (failed.tokenType === K.select) return 'A query inside an expression needs parentheses of its own.';
  return undefined;
}

/** The expected tokens in words, grouped: never a list of two hundred names. */
function describeExpected(expected: readonly TokenType[]): string | undefined {
  if (expected.length === 0) return 'Expected the end of the statement, or a semicolon before the next one.';
  const remaining = new Set(expected);
  const parts: string[] = [];
  for (const [words, sign] of expectationGroups) {
    if (!sign.every((type) => remaining.has(type))) continue;
    if (words.includes(', ')) return `Expected ${words}.`;
    parts.push(words);
    if (words === 'an expression') return `Expected ${joinWords(parts)}.`;
    for (const type of words === 'a query' ? [...sign, K.with, T.QueryParen] : sign) remaining.delete(type);
  }
  const others = [...remaining].map(displayName);
  if (others.length > 7) return parts.length === 0 ? undefined : `Expected ${joinWords(parts)}.`;
  return `Expected ${joinWords([...parts, ...others])}.`;
}

function displayName(type: TokenType): string {
  if (type === T.NotBeforePredicate) return 'NOT';
  if (type === T.WithBeforeTime) return 'WITH';
  if (type === T.OnConflict) return 'ON';
  if (type === T.SessionValueWord) return 'CURRENT_DATE';
  return /^[A-Z_]+$/.test(type.name) ? type.name : `"${type.name}"`;
}

function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
