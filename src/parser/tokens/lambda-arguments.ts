import type { TokenType } from 'chevrotain';
import type { SqlToken } from './sql-token.js';
import * as T from './token-types.js';

/*
 * Lambdas: `x -> …`, `(x, y) -> …` and DuckDB's `lambda x, y: …`. An arrow is an operator of JSON everywhere else, so that
 * one is a lambda's only in the arguments of functions that take one, and behind a comma: their first argument is the
 * array, or the map, that the lambda goes over.
 */

/** The functions that take lambdas. */
const LAMBDA_FUNCTIONS = [
  'transform',
  'filter',
  'exists',
  'forall',
  'any_match',
  'all_match',
  'aggregate',
  'reduce',
  'zip_with',
  'map_filter',
  'transform_keys',
  'transform_values',
  'list_transform',
  'array_transform',
  'list_apply',
  'array_apply',
  'apply',
  'list_filter',
  'array_filter',
  'list_reduce',
  'array_reduce',
] as const;

export type LambdaFunction = (typeof LAMBDA_FUNCTIONS)[number];

const lambdaFunctions: ReadonlySet<string> = new Set(LAMBDA_FUNCTIONS);

export function isLambdaFunction(name: string): name is LambdaFunction {
  return lambdaFunctions.has(name);
}

/** Retags, in place, what begins a lambda, its arrow, and the name of the function, which may be a word of the grammar. */
export function markLambdas(tokens: readonly SqlToken[]): void {
  /** What is open, outermost first: for the arguments of a function that takes lambdas its name. */
  const open: (SqlToken | undefined)[] = [];
  tokens.forEach((token, index) => {
    if (closing.has(token.tokenType)) open.pop();
    else if (opening.has(token.tokenType)) open.push(functionBefore(tokens, index));
    else if (token.tokenType === T.Comma && open.at(-1) !== undefined && markLambda(tokens, index + 1)) {
      open.at(-1)!.retag(T.Identifier);
    }
  });
}

const opening: ReadonlySet<TokenType> = new Set([T.LParen, T.LambdaParen, T.LBracket, T.LBrace]);
const closing: ReadonlySet<TokenType> = new Set([T.RParen, T.RBracket, T.RBrace]);

/** Then `exists (` is no function. */
const startsQuery: ReadonlySet<TokenType | undefined> = new Set([
  ...[T.Keyword.select, T.Keyword.with, T.Keyword.values, T.Keyword.table, T.Keyword.from],
]);

/** The name of the function that takes lambdas and whose arguments a parenthesis opens. */
function functionBefore(tokens: readonly SqlToken[], paren: number): SqlToken | undefined {
  const name = tokens[paren - 1];
  const isCall = tokens[paren]!.tokenType === T.LParen && name !== undefined && isWord(name.tokenType);
  return isCall && isLambdaFunction(name.text) && !startsQuery.has(tokens[paren + 1]?.tokenType) ? name : undefined;
}

const isName = (token: SqlToken | undefined): boolean => token?.tokenType.CATEGORIES?.includes(T.Name) === true;
const isWord = (type: TokenType): boolean => type.CATEGORIES?.includes(T.AnyLabel) === true;
const isArrow = (token: SqlToken | undefined): boolean => token?.tokenType === T.OtherOperator && token.text === '->';

function markLambda(tokens: readonly SqlToken[], start: number): boolean {
  const first = tokens[start];
  if (first?.tokenType === T.LParen) {
    const end = endOfNames(tokens, start + 1);
    if (tokens[end]?.tokenType !== T.RParen || !isArrow(tokens[end + 1])) return false;
    first.retag(T.LambdaParen);
    tokens[end + 1]!.retag(T.LambdaArrow);
    return true;
  }
  if (!isName(first)) return false;
  if (isArrow(tokens[start + 1])) {
    first!.retag(T.LambdaParameter);
    tokens[start + 1]!.retag(T.LambdaArrow);
    return true;
  }
  if (first!.text !== 'lambda' || tokens[endOfNames(tokens, start + 1)]?.tokenType !== T.Colon) return false;
  first!.retag(T.LambdaWord);
  return true;
}

/** Behind names with commas between them. */
function endOfNames(tokens: readonly SqlToken[], start: number): number {
  let place = start;
  while (isName(tokens[place])) {
    place++;
    if (tokens[place]?.tokenType !== T.Comma) break;
    place++;
  }
  return place;
}
