// Regular expressions over UTF-8: how automata are run. src/functions/regex/regex-program.ts draws the program and writes
// it; what is passed here comes from there.
import { find, isContinuation } from './text-view';

// @ts-ignore: decorator
@inline export const GLOBAL: u32 = 1;
// @ts-ignore: decorator
@inline const PREFIX: u32 = 2;
// @ts-ignore: decorator
@inline export const LITERAL: u32 = 4;
// @ts-ignore: decorator
@inline const ASSERTS: u32 = 8;
// @ts-ignore: decorator
@inline export const SKIPS: u32 = 16;
// @ts-ignore: decorator
@inline export const ANCHORED: u32 = 32;
// @ts-ignore: decorator
@inline const BEGINS_BEYOND: u32 = 64;
// @ts-ignore: decorator
@inline export const REFERS: u32 = 128;

// @ts-ignore: decorator
@inline const ACCEPTS: u32 = 1;
// @ts-ignore: decorator
@inline const DEAD: u32 = 2;
// @ts-ignore: decorator
@inline const SINK: u32 = 4;
// @ts-ignore: decorator
@inline const FLAGS: u32 = 7;

// @ts-ignore: decorator
@inline const ASCII: usize = 80;

/**
 * What looks have found in the text at hand, a byte for each of its bytes and one for its end: this is the distance from the
 * text to it; 0 where there are no looks.
 */
let lookDistance: usize = 0;

/** The columns of what looks have found at a place, as many bytes on. */
// @ts-ignore: decorator
@inline function lookColumns(program: usize, at: usize, distance: usize): u32 {
  return <u32>load<u8>(at + distance) * (load<u32>(program, 8) + 4);
}

/** Bytes that looks need for a text; 0 where there are none. */
export function lookBytes(program: usize, length: u32): u32 {
  return load<u32>(program, 340) == 0 ? 0 : (length + 16) & ~15;
}

/** Before anything else is asked of a text: `places` has room for what looks find in it. */
export function beginText(program: usize, text: usize, length: u32, places: usize): void {
  const count = load<u32>(program, 340);
  lookDistance = count == 0 ? 0 : places - text;
  if (count == 0) return;
  memory.fill(places, 0, length + 1);
  const list = program + load<u32>(program, 336);
  for (let i: u32 = 0; i < count; i++) {
    const look = list + (<usize>i << 3);
    const automaton = program + load<u32>(look, 4);
    if (load<u32>(look) != 0) lookBehind(program, automaton, text, length, <u8>1 << <u8>i);
    else lookAhead(program, automaton, text, length, <u8>1 << <u8>i);
  }
}

/** Notes where something ends, wherever it began. */
function lookBehind(program: usize, automaton: usize, text: usize, length: u32, bit: u8): void {
  const rows = automaton + 16;
  let row = load<u32>(automaton);
  for (let at: u32 = 0; ; at = nextPlace(text, at, length)) {
    const place = text + at + lookDistance;
    const entry = load<u32>(rows + row + columnOrEnd(program, text, at, length));
    if ((entry & ACCEPTS) != 0) store<u8>(place, load<u8>(place) | bit);
    if (at >= length || (entry & DEAD) != 0) return;
    row = entry & ~FLAGS;
  }
}

/** Notes where something begins, wherever it ends; the automaton reads from the end. */
function lookAhead(program: usize, automaton: usize, text: usize, length: u32, bit: u8): void {
  const rows = automaton + 16;
  const end = load<u32>(program, 8);
  let row = load<u32>(automaton);
  for (let at = length; ; ) {
    const place = text + at + lookDistance;
    let before = at;
    let column = end;
    if (at > 0) {
      before--;
      while (before > 0 && isContinuation(load<u8>(text + before))) before--;
      column = classColumnAt(program, text + before);
    }
    const entry = load<u32>(rows + row + column + lookColumns(program, text + at, lookDistance));
    if ((entry & ACCEPTS) != 0) store<u8>(place, load<u8>(place) | bit);
    if (at == 0 || (entry & DEAD) != 0) return;
    row = entry & ~FLAGS;
    at = before;
  }
}

