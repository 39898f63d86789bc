import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import type { Vector } from '../../vector/vector.js';
import type { LaneContext } from './operator.js';

/** Physical types whose values are whole numbers: dates and booleans as well. */
export const WHOLE_NUMBERS: ReadonlySet<PhysicalType> = new Set<PhysicalType>(['bool', 'i32', 'i64']);

/** Whole numbers from `least` on. */
export interface NumberRange {
  readonly least: bigint;
  readonly size: number;
}

export const NO_NUMBERS: NumberRange = { least: 0n, size: 0 };

/** The least and the greatest of some numbers. */
interface NumberBounds {
  readonly least: bigint;
  readonly greatest: bigint;
}

/** A range is begun with room for this part of it more on either side. */
const MARGIN_SHARE = 8n;
const LEAST_NUMBER = -(2n ** 63n);
const GREATEST_NUMBER = 2n ** 63n - 1n;

/**
 * Of the values of a column that are not NULL; undefined where there are none. Of a dictionary all entries count, those that
 * no row refers to as well. `scratch` is room for 16 bytes.
 */
export function boundsOf(
  { shared, kernels }: Pick<LaneContext, 'shared' | 'kernels'>,
  { physical, encoding, data, validity, dictionarySize }: Vector,
  rowCount: number,
  scratch: number,
): NumberBounds | undefined {
  const isDictionary = encoding === 'dictionary';
  const count = isDictionary ? dictionarySize : encoding === 'constant' ? Math.min(1, rowCount) : rowCount;
  if (kernels.boundsOfKeys(data, byteWidthOf(physical), isDictionary ? 0 : validity, count, scratch) === 0) {
    return undefined;
  }
  return { least: shared.i64[scratch / 8]!, greatest: shared.i64[scratch / 8 + 1]! };
}

export function containsBounds({ least, size }: NumberRange, bounds: NumberBounds): boolean {
  return size > 0 && bounds.least >= least && bounds.greatest < least + BigInt(size);
}

/**
 * A range that also contains what lies between the bounds. With `margin`, where it grew it grows by its size again: numbers
 * that come in order do not move it batch by batch.
 */
export function extendRange(range: NumberRange, bounds: NumberBounds, margin: boolean): NumberRange {
  if (range.size === 0) {
    const more = margin ? (bounds.greatest - bounds.least) / MARGIN_SHARE + 1n : 0n;
    return between(bounds.least - more, bounds.greatest + more);
  }
  const greatest = range.least + BigInt(range.size) - 1n;
  const more = margin ? BigInt(range.size) : 0n;
  return between(
    bounds.least < range.least ? bounds.least - more : range.least,
    bounds.greatest > greatest ? bounds.greatest + more : greatest,
  );
}

/** Of 64 bits. */
function between(from: bigint, to: bigint): NumberRange {
  const least = from < LEAST_NUMBER ? LEAST_NUMBER : from;
  const greatest = to > GREATEST_NUMBER ? GREATEST_NUMBER : to;
  return { least, size: Number(greatest - least) + 1 };
}
