// Reference twin of `assembly/vector.ts`.

/** The values of the selected rows. */
export function gather<Value>(values: readonly Value[], selection: readonly number[]): Value[] {
  return selection.map((row) => values[row]!);
}

/** first, first + step, …; wraps around at `bits`. */
export function series(first: bigint, step: bigint, count: number, bits: 32 | 64): bigint[] {
  return Array.from({ length: count }, (_, index) => BigInt.asIntN(bits, first + BigInt(index) * step));
}