/** Bytes of the character that begins with a byte that is not ASCII. */
// @ts-ignore: decorator
@inline function widthOf(lead: u32): u32 {
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** The code point of a character; may read up to 3 bytes past the text. */
// @ts-ignore: decorator
@inline export function pointAt(at: usize): u32 {
  const lead: u32 = load<u8>(at);
  if (lead < 0xc0) return lead;
  const second: u32 = load<u8>(at, 1) & 0x3f;
  const third: u32 = load<u8>(at, 2) & 0x3f;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  if (lead < 0xf0) return ((lead & 0x0f) << 12) | (second << 6) | third;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | (load<u8>(at, 3) & 0x3f);
}

/** The column (class × 4) of a character that is not ASCII; may read up to 3 bytes past the text. */
function columnBeyond(program: usize, at: usize): u32 {
  const point = pointAt(at);
  const ranges = program + load<u32>(program, 20);
  let low: u32 = 0;
  let high = load<u32>(program, 24);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (load<u32>(ranges + (<usize>middle << 3)) <= point) low = middle;
    else high = middle;
  }
  return load<u32>(ranges + (<usize>low << 3), 4);
}

// @ts-ignore: decorator
@inline function classColumnAt(program: usize, at: usize): u32 {
  const byte: u32 = load<u8>(at);
  return byte < 0x80 ? load<u16>(program + (<usize>byte << 1), ASCII) : columnBeyond(program, at);
}

/** The same with what looks have found before the character. */
// @ts-ignore: decorator
@inline function columnAt(program: usize, at: usize): u32 {
  const column = classColumnAt(program, at);
  return lookDistance == 0 ? column : column + lookColumns(program, at, lookDistance);
}

// @ts-ignore: decorator
@inline function columnOrEnd(program: usize, text: usize, at: u32, length: u32): u32 {
  if (at < length) return columnAt(program, text + at);
  const end = load<u32>(program, 8);
  return lookDistance == 0 ? end : end + lookColumns(program, text + at, lookDistance);
}

/** The row where an automaton starts at a place. */
function startAt(program: usize, automaton: usize, text: usize, at: u32): u32 {
  if (at == 0 || (load<u32>(program) & ASSERTS) == 0) return load<u32>(automaton);
  let before = at - 1;
  while (before > 0 && isContinuation(load<u8>(text + before))) before--;
  const column = classColumnAt(program, text + before);
  const kind: usize = load<u8>(program + load<u32>(program, 28) + (column >> 2));
  return load<u32>(automaton + (kind << 2));
}

/** The place of the next character. */
// @ts-ignore: decorator
@inline export function nextPlace(text: usize, at: u32, length: u32): u32 {
  const byte: u32 = load<u8>(text + at);
  return byte < 0x80 ? at + 1 : min(at + widthOf(byte), length);
}

/**
 * The end of the longest match of a node's automaton that starts at `from`, and ends at `limit` at most; -1 when there is
 * none. Beyond the limit one character is looked at.
 */
export function longestMatch(program: usize, automaton: usize, text: usize, from: u32, limit: u32, length: u32): i32 {
  const rows = automaton + 16;
  const end = load<u32>(program, 8);
  let row = startAt(program, automaton, text, from);
  const distance = lookDistance;
  let at = from;
  let found: i32 = -1;
  while (true) {
    let next = at + 1;
    let column = end;
    if (at < length) {
      const byte: u32 = load<u8>(text + at);
      if (byte < 0x80) {
        column = load<u16>(program + (<usize>byte << 1), ASCII);
      } else {
        column = columnBeyond(program, text + at);
        next = min(at + widthOf(byte), length);
      }
    }
    if (distance != 0) column += lookColumns(program, text + at, distance);
    const entry = load<u32>(rows + row + column);
    if ((entry & FLAGS) != 0) {
      if ((entry & ACCEPTS) != 0) found = <i32>at;
      if ((entry & DEAD) != 0 || at >= limit) return found;
      if ((entry & SINK) != 0) {
        // All characters lead here again: what is at the limit decides.
        const sink = rows + (entry & ~FLAGS);
        const last = load<u32>(sink + columnOrEnd(program, text, limit, length));
        if ((last & ACCEPTS) != 0) return <i32>limit;
      }
    } else if (at >= limit) return found;
    row = entry & ~FLAGS;
    at = next;
  }
}

/**
 * Notes every end of a match that starts at `from` and ends at `limit` at most, in one bit each from `from` on; returns how
 * far was looked.
 */
