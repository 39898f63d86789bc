// Variance and standard deviation of integers and decimals, without rounding before the end.
//
// Σx² is kept in as many words as no sum of squares leaves: five of 38 digits, whose squares take 253 bits, three of 64
// bits, two of 32; no table has 2^63 rows. The variance is
// (N Σx² - (Σx)²) / (N (N - 1)), or / N² of a population: magnitudes of eight u64, lowest first, in the string heap.
import { DECIMAL_OVERFLOW, fail, heapAllocate, heapReturn } from './status';
import { divideHalf, exceedsLimit, high, low, magnitude, make, multiplyHigh, power64, zero } from './wide-integer';

// @ts-ignore: decorator
@inline const MOST_STATE_WORDS: u32 = 5;
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
    if (sum < lower) addAt(state, MOST_STATE_WORDS, 1, 1);
    return;
  }
  addAt(state, MOST_STATE_WORDS, 1, multiplyHigh(size, size) + u64(sum < lower));
}

export function squaresAddWide(state: usize, value: v128): void {
  const size = magnitude(value);
  const lo = low(size);
  const hi = <u64>high(size);
  addAt(state, MOST_STATE_WORDS, 0, lo * lo);
  addAt(state, MOST_STATE_WORDS, 1, multiplyHigh(lo, lo));
  for (let twice = 0; twice < 2; twice++) {
    addAt(state, MOST_STATE_WORDS, 1, lo * hi);
    addAt(state, MOST_STATE_WORDS, 2, multiplyHigh(lo, hi));
  }
  addAt(state, MOST_STATE_WORDS, 2, hi * hi);
  addAt(state, MOST_STATE_WORDS, 3, multiplyHigh(hi, hi));
}

export function squaresCombine(target: usize, source: usize, words: u32): void {
  for (let i: u32 = 0; i < words; i++) addAt(target, words, i, load<u64>(source + (<usize>i << 3)));
}

/** Words up to the last that is not 0. */
function lengthOf(number: usize): u32 {
  let length = WORDS;
  while (length > 0 && load<u64>(number + (<usize>(length - 1) << 3)) == 0) length--;
  return length;
}

/** number *= factor; answers what does not fit. */
function multiplyBy(number: usize, factor: u64): u64 {
  const length = lengthOf(number);
  let carry: u64 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const at = number + (<usize>i << 3);
    const word = load<u64>(at);
    const product = word * factor + carry;
    carry = multiplyHigh(word, factor) + u64(product < carry);
    store<u64>(at, product);
  }
  if (length == WORDS) return carry;
  store<u64>(number + (<usize>length << 3), carry);
  return 0;
}

