import { toMillraceError } from '../common/errors.js';
import { formatErrorWithCaret, locatePosition } from '../parser/index.js';

/** Where SQL came from: what people look at when it fails. */
export interface SqlSource {
  /** A file's path as given; undefined for SQL on the command line. */
  readonly path: string | undefined;
  readonly text: string;
  /** What the user wrote, if it is a part of `text`, and where it begins there. */
  readonly shown?: { readonly text: string; readonly start: number };
}

/**
 * An error for a terminal: where, what, the line with a caret, and what to do.
 *
 *     daily.sql:2:8: error: column "dely" does not exist (42703)
 *       LINE 2: select dely from flights
 *                      ^
 *       HINT: Did you mean "delay"?
 */
export function formatError(thrown: unknown, source?: SqlSource): string {
  const error = toMillraceError(thrown);
  const lines: string[] = [];
  const message = `error: ${error.message} (${error.code})`;
  if (error.position !== undefined && source !== undefined) {
    const shownText = source.shown?.text ?? source.text;
    const position = error.position - (source.shown?.start ?? 0);
    const { line, column } = locatePosition(shownText, position);
    const place = source.path === undefined ? `line ${line}, column ${column}` : `${source.path}:${line}:${column}`;
    lines.push(`${place}: ${message}`, ...formatErrorWithCaret(shownText, position).split('\n').map(indent));
  } else {
    const place = source?.path === undefined ? '' : `${source.path}: `;
    lines.push(place + message);
  }
  if (error.detail !== undefined) lines.push(indent(`DETAIL: ${error.detail}`));
  if (error.hint !== undefined) lines.push(indent(`HINT: ${error.hint}`));
  if (error.kind === 'bug' && error.cause instanceof Error && error.cause.stack !== undefined) {
    lines.push(...error.cause.stack.split('\n').map(indent));
  }
  return `${lines.join('\n')}\n`;
}

const indent = (line: string): string => `  ${line}`;
