// The bytes that JSON text is made of, and what the first byte of a value says of its kind.

// @ts-ignore: decorator
@inline export const QUOTE: u8 = 0x22;
// @ts-ignore: decorator
@inline export const BACKSLASH: u8 = 0x5c;
// @ts-ignore: decorator
@inline export const COMMA: u8 = 0x2c;
// @ts-ignore: decorator
@inline export const COLON: u8 = 0x3a;
// @ts-ignore: decorator
@inline export const OPEN_BRACKET: u8 = 0x5b;
// @ts-ignore: decorator
@inline export const CLOSE_BRACKET: u8 = 0x5d;
// @ts-ignore: decorator
@inline export const OPEN_BRACE: u8 = 0x7b;
// @ts-ignore: decorator
@inline export const CLOSE_BRACE: u8 = 0x7d;
// @ts-ignore: decorator
@inline export const MINUS: u8 = 0x2d;
// @ts-ignore: decorator
@inline export const POINT: u8 = 0x2e;
// @ts-ignore: decorator
@inline export const ZERO: u8 = 0x30;

// First letters of null, true and false.
// @ts-ignore: decorator
@inline export const LETTER_N: u8 = 0x6e;
// @ts-ignore: decorator
@inline export const LETTER_T: u8 = 0x74;
// @ts-ignore: decorator
@inline export const LETTER_F: u8 = 0x66;
/** What begins an escape of four digits. */
// @ts-ignore: decorator
@inline export const LETTER_U: u8 = 0x75;

// @ts-ignore: decorator
@inline export function isSpace(byte: u8): bool {
  return byte == 0x20 || byte == 10 || byte == 13 || byte == 9;
}

/** Does an array or an object begin? Brackets and braces differ in one bit. */
// @ts-ignore: decorator
@inline export function isOpening(byte: u8): bool {
  return (byte | 0x20) == OPEN_BRACE;
}

// @ts-ignore: decorator
@inline export function isClosing(byte: u8): bool {
  return (byte | 0x20) == CLOSE_BRACE;
}

// @ts-ignore: decorator
@inline export function isBoolean(first: u8): bool {
  return first == LETTER_T || first == LETTER_F;
}

// @ts-ignore: decorator
@inline export function isNumber(first: u8): bool {
  return first == MINUS || first - ZERO < 10;
}
