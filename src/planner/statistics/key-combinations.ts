/** One side of a join by several columns. */
export interface KeySide {
  readonly rows: number;
  /** Distinct values of its columns, in the order of the conditions. */
  readonly distinct: readonly number[];
  /** No two of its rows have the same values in all of them. */
  readonly isUnique: boolean;
}

/** A table that lacks more than this of the other's values in some column is not what the other refers to. */
const LEAST_COVERAGE = 0.8;

/**
 * Among how many combinations of values the rows of two sides meet; undefined where their columns are independent, as
 * far as is seen: a side that has rows for all combinations of its values meets whatever the other one has of each.
 *
 * Sides that have fewer rows than combinations refer to each other, or both to something: the smaller is a table whose
 * key the larger refers to, again and again (what suppliers sell, and lines of orders), and each of its rows is a
 * combination. Not so where the smaller lacks values that the larger has, or the larger is known to have each combination
 * once: then it is the smaller that refers to some of the larger's rows (returns, and the sales that they belong to).
 */
export function keyCombinations(one: KeySide, other: KeySide): number | undefined {
  if (isDense(one) || isDense(other)) return undefined;
  const [smaller, larger] = one.rows <= other.rows ? [one, other] : [other, one];
  return covers(smaller, larger) && !larger.isUnique ? smaller.rows : larger.rows;
}

function isDense({ rows, distinct }: KeySide): boolean {
  return distinct.reduce((product, count) => product * count, 1) <= rows;
}

function covers(one: KeySide, other: KeySide): boolean {
  return one.distinct.every((count, i) => count >= LEAST_COVERAGE * other.distinct[i]!);
}
