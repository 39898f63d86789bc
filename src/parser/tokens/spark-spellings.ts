import type { TokenType } from 'chevrotain';
import type { SqlToken } from './sql-token.js';
import * as T from './token-types.js';

/*
 * What Spark's SQL has words or brackets for and PostgreSQL's grammar does not: `a div b`, `a rlike b`, and the types
 * `array<int>`, `map<string, int>`, `struct<a: int>`; and MINUS for EXCEPT. They become tokens that the grammar has. All
 * these words stay names wherever a name may stand.
 */

const K = T.Keyword;

/** Operators that are words. */
const wordOperators: Readonly<Record<string, readonly [type: TokenType, text: string, negated?: string]>> = {
  div: [T.Percent, 'div'],
  rlike: [T.OtherOperator, '~', '!~'],
  regexp: [T.OtherOperator, '~', '!~'],
};

const operandEnds: ReadonlySet<TokenType> = new Set([
  ...[
    T.Identifier,
    T.QuotedIdentifier,
    T.StringLiteralToken,
    T.NumberLiteral,
    T.Parameter,
    T.RParen,
    T.RBracket,
    K.end,
  ],
]);
const operandStarts: ReadonlySet<TokenType> = new Set([
  ...[T.Identifier, T.QuotedIdentifier, T.StringLiteralToken, T.NumberLiteral, T.Parameter, T.LParen, K.case, K.cast],
]);
/** Behind these stands a table; a word after its name is an alias. */
const beforeTables: ReadonlySet<TokenType> = new Set([K.from, K.join, K.into, K.update, K.table]);

/** EXPLAIN EXTENDED and the like show what EXPLAIN does. */
const explainWords: ReadonlySet<string> = new Set(['extended', 'formatted', 'cost', 'codegen']);

export function resolveSparkSpellings(tokens: readonly SqlToken[]): SqlToken[] {
  const resolved: SqlToken[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (resolved.at(-1)?.tokenType === K.explain && explainWords.has(token.text) && index + 1 < tokens.length) continue;
    if (isPurge(tokens, index) || isOfTemporary(tokens, index)) continue;
    if (isCachedQuery(tokens, index)) {
      resolved.push(...createTemporary(token));
      if (tokens[index + 1]!.text === 'lazy') index++;
      continue;
    }
    const end = isBracketedType(token) && mayBeType(resolved.at(-1)) ? endOfType(tokens, index) : undefined;
    if (end !== undefined) {
      resolved.push(...withParentheses(tokens.slice(index, end)));
      index = end - 1;
      continue;
    }
    markWordOperator(token, resolved, tokens[index + 1]);
    if (isMinus(tokens, index)) token.retag(K.except);
    if (isBinaryType(resolved.at(-1), token, tokens[index + 1])) {
      token.retag(T.Identifier);
      token.text = 'bytea';
    }
    resolved.push(token);
  }
  return resolved;
}

/** `CACHE [LAZY] TABLE t [OPTIONS (…)] AS query`, which keeps the rows of a query until the session ends. */
function isCachedQuery(tokens: readonly SqlToken[], index: number): boolean {
  const before = tokens[index - 1];
  if (tokens[index]!.text !== 'cache' || (before !== undefined && before.tokenType !== T.Semicolon)) return false;
  const table = tokens[index + 1]?.text === 'lazy' ? index + 2 : index + 1;
  if (tokens[table]?.tokenType !== K.table) return false;
  for (let at = table; at < tokens.length && tokens[at]!.tokenType !== T.Semicolon; at++) {
    if (tokens[at]!.tokenType === K.as) return true;
  }
  return false;
}

/** CREATE TEMPORARY, in the place of a word. */
function createTemporary(word: SqlToken): SqlToken[] {
  const temporary = word.part(K.temporary, 0, word.image.length);
  temporary.text = 'temporary';
  word.retag(K.create);
  word.text = 'create';
  return [word, temporary];
}

/** GLOBAL and LOCAL before TEMPORARY, and TEMPORARY of DROP TEMPORARY FUNCTION. */
function isOfTemporary(tokens: readonly SqlToken[], index: number): boolean {
  const [before, token, next] = [tokens[index - 1]?.tokenType, tokens[index]!, tokens[index + 1]?.tokenType];
  const isTemporary = (type: TokenType | undefined): boolean => type === K.temporary || type === K.temp;
  if (before === K.drop) return isTemporary(token.tokenType) && next === K.function;
  const isCreated = before === K.create || before === K.replace;
  return isCreated && (token.text === 'global' || token.text === 'local') && isTemporary(next);
}

