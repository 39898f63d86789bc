// Items of a jsonpath beside each other.
import { isBoolean, isNumber, isOpening, LETTER_N, LETTER_T, QUOTE, ZERO } from './json-characters';
import { compareNumbers } from './json-compare';
import { UNKNOWN } from './json-path-machine';
import { compareStrings } from './json-text-order';
import { bytesEqual } from './text-view';

// Operators: bits of below, equal and above.
// @ts-ignore: decorator
@inline const NOT_EQUAL: u32 = 5;

/** Escapes begin and end at the same places in both, so that the texts can be compared as they are. */
export function startsWith(a: usize, aEnd: usize, b: usize, bEnd: usize): u32 {
  if (load<u8>(a) != QUOTE || load<u8>(b) != QUOTE) return UNKNOWN;
  const length = bEnd - b - 1;
  return u32(length < aEnd - a && bytesEqual(a, b, <u32>length));
}

/** The kind of a value by its first byte: 0 for numbers, t for true and false, else that byte. */
// @ts-ignore: decorator
@inline
function kindOf(first: u8): u8 {
  if (isNumber(first)) return ZERO;
  return isBoolean(first) ? LETTER_T : first;
}

export function compare(operator: u32, a: usize, aEnd: usize, b: usize, bEnd: usize): u32 {
  const kind = kindOf(load<u8>(a));
  const other = kindOf(load<u8>(b));
  // null differs from everything else, and is in no order with it.
  if (kind != other) return kind == LETTER_N || other == LETTER_N ? u32(operator == NOT_EQUAL) : UNKNOWN;
  if (isOpening(kind)) return UNKNOWN;
  let order: i32 = 0;
  if (kind == ZERO) order = compareNumbers(a, aEnd, b, bEnd);
  else if (kind == LETTER_T) order = i32(load<u8>(a) == LETTER_T) - i32(load<u8>(b) == LETTER_T);
  else if (kind == QUOTE) order = compareStrings(a + 1, aEnd, b + 1, bEnd);
  const bit: u32 = order < 0 ? 1 : order == 0 ? 2 : 4;
  return u32((operator & bit) != 0);
}
