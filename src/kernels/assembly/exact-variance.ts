// Variance and standard deviation of integers and decimals, without rounding before the end.
//
// Σx² is kept in 320 bits: the square of 38 digits takes 253, and no table has 2^67 rows. The variance is
// (N Σx² - (Σx)²) / (N (N - 1)), or / N² of a population: magnitudes of eight u64, lowest first, in the string heap.
import { DECIMAL_OVERFLOW, fail, heapAllocate, heapReturn } from './status';
import { divideHalf, exceedsLimit, high, low, magnitude, make, multiplyHigh, power64, zero } from './wide-integer';

// @ts-ignore: decorator
@inline const STATE_WORDS: u32 = 5;
// @ts-ignore: decorator
@inline const WORDS: u32 = 8;
// @ts-ignore: decorator
@inline const WORD_BYTES: u32 = 64;

/** number[from..words) += value << 64 * from */
function addAt(number: usize, words: u32, from: u32, value: u64): void {
  let carry = value;
  for (let i = from; i < words && carry != 0; i++) {
    const at = number + (<usize>i << 3);
    const sum = load<u64>(at) + carry;
    carry = u64(sum < carry);
    store<u64>(at, sum);
  }
}

export function squaresAdd(state: usize, value: i64): void {
  const size = value < 0 ? <u64>-value : <u64>value;
  const lower = size * size;
  const sum = load<u64>(state) + lower;
  store<u64>(state, sum);
  if (size >> 32 == 0) {
    if (sum < lower) addAt(state, STATE_WORDS, 1, 1);
    return;
  }
  addAt(state, STATE_WORDS, 1, multiplyHigh(size, size) + u64(sum < lower));
}

export function squaresAddWide(state: usize, value: v128): void {
  const size = magnitude(value);
  const lo = low(size);
  const hi = <u64>high(size);
  addAt(state, STATE_WORDS, 0, lo * lo);
  addAt(state, STATE_WORDS, 1, multiplyHigh(lo, lo));
  for (let twice = 0; twice < 2; twice++) {
    addAt(state, STATE_WORDS, 1, lo * hi);
    addAt(state, STATE_WORDS, 2, multiplyHigh(lo, hi));
  }
  addAt(state, STATE_WORDS, 2, hi * hi);
  addAt(state, STATE_WORDS, 3, multiplyHigh(hi, hi));
}

export function squaresCombine(target: usize, source: usize): void {
  for (let i: u32 = 0; i < STATE_WORDS; i++) addAt(target, STATE_WORDS, i, load<u64>(source + (<usize>i << 3)));
}

/** number *= factor; answers what does not fit. */
function multiplyBy(number: usize, factor: u64): u64 {
  let carry: u64 = 0;
  for (let i: u32 = 0; i < WORDS; i++) {
    const at = number + (<usize>i << 3);
    const word = load<u64>(at);
    const product = word * factor + carry;
    carry = multiplyHigh(word, factor) + u64(product < carry);
    store<u64>(at, product);
  }
  return carry;
}

/** number /= divisor, rounded down. */
function divideBy(number: usize, divisor: u64): void {
  let rest: u64 = 0;
  for (let i = WORDS; i > 0; i--) {
    const at = number + (<usize>(i - 1) << 3);
    const word = load<u64>(at);
    const quotient = rest == 0 ? word / divisor : divideHalf(rest, word, divisor);
    rest = word - quotient * divisor;
    store<u64>(at, quotient);
  }
}

function subtract(number: usize, other: usize): void {
  let borrow: u64 = 0;
  for (let i: u32 = 0; i < WORDS; i++) {
    const offset = <usize>i << 3;
    const a = load<u64>(number + offset);
    const b = load<u64>(other + offset);
    store<u64>(number + offset, a - b - borrow);
    borrow = u64(a < b || (a == b && borrow != 0));
  }
}

function isLess(number: usize, other: usize): bool {
  for (let i = WORDS; i > 0; i--) {
    const offset = <usize>(i - 1) << 3;
    const a = load<u64>(number + offset);
    const b = load<u64>(other + offset);
    if (a != b) return a < b;
  }
  return false;
}

/** number += 2^bit, or number -= 2^bit where the bit is set. */
function flipBit(number: usize, bit: u32): void {
  const at = number + (<usize>(bit >> 6) << 3);
  store<u64>(at, load<u64>(at) ^ (<u64>1 << (bit & 63)));
}

