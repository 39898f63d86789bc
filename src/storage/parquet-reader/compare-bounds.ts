import type { StatisticsValue } from './parquet-metadata.js';

/** −1, 0 or 1; undefined when the two cannot be compared, or one is not known. */
export function compareBounds(
  left: StatisticsValue | undefined,
  right: StatisticsValue | undefined,
): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (left instanceof Uint8Array || right instanceof Uint8Array) {
    return left instanceof Uint8Array && right instanceof Uint8Array ? compareBytes(left, right) : undefined;
  }
  if ((typeof left === 'boolean') !== (typeof right === 'boolean')) return undefined;
  if (left < right) return -1;
  if (left > right) return 1;
  // Numbers and bigints compare by worth; what is neither below nor above is equal, NaN aside.
  return Number.isNaN(left) || Number.isNaN(right) ? undefined : 0;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    if (left[index] !== right[index]) return left[index]! < right[index]! ? -1 : 1;
  }
  return Math.sign(left.length - right.length);
}
