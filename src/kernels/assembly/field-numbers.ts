// Fields of text files (text-records.ts) read as numbers, a column of a batch at a time. Each kernel lists the rows that it
// cannot read, malformed ones most of all, in `declined` (one u32 each); it returns how many there are. Rows whose
// validity is 0 get the value 0.
import { NO_DECIMAL, readDecimal128, readDecimal64 } from './decimal-readers';
import { decline } from './field-bytes';
import { NO_FLOAT, readFloat, singleOf, UNDECIDED_FLOAT } from './float-readers';
import { scanInteger } from './integer-readers';
import { FIELD_LENGTH } from './text-field';

/** `width` bytes a value: 4, or 8. */
export function fieldsToIntegers(
  fields: usize,
  count: u32,
  width: u32,
  smallest: i64,
  largest: i64,
  target: usize,
  validity: usize,
  declined: usize,
): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    let value: i64 = 0;
    if (load<u8>(validity + row) != 0) {
      const pointer: usize = load<u32>(fields + (row << 3));
      const length = load<u32>(fields + (row << 3), 4) & FIELD_LENGTH;
      const scanned = scanInteger(pointer, length, smallest, largest);
      value = i64x2.extract_lane(scanned, 0);
      if (i64x2.extract_lane(scanned, 1) == 0) found = decline(declined, found, row);
    }
    if (width == 4) store<i32>(target + (row << 2), <i32>value);
    else store<i64>(target + (row << 3), value);
  }
  return found;
}

/** `width`: 8, or 16 for those of more than 18 digits. */
export function fieldsToDecimals(
  fields: usize,
  count: u32,
  width: u32,
  precision: i32,
  scale: i32,
  target: usize,
  validity: usize,
  declined: usize,
): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    const isNull = load<u8>(validity + row) == 0;
    const pointer: usize = load<u32>(fields + (row << 3));
    const length = load<u32>(fields + (row << 3), 4) & FIELD_LENGTH;
    if (width == 8) {
      const value = isNull ? 0 : readDecimal64(pointer, length, precision, scale);
      if (value == NO_DECIMAL) found = decline(declined, found, row);
      store<i64>(target + (row << 3), value);
    } else {
      const value = isNull ? i64x2.splat(0) : readDecimal128(pointer, length, precision, scale);
      if (i64x2.extract_lane(value, 1) == NO_DECIMAL) found = decline(declined, found, row);
      v128.store(target + (row << 4), value);
    }
  }
  return found;
}

// @ts-ignore: decorator
@inline
function fieldsToFloats(
  fields: usize,
  count: u32,
  target: usize,
  validity: usize,
  declined: usize,
  powers: usize,
  isReal: bool,
): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    let bits: i64 = 0;
    if (load<u8>(validity + row) != 0) {
      const pointer: usize = load<u32>(fields + (row << 3));
      const length = load<u32>(fields + (row << 3), 4) & FIELD_LENGTH;
      bits = isReal ? readFloat(pointer, length, powers, 24, 127) : readFloat(pointer, length, powers, 53, 1023);
      if (bits == NO_FLOAT || bits == UNDECIDED_FLOAT) found = decline(declined, found, row);
    }
    if (isReal) store<f32>(target + (row << 2), singleOf(bits));
    else store<i64>(target + (row << 3), bits);
  }
  return found;
}

/** `powers`: the table of powers of ten. */
export function fieldsToDoubles(
  fields: usize,
  count: u32,
  target: usize,
  validity: usize,
  declined: usize,
  powers: usize,
): u32 {
  return fieldsToFloats(fields, count, target, validity, declined, powers, false);
}

export function fieldsToReals(
  fields: usize,
  count: u32,
  target: usize,
  validity: usize,
  declined: usize,
  powers: usize,
): u32 {
  return fieldsToFloats(fields, count, target, validity, declined, powers, true);
}
