// Numbers and booleans of jsonb as those of SQL.
import { textToDecimal128, textToDecimal64 } from './decimal-readers';
import { textToDouble, textToReal } from './float-readers';
import { isBoolean, isNumber as isNumberByte, LETTER_N, LETTER_T, MINUS, POINT, ZERO } from './json-characters';
import { decline, reject, STATUS_REJECTED } from './status';
import { lengthOf, pointerOf } from './text-view';

/** Digits of a number that 64 bits have in any case, as those without a sign. */
// @ts-ignore: decorator
@inline const MOST_DIGITS: usize = 19;

function isNumber(json: v128): bool {
  return lengthOf(json) > 0 && isNumberByte(load<u8>(pointerOf(json)));
}

/** What is null is rejected, which the cast takes for NULL; what is an error, as what is no number, is declined. */
function refuse(block: usize, json: v128): void {
  if (lengthOf(json) > 0 && load<u8>(pointerOf(json)) == LETTER_N) reject(block);
  else decline(block);
}

/** What is too great was rejected by the kernels for texts. */
function settle(block: usize): void {
  if (load<i32>(block) == STATUS_REJECTED) decline(block);
}

/** jsonb::bigint; half away from zero. */
export function jsonbToBigint(block: usize, json: v128): i64 {
  if (!isNumber(json)) {
    refuse(block, json);
    return 0;
  }
  let at = pointerOf(json);
  const end = at + lengthOf(json);
  const isNegative = load<u8>(at) == MINUS;
  if (isNegative) at++;
  const start = at;
  let value: u64 = 0;
  while (at < end && load<u8>(at) - ZERO < 10 && at - start < MOST_DIGITS) value = value * 10 + (load<u8>(at++) - ZERO);
  const isFraction = at + 1 < end && load<u8>(at) == POINT;
  if (isFraction && load<u8>(at, 1) >= 0x35) value++;
  const most = <u64>i64.MAX_VALUE + u64(isNegative);
  if ((at < end && !isFraction) || value > most) {
    decline(block);
    return 0;
  }
  return isNegative ? -<i64>value : <i64>value;
}

/** jsonb::integer or smallint, of so many bits. */
export function jsonbToInteger(block: usize, json: v128, bits: i32): i32 {
  const value = jsonbToBigint(block, json);
  const most = (<i64>1 << (bits - 1)) - 1;
  if (value > most || value < -most - 1) decline(block);
  return <i32>value;
}

/** jsonb::double precision. */
export function jsonbToDouble(block: usize, json: v128, powers: usize): f64 {
  const value: f64 = isNumber(json) ? textToDouble(block, json, powers) : 0;
  if (isNumber(json)) settle(block);
  else refuse(block, json);
  return value;
}

/** jsonb::real. */
export function jsonbToReal(block: usize, json: v128, powers: usize): f32 {
  const value: f32 = isNumber(json) ? textToReal(block, json, powers) : 0;
  if (isNumber(json)) settle(block);
  else refuse(block, json);
  return value;
}

/** jsonb::numeric(precision, scale). */
export function jsonbToDecimal64(block: usize, json: v128, precision: i32, scale: i32): i64 {
  const value: i64 = isNumber(json) ? textToDecimal64(block, json, precision, scale) : 0;
  if (isNumber(json)) settle(block);
  else refuse(block, json);
  return value;
}

export function jsonbToDecimal128(block: usize, json: v128, precision: i32, scale: i32): v128 {
  const value = isNumber(json) ? textToDecimal128(block, json, precision, scale) : i64x2.splat(0);
  if (isNumber(json)) settle(block);
  else refuse(block, json);
  return value;
}

/** jsonb::boolean. */
export function jsonbToBoolean(block: usize, json: v128): i32 {
  const first: u8 = lengthOf(json) == 0 ? 0 : load<u8>(pointerOf(json));
  if (!isBoolean(first)) refuse(block, json);
  return i32(first == LETTER_T);
}
