import { characterWidth } from '../common/display-width.js';

/** A place in a text for people: lines and columns count from 1, columns in characters as a terminal shows them. */
export interface TextLocation {
  readonly line: number;
  readonly column: number;
  /** The line itself, without its line break. */
  readonly text: string;
}

/** Where an offset in UTF-16 code units, from 0, is. An offset behind the end is the end. */
export function locatePosition(sql: string, position: number): TextLocation {
  const offset = Math.max(0, Math.min(position, sql.length));
  const before = sql.slice(0, offset).split(/\r\n|\r|\n/);
  const lineStart = offset - (before.at(-1) as string).length;
  const text = (/^[^\r\n]*/.exec(sql.slice(lineStart)) as RegExpExecArray)[0];
  return { line: before.length, column: [...(before.at(-1) as string)].length + 1, text };
}

/** How much of a long line is shown on either side of the caret. */
const contextWidth = 60;

/**
 * The line of an error and a caret under the place, as psql shows them:
 *
 *     LINE 2: frm t
 *             ^
 *
 * Long lines are cut around the place.
 */
export function formatErrorWithCaret(sql: string, position: number): string {
  const { line, column, text } = locatePosition(sql, position);
  // One character on the screen for each: tabs would move the caret.
  let characters = [...text].map((character) => (character === '\t' ? ' ' : character));
  let caret = column - 1;
  if (characters.length > 2 * contextWidth) {
    const start = Math.max(0, caret - contextWidth);
    const end = caret + contextWidth;
    const cutEnd = end < characters.length;
    characters = [...(start > 0 ? '...' : ''), ...characters.slice(start, end), ...(cutEnd ? '...' : '')];
    caret += (start > 0 ? 3 : 0) - start;
  }
  const label = `LINE ${line}: `;
  const width = characters.slice(0, caret).reduce((sum, character) => sum + characterWidth(character), 0);
  return `${label}${characters.join('')}\n${' '.repeat(label.length + width)}^`;
}
