import type { IToken } from 'chevrotain';
import { MillraceError, userError } from '../common/errors.js';
import type { Expression } from './ast/expression.js';
import type { Statement } from './ast/statement.js';
import type { TypeName } from './ast/type-name.js';
import { ExpectationRecorder } from './expectation.js';
import { generatedDecisions } from './grammar/generated-decisions.js';
import { GrammarNotRecordedError } from './grammar/parser-base.js';
import { SqlParser } from './grammar/sql-parser.js';
import { idleStatement } from './idle-statement.js';
import { createSyntaxError } from './syntax-error.js';
import type { SqlToken } from './tokens/sql-token.js';
import { resolveLookahead } from './tokens/token-lookahead.js';
import * as T from './tokens/token-types.js';
import { tokenize } from './tokens/tokenizer.js';
import { rejectUnsupportedStatement } from './unsupported-statement.js';

const recorder = new ExpectationRecorder();
let quickParser: SqlParser | undefined;
let recordedParser: SqlParser | undefined;

/** Parses from tables that the build wrote; of an error it knows no more than that there is one. */
function getQuickParser(): SqlParser {
  quickParser ??= new SqlParser({ validate: false, errorMessageProvider: recorder, decisions: generatedDecisions });
  return quickParser;
}

/** Knows the grammar, which takes it a while to record, and so what would have been expected. */
function getRecordedParser(): SqlParser {
  recordedParser ??= new SqlParser({ validate: false, errorMessageProvider: recorder });
  return recordedParser;
}

/**
 * All statements of a script, each with its range in the text. Nothing is returned unless everything parses, as with
 * PostgreSQL's simple queries. Throws MillraceError: 42601 with position and hint, 0A000 for what is not built.
 */
export function parseStatements(sql: string): Statement[] {
  const tokens = resolveLookahead(tokenize(sql));
  const statements: Statement[] = [];
  for (let start = 0; start <= tokens.length; ) {
    let end = start;
    while (end < tokens.length && tokens[end]?.tokenType !== T.Semicolon) end++;
    if (end > start) {
      const idle = idleStatement(tokens.slice(start, end));
      statements.push(idle ?? run(sql, tokens, start, end, (parser) => parser.statement()));
    }
    start = end + 1;
  }
  return statements;
}

/** The one statement of a text; a semicolon may follow. */
export function parseStatement(sql: string): Statement {
  const [statement, extra] = parseStatements(sql);
  if (statement === undefined) throw userError('42601', 'syntax error at end of input', { position: sql.length });
  if (extra !== undefined) {
    throw userError('42601', 'cannot insert multiple commands into a prepared statement', {
      position: extra.position,
      hint: 'Send one statement at a time.',
    });
  }
  return statement;
}

export function parseExpression(sql: string): Expression {
  const tokens = resolveLookahead(tokenize(sql));
  return run(sql, tokens, 0, tokens.length, (parser) => parser.expression());
}

export function parseTypeName(sql: string): TypeName {
  const tokens = resolveLookahead(tokenize(sql));
  return run(sql, tokens, 0, tokens.length, (parser) => parser.typeName());
}

/** Parses the tokens from `start` to before `end` by one rule of the grammar. */
function run<Node>(
  sql: string,
  tokens: readonly SqlToken[],
  start: number,
  end: number,
  rule: (parser: SqlParser) => Node,
): Node {
  const slice = start === 0 && end === tokens.length ? (tokens as SqlToken[]) : tokens.slice(start, end);
  const attempt = (parser: SqlParser): Node => {
    parser.input = slice;
    return rule(parser);
  };
  let parser = getQuickParser();
  let result: Node;
  try {
    try {
      result = attempt(parser);
    } catch (thrown) {
      if (!(thrown instanceof GrammarNotRecordedError)) throw thrown;
      parser = getRecordedParser();
      result = attempt(parser);
    }
  } catch (thrown) {
    if (thrown instanceof RangeError) throw nestedTooDeeply(slice[0]?.startOffset ?? 0);
    throw thrown instanceof MillraceError ? atStatementEnd(thrown, sql, tokens, end) : thrown;
  }
  const error = parser.errors[0];
  if (error === undefined) return result;
  rejectUnsupportedStatement(slice);
  throw createSyntaxError({
    sql,
    tokens,
    startIndex: start,
    failedIndex: indexOf(slice, error.token, end - start) + start,
    expected: recorder.expected,
  });
}

/** The parser sees only its own statement; an error at its end is an error at the semicolon. */
function atStatementEnd(error: MillraceError, sql: string, tokens: readonly SqlToken[], end: number): MillraceError {
  if (error.message !== 'syntax error at end of input') return error;
  const position = tokens[end]?.startOffset ?? sql.length;
  const message = tokens[end] === undefined ? error.message : 'syntax error at or near ";"';
  return userError(error.code, message, { position, hint: error.hint });
}

function indexOf(tokens: readonly IToken[], token: IToken, otherwise: number): number {
  const index = tokens.indexOf(token);
  return index < 0 ? otherwise : index;
}

function nestedTooDeeply(position: number): MillraceError {
  return userError('54001', 'stack depth limit exceeded', {
    position,
    hint: 'The statement nests too deeply: split it, or name parts of it in a WITH clause.',
  });
}
