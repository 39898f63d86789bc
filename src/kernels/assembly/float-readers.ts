// Casts of texts to floating point numbers, for generated code: every decimal is rounded once, to the nearest number. What
// is none, and what is too large or too small, is rejected.
import { exactBits, SCRATCH_BYTES } from './exact-float';
import { infinityBits, nearestBits } from './nearest-float';
import { digitsOf, isCut, isMalformed, isNegative, isSign, powerOf, scanNumber } from './number-scan';
import { heapAllocate, heapReturn, reject } from './status';
import { skipSpaces, skipSpacesBack } from './text-spaces';
import { lengthOf, pointerOf } from './text-view';

/** What readFloat returns of what is no number of the type; no bits of such a number. */
export const NO_FLOAT: i64 = 0x7ff0000000000001;
/** And of what it takes exact arithmetic for. */
export const UNDECIDED_FLOAT: i64 = 0x7ff0000000000002;

// @ts-ignore: decorator
@inline const SIGN: i64 = i64.MIN_VALUE;

/** 10^exponent, exact, for 0 ≤ exponent ≤ 22. */
function powerOfTen(exponent: i32): f64 {
  let result: f64 = 1;
  if (exponent & 1) result = 10;
  if (exponent & 2) result *= 100;
  if (exponent & 4) result *= 10000;
  if (exponent & 8) result *= 100000000;
  if (exponent & 16) result *= 10000000000000000;
  return result;
}

/** Letters in lower case, the first in the lowest byte. */
// @ts-ignore: decorator
@inline
function lettersAt(pointer: usize): u64 {
  return load<u64>(pointer) | 0x2020202020202020;
}

/** inf, infinity and nan in any case, behind an optional sign. */
function specialBits(start: usize, end: usize, precision: i32, bias: i32): i64 {
  const isSigned = start < end && isSign(load<u8>(start));
  const pointer = start + usize(isSigned);
  const length = end - pointer;
  const letters = lettersAt(pointer);
  const infinity = infinityBits(precision, bias);
  const sign = isSigned && load<u8>(start) == 0x2d ? SIGN : 0;
  // nan; inf; infinity
  if (length == 3 && (letters & 0xffffff) == 0x6e616e) return infinity | ((infinity >> 1) & ~infinity);
  if (length == 3 && (letters & 0xffffff) == 0x666e69) return infinity | sign;
  if (length == 8 && letters == 0x7974696e69666e69) return infinity | sign;
  return NO_FLOAT;
}

/** ~bits of the lower neighbour where more digits than 19, or the middle between two numbers, leave it open. */
function roundedBits(scanned: v128, powers: usize, precision: i32, bias: i32): i64 {
  const bits = nearestBits(digitsOf(scanned), powerOf(scanned), powers, precision, bias);
  if (bits < 0 || !isCut(scanned)) return bits;
  const next = nearestBits(digitsOf(scanned) + 1, powerOf(scanned), powers, precision, bias);
  return next == bits ? bits : next < 0 ? next : ~bits;
}

/** Is it rounded to 0, though it is not, or to infinity? */
// @ts-ignore: decorator
@inline
function isOutOfRange(bits: i64, digits: u64, precision: i32, bias: i32): bool {
  return bits >= infinityBits(precision, bias) || (bits == 0 && digits != 0);
}

/**
 * Bits of a number, with its sign as the highest of all 64, or NO_FLOAT or UNDECIDED_FLOAT. Few digits times or by a small
 * power of ten are rounded once by floating point itself (W. D. Clinger, "How to read floating point numbers accurately").
 */
// @ts-ignore: decorator
@inline export function readFloat(pointer: usize, length: u32, powers: usize, precision: i32, bias: i32): i64 {
  const start = skipSpaces(pointer, pointer + length);
  const end = skipSpacesBack(start, pointer + length);
  const scanned = scanNumber(start, end);
  if (isMalformed(scanned)) return specialBits(start, end, precision, bias);
  const sign: i64 = isNegative(scanned) ? SIGN : 0;
  const digits = digitsOf(scanned);
  const power = powerOf(scanned);
  if (digits == 0) return sign;
  if (precision == 53) {
    if (digits <= 1 << 53 && abs(power) <= 22 && !isCut(scanned)) {
      const value = power < 0 ? <f64>digits / powerOfTen(-power) : <f64>digits * powerOfTen(power);
      return reinterpret<i64>(value) | sign;
    }
  } else if (digits <= 1 << 24 && abs(power) <= 10 && !isCut(scanned)) {
    const factor = <f32>powerOfTen(abs(power));
    const value = power < 0 ? <f32>digits / factor : <f32>digits * factor;
    return <i64>reinterpret<u32>(value) | sign;
  }
  const bits = roundedBits(scanned, powers, precision, bias);
  if (bits < 0) return UNDECIDED_FLOAT;
  return isOutOfRange(bits, digits, precision, bias) ? NO_FLOAT : bits | sign;
}

/** Bits of what readFloat leaves undecided; `scratch` has SCRATCH_BYTES. */
export function readExactly(pointer: usize, length: u32, powers: usize, precision: i32, bias: i32, scratch: usize): i64 {
  const start = skipSpaces(pointer, pointer + length);
  const end = skipSpacesBack(start, pointer + length);
  const scanned = scanNumber(start, end);
  const lower = ~roundedBits(scanned, powers, precision, bias);
  const bits = exactBits(start, end, scanned, lower, precision, bias, scratch);
  if (isOutOfRange(bits, 1, precision, bias)) return NO_FLOAT;
  return isNegative(scanned) ? bits | SIGN : bits;
}

// @ts-ignore: decorator
@inline
function textToBits(block: usize, text: v128, powers: usize, precision: i32, bias: i32): i64 {
  let bits = readFloat(pointerOf(text), lengthOf(text), powers, precision, bias);
  if (bits == UNDECIDED_FLOAT) {
    const scratch = heapAllocate(block, SCRATCH_BYTES);
    if (scratch == 0) return 0;
    bits = readExactly(pointerOf(text), lengthOf(text), powers, precision, bias, scratch);
    heapReturn(block, SCRATCH_BYTES);
  }
  if (bits == NO_FLOAT) reject(block);
  return bits;
}

// @ts-ignore: decorator
@inline export function singleOf(bits: i64): f32 {
  return reinterpret<f32>(<u32>bits | <u32>((bits >> 32) & 0x80000000));
}

/** `powers`: the table of powers of ten. */
export function textToDouble(block: usize, text: v128, powers: usize): f64 {
  return reinterpret<f64>(textToBits(block, text, powers, 53, 1023));
}

export function textToReal(block: usize, text: v128, powers: usize): f32 {
  return singleOf(textToBits(block, text, powers, 24, 127));
}
