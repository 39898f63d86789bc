// The words of intervals: the twin of those of src/functions/casts/datetime/parse-interval.ts.
import { lettersOf } from './datetime-words';

// Units, as bits: of each there may be one number.
// @ts-ignore: decorator
@inline export const MICROSECOND_UNIT: u32 = 1;
// @ts-ignore: decorator
@inline export const MILLISECOND_UNIT: u32 = 2;
// @ts-ignore: decorator
@inline export const SECOND_UNIT: u32 = 4;
// @ts-ignore: decorator
@inline export const MINUTE_UNIT: u32 = 8;
// @ts-ignore: decorator
@inline export const HOUR_UNIT: u32 = 16;
// @ts-ignore: decorator
@inline export const DAY_UNIT: u32 = 32;
// @ts-ignore: decorator
@inline export const WEEK_UNIT: u32 = 64;
// @ts-ignore: decorator
@inline export const MONTH_UNIT: u32 = 128;
// @ts-ignore: decorator
@inline export const YEAR_UNIT: u32 = 256;
// @ts-ignore: decorator
@inline export const DECADE_UNIT: u32 = 512;
// @ts-ignore: decorator
@inline export const CENTURY_UNIT: u32 = 1024;
// @ts-ignore: decorator
@inline export const MILLENNIUM_UNIT: u32 = 2048;

// Other words of intervals.
// @ts-ignore: decorator
@inline export const AGO_WORD: u32 = 4096;
// @ts-ignore: decorator
@inline export const NO_UNIT_WORD: u32 = 8192;
// @ts-ignore: decorator
@inline export const INFINITE_WORD: u32 = 16384;

/** What a word in small letters means, of which only the first ten count; 0 for what is none of intervals. */
export function intervalWordOf(from: usize, end: usize): u32 {
  const length = end - from;
  if (length <= 8) return shortIntervalWord(lettersOf(from, end));
  const ninth = load<u8>(from, 8);
  const tenth = length > 9 ? load<u8>(from, 9) : 0;
  switch (load<u64>(from)) {
    case 0x65697275746e6563: // centurie
      return ninth == 0x73 && tenth == 0 ? CENTURY_UNIT : 0;
    case 0x6365736f7263696d: // microsec
      return ninth == 0x6f && tenth == 0x6e ? MICROSECOND_UNIT : 0;
    case 0x636573696c6c696d: // millisec
      return ninth == 0x6f && tenth == 0x6e ? MILLISECOND_UNIT : 0;
    case 0x696e6e656c6c696d: // millenni
      return (ninth == 0x61 && tenth == 0) || (ninth == 0x75 && tenth == 0x6d) ? MILLENNIUM_UNIT : 0;
  }
  return 0;
}

function shortIntervalWord(word: u64): u32 {
  switch (<u32>word & 0xff) {
    case 0x61:
      switch (word) {
        case 0x6f6761: // ago
          return AGO_WORD;
        case 0x7461: // at
          return NO_UNIT_WORD;
      }
      break;
    case 0x63:
      switch (word) {
        case 0x63: // c
        case 0x746e6563: // cent
        case 0x797275746e6563: // century
          return CENTURY_UNIT;
      }
      break;
    case 0x64:
      switch (word) {
        case 0x64: // d
        case 0x796164: // day
        case 0x73796164: // days
          return DAY_UNIT;
        case 0x636564: // dec
        case 0x656461636564: // decade
        case 0x73656461636564: // decades
        case 0x73636564: // decs
          return DECADE_UNIT;
      }
      break;
    case 0x68:
      switch (word) {
        case 0x68: // h
        case 0x72756f68: // hour
        case 0x7372756f68: // hours
        case 0x7268: // hr
        case 0x737268: // hrs
          return HOUR_UNIT;
      }
      break;
    case 0x69:
      switch (word) {
        case 0x7974696e69666e69: // infinity
          return INFINITE_WORD;
      }
      break;
    case 0x6d:
      switch (word) {
        case 0x736d: // ms
        case 0x6365736d: // msec
        case 0x646e6f6365736d: // msecond
        case 0x73646e6f6365736d: // mseconds
        case 0x736365736d: // msecs
          return MILLISECOND_UNIT;
        case 0x6d: // m
        case 0x6e696d: // min
        case 0x736e696d: // mins
        case 0x6574756e696d: // minute
        case 0x736574756e696d: // minutes
          return MINUTE_UNIT;
        case 0x6e6f6d: // mon
        case 0x736e6f6d: // mons
        case 0x68746e6f6d: // month
        case 0x7368746e6f6d: // months
          return MONTH_UNIT;
        case 0x6c696d: // mil
        case 0x736c696d: // mils
          return MILLENNIUM_UNIT;
      }
      break;
    case 0x6f:
      switch (word) {
        case 0x6e6f: // on
          return NO_UNIT_WORD;
      }
      break;
    case 0x73:
      switch (word) {
        case 0x73: // s
        case 0x636573: // sec
        case 0x646e6f636573: // second
        case 0x73646e6f636573: // seconds
        case 0x73636573: // secs
          return SECOND_UNIT;
      }
      break;
    case 0x75:
      switch (word) {
        case 0x7375: // us
        case 0x63657375: // usec
        case 0x646e6f63657375: // usecond
        case 0x73646e6f63657375: // useconds
        case 0x7363657375: // usecs
          return MICROSECOND_UNIT;
      }
      break;
    case 0x77:
      switch (word) {
        case 0x77: // w
        case 0x6b656577: // week
        case 0x736b656577: // weeks
          return WEEK_UNIT;
      }
      break;
    case 0x79:
      switch (word) {
        case 0x79: // y
        case 0x72616579: // year
        case 0x7372616579: // years
        case 0x7279: // yr
        case 0x737279: // yrs
          return YEAR_UNIT;
      }
      break;
  }
  return 0;
}
