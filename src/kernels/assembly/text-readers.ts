// Casts from text to dates and timestamps, for generated code: the plain forms. All others are read by datetime-readers.ts.
import { civilIsValid, daysFromCivil } from './calendar';
import { readDateText, readTimestampText } from './datetime-readers';
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

/** YYYY-MM-DD; all other forms are read elsewhere. */
export function textToDate(block: usize, text: v128): i32 {
  const date = lengthOf(text) == 10 ? dateAt(pointerOf(text)) : i32.MIN_VALUE;
  return date == i32.MIN_VALUE ? readDateText(block, text) : date;
}

/** µs of up to nine digits, rounded; negative when they are none, or lie in the middle, of which doubles decide. */
function microsAt(pointer: usize, count: u32): i32 {
  let value = digitsAt(pointer, count);
  if (value < 0) return -1;
  for (let i = count; i < 6; i++) value *= 10;
  if (count <= 6) return value;
  for (let i = count; i < 9; i++) value *= 10;
  const rest = value % 1000;
  return rest == 500 ? -1 : value / 1000 + i32(rest > 500);
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
    if (length > 18 || length == 9 || load<u8>(pointer + 8) != 0x2e) return -1;
    micros = microsAt(pointer + 9, length - 9);
    if (micros < 0) return -1;
  }
  return (minutes * 60 + second) * 1000000 + micros;
}

/** No plain timestamp is so early. */
// @ts-ignore: decorator
@inline export const NOT_PLAIN: i64 = i64.MIN_VALUE;

/** YYYY-MM-DD[( |T)HH:MM[:SS[.f…]][Z|±HH[:MM]]]; NOT_PLAIN of another form. Without `zoned` the offset is left out. */
export function plainTimestamp(text: v128, zoned: bool): i64 {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  const date = length >= 10 ? dateAt(pointer) : i32.MIN_VALUE;
  if (date == i32.MIN_VALUE) return NOT_PLAIN;
  if (length == 10) return <i64>date * 86400000000;
  const separator = load<u8>(pointer + 10);
  if (separator != 0x20 && separator != 0x54) return NOT_PLAIN;
  const width = offsetWidth(pointer, length);
  let offset: i64 = 0;
  if (width > 1) {
    const hours = digitsAt(pointer + length - width + 1, 2);
    const minutes = width > 3 ? digitsAt(pointer + length - 2, 2) : 0;
    if (<u32>hours > 15 || <u32>minutes > 59) return NOT_PLAIN;
    offset = <i64>(hours * 60 + minutes) * 60000000;
    if (load<u8>(pointer + length - width) == 0x2d) offset = -offset;
  }
  const time = timeAt(pointer + 11, length - width - 11);
  if (time < 0) return NOT_PLAIN;
  return <i64>date * 86400000000 + time - (zoned ? offset : 0);
}

/** Of a text without an offset, `zoned` takes the clocks for those of UTC; else offsets and zones are left out. */
export function textToTimestamp(block: usize, text: v128, zoned: i32): i64 {
  const plain = plainTimestamp(text, zoned != 0);
  return plain == NOT_PLAIN ? readTimestampText(block, text, zoned != 0, 0) : plain;
}