function shiftRight(number: usize): void {
  for (let i: u32 = 0; i < WORDS; i++) {
    const at = number + (<usize>i << 3);
    const next = i + 1 < WORDS ? load<u64>(at, 8) << 63 : 0;
    store<u64>(at, (load<u64>(at) >> 1) | next);
  }
}

/** floor(sqrt(hi:lo)): a double is right to 52 bits, one step of Newton's after it to all 64 but for the last. */
function squareRoot128(hi: u64, lo: u64): u64 {
  if (hi == 0 && lo < 2) return lo;
  const estimate = Math.sqrt(<f64>hi * 18446744073709551616.0 + <f64>lo);
  let root: u64 = estimate >= 18446744073709549568.0 ? u64.MAX_VALUE : <u64>estimate;
  // The quotient fits 64 bits: an estimate that is too small by more than its last bits would be none.
  if (hi >= root) root = hi + 1 == 0 ? u64.MAX_VALUE : hi + 1;
  const quotient = hi == 0 ? lo / root : divideHalf(hi, lo, root);
  root = (root >> 1) + (quotient >> 1) + (root & quotient & 1);
  while (isSquareAbove(root, hi, lo)) root--;
  while (root != u64.MAX_VALUE && !isSquareAbove(root + 1, hi, lo)) root++;
  return root;
}

function isSquareAbove(root: u64, hi: u64, lo: u64): bool {
  const upper = multiplyHigh(root, root);
  return upper > hi || (upper == hi && root * root > lo);
}

/** root = floor(sqrt(number)) for numbers below 2^256; beyond 2^128 bit by bit. `trial` is scratch. */
function squareRoot(number: usize, root: usize, trial: usize): void {
  memory.fill(root, 0, WORD_BYTES);
  if (!isLonger(number, 2)) {
    store<u64>(root, squareRoot128(load<u64>(number, 8), load<u64>(number)));
    return;
  }
  const top = load<u64>(number, 24) != 0 ? 3 : 2;
  const highest = top * 64 + 63 - <i32>clz<u64>(load<u64>(number + (top << 3)));
  for (let bit = highest & ~1; bit >= 0; bit -= 2) {
    memory.copy(trial, root, WORD_BYTES);
    flipBit(trial, bit);
    shiftRight(root);
    if (!isLess(number, trial)) {
      subtract(number, trial);
      flipBit(root, bit);
    }
  }
}

function isLonger(number: usize, words: u32): bool {
  for (let i = words; i < WORDS; i++) if (load<u64>(number + (<usize>i << 3)) != 0) return true;
  return false;
}

/**
 * Of `count` values, multiples of 10^-scale whose sum is `sum`, as a multiple of 10^-resultScale, rounded half up. The
 * result has at least the scale of the values. `kind`: 1 for a sample, else a population; 2 for the deviation.
 */
export function exactVariance(block: usize, squares: usize, sum: v128, count: i64, scale: i32, resultScale: i32, kind: i32): v128 {
  const number = heapAllocate(block, 3 * WORD_BYTES);
  if (number == 0) return zero();
  const other = number + WORD_BYTES;
  const trial = other + WORD_BYTES;
  memory.fill(number, 0, 2 * WORD_BYTES);
  memory.copy(number, squares, STATE_WORDS << 3);
  multiplyBy(number, <u64>count);
  squaresAddWide(other, sum);
  subtract(number, other);
  const isDeviation = (kind & 2) != 0;
  const divisor = <u64>((kind & 1) != 0 ? count - 1 : count);
  // Four times the square of the deviation has a root of twice the deviation; twice the variance plus one half as well.
  let digits = isDeviation ? 2 * (resultScale - scale) : resultScale - 2 * scale;
  let tooLong: u64 = 0;
  for (; digits > 0; digits -= min(digits, 18)) tooLong |= multiplyBy(number, power64(min(digits, 18)));
  tooLong |= multiplyBy(number, isDeviation ? 4 : 2);
  divideBy(number, <u64>count);
  divideBy(number, divisor);
  for (; digits < 0; digits += min(-digits, 18)) divideBy(number, power64(min(-digits, 18)));
  let result = number;
  if (isDeviation) {
    tooLong |= u64(isLonger(number, 4));
    squareRoot(number, other, trial);
    result = other;
  }
  addAt(result, WORDS, 0, 1);
  shiftRight(result);
  const lo = load<u64>(result);
  const hi = load<u64>(result, 8);
  if (tooLong != 0 || isLonger(result, 2) || exceedsLimit(lo, hi)) fail(block, DECIMAL_OVERFLOW);
  heapReturn(block, 3 * WORD_BYTES);
  return make(lo, <i64>hi);
}
