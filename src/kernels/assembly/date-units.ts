// Names of units, as date_part and date_trunc have them.
import { lengthOf } from './text-view';

// @ts-ignore: decorator
@inline export const UNKNOWN_UNIT: i32 = -1;

/** The number of a unit's name of up to 8 letters, in any case, some also in the plural: as `timestampField` has it. */
export function unitNumber(name: v128): i32 {
  const length = lengthOf(name);
  if (length < 3 || length > 8) return UNKNOWN_UNIT;
  const lastShift = (<u64>length - 1) << 3;
  // Lower case; the bytes after the name stay 0.
  let letters = <u64>i64x2.extract_lane(name, 1) | (0x2020202020202020 >> ((8 - <u64>length) << 3));
  const plural = letters >> lastShift == 0x73;
  if (plural) letters &= (<u64>1 << lastShift) - 1;
  if (letters == 0x68746e6f6d) return 1; // month
  if (letters == 0x796164) return 2; // day
  if (letters == 0x72616579) return 0; // year
  if (letters == 0x72756f68) return 3; // hour
  if (letters == 0x6b656577) return 12; // week
  if (letters == 0x6574756e696d) return 4; // minute
  if (letters == 0x646e6f636573) return 5; // second
  if (letters == 0x656461636564) return 14; // decade
  if (plural) return UNKNOWN_UNIT;
  if (letters == 0x72657472617571) return 8; // quarter
  if (letters == 0x776f64) return 9; // dow
  if (letters == 0x776f646f7369) return 10; // isodow
  if (letters == 0x796f64) return 11; // doy
  if (letters == 0x726165796f7369) return 13; // isoyear
  if (letters == 0x797275746e6563) return 15; // century
  if (letters == 0x68636f7065) return 17; // epoch
  return UNKNOWN_UNIT;
}

/** Is a unit of date_trunc a day or longer? Anything but hour, minute and second. */
export function truncatesDays(name: v128): bool {
  const field = unitNumber(name);
  return field < 3 || field > 5;
}

export function isEpoch(name: v128): bool {
  return unitNumber(name) == 17;
}
