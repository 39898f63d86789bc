import { createHash } from 'node:crypto';
import type { QueryRecord, SortMode } from './slt-record.js';

export type TextRow = readonly (string | null)[];

/** How a value is written into a result: as PostgreSQL's text, or as sqllogictest has it by the letter of its type. */
export type Rendering = 'postgres' | 'sqllogictest';

/**
 * `%d`, `%.3f` and `%s`, with NULL for NULL, (empty) for an empty string and @ for what is not printable in ASCII: the
 * format that hashes of SQLite's scripts were taken of.
 */
function renderByLetter(value: string | null, letter: string | undefined): string {
  if (value === null) return 'NULL';
  const text = value === 't' ? '1' : value === 'f' ? '0' : value;
  // SQLite's integer of what begins with no digit is 0.
  if (letter === 'I') return /^[+-]?[\d.]/.test(text) ? renderInteger(text) : '0';
  if (letter === 'R' && Number.isFinite(Number(text)) && text !== '') return Number(text).toFixed(3);
  return value === '' ? '(empty)' : value.replace(/[^ -~]/g, '@');
}

function renderInteger(text: string): string {
  if (/^[+-]?\d+$/.test(text)) return BigInt(text).toString();
  const number = Math.trunc(Number(text));
  return Number.isFinite(number) ? BigInt(number).toString() : text;
}

function render(value: string | null, rendering: Rendering, letter: string | undefined): string {
  if (rendering === 'sqllogictest') return renderByLetter(value, letter);
  return value === null ? 'NULL' : value === '' ? '(empty)' : value;
}

/** One line a row, or with `valuesort` one a value. */
export function formatRows(
  rows: readonly TextRow[],
  sort: SortMode,
  rendering: Rendering = 'postgres',
  types = '',
): string[] {
  const rendered = rows.map((row) => row.map((value, column) => render(value, rendering, types[column])));
  if (sort === 'valuesort') return rendered.flat().sort();
  const lines = rendered.map((row) => row.join('\t'));
  return sort === 'rowsort' ? lines.sort() : lines;
}

const HASHED = /^(\d+) values hashing to ([0-9a-f]{32})$/;

/** Of all values, each with a line feed behind it. */
export function hashValues(values: readonly string[]): string {
  return createHash('md5')
    .update(values.map((value) => `${value}\n`).join(''))
    .digest('hex');
}

const equalLines = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((line, index) => line.trimEnd() === right[index]!.trimEnd());

/** Whether rows, as `formatRows` wrote them, are what a record expects: lines of rows, lines of values, or a hash. */
export function sameRows(actual: readonly string[], rows: readonly TextRow[], record: QueryRecord): boolean {
  const expected = record.expected ?? [];
  if (equalLines(actual, expected)) return true;
  const values = record.sort === 'valuesort' ? actual : actual.flatMap((line) => line.split('\t'));
  const hashed = HASHED.exec(expected[0] ?? '');
  if (hashed !== null) return Number(hashed[1]) === values.length && hashed[2] === hashValues(values);
  return (rows[0]?.length ?? 1) > 1 && equalLines(values, expected);
}
