// The words of dates and times: the twin of src/functions/casts/datetime/datetime-keywords.ts. Words are in small letters,
// the first in the lowest byte of a number.

// What a word means: its kind, and with some a value.
// @ts-ignore: decorator
@inline export const MONTH_WORD: u32 = 16;
// @ts-ignore: decorator
@inline export const WEEKDAY_WORD: u32 = 32;
// @ts-ignore: decorator
@inline export const IGNORED_WORD: u32 = 48;
// @ts-ignore: decorator
@inline export const ISO_TIME_WORD: u32 = 64;
// @ts-ignore: decorator
@inline export const SUMMER_TIME_WORD: u32 = 80;
// @ts-ignore: decorator
@inline export const AM_WORD: u32 = 96;
// @ts-ignore: decorator
@inline export const PM_WORD: u32 = 112;
// @ts-ignore: decorator
@inline export const AD_WORD: u32 = 128;
// @ts-ignore: decorator
@inline export const BC_WORD: u32 = 144;
// @ts-ignore: decorator
@inline export const JULIAN_WORD: u32 = 160;
/** A unit that stands before no number here. */
// @ts-ignore: decorator
@inline export const UNIT_WORD: u32 = 176;
// @ts-ignore: decorator
@inline export const SPECIAL_WORD: u32 = 192;

// The values of special words.
// @ts-ignore: decorator
@inline export const NOW: u32 = 1;
// @ts-ignore: decorator
@inline export const TODAY: u32 = 2;
// @ts-ignore: decorator
@inline export const TOMORROW: u32 = 3;
// @ts-ignore: decorator
@inline export const YESTERDAY: u32 = 4;
// @ts-ignore: decorator
@inline export const MIDNIGHT_UTC: u32 = 5;
// @ts-ignore: decorator
@inline export const EPOCH: u32 = 6;
// @ts-ignore: decorator
@inline export const INFINITY: u32 = 7;
// @ts-ignore: decorator
@inline export const MINUS_INFINITY: u32 = 8;

/** The first eight letters of a word, or as many as it has. Reads up to 8 bytes behind it. */
// @ts-ignore: decorator
@inline export function lettersOf(from: usize, end: usize): u64 {
  const length = end - from;
  return length >= 8 ? load<u64>(from) : load<u64>(from) & (((<u64>1) << (<u64>length << 3)) - 1);
}

/** What a word means; 0 for what is no keyword. */
export function keywordOf(from: usize, end: usize): u32 {
  const length = end - from;
  if (length <= 8) return shortKeyword(lettersOf(from, end));
  if (length != 9) return 0;
  const last = load<u8>(from, 8);
  switch (load<u64>(from)) {
    case 0x65626d6574706573: // september
      return last == 0x72 ? MONTH_WORD + 9 : 0;
    case 0x616473656e646577: // wednesday
      return last == 0x79 ? WEEKDAY_WORD : 0;
    case 0x6164726574736579: // yesterday
      return last == 0x79 ? SPECIAL_WORD + YESTERDAY : 0;
  }
  return 0;
}

