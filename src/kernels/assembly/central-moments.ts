// Sums of the second, third and fourth powers of deviations from the mean: skewness and kurtosis.
//
// State: f64 count, mean, and the three sums. Updated and merged after Pébay, "Formulas for robust, one-pass parallel
// computation of covariances and arbitrary-order statistical moments" (Sandia report SAND2008-6212).

export function centralMomentsAdd(state: usize, value: f64): void {
  const before = load<f64>(state);
  const count = before + 1;
  const delta = value - load<f64>(state, 8);
  const share = delta / count;
  const second = load<f64>(state, 16);
  const third = load<f64>(state, 24);
  const added = delta * share * before;
  store<f64>(state, count);
  store<f64>(state, load<f64>(state, 8) + share, 8);
  store<f64>(state, second + added, 16);
  store<f64>(state, third + added * share * (count - 2) - 3 * share * second, 24);
  const fourth = added * share * share * (count * count - 3 * count + 3) + 6 * share * share * second;
  store<f64>(state, load<f64>(state, 32) + fourth - 4 * share * third, 32);
}

export function centralMomentsCombine(target: usize, source: usize): void {
  const n = load<f64>(source);
  if (n == 0) return;
  const m = load<f64>(target);
  const total = m + n;
  const share = (load<f64>(source, 8) - load<f64>(target, 8)) / total;
  const square = share * share;
  const secondOfTarget = load<f64>(target, 16);
  const secondOfSource = load<f64>(source, 16);
  const thirdOfTarget = load<f64>(target, 24);
  const thirdOfSource = load<f64>(source, 24);
  const product = m * n;
  store<f64>(target, total);
  store<f64>(target, load<f64>(target, 8) + share * n, 8);
  store<f64>(target, secondOfTarget + secondOfSource + square * product * total, 16);
  const third = square * share * product * (m - n) * total + 3 * share * (m * secondOfSource - n * secondOfTarget);
  store<f64>(target, thirdOfTarget + thirdOfSource + third, 24);
  const fourth =
    square * square * product * (m * m - product + n * n) * total +
    6 * square * (m * m * secondOfSource + n * n * secondOfTarget) +
    4 * share * (m * thirdOfSource - n * thirdOfTarget);
  store<f64>(target, load<f64>(target, 32) + load<f64>(source, 32) + fourth, 32);
}

/** Of the population; the values are not all equal. */
export function skewnessOf(state: usize): f64 {
  const second = load<f64>(state, 16);
  return (sqrt<f64>(load<f64>(state)) * load<f64>(state, 24)) / (second * sqrt<f64>(second));
}

/** The excess over that of a normal distribution, of the population; the values are not all equal. */
export function kurtosisOf(state: usize): f64 {
  const second = load<f64>(state, 16);
  return (load<f64>(state) * load<f64>(state, 32)) / (second * second) - 3;
}
