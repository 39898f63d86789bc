import type { ColumnEstimate } from './selectivity.js';

type Values = Pick<ColumnEstimate, 'distinct' | 'keyRows' | 'min' | 'max'>;

/** A column that refers to more of a key's range than this may refer to all of it. */
const PART_OF_RANGE = 0.5;

/**
 * Among how many values of a key those of the columns that meet it are found. They may lie in a small part of it, as the
 * days of five years of sales do in a calendar of two centuries. What filters leave of the key is believed to lie in
 * that part, as far as it fits: days that are asked for are days that have sales. A filter that leaves more than fits,
 * such as all Mondays, leaves of every part alike.
 */
export function keyDomain(key: Values & { readonly keyRows: number }, referring: readonly Values[]): number {
  const part = referring.reduce((least, column) => Math.min(least, partOfRange(key, column)), 1);
  const met = Math.max(1, key.keyRows * part);
  return part < PART_OF_RANGE && key.distinct <= met ? met : key.keyRows;
}

function partOfRange(key: Values, column: Values): number {
  const { min, max } = key;
  if (min === undefined || max === undefined || column.min === undefined || column.max === undefined) return 1;
  const met = Math.min(max, column.max) - Math.max(min, column.min) + 1;
  return Math.max(0, met) / (max - min + 1);
}
