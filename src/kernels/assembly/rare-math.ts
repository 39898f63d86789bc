// Mathematical functions of loops, for generated code. Errors are left to TypeScript.
import { decimalMultiply } from './decimal';
import { decline } from './status';
import { commonDivisor64, commonDivisor128, divide128, high, low, magnitude, zero } from './wide-integer';

// @ts-ignore: decorator
@inline
function magnitudeOf(value: i64): u64 {
  return value < 0 ? 0 - <u64>value : <u64>value;
}

export function bigintGcd(block: usize, left: i64, right: i64): i64 {
  const divisor = commonDivisor64(magnitudeOf(left), magnitudeOf(right));
  if (divisor > <u64>i64.MAX_VALUE) decline(block);
  return divisor;
}

export function bigintLcm(block: usize, left: i64, right: i64): i64 {
  if (left == 0 || right == 0) return 0;
  const a = magnitudeOf(left);
  const b = magnitudeOf(right);
  const factor = a / commonDivisor64(a, b);
  if (factor > <u64>i64.MAX_VALUE / b) decline(block);
  return factor * b;
}

export function integerGcd(block: usize, left: i32, right: i32): i32 {
  const divisor = bigintGcd(block, left, right);
  if (divisor > i32.MAX_VALUE) decline(block);
  return <i32>divisor;
}

export function integerLcm(block: usize, left: i32, right: i32): i32 {
  const multiple = bigintLcm(block, left, right);
  if (multiple > i32.MAX_VALUE) decline(block);
  return <i32>multiple;
}

/** Of decimals of one scale. */
export function decimalGcd(block: usize, left: v128, right: v128): v128 {
  return commonDivisor128(magnitude(left), magnitude(right));
}

export function decimalLcm(block: usize, left: v128, right: v128): v128 {
  if ((low(left) | <u64>high(left)) == 0 || (low(right) | <u64>high(right)) == 0) return zero();
  const a = magnitude(left);
  const b = magnitude(right);
  const multiple = decimalMultiply(block, divide128(a, commonDivisor128(a, b), false), b, 0);
  if (load<i32>(block) != 0) decline(block);
  return multiple;
}

/** width_bucket of equal buckets. */
export function widthBucket(block: usize, operand: f64, low: f64, high: f64, count: i32): i32 {
  const isPlain = operand == operand && abs(low) < Infinity && abs(high) < Infinity && low != high;
  if (!isPlain || count <= 0 || count == i32.MAX_VALUE) {
    decline(block);
    return 0;
  }
  const isUp = low < high;
  const from = isUp ? low : -low;
  const to = isUp ? high : -high;
  const value = isUp ? operand : -operand;
  if (value < from) return 0;
  if (value >= to) return count + 1;
  // As PostgreSQL computes it; halves where the width is beyond a double.
  const width = to - from;
  const part = width < Infinity ? (value - from) / width : (value / 2 - from / 2) / (to / 2 - from / 2);
  return <i32>min(<f64>count, floor(<f64>count * part) + 1);
}
