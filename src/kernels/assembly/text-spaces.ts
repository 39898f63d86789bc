// The space around values that are written as text, as PostgreSQL's isspace knows it.

/** A space, or one of \t \n \v \f \r. */
// @ts-ignore: decorator
@inline export function isSpace(byte: u8): bool {
  return byte == 0x20 || u8(byte - 9) < 5;
}

/** The first byte from `start` on that is no space. */
// @ts-ignore: decorator
@inline export function skipSpaces(start: usize, end: usize): usize {
  let at = start;
  while (at < end && isSpace(load<u8>(at))) at++;
  return at;
}

/** Behind the last byte before `end` that is no space. */
// @ts-ignore: decorator
@inline export function skipSpacesBack(start: usize, end: usize): usize {
  let at = end;
  while (at > start && isSpace(load<u8>(at - 1))) at--;
  return at;
}
