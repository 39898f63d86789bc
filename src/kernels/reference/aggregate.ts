// Reference twin of `assembly/aggregate.ts`.

export interface Moments {
  readonly count: number;
  readonly sum: number;
  /** The sum of squared deviations from the mean. */
  readonly squares: number;
}

/** In two passes over all values. */
export function momentsOf(values: readonly number[]): Moments {
  const count = values.length;
  const sum = values.reduce((total, value) => total + value, 0);
  const mean = count === 0 ? 0 : sum / count;
  return { count, sum, squares: values.reduce((total, value) => total + (value - mean) ** 2, 0) };
}
