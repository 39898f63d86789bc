// The nearest floating point number where nearest-float.ts cannot tell, by whole numbers of as many bits as it takes: the
// number is compared with the middle between two neighbours.
//
// Such a number is WORDS u32, lowest first.
import { digitValue, isCut, isDigit, isSign, digitsOf, MOST_DIGITS, powerOf, significantFrom } from './number-scan';

/** The middle of two doubles has no more than 768 significant digits. */
// @ts-ignore: decorator
@inline const MOST_EXACT_DIGITS: u32 = 800;
/** 2,720 bits have 800 digits, and 5^1142, which such digits may be divided by, times 54 bits. */
// @ts-ignore: decorator
@inline const WORDS: u32 = 96;
// @ts-ignore: decorator
@inline const NUMBER_BYTES: u32 = WORDS << 2;

export const SCRATCH_BYTES: u32 = NUMBER_BYTES << 1;

/** number * factor + addend. */
function multiplyAdd(number: usize, factor: u32, addend: u32): void {
  let carry: u64 = addend;
  for (let i: u32 = 0; i < NUMBER_BYTES; i += 4) {
    carry += <u64>load<u32>(number + i) * factor;
    store<u32>(number + i, <u32>carry);
    carry >>= 32;
  }
}

/** number * 5^power. */
function multiplyPowerOfFive(number: usize, power: i32): void {
  let rest = power;
  for (; rest >= 13; rest -= 13) multiplyAdd(number, 1220703125, 0);
  for (; rest > 0; rest--) multiplyAdd(number, 5, 0);
}

function shiftLeft(number: usize, count: u32): void {
  const words = count >> 5;
  const bits = <u64>(count & 31);
  for (let i = <i32>WORDS - 1; i >= 0; i--) {
    const from = i - <i32>words;
    const upper: u64 = from >= 0 ? load<u32>(number + (from << 2)) : 0;
    const lower: u64 = from >= 1 ? load<u32>(number + ((from - 1) << 2)) : 0;
    store<u32>(number + (i << 2), <u32>((((upper << 32) | lower) << bits) >> 32));
  }
}

function compare(left: usize, right: usize): i32 {
  for (let i = <i32>NUMBER_BYTES - 4; i >= 0; i -= 4) {
    const a = load<u32>(left + i);
    const b = load<u32>(right + i);
    if (a != b) return a < b ? -1 : 1;
  }
  return 0;
}

/** The digits of a text as a number, at most 800 of them; returns how many there are, negative if what follows is not 0. */
function putDigits(start: usize, end: usize, number: usize): i32 {
  let at = significantFrom(start, end);
  let count: i32 = 0;
  for (; at < end && <u32>count < MOST_EXACT_DIGITS; at++) {
    const byte = load<u8>(at);
    if (byte == 0x2e) continue;
    if (!isDigit(byte)) break;
    multiplyAdd(number, 10, digitValue(at));
    count++;
  }
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (byte != 0x2e && !isDigit(byte)) break;
    if (u8(byte - 0x31) < 9) return -count;
  }
  return count;
}

/**
 * `scanned` is what scanNumber says of a text, `lower` the bits of the number below it; `scratch` has SCRATCH_BYTES.
 * Returns the bits of that one or of the next.
 */
export function exactBits(
  start: usize,
  end: usize,
  scanned: v128,
  lower: i64,
  precision: i32,
  bias: i32,
  scratch: usize,
): i64 {
  const value = scratch;
  const middle = scratch + NUMBER_BYTES;
  memory.fill(scratch, 0, SCRATCH_BYTES);
  let power = powerOf(scanned);
  let isMore = false;
  if (isCut(scanned)) {
    const count = putDigits(start + usize(isSign(load<u8>(start))), end, value);
    isMore = count < 0;
    power -= abs(count) - <i32>MOST_DIGITS;
  } else {
    store<u64>(value, digitsOf(scanned));
  }
  const fractionBits = precision - 1;
  const biased = <i32>(lower >> fractionBits);
  const fraction = <u64>lower & ((<u64>1 << fractionBits) - 1);
  const mantissa = biased == 0 ? fraction : fraction | (<u64>1 << fractionBits);
  store<u64>(middle, (mantissa << 1) | 1);
  // digits * 5^power * 2^power against middle * 2^exponent.
  const exponent = max(biased, 1) - bias - fractionBits - 1;
  if (power > 0) multiplyPowerOfFive(value, power);
  else multiplyPowerOfFive(middle, -power);
  if (exponent > power) shiftLeft(middle, exponent - power);
  else shiftLeft(value, power - exponent);
  const order = compare(value, middle);
  if (order > 0 || (order == 0 && isMore)) return lower + 1;
  return order == 0 ? lower + (lower & 1) : lower;
}
