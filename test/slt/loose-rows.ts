import { looseText } from './loose-text.js';
import type { QueryRecord } from './slt-record.js';
import type { TextRow } from './slt-rows.js';

/** Floating point may differ in its last digits. */
const RELATIVE_TOLERANCE = 1e-6;

/** Stands for any text, also of several rows. */
const IGNORED_TEXT = '<slt:ignore>';

/**
 * Whether rows are what a script written for another engine expects. DuckDB compares values and not their text: 1 is
 * 1.0, `true` is `t`, and `<REGEX>:` and `<!REGEX>:` are patterns. DataFusion's and CockroachDB's scripts have any white
 * space between values, so their rows are compared word by word.
 */
export function looselySameRows(rows: readonly TextRow[], record: QueryRecord): boolean {
  const expected = record.expected ?? [];
  if (expected.some((line) => line.includes(IGNORED_TEXT))) return matchesFragments(rows, expected);
  const width = rows[0]?.length ?? 0;
  const asRows = expected.map((line) => line.split('\t'));
  const perValue = width > 1 && expected.length === rows.length * width && asRows.every((row) => row.length === 1);
  const wanted = perValue ? rows.map((_, at) => expected.slice(at * width, (at + 1) * width)) : asRows;
  const actual = rows.map((row) => row.map(show));
  return sameByMode(actual, wanted, record) || sameByMode(actual.map(wordsOf), expected.map(wordsOfLine), record);
}

const wordsOf = (row: readonly string[]): string[] => wordsOfLine(row.map(looseText).join(' '));

const wordsOfLine = (line: string): string[] =>
  looseText(line)
    .split(/\s+/)
    .filter((word) => word !== '');

function sameByMode(
  actual: readonly (readonly string[])[],
  wanted: readonly (readonly string[])[],
  { sort }: QueryRecord,
): boolean {
  if (sort === 'valuesort') return sameValues(actual.flat().sort(), wanted.flat().sort());
  if (wanted.length !== actual.length) return false;
  if (sort === 'rowsort') return sameTable([...actual].sort(byText), [...wanted].sort(byText));
  return sameTable(actual, wanted);
}

/** The first fragment begins the text, and the others follow in order. */
function matchesFragments(rows: readonly TextRow[], expected: readonly string[]): boolean {
  const text = rows.map((row) => wordsOf(row.map(show)).join(' ')).join('\n');
  const fragments = expected
    .map((line) => line.trim().split(/\s+/).join(' '))
    .join('\n')
    .split(IGNORED_TEXT);
  let at = 0;
  return fragments.every((fragment, index) => {
    const found = text.indexOf(fragment, at);
    at = found + fragment.length;
    return found >= 0 && (index > 0 || found === 0);
  });
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
  if (actual === '' || expected === '' || Number.isNaN(first) || Number.isNaN(second)) {
    return looseText(actual) === looseText(expected);
  }
  return (
    first === second || Math.abs(first - second) <= RELATIVE_TOLERANCE * Math.max(Math.abs(first), Math.abs(second))
  );
}