/** Behind DROP TABLE and DROP PARTITION, of whose files nothing is kept beyond what the lake's history keeps. */
function isPurge(tokens: readonly SqlToken[], index: number): boolean {
  const next = tokens[index + 1];
  if (tokens[index]!.text !== 'purge' || (next !== undefined && next.tokenType !== T.Semicolon)) return false;
  let first = index;
  while (first > 0 && tokens[first - 1]!.tokenType !== T.Semicolon) first--;
  const words = tokens.slice(first, index);
  const drops = words[0]?.tokenType === K.drop && words.length > 2;
  return drops || (words[0]?.tokenType === K.alter && words.at(-1)?.tokenType === T.RParen);
}

function markWordOperator(token: SqlToken, before: SqlToken[], next: SqlToken | undefined): void {
  const operator = token.tokenType === T.Identifier ? wordOperators[token.text] : undefined;
  if (operator === undefined || next === undefined || !operandStarts.has(next.tokenType)) return;
  const [type, text, negatedText] = operator;
  const isNegated = negatedText !== undefined && before.at(-1)?.tokenType === K.not;
  const place = isNegated ? -2 : -1;
  const [operand, beforeOperand] = [before.at(place), before.at(place - 1)];
  if (operand === undefined || !operandEnds.has(operand.tokenType)) return;
  if (beforeOperand !== undefined && beforeTables.has(beforeOperand.tokenType)) return;
  if (isNegated) before.pop();
  token.retag(type);
  token.text = isNegated ? negatedText : text;
}

/** `MINUS SELECT`, `MINUS ALL (SELECT`: before a query, where no name may stand. */
function isMinus(tokens: readonly SqlToken[], index: number): boolean {
  const { tokenType, text } = tokens[index]!;
  if (tokenType !== T.Identifier || text !== 'minus') return false;
  let next = index + 1;
  const typeAt = (at: number): TokenType | undefined => tokens[at]?.tokenType;
  if (typeAt(next) === K.all || typeAt(next) === K.distinct) next++;
  while (typeAt(next) === T.LParen) next++;
  return typeAt(next) === K.select;
}

const typeEnds: ReadonlySet<TokenType> = new Set([T.Comma, T.RParen, K.not, K.comment]);

/** Spark's type BINARY: behind AS, `::` or the name of a column, and not COPY's `format binary`. */
function isBinaryType(before: SqlToken | undefined, token: SqlToken, next: SqlToken | undefined): boolean {
  if (token.tokenType !== K.binary || !mayBeType(before)) return false;
  if (before!.tokenType === T.Typecast) return true;
  return before!.text !== 'format' && next !== undefined && typeEnds.has(next.tokenType);
}

const bracketedTypes: ReadonlySet<string> = new Set(['array', 'map', 'struct']);

function isBracketedType({ tokenType, text }: SqlToken): boolean {
  return (tokenType === T.Identifier || tokenType === K.array) && bracketedTypes.has(text);
}

const typeStarts: ReadonlySet<TokenType> = new Set([K.as, K.returning, T.Typecast]);

/** A type stands behind AS, `::` and RETURNING, and behind the name of a column. */
function mayBeType(previous: SqlToken | undefined): boolean {
  if (previous === undefined) return false;
  const { tokenType } = previous;
  return typeStarts.has(tokenType) || tokenType.CATEGORIES?.includes(T.Name) === true;
}

/** Behind the closing bracket of the type that begins at `start`; undefined if none does. */
function endOfType(tokens: readonly SqlToken[], start: number): number | undefined {
  let depth = 0;
  for (let index = start + 1; index < tokens.length; index++) {
    const { tokenType, text } = tokens[index]!;
    if (tokenType === T.Less) depth++;
    else if (/^>+$/.test(text)) {
      depth -= text.length;
      if (depth <= 0) return depth === 0 ? index + 1 : undefined;
    } else if (depth === 0 || !isPartOfType(tokenType)) return undefined;
  }
  return undefined;
}

const partsOfTypes: ReadonlySet<TokenType> = new Set([
  T.Comma,
  T.Colon,
  T.LParen,
  T.RParen,
  T.NumberLiteral,
  T.LBracket,
  T.RBracket,
  K.array,
]);

const isPartOfType = (type: TokenType): boolean => partsOfTypes.has(type) || type.CATEGORIES?.includes(T.Name) === true;

/** Brackets become parentheses, `>>` two of them, and the colons behind names of fields go. */
function withParentheses(tokens: readonly SqlToken[]): SqlToken[] {
  return tokens.flatMap((token) => {
    if (token.tokenType === T.Colon) return [];
    if (token.tokenType === K.array) token.retag(T.Identifier);
    if (token.tokenType === T.Less) token.retag(T.LParen);
    if (!/^>+$/.test(token.text)) return [token];
    return Array.from(token.text, (_, i) => token.part(T.RParen, i, i + 1));
  });
}
