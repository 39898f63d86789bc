// Numbers and booleans of jsonb as those of SQL. What is neither, as null, and what is too great is declined.
import { decline } from './status';
import { textToDecimal128, textToDecimal64, textToDouble, textToReal } from './text-readers';
import { lengthOf, pointerOf } from './text-view';

/** Digits of a number that 64 bits have in any case. */
// @ts-ignore: decorator
@inline const MOST_DIGITS: usize = 18;

function isNumber(json: v128): bool {
  const first: u8 = lengthOf(json) == 0 ? 0 : load<u8>(pointerOf(json));
  return first == 0x2d || first - 0x30 < 10;
}

/** jsonb::bigint; half away from zero. */
export function jsonbToBigint(block: usize, json: v128): i64 {
  let at = pointerOf(json);
  const end = at + lengthOf(json);
  const isNegative = isNumber(json) && load<u8>(at) == 0x2d;
  if (isNegative) at++;
  const start = at;
  let value: i64 = 0;
  while (at < end && load<u8>(at) - 0x30 < 10 && at - start < MOST_DIGITS) value = value * 10 + (load<u8>(at++) - 0x30);
  const isFraction = at + 1 < end && load<u8>(at) == 0x2e;
  if (at == start || (at < end && !isFraction)) {
    decline(block);
    return 0;
  }
  if (isFraction && load<u8>(at, 1) >= 0x35) value++;
  return isNegative ? -value : value;
}

/** jsonb::integer or smallint, of so many bits. */
export function jsonbToInteger(block: usize, json: v128, bits: i32): i32 {
  const value = jsonbToBigint(block, json);
  const most = (<i64>1 << (bits - 1)) - 1;
  if (value > most || value < -most - 1) decline(block);
  return <i32>value;
}

/** jsonb::double precision. */
export function jsonbToDouble(block: usize, json: v128): f64 {
  if (isNumber(json)) return textToDouble(block, json);
  decline(block);
  return 0;
}

/** jsonb::real. */
export function jsonbToReal(block: usize, json: v128): f32 {
  if (isNumber(json)) return textToReal(block, json);
  decline(block);
  return 0;
}

/** jsonb::numeric(precision, scale). */
export function jsonbToDecimal64(block: usize, json: v128, precision: i32, scale: i32): i64 {
  if (isNumber(json)) return textToDecimal64(block, json, precision, scale);
  decline(block);
  return 0;
}

export function jsonbToDecimal128(block: usize, json: v128, precision: i32, scale: i32): v128 {
  if (isNumber(json)) return textToDecimal128(block, json, precision, scale);
  decline(block);
  return i64x2.splat(0);
}

/** jsonb::boolean. */
export function jsonbToBoolean(block: usize, json: v128): i32 {
  const first: u8 = lengthOf(json) == 0 ? 0 : load<u8>(pointerOf(json));
  if (first != 0x74 && first != 0x66) decline(block);
  return i32(first == 0x74);
}
