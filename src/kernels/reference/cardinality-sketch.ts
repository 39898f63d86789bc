// Reference twin of `assembly/cardinality-sketch.ts`: how many distinct values there are.

export function countDistinct(values: readonly unknown[]): number {
  return new Set(values).size;
}
