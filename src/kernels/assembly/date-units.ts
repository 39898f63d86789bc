// Names of units, as date_part and date_trunc have them.
import { lengthOf, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline export const UNKNOWN_UNIT: i32 = -1;
// @ts-ignore: decorator
@inline export const JULIAN: i32 = 21;
/** The first of three of the offset of a zone: all of it, its hours, its minutes. */
// @ts-ignore: decorator
@inline export const TIMEZONE: i32 = 22;

/** At most eight bytes, the first in the lowest; capitals are small, `_` is 0x7f. */
function smallLetters(bytes: u64, count: u32): u64 {
  if (count == 0) return 0;
  const mask = u64.MAX_VALUE >> ((8 - <u64>count) << 3);
  return (bytes & mask) | (0x2020202020202020 & mask);
}

/** The number of a unit's name, in any case: as `timestampField` has it, and the units above. */
export function unitNumber(name: v128): i32 {
  const length = lengthOf(name);
  if (length == 0 || length > 15) return UNKNOWN_UNIT;
  const head = smallLetters(<u64>i64x2.extract_lane(name, 1), min<u32>(length, 8));
  return length <= 8 ? shortUnit(head) : longUnit(head, smallLetters(load<u64>(pointerOf(name), 8), length - 8));
}

function shortUnit(letters: u64): i32 {
  switch (letters) {
    case 0x72616579: // year
    case 0x7372616579: // years
    case 0x79: // y
    case 0x7279: // yr
    case 0x737279: // yrs
      return 0;
    case 0x68746e6f6d: // month
    case 0x7368746e6f6d: // months
    case 0x6e6f6d: // mon
    case 0x736e6f6d: // mons
      return 1;
    case 0x796164: // day
    case 0x73796164: // days
    case 0x64: // d
      return 2;
    case 0x72756f68: // hour
    case 0x7372756f68: // hours
    case 0x68: // h
    case 0x7268: // hr
    case 0x737268: // hrs
      return 3;
    case 0x6574756e696d: // minute
    case 0x736574756e696d: // minutes
    case 0x6d: // m
    case 0x6e696d: // min
    case 0x736e696d: // mins
      return 4;
    case 0x646e6f636573: // second
    case 0x73646e6f636573: // seconds
    case 0x73: // s
    case 0x636573: // sec
    case 0x73636573: // secs
      return 5;
    case 0x736d: // ms
    case 0x6365736d: // msec
    case 0x736365736d: // msecs
      return 6;
    case 0x7375: // us
    case 0x63657375: // usec
    case 0x7363657375: // usecs
      return 7;
    case 0x72657472617571: // quarter
    case 0x727471: // qtr
      return 8;
    case 0x776f64: // dow
      return 9;
    case 0x776f646f7369: // isodow
      return 10;
    case 0x796f64: // doy
      return 11;
    case 0x6b656577: // week
    case 0x736b656577: // weeks
    case 0x77: // w
      return 12;
    case 0x726165796f7369: // isoyear
      return 13;
    case 0x656461636564: // decade
    case 0x73656461636564: // decades
    case 0x636564: // dec
    case 0x73636564: // decs
      return 14;
    case 0x797275746e6563: // century
    case 0x63: // c
    case 0x746e6563: // cent
      return 15;
    case 0x6c696d: // mil
    case 0x736c696d: // mils
      return 16;
    case 0x68636f7065: // epoch
      return 17;
    case 0x6e61696c756a: // julian
    case 0x6a: // j
    case 0x646a: // jd
      return 21;
    case 0x656e6f7a656d6974: // timezone
      return 22;
    default:
      return UNKNOWN_UNIT;
  }
}

function longUnit(head: u64, tail: u64): i32 {
  if (head == 0x636573696c6c696d && tail == 0x73646e6f) return 6; // milliseconds
  if (head == 0x636573696c6c696d && tail == 0x646e6f) return 6; // millisecond
  if (head == 0x6365736f7263696d && tail == 0x73646e6f) return 7; // microseconds
  if (head == 0x6365736f7263696d && tail == 0x646e6f) return 7; // microsecond
  if (head == 0x65697275746e6563 && tail == 0x73) return 15; // centuries
  if (head == 0x696e6e656c6c696d && tail == 0x6d75) return 16; // millennium
  if (head == 0x696e6e656c6c696d && tail == 0x61) return 16; // millennia
  if (head == 0x656e6f7a656d6974 && tail == 0x72756f687f) return 23; // timezone_hour
  if (head == 0x656e6f7a656d6974 && tail == 0x687f) return 23; // timezone_h
  if (head == 0x656e6f7a656d6974 && tail == 0x6574756e696d7f) return 24; // timezone_minute
  if (head == 0x656e6f7a656d6974 && tail == 0x6d7f) return 24; // timezone_m
  return UNKNOWN_UNIT;
}

/** Is a unit of date_trunc a day or longer? */
export function truncatesDays(name: v128): bool {
  const field = unitNumber(name);
  return field < 3 || field > 7;
}

export function isEpoch(name: v128): bool {
  return unitNumber(name) == 17;
}
