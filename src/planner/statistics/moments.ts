/** Mean and variance of the numbers of a column. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** The share of a normal distribution below a value. */
export function shareBelow({ mean, variance }: Moments, value: number): number {
  if (variance <= 0) return value >= mean ? 1 : 0;
  const deviations = (value - mean) / Math.sqrt(variance);
  const tail = upperTail(Math.abs(deviations));
  return deviations < 0 ? tail : 1 - tail;
}

/** Abramowitz and Stegun, 26.2.17: within 7.5e-8. */
function upperTail(deviations: number): number {
  const t = 1 / (1 + 0.231_641_9 * deviations);
  const series =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  return (Math.exp(-(deviations ** 2) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
