import type { TokenType } from 'chevrotain';
import * as T from '../tokens/token-types.js';

const K = T.Keyword;

/** PostgreSQL's precedence levels, from gram.y: a higher one binds tighter. */
export const Precedence = {
  none: 0,
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  /** BETWEEN, IN, LIKE, ILIKE, SIMILAR. */
  predicate: 6,
  /** Every operator without a level of its own. */
  other: 7,
  additive: 8,
  multiplicative: 9,
  power: 10,
  atTimeZone: 11,
  collate: 12,
  unaryMinus: 13,
  postfix: 14,
} as const;

const levels: readonly (readonly [number, readonly TokenType[]])[] = [
  [Precedence.or, [K.or]],
  [Precedence.and, [K.and]],
  [Precedence.is, [K.is, K.isnull, K.notnull]],
  [Precedence.comparison, [T.Equal, T.NotEqual, T.Less, T.Greater, T.LessEqual, T.GreaterEqual]],
  [Precedence.predicate, [K.between, K.in, K.like, K.ilike, K.similar, K.overlaps, T.NotBeforePredicate]],
  [Precedence.other, [T.OtherOperator, T.OperatorCall]],
  [Precedence.additive, [T.Plus, T.Minus]],
  [Precedence.multiplicative, [T.Star, T.Slash, T.Percent]],
  [Precedence.power, [T.Caret]],
  [Precedence.atTimeZone, [K.at]],
  [Precedence.collate, [K.collate]],
  [Precedence.postfix, [T.Typecast, T.LBracket, T.Dot]],
];

const precedenceByType = new Uint8Array(Math.max(...T.allTokenTypes.map((type) => type.tokenTypeIdx as number)) + 1);
for (const [level, types] of levels) for (const type of types) precedenceByType[type.tokenTypeIdx as number] = level;

/** The level of a token that continues an expression; 0 for all others. */
export function precedenceOf(token: { readonly tokenTypeIdx: number }): number {
  return precedenceByType[token.tokenTypeIdx] ?? 0;
}
