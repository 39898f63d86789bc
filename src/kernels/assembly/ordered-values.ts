// What keys to sort by are made of, for other kernels; not exported from the module.
import { floorDays } from './calendar';

/** Whole days of an interval, a month having 30 of them. */
// @ts-ignore: decorator
@inline
export function daysOfInterval(value: v128): i64 {
  const days = <i64>i32x4.extract_lane(value, 0) * 30 + <i64>i32x4.extract_lane(value, 1);
  return days + floorDays(i64x2.extract_lane(value, 1));
}

/** The microseconds that are left. */
// @ts-ignore: decorator
@inline
export function restOfInterval(value: v128): i64 {
  const time = i64x2.extract_lane(value, 1);
  return time - floorDays(time) * 86400000000;
}

/** A whole number that is ordered as floats are; there is one NaN, above all of them. */
export function orderedFloat(value: f64): i64 {
  const bits = reinterpret<i64>(value != value ? NaN : value + 0.0);
  return bits ^ <i64>(<u64>(bits >> 63) >> 1);
}

/** Behind the key of a text, inverted by a mask. */
export function putOrderedText(target: usize, source: usize, length: u32, mask: u8): usize {
  let to = target;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(source + i);
    store<u8>(to++, byte ^ mask);
    if (byte == 0) store<u8>(to++, 0xff ^ mask);
  }
  store<u8>(to, mask);
  store<u8>(to, mask, 1);
  return to + 2;
}
