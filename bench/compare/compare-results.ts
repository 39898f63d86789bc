/**
 * Whether two engines gave the same answer. Both results hold canonical values: null, boolean, number (floats,
 * decimals and integers that fit), bigint, string (text, and dates and times in ISO form) and Uint8Array.
 */
export interface ResultRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

export interface CompareOptions {
  /**
   * Indexes of the columns that the query orders by: rows must agree in order on these, and rows that tie on them may
   * come in any order. 'all': every row in its place. Undefined: the rows are a set.
   */
  readonly orderedBy?: readonly number[] | 'all' | undefined;
  /** How far apart fractional numbers may be, relative to the larger. Whole numbers must be equal if both are exact. */
  readonly relativeTolerance?: number;
}

const DEFAULT_RELATIVE_TOLERANCE = 1e-9;

const isNumeric = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

const isExact = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isSafeInteger(value);

function numbersAgree(left: number | bigint, right: number | bigint, relativeTolerance: number): boolean {
  if (isExact(left) && isExact(right)) return BigInt(left) === BigInt(right);
  const first = Number(left);
  const second = Number(right);
  if (Object.is(first, second) || first === second) return true;
  return Math.abs(first - second) <= relativeTolerance * Math.max(Math.abs(first), Math.abs(second));
}

function valuesAgree(left: unknown, right: unknown, relativeTolerance: number): boolean {
  if (isNumeric(left) && isNumeric(right)) return numbersAgree(left, right, relativeTolerance);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0;
  return left === right;
}

const showValue = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value)
    : value instanceof Uint8Array
      ? `\\x${Buffer.from(value).toString('hex')}`
      : String(value);

const showRow = (row: readonly unknown[]): string => `(${row.map(showValue).join(', ')})`;

/** Kinds of values in their sorting order; NULLs last. */
function rankOf(value: unknown): number {
  if (typeof value === 'boolean') return 0;
  if (isNumeric(value)) return 1;
  if (typeof value === 'string') return 2;
  return value === null ? 4 : 3;
}

function orderValues(left: unknown, right: unknown): number {
  const rankDifference = rankOf(left) - rankOf(right);
  if (rankDifference !== 0 || left === null || right === null) return rankDifference;
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  const first = left as string | number;
  const second = right as string | number;
  return first < second ? -1 : first > second ? 1 : 0;
}

type Row = readonly unknown[];

/**
 * Rows of a set in an order in which equal ones meet: by the exact columns first, because fractions that agree only
 * nearly could sort apart.
 */
function sortRows(rows: readonly Row[], columnsInOrder: readonly number[]): Row[] {
  return [...rows].sort((left, right) => {
    for (const column of columnsInOrder) {
      const order = orderValues(left[column], right[column]);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function sortingColumns(columnCount: number, ...results: readonly (readonly Row[])[]): number[] {
  const isFractional = (column: number): boolean =>
    results.some((rows) => rows.some((row) => typeof row[column] === 'number' && !Number.isSafeInteger(row[column])));
  const columns = Array.from({ length: columnCount }, (_, column) => column);
  const fractional = new Set(columns.filter(isFractional));
  return [...columns.filter((column) => !fractional.has(column)), ...fractional];
}

function findRowDifference(
  actual: Row,
  expected: Row,
  columns: readonly string[],
  place: string,
  tolerance: number,
): string | undefined {
  const column = columns.findIndex((_, index) => !valuesAgree(actual[index], expected[index], tolerance));
  if (column < 0) return undefined;
  return (
    `${place}, column ${columns[column]}: ${showValue(actual[column])} instead of ${showValue(expected[column])}\n` +
    `  actual   ${showRow(actual)}\n  expected ${showRow(expected)}`
  );
}

/** Both results with the rows of each run of ties sorted, so that they can be compared row by row. */
function sortTies(rows: readonly Row[], keys: readonly number[], sortBy: readonly number[], tolerance: number): Row[] {
  const sorted: Row[] = [];
  for (let start = 0; start < rows.length; ) {
    let end = start + 1;
    while (end < rows.length && keys.every((key) => valuesAgree(rows[end]![key], rows[start]![key], tolerance))) end++;
    sorted.push(...sortRows(rows.slice(start, end), sortBy));
    start = end;
  }
  return sorted;
}

/** The first difference in words, or undefined if the results agree. Column names are compared without case. */
export function compareResults(
  actual: ResultRows,
  expected: ResultRows,
  options: CompareOptions = {},
): string | undefined {
  const { orderedBy, relativeTolerance: tolerance = DEFAULT_RELATIVE_TOLERANCE } = options;
  const columnCount = expected.columns.length;
  if (actual.columns.length !== columnCount) {
    return `${actual.columns.length} columns (${actual.columns.join(', ')}) instead of ${columnCount} (${expected.columns.join(', ')})`;
  }
  if (actual.rows.length !== expected.rows.length) {
    return `${actual.rows.length} rows instead of ${expected.rows.length}`;
  }
  let left = actual.rows;
  let right = expected.rows;
  if (orderedBy !== 'all') {
    const sortBy = sortingColumns(columnCount, left, right);
    const keys = orderedBy ?? [];
    left = sortTies(left, keys, sortBy, tolerance);
    right = sortTies(right, keys, sortBy, tolerance);
  }
  const where = orderedBy === undefined ? 'row of the sorted set' : 'row';
  for (let row = 0; row < left.length; row++) {
    const difference = findRowDifference(left[row]!, right[row]!, expected.columns, `${where} ${row + 1}`, tolerance);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
