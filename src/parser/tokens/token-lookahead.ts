import type { TokenType } from 'chevrotain';
import { resolveJsonForms } from './json-clauses.js';
import { markLambdas } from './lambda-arguments.js';
import { resolveSparkSpellings } from './spark-spellings.js';
import type { SqlToken } from './sql-token.js';
import * as T from './token-types.js';

/*
 * Between tokenizer and grammar, as PostgreSQL's base_yylex does it: words and parentheses whose meaning depends on what
 * follows get a token type of their own, so that the grammar decides everything by one token and needs no backtracking.
 */

const K = T.Keyword;
const queryStarts: ReadonlySet<TokenType> = new Set([K.select, K.values, K.with, K.table, K.from, T.QueryParen]);
const queryContinuations: ReadonlySet<TokenType> = new Set([
  ...[K.union, K.intersect, K.except, K.order, K.limit, K.offset, K.fetch, K.for, T.RParen],
]);
const predicates: ReadonlySet<TokenType> = new Set([K.between, K.in, K.like, K.ilike, K.similar]);
/** Forms with a syntax of their own inside parentheses; without a parenthesis these words are names. */
const specialForms: ReadonlySet<TokenType> = new Set([
  ...[K.extract, K.substring, K.position, K.trim, K.overlay, K.try_cast, K.rollup, K.cube],
]);

type Retag = (token: SqlToken, next: TokenType | undefined, previous: TokenType | undefined) => TokenType;

function unless(condition: (next: TokenType | undefined) => boolean): Retag {
  return (token, next) => (condition(next) ? token.tokenType : T.Identifier);
}

const opensParen = (next: TokenType | undefined): boolean => next === T.LParen;

const joinKinds: ReadonlyMap<string, TokenType> = new Map([
  ['semi', T.SemiJoin],
  ['anti', T.AntiJoin],
  ['asof', T.AsofJoin],
]);

const distributions: ReadonlySet<string> = new Set(['distribute', 'sort', 'cluster']);

function opensJoin(next: TokenType | undefined, kind: TokenType): boolean {
  return next === K.join || (kind === T.AsofJoin && (next === K.left || next === K.inner));
}

/** `pivot (f(` and `unpivot (v for`, unlike an alias with names of columns. */
function pivotOf(tokens: readonly SqlToken[], index: number): TokenType | undefined {
  const typeAt = (offset: number): TokenType | undefined => tokens[index + offset]?.tokenType;
  switch (tokens[index]!.text) {
    case 'pivot':
      return opensParen(typeAt(1)) && opensParen(typeAt(3)) ? T.Pivot : undefined;
    case 'unpivot':
      if (typeAt(2) === K.nulls) return T.Unpivot;
      return opensParen(typeAt(1)) && typeAt(3) === K.for ? T.Unpivot : undefined;
    default:
      return undefined;
  }
}

const retags: ReadonlyMap<TokenType, Retag> = new Map<TokenType, Retag>([
  ...[...specialForms].map((type): [TokenType, Retag] => [type, unless(opensParen)]),
  [K.values, (token, next, previous) => (opensParen(next) || previous === K.default ? token.tokenType : T.Identifier)],
  [K.not, (token, next) => (next !== undefined && predicates.has(next) ? T.NotBeforePredicate : token.tokenType)],
  [K.with, (token, next) => (next === K.time || next === K.ordinality ? T.WithBeforeTime : token.tokenType)],
  [K.row, (token, next) => (opensParen(next) ? T.RowConstructor : token.tokenType)],
  [K.rows, (token, next) => (next === K.from ? T.RowsFrom : token.tokenType)],
  [K.operator, (_, next) => (opensParen(next) ? T.OperatorCall : T.Identifier)],
  [K.grouping, (_, next) => (next === K.sets ? T.GroupingSets : T.Identifier)],
  [K.left, (token, next) => (opensParen(next) ? T.Identifier : token.tokenType)],
  [K.right, (token, next) => (opensParen(next) ? T.Identifier : token.tokenType)],
  [K.isnull, (token, next) => (opensParen(next) ? T.Identifier : token.tokenType)],
  [K.if, unless((next) => next === K.not || next === K.exists)],
  [K.ignore, unless((next) => next === K.nulls)],
  [K.respect, unless((next) => next === K.nulls)],
]);

/**
 * Retags the tokens in place; returns them with `double precision`, `character varying` and what stands behind IS JSON
 * merged into one each.
 */
