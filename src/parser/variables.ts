import { userError } from '../common/errors.js';
import { findClosingQuote, findDollarQuoteEnd, skipBlockComment, skipLineComment } from './tokens/tokenizer.js';

/** A text with its variables replaced, and the way back to the text as written. */
export interface SubstitutedText {
  readonly sql: string;
  /**
   * The offset in the original text of an offset in `sql`: error positions refer to `sql`, and people look at their
   * file. An offset inside a replacement is the start of its variable.
   */
  readonly originalPosition: (position: number) => number;
}

/** One variable's place in both texts. */
interface Replacement {
  readonly originalStart: number;
  readonly originalEnd: number;
  readonly start: number;
  readonly end: number;
}

const variablePattern =
  /:(?:\{\?([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)\}|'([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)'|"([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)"|([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*))/y;

/**
 * psql's variables: `:'name'` becomes a quoted literal, `:"name"` a quoted identifier, `:name` the bare value, `:{?name}`
 * whether it is set. Quoted
 * text, dollar quotes, comments, casts (`::type`) and `:=` are left alone. Names are case-sensitive. In brackets,
 * where `[1:n]` and `[:n]` can be array slices, a bare `:n` is left alone behind an operand, and otherwise replaced only
 * if the variable exists: write `[1: :n]` to have a variable as a bound. Replaced text is not searched again.
 * An unknown variable is error 42704 at its place in the original text.
 */
export function substituteVariables(sql: string, variables: Readonly<Record<string, string>>): SubstitutedText {
  const replacements: Replacement[] = [];
  let result = '';
  let copied = 0;
  let bracketDepth = 0;
  for (let position = 0; position < sql.length; ) {
    const character = sql[position];
    if (character === '[') bracketDepth++;
    else if (character === ']') bracketDepth = Math.max(0, bracketDepth - 1);
    if (character !== ':') {
      position = skipOpaqueText(sql, position);
      continue;
    }
    if (sql[position + 1] === ':' || sql[position + 1] === '=') {
      position += 2;
      continue;
    }
    variablePattern.lastIndex = position;
    const match = variablePattern.exec(sql);
    const tested = match?.[1];
    const name = tested ?? match?.[2] ?? match?.[3] ?? match?.[4];
    const known = name !== undefined && Object.hasOwn(variables, name);
    if (
      match === null ||
      name === undefined ||
      (match[4] !== undefined && bracketDepth > 0 && (!known || followsOperand(sql, position)))
    ) {
      position++;
      continue;
    }
    if (!known && tested === undefined) throw unknownVariable(name, variables, position);
    const value = tested === undefined ? (variables[name] as string) : String(known).toUpperCase();
    result += sql.slice(copied, position);
    const start = result.length;
    result += match[2] !== undefined ? quoteLiteral(value) : match[3] !== undefined ? quoteIdentifier(value) : value;
    const originalEnd = position + match[0].length;
    replacements.push({ originalStart: position, originalEnd, start, end: result.length });
    copied = position = originalEnd;
  }
  return { sql: result + sql.slice(copied), originalPosition: (position) => mapBack(replacements, position) };
}

/** Whether an operand ends before a position, so that a colon there separates a slice's bounds. */
function followsOperand(sql: string, position: number): boolean {
  return /[\w\u0080-\uffff)\]"'$]$/.test(sql.slice(0, position).trimEnd().slice(-1));
}

/** Behind the quoted text, comment or word that starts at a position, or behind the single character there. */
export function skipOpaqueText(sql: string, position: number): number {
  const character = sql[position] as string;
  if (character === "'" || character === '"') {
    const previous = sql.slice(Math.max(0, position - 2), position);
    const backslashes = character === "'" && /(?:^|[^\w$])[eE]$/.test(previous);
    const end = findClosingQuote(sql, position, backslashes);
    // An unclosed quote is the parser's to report, in the text as it is.
    return end < 0 ? sql.length : end;
  }
  if (sql.startsWith('--', position)) return skipLineComment(sql, position);
  if (sql.startsWith('/*', position)) return skipBlockComment(sql, position);
  if (character === '$' && !/[\w\u0080-\uffff]/.test(sql[position - 1] ?? '')) {
    return findDollarQuoteEnd(sql, position) ?? position + 1;
  }
  return position + 1;
}

function quoteLiteral(value: string): string {
  const quoted = `'${value.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return value.includes('\\') ? ` E${quoted}` : quoted;
}

function quoteIdentifier(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

function unknownVariable(name: string, variables: Readonly<Record<string, string>>, position: number): Error {
  const names = Object.keys(variables);
  const known = names.length === 0 ? 'None is set' : `Set are: ${names.join(', ')}`;
  return userError('42704', `variable "${name}" is not set`, {
    position,
    hint: `Set it with --var ${name}=value. ${known}.`,
  });
}

function mapBack(replacements: readonly Replacement[], position: number): number {
  let shift = 0;
  for (const { originalStart, originalEnd, start, end } of replacements) {
    if (position < start) break;
    if (position < end) return originalStart;
    shift = originalEnd - end;
  }
  return position + shift;
}
