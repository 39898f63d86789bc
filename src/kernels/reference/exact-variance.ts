// Reference twin of `assembly/exact-variance.ts`.

const LIMIT = 10n ** 38n;

/** floor(sqrt(value)), after Newton. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Of multiples of 10^-scale, as a multiple of 10^-resultScale, rounded half up; undefined beyond 38 digits. */
export function exactVariance(
  values: readonly bigint[],
  scale: number,
  resultScale: number,
  { sample, deviation }: { readonly sample: boolean; readonly deviation: boolean },
): bigint | undefined {
  const count = BigInt(values.length);
  const sum = values.reduce((total, value) => total + value, 0n);
  const squares = values.reduce((total, value) => total + value * value, 0n);
  const dividend = count * squares - sum * sum;
  const divisor = count * (sample ? count - 1n : count);
  const digits = BigInt(deviation ? 2 * (resultScale - scale) : resultScale - 2 * scale);
  const scaled = (factor: bigint): bigint =>
    digits >= 0n ? (dividend * factor * 10n ** digits) / divisor : (dividend * factor) / (divisor * 10n ** -digits);
  const doubled = deviation ? squareRoot(scaled(4n)) : scaled(2n);
  const result = (doubled + 1n) >> 1n;
  return result < LIMIT ? result : undefined;
}
