// Numbers of JSON as jsonb has them: all their digits, without exponents.
import { MINUS, POINT, QUOTE, ZERO } from './json-characters';
import { stringEnd } from './json-scan';

/** Digits of numeric in front of the point, and behind it. */
// @ts-ignore: decorator
@inline const MOST_WHOLE: i64 = 131072;
// @ts-ignore: decorator
@inline const MOST_FRACTION: i64 = 16383;
/** A number of so many bytes without an exponent has no more digits than numeric. */
// @ts-ignore: decorator
@inline export const LONGEST_PLAIN: usize = 16383;
// @ts-ignore: decorator
@inline const GREATEST_EXPONENT: i64 = 1 << 30;

// @ts-ignore: decorator
@inline
function isExponentAt(at: usize): bool {
  return (load<u8>(at) | 0x20) == 0x65;
}

/** Where the exponent of a number begins, or its end. */
function exponentIn(start: usize, end: usize): usize {
  let at = start;
  while (at < end && !isExponentAt(at)) at++;
  return at;
}

/** The exponent whose letter is at `from`; 0 where there is none. */
function exponentAt(from: usize, end: usize): i64 {
  if (from >= end) return 0;
  let at = from + 1;
  const isNegative = load<u8>(at) == MINUS;
  if (isNegative || load<u8>(at) == 0x2b) at++;
  let value: i64 = 0;
  for (; at < end; at++) value = min<i64>(value * 10 + (load<u8>(at) - ZERO), GREATEST_EXPONENT);
  return isNegative ? -value : value;
}

/** The first digit that is no zero; behind the number where there is none. */
function firstDigit(start: usize, end: usize): usize {
  let at = start;
  while (at < end && load<u8>(at) - 0x31 > 8) at++;
  return at;
}

function pointIn(start: usize, end: usize): usize {
  let at = start;
  while (at < end && load<u8>(at) != POINT) at++;
  return at;
}

/** Has numeric so many digits? See `plainDigits` in json-text.ts. */
export function isNumeric(from: usize, end: usize): bool {
  const start = load<u8>(from) == MINUS ? from + 1 : from;
  const digitsEnd = exponentIn(start, end);
  const exponent = exponentAt(digitsEnd, end);
  if (abs(exponent) >= GREATEST_EXPONENT) return false;
  const point = pointIn(start, digitsEnd);
  const fraction: i64 = point < digitsEnd ? <i64>(digitsEnd - point) - 1 : 0;
  if (fraction - exponent > MOST_FRACTION) return false;
  const first = firstDigit(start, digitsEnd);
  if (first == digitsEnd) return true;
  const place = <i64>point - <i64>first + (first > point ? 1 : 0);
  return place + exponent <= MOST_WHOLE;
}

/** How many bytes more numbers with exponents may take when they are written with all their digits. */
export function boundExponents(from: usize, end: usize): u64 {
  let total: u64 = 0;
  let at = from;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == QUOTE) {
      at = stringEnd(at + 1, end) + 1;
      continue;
    }
    at++;
    // Of true and false, no e follows a digit.
    if (!isExponentAt(at - 1) || load<u8>(at - 2) - ZERO > 9) continue;
    let behind = at + 1; // of a sign or a digit
    while (behind < end && load<u8>(behind) - ZERO < 10) behind++;
    total += <u64>min(abs(exponentAt(at - 1, behind)), MOST_WHOLE + MOST_FRACTION) + 2;
  }
  return total;
}

/** Writes so many digits of a number, from the one at `from` on, leaving out its point; zeros follow the last. */
function putDigits(to: usize, from: usize, end: usize, count: i64): usize {
  let at = from;
  for (let i: i64 = 0; i < count; i++) {
    if (at < end && load<u8>(at) == POINT) at++;
    store<u8>(to++, at < end ? load<u8>(at++) : ZERO);
  }
  return to;
}

/** Writes a number that has an exponent. */
export function putNumeric(from: usize, end: usize, target: usize): usize {
  const start = load<u8>(from) == MINUS ? from + 1 : from;
  const digitsEnd = exponentIn(start, end);
  const exponent = exponentAt(digitsEnd, end);
  const point = pointIn(start, digitsEnd);
  const fraction: i64 = point < digitsEnd ? <i64>(digitsEnd - point) - 1 : 0;
  const scale = max<i64>(fraction - exponent, 0);
  const first = firstDigit(start, digitsEnd);
  let to = target;
  if (first < digitsEnd && start > from) store<u8>(to++, MINUS);
  // The place of the first digit above the point: 1 of 1.5, 0 of 0.15.
  const place =
    first == digitsEnd ? 0 : <i64>point - <i64>first + (first > point ? 1 : 0) + exponent;
  if (place > 0) to = putDigits(to, first, digitsEnd, place);
  else store<u8>(to++, ZERO);
  if (scale == 0) return to;
  store<u8>(to++, POINT);
  const zeros = first == digitsEnd ? scale : min(max<i64>(-place, 0), scale);
  memory.fill(to, ZERO, <usize>zeros);
  to += <usize>zeros;
  if (zeros == scale) return to;
  return putDigits(to, digitAt(first, point, max<i64>(place, 0)), digitsEnd, scale - zeros);
}

/** Where the digit is that comes so many behind the one at `first`. */
function digitAt(first: usize, point: usize, count: i64): usize {
  const at = first + <usize>count;
  return first < point && at >= point ? at + 1 : at;
}
