// Covariance, correlation and linear regression of pairs of doubles.
//
// State: f64 count, mean of x, sum of squared deviations of x, the same two of y, sum of products of deviations. Updated
// after Welford, merged after Chan, Golub and LeVeque, "Updating formulae and a
// pairwise algorithm for computing sample variances" (1979).

export function comomentsAdd(state: usize, y: f64, x: f64): void {
  const count = load<f64>(state) + 1;
  const deltaX = x - load<f64>(state, 8);
  const deltaY = y - load<f64>(state, 24);
  const meanX = load<f64>(state, 8) + deltaX / count;
  const meanY = load<f64>(state, 24) + deltaY / count;
  store<f64>(state, count);
  store<f64>(state, meanX, 8);
  store<f64>(state, load<f64>(state, 16) + deltaX * (x - meanX), 16);
  store<f64>(state, meanY, 24);
  store<f64>(state, load<f64>(state, 32) + deltaY * (y - meanY), 32);
  store<f64>(state, load<f64>(state, 40) + deltaX * (y - meanY), 40);
}

export function comomentsCombine(target: usize, source: usize): void {
  const n = load<f64>(source);
  if (n == 0) return;
  const m = load<f64>(target);
  const total = m + n;
  const share = (m * n) / total;
  const deltaX = load<f64>(source, 8) - load<f64>(target, 8);
  const deltaY = load<f64>(source, 24) - load<f64>(target, 24);
  store<f64>(target, total);
  store<f64>(target, load<f64>(target, 8) + (deltaX * n) / total, 8);
  store<f64>(target, load<f64>(target, 16) + load<f64>(source, 16) + deltaX * deltaX * share, 16);
  store<f64>(target, load<f64>(target, 24) + (deltaY * n) / total, 24);
  store<f64>(target, load<f64>(target, 32) + load<f64>(source, 32) + deltaY * deltaY * share, 32);
  store<f64>(target, load<f64>(target, 40) + load<f64>(source, 40) + deltaX * deltaY * share, 40);
}

/** What is asked for: see exec/expression/comoments-code.ts. */
// @ts-ignore: decorator
@inline const COVARIANCE_SAMPLE: i32 = 1;
// @ts-ignore: decorator
@inline const CORRELATION: i32 = 2;
// @ts-ignore: decorator
@inline const SLOPE: i32 = 3;
// @ts-ignore: decorator
@inline const INTERCEPT: i32 = 4;
// @ts-ignore: decorator
@inline const R2: i32 = 5;
// @ts-ignore: decorator
@inline const AVERAGE_X: i32 = 6;
// @ts-ignore: decorator
@inline const AVERAGE_Y: i32 = 7;
// @ts-ignore: decorator
@inline const SXX: i32 = 8;
// @ts-ignore: decorator
@inline const SYY: i32 = 9;
// @ts-ignore: decorator
@inline const SXY: i32 = 10;

export function comomentsIsNull(state: usize, what: i32): i32 {
  const count = load<f64>(state);
  if (count < 1) return 1;
  if (what == COVARIANCE_SAMPLE) return i32(count < 2);
  if (what == CORRELATION) return i32(load<f64>(state, 16) == 0 || load<f64>(state, 32) == 0);
  return i32((what == SLOPE || what == INTERCEPT || what == R2) && load<f64>(state, 16) == 0);
}

export function comomentsResult(state: usize, what: i32): f64 {
  const count = load<f64>(state);
  const sxx = load<f64>(state, 16);
  const syy = load<f64>(state, 32);
  const sxy = load<f64>(state, 40);
  switch (what) {
    case COVARIANCE_SAMPLE:
      return sxy / (count - 1);
    case CORRELATION:
      return max<f64>(-1, min<f64>(1, sxy / sqrt<f64>(sxx * syy)));
    case SLOPE:
      return sxy / sxx;
    case INTERCEPT:
      return load<f64>(state, 24) - (load<f64>(state, 8) * sxy) / sxx;
    case R2:
      return syy == 0 ? 1 : (sxy * sxy) / (sxx * syy);
    case AVERAGE_X:
      return load<f64>(state, 8);
    case AVERAGE_Y:
      return load<f64>(state, 24);
    case SXX:
      return sxx;
    case SYY:
      return syy;
    case SXY:
      return sxy;
    default:
      return sxy / count;
  }
}
