// Reference twin of `assembly/vector.ts`.

/** The values of the selected rows. */
export function gather<Value>(values: readonly Value[], selection: readonly number[]): Value[] {
  return selection.map((row) => values[row]!);
}

/** A copy of the target, the values of which at the selected places are those of the source; of two the later. */
export function scatter<Value>(
  source: readonly Value[],
  selection: readonly number[],
  target: readonly Value[],
): Value[] {
  const result = [...target];
  for (const [i, place] of selection.entries()) result[place] = source[i]!;
  return result;
}

/** first, first + step, …; wraps around at `bits`. */
export function series(first: bigint, step: bigint, count: number, bits: 32 | 64): bigint[] {
  return Array.from({ length: count }, (_, index) => BigInt.asIntN(bits, first + BigInt(index) * step));
}
