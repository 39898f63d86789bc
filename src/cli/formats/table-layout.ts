import { characterWidth, displayWidth } from '../../common/display-width.js';
import type { TextRow } from '../../exec/result/decode-text-rows.js';

export interface TableColumn {
  readonly name: string;
  readonly alignRight: boolean;
  /** Of text the beginning is of use, of a number or a date it is not. */
  readonly mayBeCut: boolean;
}

export interface TableStyle {
  /** Columns of the terminal; infinite when nobody looks at a screen. */
  readonly width: number;
  readonly useColor: boolean;
}

const MIN_CUT_WIDTH = 8;
const SEPARATOR_WIDTH = 3;

/** What takes the place of NULL: dim on a terminal, so that it is not taken for the text. */
function formatNull(style: TableStyle): string {
  return style.useColor ? '\u001b[2mNULL\u001b[22m' : 'NULL';
}

const NULL_WIDTH = 4;

/** Line breaks and other control characters as pictures: a row is one line. */
export function makePrintable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!/[\u0000-\u001f\u007f-\u009f]/.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
  return text.replace(/\r\n|[\u0000-\u001f\u007f-\u009f]/g, (character) =>
    character === '\t' ? ' ' : /[\r\n]/.test(character) ? '↵' : '·',
  );
}

/** How wide the columns must be for names and values. */
export function measureColumns(columns: readonly TableColumn[], rows: readonly TextRow[]): number[] {
  const widths = columns.map(({ name }) => displayWidth(makePrintable(name)));
  for (const row of rows) {
    for (let index = 0; index < widths.length; index++) {
      const value = row[index];
      const width = value === undefined ? NULL_WIDTH : displayWidth(makePrintable(value));
      if (width > widths[index]!) widths[index] = width;
    }
  }
  return widths;
}

/**
 * Makes a table fit the terminal by cutting its widest text columns, none below eight characters. Undefined if that is
 * not enough: then each row is shown as a record. A single column is never cut.
 */
export function fitColumns(
  columns: readonly TableColumn[],
  widths: readonly number[],
  style: TableStyle,
): number[] | undefined {
  const fitted = [...widths];
  let excess = fitted.reduce((sum, width) => sum + width + SEPARATOR_WIDTH, -1) - style.width;
  if (excess <= 0 || columns.length === 1) return fitted;
  while (excess > 0) {
    let widest = -1;
    let second = MIN_CUT_WIDTH;
    for (let index = 0; index < fitted.length; index++) {
      if (!columns[index]!.mayBeCut) continue;
      if (widest < 0 || fitted[index]! > fitted[widest]!) {
        if (widest >= 0) second = Math.max(second, fitted[widest]!);
        widest = index;
      } else second = Math.max(second, fitted[index]!);
    }
    if (widest < 0 || fitted[widest]! <= MIN_CUT_WIDTH) return undefined;
    const cut = Math.min(excess, Math.max(1, fitted[widest]! - second));
    fitted[widest]! -= cut;
    excess -= cut;
  }
  return fitted;
}

export function formatHeader(columns: readonly TableColumn[], widths: readonly number[], style: TableStyle): string {
  const names = columns.map(({ name, alignRight }, index) =>
    embolden(pad(cutText(makePrintable(name), widths[index]!), widths[index]!, alignRight), style),
  );
  const rules = widths.map((width) => '─'.repeat(width + 2));
  return ` ${names.join(' │ ').trimEnd()}\n${rules.join('┼')}\n`;
}

export function formatTableRow(
  row: TextRow,
  columns: readonly TableColumn[],
  widths: readonly number[],
  style: TableStyle,
): string {
  let line = '';
  for (let index = 0; index < columns.length; index++) {
    const width = widths[index]!;
    const { alignRight } = columns[index]!;
    const value = row[index];
    const cell =
      value === undefined
        ? padBy(formatNull(style), width - NULL_WIDTH, alignRight)
        : pad(
            cutText(makePrintable(value), style.width === Number.POSITIVE_INFINITY ? value.length * 2 : width),
            width,
            alignRight,
          );
    line += index === 0 ? ` ${cell}` : ` │ ${cell}`;
  }
  return `${line.trimEnd()}\n`;
}

/** A row as a record, a line for each column, for tables too wide for the screen. */
export function formatRecord(
  row: TextRow,
  rowNumber: number,
  columns: readonly TableColumn[],
  style: TableStyle,
): string {
  const nameWidth = Math.max(...columns.map(({ name }) => displayWidth(name)));
  const title = `─ row ${rowNumber} `;
  const lines = columns.map(({ name }, index) => {
    const value = row[index];
    const text = value === undefined ? formatNull(style) : makePrintable(value);
    return ` ${embolden(pad(makePrintable(name), nameWidth, false), style)} │ ${text}\n`;
  });
  return `${title.padEnd(Math.min(style.width, 80), '─')}\n${lines.join('')}`;
}

/** The beginning of a text that is too wide, and an ellipsis. */
export function cutText(text: string, width: number): string {
  if (text.length * 2 <= width || displayWidth(text) <= width) return text;
  let used = 0;
  let result = '';
  for (const character of text) {
    used += characterWidth(character);
    if (used > width - 1) break;
    result += character;
  }
  return `${result}…`;
}

function pad(text: string, width: number, alignRight: boolean): string {
  return padBy(text, width - displayWidth(text), alignRight);
}

function padBy(text: string, count: number, alignRight: boolean): string {
  const blanks = ' '.repeat(Math.max(0, count));
  return alignRight ? blanks + text : text + blanks;
}

function embolden(text: string, style: TableStyle): string {
  return style.useColor ? `\u001b[1m${text}\u001b[22m` : text;
}
