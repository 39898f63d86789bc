import { notSupportedError } from '../common/errors.js';
import type { SqlToken } from './tokens/sql-token.js';
import * as T from './tokens/token-types.js';

const TIME_TRAVEL = 'A table is read as the last commit has left it: copy its folder to keep an older one.';
const IN_FROM =
  'Put the function into FROM: … LATERAL VIEW posexplode(a) t AS p, x; or CROSS JOIN LATERAL f(a) t (p, x).';
const LAST =
  'Leave it out: a new column is the last one, before those of partitions; queries name columns in any order.';
const TRANSFORM =
  'Register a function from JavaScript, or write the query in SQL; COPY … TO writes rows for other programs.';
const STEPS = 'Write a query in WITH, or in FROM, for each step.';

/** Throws 0A000 for parts of statements that Spark has and Millrace has not, wherever they stand. */
export function rejectUnsupportedPart(tokens: readonly SqlToken[]): void {
  const reject = (at: number, what: string, hint: string): never => {
    throw notSupportedError(`${what} is not supported`, { position: tokens[at]!.startOffset, hint });
  };
  const textAt = (index: number): string | undefined => tokens[index]?.text;
  if (textAt(0) === 'alter') {
    const last = tokens.length - 1;
    if (textAt(last) === 'first') reject(last, 'FIRST', LAST);
    if (textAt(last - 1) === 'after') reject(last - 1, 'AFTER', LAST);
  }
  for (const [index, { text }] of tokens.entries()) {
    if (text === '|>') reject(index, '|>', STEPS);
    if ((text === 'version' || text === 'timestamp') && textAt(index + 1) === 'as' && textAt(index + 2) === 'of') {
      reject(index, `${text.toUpperCase()} AS OF`, TIME_TRAVEL);
    }
    if (text === 'transform' && textAt(behindParentheses(tokens, index + 1)) === 'using') {
      reject(index, 'TRANSFORM … USING', TRANSFORM);
    }
    if (text === ')' && textAt(index + 1) === 'as' && isNameList(tokens, index + 2)) {
      reject(index + 2, 'a list of names for one item of the select list', IN_FROM);
    }
  }
}

/** `(a, b)`. */
function isNameList(tokens: readonly SqlToken[], open: number): boolean {
  const close = behindParentheses(tokens, open) - 1;
  const within = tokens.slice(open + 1, close);
  return within.length > 2 && within.every(({ tokenType }, i) => tokenType === (i % 2 === 0 ? T.Identifier : T.Comma));
}

/** The index behind the parentheses that open there; that index where none do. */
function behindParentheses(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const { text } = tokens[index]!;
    if (text === '(') depth++;
    else if (text === ')') depth--;
    if (depth <= 0) return depth === 0 && index > open ? index + 1 : open;
  }
  return open;
}
