import type { TokenType } from 'chevrotain';
import type { SqlToken } from './sql-token.js';
import * as T from './token-types.js';

/*
 * SQL/JSON: `json_object('a' : 1 ABSENT ON NULL)`, `json_value(j, '$.a' DEFAULT 0 ON EMPTY)`. The clauses have words of
 * their own, which are names elsewhere; a word is one of them only behind an operand, where no name may stand. Each
 * clause without an operand becomes one token.
 */

const K = T.Keyword;

const forms: ReadonlySet<string> = new Set([
  ...['json', 'json_object', 'json_array', 'json_serialize', 'json_arrayagg', 'json_objectagg'],
  ...['json_value', 'json_query', 'json_exists'],
]);

/** Behind these stands the name of a table, or an alias with its columns. */
const beforeNames: ReadonlySet<TokenType> = new Set([
  ...[K.into, K.table, K.from, K.join, K.with, K.view, K.update, K.exists, K.recursive, K.as, T.Dot],
  ...[T.Identifier, T.QuotedIdentifier, T.RParen],
]);

/** What clauses are made of, as texts; brackets stand around what may be left out. */
const clauses: readonly (readonly [text: string, pattern: RegExp])[] = [
  ['$1 on null', /^(null|absent) on null/],
  ['$1 unique', /^(with|without) unique(?: keys)?/],
  ['without wrapper', /^without (?:array )?wrapper/],
  ['$1 wrapper', /^with (?:(conditional|unconditional) )?(?:array )?wrapper/],
  ['$1 quotes', /^(keep|omit) quotes(?: on scalar string)?/],
  ['$1 on $2', /^(error|null|true|false|unknown|empty(?: array| object)?) on (empty|error)/],
  ['on $1', /^on (empty|error)/],
  ['format', /^format json(?: encoding utf8)?/],
];

const operandEnds: ReadonlySet<TokenType> = new Set([
  ...[T.Identifier, T.QuotedIdentifier, T.StringLiteralToken, T.NumberLiteral, T.Parameter, T.RParen, T.RBracket],
  ...[K.end, K.null, K.true, K.false, T.JsonClause, T.JsonFormat],
]);

/** Retags the forms and their clauses in place, and takes the tokens away that were merged into others. */
export function resolveJsonForms(tokens: readonly SqlToken[]): SqlToken[] {
  const resolved: SqlToken[] = [];
  /** Of each open parenthesis, whether it belongs to a form. */
  const open: boolean[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    const previous = resolved.at(-1);
    if (token.tokenType === T.LParen) open.push(opensClauses(previous, open.at(-1) === true));
    else if (token.tokenType === T.RParen) open.pop();
    else if (isForm(token, previous, tokens[index + 1])) token.retag(T.JsonForm);
    else if (isJsonTable(tokens, index)) token.retag(T.JsonTable);
    else if (open.at(-1) === true && mayFollow(previous)) index += mergeClause(tokens, index);
    resolved.push(token);
  }
  return resolved;
}

function isForm(token: SqlToken, previous: SqlToken | undefined, next: SqlToken | undefined): boolean {
  if (token.tokenType !== T.Identifier || next?.tokenType !== T.LParen || !forms.has(token.text)) return false;
  return previous === undefined || !beforeNames.has(previous.tokenType);
}

/** With COLUMNS: else it is a function of somebody's own. */
function isJsonTable(tokens: readonly SqlToken[], index: number): boolean {
  const token = tokens[index]!;
  if (token.tokenType !== T.Identifier || token.text !== 'json_table') return false;
  const behind = tokens.slice(index + 1);
  return behind[0]?.tokenType === T.LParen && behind.some(({ tokenType }) => tokenType === K.columns);
}

/** Do clauses stand in the parentheses that open behind this token? Those of COLUMNS lie within JSON_TABLE's. */
function opensClauses(previous: SqlToken | undefined, within: boolean): boolean {
  const type = previous?.tokenType;
  return type === T.JsonForm || type === T.JsonTable || (within && type === K.columns);
}

function mayFollow(previous: SqlToken | undefined): boolean {
  if (previous === undefined) return false;
  const { tokenType } = previous;
  return operandEnds.has(tokenType) || tokenType.CATEGORIES?.includes(T.Name) === true;
}

/** Returns how many further tokens the clause that begins at `index` takes. */
function mergeClause(tokens: readonly SqlToken[], index: number): number {
  const token = tokens[index]!;
  const isWord = token.tokenType === T.Identifier;
  if (isWord && token.text === 'value') token.retag(T.Colon);
  else if (isWord && token.text === 'passing') token.retag(T.JsonPassing);
  else if (token.tokenType === K.default) return 0;
  else {
    const words = tokens
      .slice(index, index + 6)
      .map((part) => (part.tokenType === T.StringLiteralToken ? '' : part.text));
    const text = words.join(' ');
    for (const [name, pattern] of clauses) {
      const match = pattern.exec(text);
      if (match === null || /\w/.test(text.charAt(match[0].length))) continue;
      token.retag(name === 'format' ? T.JsonFormat : T.JsonClause);
      token.text = name.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '').trim();
      return match[0].split(' ').length - 1;
    }
  }
  return 0;
}
