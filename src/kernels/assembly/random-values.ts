// Values made of random bits, for generated code.
import { timestampAddInterval } from './dates';
import { randomBits, randomState } from './random-bits';
import { add, compareMagnitudes, high, low, make, negate } from './wide-integer';

// @ts-ignore: decorator
@inline const CLOCK: usize = 56;
// @ts-ignore: decorator
@inline const MOMENT: usize = 64;
// @ts-ignore: decorator
@inline const TAIL: usize = 72;
// @ts-ignore: decorator
@inline const SUB_MILLISECONDS: i64 = 4096;

/** At least 0 and below 1, a multiple of 2^-53. */
export function randomDouble(block: usize): f64 {
  return <f64>(randomBits(block) >> 11) * reinterpret<f64>(<u64>(1023 - 53) << 52);
}

/** A UUID of version 4 (RFC 9562): of 128 random bits six are set. */
export function randomUuid(block: usize): v128 {
  const first = (randomBits(block) & 0xff0fffffffffffff) | 0x0040000000000000;
  return make(first, <i64>((randomBits(block) & 0xffffffffffffff3f) | 0x80));
}

/** The bits up to the first that is set. */
// @ts-ignore: decorator
@inline
function bitsUpTo(value: u64): u64 {
  return value == 0 ? 0 : ~(<u64>0) >> clz(value);
}

/** From one number to another, which is no less. What is drawn above is drawn again, as a remainder would favour some. */
export function randomBetween(block: usize, from: i64, to: i64): i64 {
  const most = <u64>to - <u64>from;
  const mask = bitsUpTo(most);
  let drawn = randomBits(block) & mask;
  while (drawn > most) drawn = randomBits(block) & mask;
  return <i64>(<u64>from + drawn);
}

/** The same of 128 bits. */
export function randomBetweenWide(block: usize, from: v128, to: v128): v128 {
  const most = add(to, negate(from));
  const mask = bitsUpTo(<u64>high(most));
  const lowMask = mask == 0 ? bitsUpTo(low(most)) : ~(<u64>0);
  let drawn = make(randomBits(block) & lowMask, mask == 0 ? 0 : <i64>(randomBits(block) & mask));
  while (compareMagnitudes(drawn, most) > 0) {
    drawn = make(randomBits(block) & lowMask, mask == 0 ? 0 : <i64>(randomBits(block) & mask));
  }
  return add(from, drawn);
}

/**
 * A UUID of version 7 (RFC 9562): milliseconds, their fractions, and a tail of random bits. Where several are made of one
 * moment, each tail is more than the last by what nobody can guess, so that later ones are greater.
 */
function timedUuid(block: usize, moment: i64): v128 {
  const state = randomState(block);
  const now = <i64>load<f64>(state, CLOCK);
  const bits = randomBits(block);
  // A new tail leaves room above.
  const tail =
    load<i64>(state, MOMENT) == now ? load<u64>(state, TAIL) + 1 + (bits >> 32) : bits & 0x1fffffffffffffff;
  store<i64>(state, now, MOMENT);
  store<u64>(state, tail, TAIL);
  const fraction = <u64>(((moment % 1000) * SUB_MILLISECONDS) / 1000) & 0xfff;
  const time = (<u64>(moment / 1000) << 16) | 0x7000 | fraction;
  return make(bswap<u64>(time), <i64>bswap<u64>((tail & 0x3fffffffffffffff) | 0x8000000000000000));
}

export function uuidOfNow(block: usize): v128 {
  return timedUuid(block, <i64>load<f64>(randomState(block), CLOCK));
}

/** Of a time that is off by an interval. */
export function uuidOfShiftedNow(block: usize, interval: v128): v128 {
  return timedUuid(block, timestampAddInterval(block, <i64>load<f64>(randomState(block), CLOCK), interval, 1));
}