function shortKeyword(word: u64): u32 {
  switch (<u32>word & 0xff) {
    case 0x61:
      switch (word) {
        case 0x727061: // apr
        case 0x6c69727061: // april
          return MONTH_WORD + 4;
        case 0x677561: // aug
        case 0x747375677561: // august
          return MONTH_WORD + 8;
        case 0x6d61: // am
          return AM_WORD;
        case 0x6461: // ad
          return AD_WORD;
        case 0x7461: // at
          return IGNORED_WORD;
        case 0x736c6c61626c6c61: // allballs
          return SPECIAL_WORD + MIDNIGHT_UTC;
      }
      break;
    case 0x62:
      switch (word) {
        case 0x6362: // bc
          return BC_WORD;
      }
      break;
    case 0x64:
      switch (word) {
        case 0x636564: // dec
        case 0x7265626d65636564: // december
          return MONTH_WORD + 12;
        case 0x747364: // dst
          return SUMMER_TIME_WORD;
        case 0x64: // d
        case 0x776f64: // dow
        case 0x796f64: // doy
          return UNIT_WORD;
      }
      break;
    case 0x65:
      switch (word) {
        case 0x68636f7065: // epoch
          return SPECIAL_WORD + EPOCH;
      }
      break;
    case 0x66:
      switch (word) {
        case 0x626566: // feb
        case 0x7972617572626566: // february
          return MONTH_WORD + 2;
        case 0x697266: // fri
        case 0x796164697266: // friday
          return WEEKDAY_WORD;
      }
      break;
    case 0x68:
      switch (word) {
        case 0x68: // h
          return UNIT_WORD;
      }
      break;
    case 0x69:
      switch (word) {
        case 0x776f646f7369: // isodow
        case 0x726165796f7369: // isoyear
          return UNIT_WORD;
        case 0x7974696e69666e69: // infinity
          return SPECIAL_WORD + INFINITY;
      }
      break;
    case 0x6a:
      switch (word) {
        case 0x6e616a: // jan
        case 0x797261756e616a: // january
          return MONTH_WORD + 1;
        case 0x6e756a: // jun
        case 0x656e756a: // june
          return MONTH_WORD + 6;
        case 0x6c756a: // jul
        case 0x796c756a: // july
          return MONTH_WORD + 7;
        case 0x6a: // j
        case 0x646a: // jd
        case 0x6e61696c756a: // julian
          return JULIAN_WORD;
      }
      break;
    case 0x6d:
      switch (word) {
        case 0x72616d: // mar
        case 0x686372616d: // march
          return MONTH_WORD + 3;
        case 0x79616d: // may
          return MONTH_WORD + 5;
        case 0x6e6f6d: // mon
        case 0x7961646e6f6d: // monday
          return WEEKDAY_WORD;
        case 0x6d: // m
        case 0x6d6d: // mm
          return UNIT_WORD;
      }
      break;
    case 0x6e:
      switch (word) {
        case 0x766f6e: // nov
        case 0x7265626d65766f6e: // november
          return MONTH_WORD + 11;
        case 0x776f6e: // now
          return SPECIAL_WORD + NOW;
      }
      break;
    case 0x6f:
      switch (word) {
        case 0x74636f: // oct
        case 0x7265626f74636f: // october
          return MONTH_WORD + 10;
        case 0x6e6f: // on
          return IGNORED_WORD;
      }
      break;
    case 0x70:
      switch (word) {
        case 0x6d70: // pm
          return PM_WORD;
      }
      break;
    case 0x73:
      switch (word) {
        case 0x706573: // sep
        case 0x74706573: // sept
          return MONTH_WORD + 9;
        case 0x6e7573: // sun
        case 0x7961646e7573: // sunday
        case 0x746173: // sat
        case 0x7961647275746173: // saturday
          return WEEKDAY_WORD;
        case 0x73: // s
          return UNIT_WORD;
      }
      break;
    case 0x74:
      switch (word) {
        case 0x657574: // tue
        case 0x73657574: // tues
        case 0x79616473657574: // tuesday
        case 0x756874: // thu
        case 0x72756874: // thur
        case 0x7372756874: // thurs
        case 0x7961647372756874: // thursday
          return WEEKDAY_WORD;
        case 0x74: // t
          return ISO_TIME_WORD;
        case 0x7961646f74: // today
          return SPECIAL_WORD + TODAY;
        case 0x776f72726f6d6f74: // tomorrow
          return SPECIAL_WORD + TOMORROW;
      }
      break;
    case 0x77:
      switch (word) {
        case 0x646577: // wed
        case 0x73646577: // weds
          return WEEKDAY_WORD;
      }
      break;
    case 0x79:
      switch (word) {
        case 0x79: // y
          return UNIT_WORD;
      }
      break;
  }
  return 0;
}
