import { MillraceError, toMillraceError, userError } from '../../common/errors.js';
import type { RecordFailure } from './record-splitter.js';

const MAX_SHOWN_CHARACTERS = 100;

/** A value that is no value of its column's type. */
export function valueError(thrown: unknown, text: string, column: string, path: string, line: number): MillraceError {
  const { kind, code, message } = toMillraceError(thrown);
  return new MillraceError(kind, code, message, {
    detail: `File "${path}", line ${line}, column "${column}": "${shortened(text)}".`,
    hint: `Read the column as text (types => '${column} text'), or leave such lines out (ignore_errors => true).`,
    cause: thrown,
  });
}

/** A record that is no record. */
export function recordError(
  { kind, found }: RecordFailure,
  fieldCount: number,
  path: string,
  line: number,
  text: string,
): MillraceError {
  const detail = `File "${path}", line ${line}: "${shortened(text)}".`;
  const leaveOut = 'or leave such lines out (ignore_errors => true).';
  switch (kind) {
    case 'count':
      return found > fieldCount
        ? userError('22P04', 'extra data after last expected column', {
            detail,
            hint: `The line has ${found} fields instead of ${fieldCount}: name another delimiter (delim), ${leaveOut}`,
          })
        : userError('22P04', `missing data for column ${found + 1} of ${fieldCount}`, {
            detail,
            hint: `Fill what is missing with NULL (null_padding => true), name another delimiter (delim), ${leaveOut}`,
          });
    case 'unterminated':
      return userError('22P04', 'unterminated CSV quoted field', {
        detail,
        hint: "Close the quote, or name another one (quote => '').",
      });
    case 'after quote':
      return userError('22P04', 'data after the closing quote of a field', {
        detail,
        hint: `Double the quotes within a field, name another quote (quote => ''), ${leaveOut}`,
      });
    case 'not an object':
      return userError('22P02', 'a record that is not a JSON object', { detail, hint: `Write objects, ${leaveOut}` });
    case 'syntax':
      return userError('22P02', 'invalid input syntax for type json', {
        detail,
        hint: `Repair the record, ${leaveOut}`,
      });
  }
}

/** Bytes that are not UTF-8. */
export function encodingError(bytes: Uint8Array, path: string, line: number): MillraceError {
  const shown = [...bytes].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ');
  return userError('22021', `invalid byte sequence for encoding "UTF8": ${shown}`, {
    detail: `File "${path}", line ${line}.`,
    hint: 'Convert the file to UTF-8 first.',
  });
}

function shortened(text: string): string {
  return text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS)}…`;
}
