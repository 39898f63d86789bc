// Casts from text to dates and timestamps, for generated code. They read plain forms; every other one, malformed ones included, is declined.
import { civilIsValid, daysFromCivil } from './calendar';
import { decline } from './status';
import { lengthOf, pointerOf } from './text-view';
import { offsetWidth } from './text-zones';

/** `count` digits as a number, or a negative number. */
function digitsAt(pointer: usize, count: u32): i32 {
  let value: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const digit = <i32>load<u8>(pointer + i) - 0x30;
    if (<u32>digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Days of YYYY-MM-DD at a pointer; i32.MIN_VALUE when it is none. */
function dateAt(pointer: usize): i32 {
  const year = digitsAt(pointer, 4);
  const month = digitsAt(pointer + 5, 2);
  const day = digitsAt(pointer + 8, 2);
  if (load<u8>(pointer + 4) != 0x2d || load<u8>(pointer + 7) != 0x2d) return i32.MIN_VALUE;
  return year >= 1 && civilIsValid(year, month, day) ? <i32>daysFromCivil(year, month, day) : i32.MIN_VALUE;
}

/** YYYY-MM-DD. */
export function textToDate(block: usize, text: v128): i32 {
  const date = lengthOf(text) == 10 ? dateAt(pointerOf(text)) : i32.MIN_VALUE;
  if (date == i32.MIN_VALUE) decline(block);
  return date;
}

/** µs of HH:MM[:SS[.f…]] in a text of `length` bytes; -1 when it is none. */
export function timeAt(pointer: usize, length: u32): i64 {
  if (length < 5 || load<u8>(pointer + 2) != 0x3a) return -1;
  const hour = digitsAt(pointer, 2);
  const minute = digitsAt(pointer + 3, 2);
  if (<u32>hour > 23 || <u32>minute > 59) return -1;
  const minutes = <i64>(hour * 60 + minute);
  if (length == 5) return minutes * 60000000;
  if (length < 8 || load<u8>(pointer + 5) != 0x3a) return -1;
  const second = digitsAt(pointer + 6, 2);
  if (<u32>second > 59) return -1;
  let micros: i32 = 0;
  if (length > 8) {
    if (length > 15 || length == 9 || load<u8>(pointer + 8) != 0x2e) return -1;
    micros = digitsAt(pointer + 9, length - 9);
    if (micros < 0) return -1;
    for (let i = length; i < 15; i++) micros *= 10;
  }
  return (minutes * 60 + second) * 1000000 + micros;
}

/**
 * YYYY-MM-DD[( |T)HH:MM[:SS[.f…]][zone]]. A zone, Z or ±HH[:MM], is read only with `zoned`: without, it is declined,
 * though it would just be ignored.
 */
export function textToTimestamp(block: usize, text: v128, zoned: i32): i64 {
  const pointer = pointerOf(text);
  let length = lengthOf(text);
  const date = length >= 10 ? dateAt(pointer) : i32.MIN_VALUE;
  let time: i64 = 0;
  if (date != i32.MIN_VALUE && length > 10) {
    const separator = load<u8>(pointer + 10);
    let offset: i64 = 0;
    if (zoned != 0) {
      const width = offsetWidth(pointer, length);
      if (width > 1) {
        const hours = digitsAt(pointer + length - width + 1, 2);
        const minutes = width > 3 ? digitsAt(pointer + length - 2, 2) : 0;
        offset = hours < 0 || minutes < 0 ? i64.MIN_VALUE : <i64>(hours * 60 + minutes) * 60000000;
        if (hours > 15 || minutes > 59) offset = i64.MIN_VALUE;
        else if (load<u8>(pointer + length - width) == 0x2d) offset = -offset;
      }
      length -= width;
    }
    time = separator == 0x20 || separator == 0x54 ? timeAt(pointer + 11, length - 11) : -1;
    if (offset == i64.MIN_VALUE) time = -1;
    if (time >= 0) return <i64>date * 86400000000 + time - offset;
  }
  if (date == i32.MIN_VALUE || time < 0) decline(block);
  return <i64>date * 86400000000;
}