export function collectEnds(
  program: usize,
  automaton: usize,
  text: usize,
  from: u32,
  limit: u32,
  length: u32,
  bits: usize,
): u32 {
  const rows = automaton + 16;
  let row = startAt(program, automaton, text, from);
  const bytes = endsBytes(from, limit);
  for (let word: u32 = 0; word < bytes; word += 8) store<u64>(bits + word, 0);
  let at = from;
  while (true) {
    const entry = load<u32>(rows + row + columnOrEnd(program, text, at, length));
    if ((entry & ACCEPTS) != 0) {
      const word = bits + (<usize>((at - from) >> 6) << 3);
      store<u64>(word, load<u64>(word) | ((<u64>1) << ((at - from) & 63)));
    }
    if ((entry & DEAD) != 0 || at >= limit) return at;
    row = entry & ~FLAGS;
    at = nextPlace(text, at, length);
  }
}

/** Bytes of what `collectEnds` notes. */
// @ts-ignore: decorator
@inline export function endsBytes(from: u32, limit: u32): u32 {
  return (((limit - from) >> 6) + 1) << 3;
}

/** The end of the shortest match that starts at `from`, and ends within `least … limit`; -1 when there is none. */
export function shortestMatch(
  program: usize,
  automaton: usize,
  text: usize,
  from: u32,
  least: u32,
  limit: u32,
  length: u32,
): i32 {
  const rows = automaton + 16;
  let row = startAt(program, automaton, text, from);
  let at = from;
  while (true) {
    const entry = load<u32>(rows + row + columnOrEnd(program, text, at, length));
    if ((entry & ACCEPTS) != 0 && at >= least) return <i32>at;
    if ((entry & DEAD) != 0 || at >= limit) return -1;
    row = entry & ~FLAGS;
    at = nextPlace(text, at, length);
  }
}

/** The first place at or after `from` whose byte may begin a match; `length` when there is none. */
export function skipTo(program: usize, text: usize, from: u32, length: u32, flags: u32): u32 {
  const low = v128.load(program, 48);
  const high = v128.load(program, 64);
  const nibble = i8x16.splat(15);
  for (let at = from; at < length; at += 16) {
    const bytes = v128.load(text + at);
    const found = v128.and(
      i8x16.swizzle(low, v128.and(bytes, nibble)),
      i8x16.swizzle(high, i8x16.shr_u(bytes, 4)),
    );
    let mask: u32 = i8x16.bitmask(i8x16.ne(found, i8x16.splat(0)));
    if ((flags & BEGINS_BEYOND) != 0) mask |= i8x16.bitmask(bytes);
    if (mask != 0) return min(at + ctz(mask), length);
  }
  return length;
}

/**
 * Is there a match that starts at or after `from`? -1 when there is none; else a place that no match starts before. That
 * of the literal's first occurrence, where every match begins with it; else where the search last went over what no match
 * goes over.
 */
export function searchMatch(program: usize, text: usize, from: u32, length: u32): i32 {
  const flags = load<u32>(program);
  const literalLength = load<u32>(program, 16);
  let at = from;
  if ((flags & ANCHORED) != 0 && from > 0) return -1;
  if (literalLength != 0) {
    const place = find(text, length, program + load<u32>(program, 12), literalLength, from);
    if (place < 0) return -1;
    if ((flags & LITERAL) != 0) return place;
    if ((flags & PREFIX) != 0) at = place;
  }
  const automaton = program + load<u32>(program, 32);
  const rows = automaton + 16;
  const end = load<u32>(program, 8);
  let row = startAt(program, automaton, text, at);
  const distance = lookDistance;
  const first = (flags & SKIPS) != 0 ? row : u32.MAX_VALUE;
  let began = at;
  while (true) {
    if (row == first) {
      const place = skipTo(program, text, at, length, flags);
      // What was skipped ends whatever had begun before it.
      if (place > at) began = place;
      at = place;
    }
    let next = at + 1;
    let column = end;
    if (at < length) {
      const byte: u32 = load<u8>(text + at);
      if (byte < 0x80) {
        column = load<u16>(program + (<usize>byte << 1), ASCII);
      } else {
        column = columnBeyond(program, text + at);
        next = min(at + widthOf(byte), length);
      }
    }
    if (distance != 0) column += lookColumns(program, text + at, distance);
    const entry = load<u32>(rows + row + column);
    if ((entry & FLAGS) != 0) {
      if ((entry & ACCEPTS) != 0) return <i32>began;
      if ((entry & DEAD) != 0) return -1;
    }
    if (at >= length) return -1;
    row = entry & ~FLAGS;
    at = next;
  }
}
