import type { TextRow } from './slt-rows.js';
import type { QueryRecord } from './slt-script.js';

/** Floating point may differ in its last digits. */
const RELATIVE_TOLERANCE = 1e-6;

/**
 * Whether rows are what a script written for DuckDB expects. It compares values and not their text: 1 is 1.0, `true` is
 * `t`, and `<REGEX>:` and `<!REGEX>:` are patterns.
 */
export function looselySameRows(rows: readonly TextRow[], record: QueryRecord): boolean {
  const expected = record.expected ?? [];
  const width = rows[0]?.length ?? 0;
  const asRows = expected.map((line) => line.split('\t'));
  const perValue = width > 1 && expected.length === rows.length * width && asRows.every((row) => row.length === 1);
  const wanted = perValue ? rows.map((_, at) => expected.slice(at * width, (at + 1) * width)) : asRows;
  if (wanted.length !== rows.length) return false;
  const actual = rows.map((row) => row.map(show));
  if (record.sort === 'valuesort') return sameValues(actual.flat().sort(), wanted.flat().sort());
  if (record.sort === 'rowsort') return sameTable([...actual].sort(byText), [...wanted].sort(byText));
  return sameTable(actual, wanted);
}

const show = (value: string | null): string =>
  value === null ? 'NULL' : value === '' ? '(empty)' : value === 't' ? 'true' : value === 'f' ? 'false' : value;

function byText(left: readonly string[], right: readonly string[]): number {
  const [first, second] = [left.join('\t'), right.join('\t')];
  return first < second ? -1 : first > second ? 1 : 0;
}

const sameTable = (left: readonly (readonly string[])[], right: readonly (readonly string[])[]): boolean =>
  left.every((row, at) => sameValues(row, right[at]!));

const sameValues = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((value, at) => sameValue(value, right[at]!));

function sameValue(actual: string, expected: string): boolean {
  if (actual === expected) return true;
  const pattern = /^<(!?)REGEX>:(.*)$/s.exec(expected);
  if (pattern !== null) return new RegExp(`^(?:${pattern[2]})$`, 's').test(actual) === (pattern[1] === '');
  if (['true', 'false'].includes(actual) && ['0', '1'].includes(expected))
    return (actual === 'true') === (expected === '1');
  const [first, second] = [Number(actual), Number(expected)];
  if (actual === '' || expected === '' || Number.isNaN(first) || Number.isNaN(second)) return false;
  return (
    first === second || Math.abs(first - second) <= RELATIVE_TOLERANCE * Math.max(Math.abs(first), Math.abs(second))
  );
}
