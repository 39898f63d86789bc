// Decimals of digits and a power of ten, which is what texts and floating point numbers are read as.

/**
 * digits * 10^power, rounded half away from zero, as a decimal of up to 18 digits; -1 when it has more than `precision`.
 * For 0 ≤ digits < 10^18.
 */
export function scaleDigits(digits: i64, power: i32, precision: i32): i64 {
  const most = min(precision, 18);
  if (digits == 0) return 0;
  let limit: i64 = 1;
  for (let i = 0; i < most; i++) limit *= 10;
  let value = digits;
  if (power >= 0) {
    if (power > 18) return -1;
    for (let i = 0; i < power; i++) {
      // A limit of 10^18 alone would let the product pass 2^63.
      if (value >= limit || value > i64.MAX_VALUE / 10) return -1;
      value *= 10;
    }
  } else {
    if (power < -19) return 0;
    for (let i = power; i < -1; i++) value /= 10;
    value = value / 10 + i64(value % 10 >= 5);
  }
  return value >= limit ? -1 : value;
}
