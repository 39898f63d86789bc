// Reference twin of `assembly/compare.ts`: orders as -1, 0 or 1, and sets.
import { intervalLength } from './dates.js';
import type { ReferenceInterval } from './format.js';

export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (const [index, byte] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (byte !== other) return byte < other ? -1 : 1;
  }
  return left.length < right.length ? -1 : 0;
}

export function compareIntervals(left: ReferenceInterval, right: ReferenceInterval): number {
  const [a, b] = [intervalLength(left), intervalLength(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Both zeros are equal; NaN equals itself and follows all others. */
export function compareDoubles(left: number, right: number): number {
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left < right ? -1 : left > right ? 1 : 0;
}
