import { typeIsText } from '../../types/sql-type.js';
import type { LogicalColumn, LogicalJoin } from '../logical/logical-plan.js';
import { estimate } from '../statistics/estimate.js';

/** More build rows are not coded: one lane does it, while the others wait. */
export const MOST_CODED_ROWS = 1_048_576;
/** So many rows for each build row at least, on the average, take a code along. */
const LEAST_USES = 4;

/** Ordinals of the build columns whose texts a join should hand on as codes: each of them often. */
export function textsToCode(
  join: LogicalJoin,
  buildRows: number,
  build: readonly LogicalColumn[],
  handedOn: readonly LogicalColumn[],
): readonly number[] {
  if (buildRows > MOST_CODED_ROWS || estimate(join).rows < LEAST_USES * buildRows) return [];
  const wanted = new Set(handedOn.map(({ id }) => id));
  return [...build.keys()].filter((ordinal) => wanted.has(build[ordinal]!.id) && typeIsText(build[ordinal]!.type));
}
