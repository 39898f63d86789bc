// Names of months and of days of the week, and Roman numerals of months: the twin of src/functions/formatting/calendar-names.ts.

// @ts-ignore: decorator
@inline const SEPTEMBE: u64 = 0x65626d6574706573;
// @ts-ignore: decorator
@inline const WEDNESDA: u64 = 0x616473656e646577;

/** The first eight letters of a month from 1 to 12, in small letters, the first in the lowest byte. */
export function monthLetters(month: u32): u64 {
  switch (month) {
    case 1:
      return 0x797261756e616a; // January
    case 2:
      return 0x7972617572626566; // February
    case 3:
      return 0x686372616d; // March
    case 4:
      return 0x6c69727061; // April
    case 5:
      return 0x79616d; // May
    case 6:
      return 0x656e756a; // June
    case 7:
      return 0x796c756a; // July
    case 8:
      return 0x747375677561; // August
    case 9:
      return 0x65626d6574706573; // September
    case 10:
      return 0x7265626f74636f; // October
    case 11:
      return 0x7265626d65766f6e; // November
    case 12:
      return 0x7265626d65636564; // December
    default:
      return 0;
  }
}

/** The same of a day of the week, of which 1 is Sunday. */
export function dayLetters(weekday: u32): u64 {
  switch (weekday) {
    case 1:
      return 0x7961646e7573; // Sunday
    case 2:
      return 0x7961646e6f6d; // Monday
    case 3:
      return 0x79616473657574; // Tuesday
    case 4:
      return 0x616473656e646577; // Wednesday
    case 5:
      return 0x7961647372756874; // Thursday
    case 6:
      return 0x796164697266; // Friday
    case 7:
      return 0x7961647275746173; // Saturday
    default:
      return 0;
  }
}

/** The numeral of a month from 1 to 12, in small letters. */
export function romanLetters(month: u32): u64 {
  switch (month) {
    case 1:
      return 0x69; // I
    case 2:
      return 0x6969; // II
    case 3:
      return 0x696969; // III
    case 4:
      return 0x7669; // IV
    case 5:
      return 0x76; // V
    case 6:
      return 0x6976; // VI
    case 7:
      return 0x696976; // VII
    case 8:
      return 0x69696976; // VIII
    case 9:
      return 0x7869; // IX
    case 10:
      return 0x78; // X
    case 11:
      return 0x6978; // XI
    case 12:
      return 0x696978; // XII
    default:
      return 0;
  }
}

/** How many letters a name has: September and Wednesday are one longer than their letters here. */
// @ts-ignore: decorator
@inline export function nameLength(letters: u64): u32 {
  const length = 8 - (<u32>clz(letters) >> 3);
  return length + u32(letters == SEPTEMBE || letters == WEDNESDA);
}

/** The ninth letter of a name. */
// @ts-ignore: decorator
@inline export function ninthLetter(letters: u64): u32 {
  return letters == SEPTEMBE ? 0x72 : letters == WEDNESDA ? 0x79 : 0;
}
