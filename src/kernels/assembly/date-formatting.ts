// to_char and make_date, for generated code. What a function declines is left to TypeScript.
import { civilFromDays, civilIsValid, daysFromCivil, floorDivide, isInfinite } from './calendar';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;

/** Exactly `count` digits. */
function putDigits(target: usize, value: i64, count: u32): usize {
  let rest = value;
  for (let i = count; i > 0; i--) {
    store<u8>(target + i - 1, <u8>(0x30 + rest % 10));
    rest /= 10;
  }
  return target + count;
}

/** Patterns of YYYY, MM, DD, HH24, MI, SS, MS, US and what is not letters or quotes, for years 1 to 9999. */
export function timestampToChar(block: usize, timestamp: i64, pattern: v128): v128 {
  const source = pointerOf(pattern);
  const length = lengthOf(pattern);
  const date = floorDivide(timestamp, DAY);
  const time = timestamp - date * DAY;
  const civil = civilFromDays(date);
  const year = civil >> 9;
  if (length == 0 || isInfinite(timestamp) || year < 1 || year > 9999) {
    decline(block);
    return pattern;
  }
  // No part writes more than three times its letters: US.
  const room = length * 3 + 16;
  const target = heapAllocate(block, room);
  if (target == 0) return pattern;
  let write = target;
  let i: u32 = 0;
  while (i < length) {
    const byte = load<u8>(source + i);
    const two = i + 2 <= length ? load<u16>(source + i) : 0;
    const four: u32 = i + 4 <= length ? load<u32>(source + i) : 0;
    if (four == 0x59595959) {
      write = putDigits(write, year, 4);
      i += 4;
    } else if (four == 0x34324848) {
      write = putDigits(write, time / 3600000000, 2);
      i += 4;
    } else if (two == 0x4d4d) {
      write = putDigits(write, (civil >> 5) & 15, 2);
      i += 2;
    } else if (two == 0x4444 && (i + 2 == length || load<u8>(source + i + 2) != 0x44)) {
      write = putDigits(write, civil & 31, 2);
      i += 2;
    } else if (two == 0x494d) {
      write = putDigits(write, (time / 60000000) % 60, 2);
      i += 2;
    } else if (two == 0x5353 && (i + 2 == length || load<u8>(source + i + 2) != 0x53)) {
      write = putDigits(write, (time / 1000000) % 60, 2);
      i += 2;
    } else if (two == 0x534d) {
      write = putDigits(write, (time % 1000000) / 1000, 3);
      i += 2;
    } else if (two == 0x5355) {
      write = putDigits(write, time % 1000000, 6);
      i += 2;
    } else if (u8((byte | 0x20) - 0x61) < 26 || byte == 0x22 || byte == 0x5c) {
      heapReturn(block, room);
      decline(block);
      return pattern;
    } else {
      store<u8>(write++, byte);
      i++;
    }
  }
  heapReturn(block, room - <u32>(write - target));
  return makeView(target, <u32>(write - target));
}

/** Years 1 to 9999; invalid dates are declined. */
export function dateOfCivil(block: usize, year: i32, month: i32, day: i32): i32 {
  if (year < 1 || year > 9999 || !civilIsValid(year, month, day)) {
    decline(block);
    return 0;
  }
  return <i32>daysFromCivil(year, month, day);
}
