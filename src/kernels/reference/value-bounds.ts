// Reference twin of `assembly/value-bounds.ts`.

/** Smallest and largest of at least one value. */
export function boundsOf<Value>(
  values: readonly Value[],
  compare: (left: Value, right: Value) => number,
): { min: Value; max: Value } {
  const sorted = [...values].sort(compare);
  return { min: sorted[0]!, max: sorted.at(-1)! };
}
