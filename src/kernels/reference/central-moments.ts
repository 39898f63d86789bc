// Reference twin of `assembly/central-moments.ts`.

interface Shape {
  readonly skewness: number;
  readonly kurtosis: number;
}

/** In two passes over all values, which are not all equal. */
export function shapeOf(values: readonly number[]): Shape {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const moment = (power: number): number =>
    values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return { skewness: moment(3) / moment(2) ** 1.5, kurtosis: moment(4) / moment(2) ** 2 - 3 };
}