/** number /= divisor, rounded down. */
function divideBy(number: usize, divisor: u64): void {
  let rest: u64 = 0;
  for (let i = lengthOf(number); i > 0; i--) {
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

/** Is the square of hi:lo greater than a number of four words? */
function isSquareAbove256(hi: u64, lo: u64, number: usize): bool {
  const product = hi * lo;
  const upper = multiplyHigh(hi, lo);
  const lowest = lo * lo;
  const second = multiplyHigh(lo, lo) + (product << 1);
  let carry = u64(second < product << 1);
  const doubled = (upper << 1) | (product >> 63);
  const square = hi * hi;
  let third = square + carry;
  carry = u64(third < carry);
  third += doubled;
  carry += u64(third < doubled);
  const fourth = multiplyHigh(hi, hi) + (upper >> 63) + carry;
  if (fourth != load<u64>(number, 24)) return fourth > load<u64>(number, 24);
  if (third != load<u64>(number, 16)) return third > load<u64>(number, 16);
  if (second != load<u64>(number, 8)) return second > load<u64>(number, 8);
  return lowest > load<u64>(number);
}

/** number <<= bits, of four words that have room for it. */
function shiftLeft256(number: usize, bits: u32): void {
  let word3 = load<u64>(number, 24);
  let word2 = load<u64>(number, 16);
  let word1 = load<u64>(number, 8);
  let word0 = load<u64>(number);
  let rest = <u64>bits;
  if (rest >= 64) {
    word3 = word2;
    word2 = word1;
    word1 = word0;
    word0 = 0;
    rest -= 64;
  }
  if (rest > 0) {
    word3 = (word3 << rest) | (word2 >> (64 - rest));
    word2 = (word2 << rest) | (word1 >> (64 - rest));
    word1 = (word1 << rest) | (word0 >> (64 - rest));
    word0 <<= rest;
  }
  store<u64>(number, word3, 24);
  store<u64>(number, word2, 16);
  store<u64>(number, word1, 8);
  store<u64>(number, word0);
}

/**
 * number = floor(sqrt(number)), of numbers below 2^256. Beyond 2^128 the root of the upper half, and by division what it
 * lacks: P. Zimmermann, Karatsuba Square Root, 1999.
 */
function squareRoot(number: usize): void {
  if (!isLonger(number, 2)) {
    store<u64>(number, squareRoot128(load<u64>(number, 8), load<u64>(number)));
    store<u64>(number, 0, 8);
    return;
  }
  const highest = load<u64>(number, 24);
  const zeros = highest != 0 ? clz(highest) : 64 + clz(load<u64>(number, 16));
  const shift = <u32>zeros & ~1;
  shiftLeft256(number, shift);
  const upperHi = load<u64>(number, 24);
  const upperLo = load<u64>(number, 16);
  let hi = squareRoot128(upperHi, upperLo);
  const restLo = upperLo - hi * hi;
  const restHi = upperHi - multiplyHigh(hi, hi) - u64(upperLo < hi * hi);
  const dividendHi = (restHi << 63) | (restLo >> 1);
  const dividendLo = (restLo << 63) | (load<u64>(number, 8) >> 1);
  let lo: u64 = dividendHi >= hi ? u64.MAX_VALUE : divideHalf(dividendHi, dividendLo, hi);
  while (isSquareAbove256(hi, lo, number)) {
    hi -= u64(lo == 0);
    lo--;
  }
  const half = <u64>(shift >> 1);
  if (half > 0) {
    lo = (lo >> half) | (hi << (64 - half));
    hi >>= half;
  }
  store<u64>(number, lo);
  store<u64>(number, hi, 8);
  store<u64>(number, 0, 16);
  store<u64>(number, 0, 24);
}

function isLonger(number: usize, words: u32): bool {
  for (let i = words; i < WORDS; i++) if (load<u64>(number + (<usize>i << 3)) != 0) return true;
  return false;
}

/**
 * Of `count` values, multiples of 10^-scale whose sum is `sum`, as a multiple of 10^-resultScale, rounded half up. The
 * result has at least the scale of the values. `kind`: 1 for a sample, else a population; 2 for the deviation; above that the
 * words of `squares`.
 */
export function exactVariance(block: usize, squares: usize, sum: v128, count: i64, scale: i32, resultScale: i32, kind: i32): v128 {
  const number = heapAllocate(block, 2 * WORD_BYTES);
  if (number == 0) return zero();
  const other = number + WORD_BYTES;
  memory.fill(number, 0, 2 * WORD_BYTES);
  memory.copy(number, squares, (<u32>kind >> 2) << 3);
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
  if (isDeviation) {
    tooLong |= u64(isLonger(number, 4));
    squareRoot(number);
  }
  addAt(number, WORDS, 0, 1);
  shiftRight(number);
  const lo = load<u64>(number);
  const hi = load<u64>(number, 8);
  if (tooLong != 0 || isLonger(number, 2) || exceedsLimit(lo, hi)) fail(block, DECIMAL_OVERFLOW);
  heapReturn(block, 2 * WORD_BYTES);
  return make(lo, <i64>hi);
}
