// Reference twin of `assembly/seen-numbers.ts`: a set.

/** Rows whose value is not among those seen, nor that of a row before; NULL is a value. They are added to `seen`. */
export function unseenRows<Value>(values: readonly Value[], seen: Set<Value>): number[] {
  return values.flatMap((value, row) => {
    if (seen.has(value)) return [];
    seen.add(value);
    return [row];
  });
}
