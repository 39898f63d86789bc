/** What an engine answered: values as PostgreSQL's text, NULL as null. */
export interface Answer {
  readonly columnNames: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** By column: whether values are floating point, and may differ in their last digits. */
  readonly isFloat: readonly boolean[];
}

const RELATIVE_TOLERANCE = 1e-9;

type Row = readonly (string | null)[];

const isNumber = (text: string): boolean => /^-?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text);

/** `1.50` → `1.5`: scales may differ between engines, digits may not. */
function withoutTrailingZeros(text: string): string {
  return /^-?\d+\.\d*$/.test(text) ? text.replace(/\.?0+$/, '').replace(/^-0$/, '0') : text;
}

function agree(left: string | null, right: string | null, isFloat: boolean): boolean {
  if (left === right) return true;
  if (left === null || right === null || !isNumber(left) || !isNumber(right)) return false;
  if (!isFloat) return withoutTrailingZeros(left) === withoutTrailingZeros(right);
  const [first, second] = [Number(left), Number(right)];
  return Math.abs(first - second) <= RELATIVE_TOLERANCE * Math.max(Math.abs(first), Math.abs(second));
}

const show = (row: Row): string => row.map((value) => value ?? 'NULL').join('\t');

/** NaN and NULL have places of their own, that no answer holds otherwise. */
function sortable(value: string | null): number {
  if (value === null) return Number.MAX_VALUE;
  return value === 'NaN' ? -Number.MAX_VALUE : Number(value);
}

/** Exact columns first, so that fractions that agree only nearly do not sort equal rows apart. */
function sortRows(rows: readonly Row[], isFloat: readonly boolean[]): Row[] {
  const columns = [...isFloat.keys()].sort((a, b) => Number(isFloat[a]) - Number(isFloat[b]));
  const keyed = rows.map((row) => ({
    row,
    exact: columns
      .filter((column) => !isFloat[column])
      .map((column) => (row[column] == null ? '\uffff' : withoutTrailingZeros(row[column]))),
    fractions: columns.filter((column) => isFloat[column]).map((column) => sortable(row[column]!)),
  }));
  keyed.sort((a, b) => {
    for (const [index, value] of a.exact.entries()) {
      if (value !== b.exact[index]) return value < b.exact[index]! ? -1 : 1;
    }
    for (const [index, value] of a.fractions.entries()) {
      if (value !== b.fractions[index]) return value < b.fractions[index]! ? -1 : 1;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

/**
 * The first difference in words. `orderedBy`: indexes of the columns that the rows are ordered by; rows that tie on them
 * may come in any order. 'all': every row in its place. Undefined: the rows are a bag.
 */
export function findDifference(
  actual: Answer,
  expected: Answer,
  orderedBy?: readonly number[] | 'all',
): string | undefined {
  if (actual.isFloat.length !== expected.isFloat.length) {
    return `${actual.isFloat.length} columns instead of ${expected.isFloat.length}`;
  }
  if (actual.rows.length !== expected.rows.length) {
    return `${actual.rows.length} rows instead of ${expected.rows.length}${firstRows(actual.rows, expected.rows)}`;
  }
  const isFloat = expected.isFloat.map((float, column) => float || actual.isFloat[column]!);
  const inOrder = (rows: readonly Row[]): readonly Row[] => {
    if (orderedBy === 'all') return rows;
    const result: Row[] = [];
    for (let start = 0; start < rows.length; ) {
      let end = start + 1;
      const ties = (row: Row): boolean =>
        (orderedBy ?? []).every((key) => agree(row[key]!, rows[start]![key]!, isFloat[key]!));
      while (end < rows.length && ties(rows[end]!)) end++;
      for (const row of sortRows(rows.slice(start, end), isFloat)) result.push(row);
      start = end;
    }
    return result;
  };
  const [left, right] = [inOrder(actual.rows), inOrder(expected.rows)];
  for (const [index, row] of left.entries()) {
    const column = row.findIndex((value, at) => !agree(value, right[index]![at]!, isFloat[at]!));
    if (column >= 0) {
      return `row ${index + 1}, column ${column + 1}:\n  actual   ${show(row)}\n  expected ${show(right[index]!)}`;
    }
  }
  return undefined;
}

function firstRows(actual: readonly Row[], expected: readonly Row[]): string {
  const lines = (rows: readonly Row[]): string =>
    rows
      .slice(0, 8)
      .map((row) => `\n    ${show(row)}`)
      .join('');
  return `\n  actual${lines(actual)}\n  expected${lines(expected)}`;
}