export function resolveLookahead(tokens: readonly SqlToken[]): SqlToken[] {
  markLambdas(tokens);
  const merged = resolveJsonForms(resolveSparkSpellings(sortDirections(withoutOnly(mergeTypeNames(tokens)))));
  for (let index = 0; index < merged.length; index++) {
    const token = merged[index] as SqlToken;
    const next = merged[index + 1]?.tokenType;
    if ((next === T.Arrow || next === T.ColonEquals) && isName(token.tokenType)) {
      token.retag(T.ArgumentName);
    } else {
      const kind = token.tokenType === T.Identifier ? joinKinds.get(token.text) : undefined;
      if (kind !== undefined && opensJoin(next, kind)) token.retag(kind);
      if (token.tokenType === T.Identifier) token.retag(pivotOf(merged, index) ?? token.tokenType);
      if (token.tokenType === T.Identifier && next === K.by && distributions.has(token.text)) token.retag(T.Distribute);
      if (token.tokenType === K.on && isConflictClause(merged, index)) token.retag(T.OnConflict);
      const retag = retags.get(token.tokenType);
      if (retag !== undefined) token.retag(retag(token, next, merged[index - 1]?.tokenType));
    }
  }
  markInsertsOfSources(merged);
  markQueryParentheses(merged);
  markStarsOfRows(merged);
  return merged;
}

const beforeStatements: ReadonlySet<TokenType> = new Set([K.explain, K.analyze, K.verbose, K.as]);

/** In a statement that begins with FROM or WITH, INSERT before INTO or OVERWRITE begins a part of it, and is no alias. */
function markInsertsOfSources(tokens: readonly SqlToken[]): void {
  let first: TokenType | undefined;
  let depth = 0;
  tokens.forEach((token, index) => {
    const type = token.tokenType;
    if (type === T.Semicolon) {
      first = undefined;
      return;
    }
    if (first === undefined || beforeStatements.has(first)) {
      first = type;
      depth = 0;
    } else if (first === K.prepare && type === K.as) first = type;
    if (type === T.LParen) depth++;
    else if (type === T.RParen) depth--;
    if (type !== K.insert || depth > 0 || (first !== K.from && first !== K.with)) return;
    const next = tokens[index + 1]?.tokenType;
    if (next === K.into || next === K.overwrite) token.retag(T.InsertOfSource);
  });
}

const comparisons: ReadonlySet<TokenType> = new Set([
  ...[T.Equal, T.NotEqual, T.Less, T.LessEqual, T.Greater, T.GreaterEqual],
]);
const operatorsOfRows: ReadonlySet<TokenType> = new Set([...comparisons, T.Typecast, K.is]);

/** The star of `t.*` is part of an expression in parentheses that hold no query, as in `count(t.*)`, and before operators. */
function markStarsOfRows(tokens: readonly SqlToken[]): void {
  const open: TokenType[] = [];
  tokens.forEach((token, index) => {
    const type = token.tokenType;
    const previous = tokens[index - 1]?.tokenType;
    if (type === T.LParen || type === T.QueryParen) open.push(previous === T.OperatorCall ? T.OperatorCall : type);
    else if (type === T.RParen) open.pop();
    else if (type === T.Star && previous === T.Dot) {
      const next = tokens[index + 1]?.tokenType;
      const isWithin =
        open.at(-1) === T.LParen || (next !== undefined && operatorsOfRows.has(next)) || isCompared(tokens, index - 1);
      if (isWithin) token.retag(T.StarOfRow);
    }
  });
}

/** Is what ends with this dot the right side of a comparison: `t.* = s.*`, `t.* IS DISTINCT FROM s.*`? */
function isCompared(tokens: readonly SqlToken[], dot: number): boolean {
  let index = dot - 1;
  while (tokens[index - 1]?.tokenType === T.Dot) index -= 2;
  const before = tokens[index - 1]?.tokenType;
  if (before === K.from) return tokens[index - 2]?.tokenType === K.distinct;
  return before !== undefined && comparisons.has(before);
}

/** Unlike a condition about a column or function of that name. */
function isConflictClause(tokens: readonly SqlToken[], index: number): boolean {
  if (tokens[index + 1]?.tokenType !== T.Identifier || tokens[index + 1]!.text !== 'conflict') return false;
  const next = tokens[index + 2]?.tokenType;
  if (next === K.do || next === K.on) return true;
  if (!opensParen(next)) return false;
  const behind = behindParentheses(tokens, index + 2);
  const follows = tokens[behind]?.tokenType;
  if (follows !== K.where) return follows === K.do;
  for (let at = behind; at < tokens.length && tokens[at]!.tokenType !== T.Semicolon; at++) {
    const action = tokens[at]!.tokenType === K.do ? tokens[at + 1]?.tokenType : undefined;
    if (action === K.nothing || action === K.update) return true;
  }
  return false;
}

/** The index of the token behind the parentheses that open at `from`. */
function behindParentheses(tokens: readonly SqlToken[], from: number): number {
  for (let index = from, depth = 0; index < tokens.length; index++) {
    const type = tokens[index]!.tokenType;
    if (opensParen(type)) depth++;
    else if (type === T.RParen && --depth === 0) return index + 1;
  }
  return tokens.length;
}

function isName(type: TokenType | undefined): boolean {
  return type?.CATEGORIES?.includes(T.Name) ?? false;
}

const beforeOnly: ReadonlySet<TokenType> = new Set([K.from, K.join, K.table, K.update, K.truncate, K.exists, K.using]);

