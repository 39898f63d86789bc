// Reference twin of `assembly/value-ranks*.ts`: what is found in values that are given in order.

function rankOf(fraction: number, count: number): number {
  return Math.max(Math.ceil(fraction * count), 1) - 1;
}

export function discretePercentile<T>(ordered: readonly T[], fraction: number): T {
  return ordered[rankOf(fraction, ordered.length)]!;
}

export function percentile(ordered: readonly number[], fraction: number): number {
  const place = fraction * (ordered.length - 1);
  const [low, high] = [ordered[Math.floor(place)]!, ordered[Math.ceil(place)]!];
  return low === high ? low : low + (place - Math.floor(place)) * (high - low);
}

/** The median of the distances from the median. */
export function medianDistance(ordered: readonly number[]): number {
  const median = percentile(ordered, 0.5);
  const distances = ordered.map((value) => Math.abs(value - median)).sort((left, right) => left - right);
  const half = distances.length / 2;
  return (distances[Math.ceil(half) - 1]! + distances[Math.floor(half)]!) / 2;
}

/** The first of the most frequent values. */
export function modeOf<T>(ordered: readonly T[], isSame: (left: T, right: T) => boolean): T {
  let [mode, most] = [ordered[0]!, 0];
  for (let from = 0; from < ordered.length; ) {
    let to = from + 1;
    while (to < ordered.length && isSame(ordered[from]!, ordered[to]!)) to++;
    if (to - from > most) [mode, most] = [ordered[from]!, to - from];
    from = to;
  }
  return mode;
}
