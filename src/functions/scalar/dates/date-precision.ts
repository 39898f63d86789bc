/** µs rounded to that many digits of a second, halves away from zero. */
export function roundToDigits(microseconds: bigint, digits: number): bigint {
  if (digits >= 6) return microseconds;
  const unit = 10n ** BigInt(6 - digits);
  const half = microseconds < 0n ? -unit / 2n : unit / 2n;
  return ((microseconds + half) / unit) * unit;
}