/** `ONLY t` leaves tables out that inherit from t: there are none. */
function withoutOnly(tokens: SqlToken[]): SqlToken[] {
  return tokens.filter(({ tokenType }, index) => {
    if (tokenType !== K.only) return true;
    const previous = tokens[index - 1]?.tokenType;
    return previous === undefined || !beforeOnly.has(previous) || !isName(tokens[index + 1]?.tokenType);
  });
}

/** Of text, which compares by its bytes, `~<~` is the same as `<`. */
const directions: ReadonlyMap<string, TokenType> = new Map([
  ['<', K.asc],
  ['~<~', K.asc],
  ['>', K.desc],
  ['~>~', K.desc],
]);

/** `ORDER BY x USING >` is DESC: nothing else has an operator behind USING. */
function sortDirections(tokens: readonly SqlToken[]): SqlToken[] {
  const merged: SqlToken[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as SqlToken;
    const direction = token.tokenType === K.using ? directions.get(tokens[index + 1]?.text ?? '') : undefined;
    if (direction !== undefined) {
      token.retag(direction);
      index++;
    }
    merged.push(token);
  }
  return merged;
}

function mergeTypeNames(tokens: readonly SqlToken[]): SqlToken[] {
  const merged: SqlToken[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as SqlToken;
    const next = tokens[index + 1]?.tokenType;
    if (token.tokenType === K.double && next === K.precision) {
      token.retag(T.Identifier);
      token.text = 'float8';
      index++;
    } else if ((token.tokenType === K.character || token.tokenType === K.char) && next === K.varying) {
      token.retag(T.Identifier);
      token.text = 'varchar';
      index++;
    }
    if (token.tokenType === T.Identifier && isTested(merged)) {
      if (token.text === 'json') index += mergeJsonTest(tokens, index);
      else index += mergeNormalizedTest(tokens, index);
    }
    merged.push(token);
  }
  return merged;
}

/** Behind IS or IS NOT. */
function isTested(before: readonly SqlToken[]): boolean {
  const last = before.at(-1)?.tokenType;
  return last === K.is || (last === K.not && before.at(-2)?.tokenType === K.is);
}

const jsonKinds: ReadonlySet<string> = new Set(['value', 'object', 'array', 'scalar']);

/** The text becomes the kind, with `unique` behind it where keys must be. Returns how many further tokens it takes. */
function mergeJsonTest(tokens: readonly SqlToken[], index: number): number {
  const token = tokens[index]!;
  const textAt = (offset: number): string | undefined => tokens[index + offset]?.text;
  const hasKind = jsonKinds.has(textAt(1) ?? '');
  const kind = hasKind ? textAt(1)! : 'value';
  let taken = hasKind ? 1 : 0;
  const unique = textAt(taken + 1);
  let suffix = '';
  if ((unique === 'with' || unique === 'without') && textAt(taken + 2) === 'unique') {
    if (unique === 'with') suffix = ' unique';
    taken += textAt(taken + 3) === 'keys' ? 3 : 2;
  }
  token.retag(T.JsonTest);
  token.text = kind + suffix;
  return taken;
}

const normalForms: ReadonlySet<string> = new Set(['nfc', 'nfd', 'nfkc', 'nfkd']);

/** The text becomes the form. Returns how many further tokens it takes. */
function mergeNormalizedTest(tokens: readonly SqlToken[], index: number): number {
  const token = tokens[index]!;
  const hasForm = normalForms.has(token.text);
  if (tokens[index + (hasForm ? 1 : 0)]?.text !== 'normalized') return 0;
  token.retag(T.NormalizedTest);
  token.text = hasForm ? token.text : 'nfc';
  return hasForm ? 1 : 0;
}

/**
 * A parenthesis holds a query if a query's first word follows it; or if a parenthesised query does and its closing
 * parenthesis is followed by what can continue a query: `((select 1) union …)` but not `((select 1) + 1)`, nor the
 * argument lists of `f((select 1))` and `f((select 1) order by 2)`.
 */
function markQueryParentheses(tokens: readonly SqlToken[]): void {
  const open: number[] = [];
  const closing = new Map<number, number>();
  const mark = (index: number): void => {
    const first = tokens[index + 1]?.tokenType;
    if (first === undefined || !queryStarts.has(first)) return;
    if (first === K.from && tokens[index - 1]?.tokenType === K.trim) return;
    if (first === T.QueryParen) {
      const close = closing.get(index + 1);
      const behind = close === undefined ? undefined : tokens[close + 1]?.tokenType;
      if (behind !== undefined && !queryContinuations.has(behind)) return;
      if ((behind === T.RParen || behind === K.order) && isName(tokens[index - 1]?.tokenType)) return;
    }
    (tokens[index] as SqlToken).retag(T.QueryParen);
  };
  for (let index = 0; index < tokens.length; index++) {
    const type = (tokens[index] as SqlToken).tokenType;
    if (type === T.LParen) open.push(index);
    else if (type === T.RParen) {
      const opening = open.pop();
      if (opening === undefined) continue;
      closing.set(opening, index);
      mark(opening);
    }
  }
  while (open.length > 0) mark(open.pop() as number);
}
