// Functions of regular expressions, for generated code. `program`: see src/functions/regex/regex-program.ts. Arguments
// that are errors are declined, as is what would not fit a text.
import { GLOBAL, nextPlace } from './regex-automaton';
import { clearCaptures, dissect, matchStateBytes, startMatchState } from './regex-captures';
import { findMatch, hasMatch, searchBytes } from './regex-search';
import { checkSearch, closeText, openText } from './regex-text';
import { decline, heapAllocate, heapEnd, heapReturn, STATUS_HEAP } from './status';
import { countCharacters, lengthOf, makeView, pointerOf, skipCharacters } from './text-view';

/** The length of a text that is NULL. */
// @ts-ignore: decorator
@inline const NULL_LENGTH: i64 = 0xffffffff;
// @ts-ignore: decorator
@inline const BACKSLASH: u8 = 0x5c;
// @ts-ignore: decorator
@inline const AMPERSAND: u8 = 0x26;
// @ts-ignore: decorator
@inline const LARGEST_RESULT: u32 = 1 << 28;

function nullText(): v128 {
  return i64x2.replace_lane(i64x2.splat(0), 0, NULL_LENGTH);
}

// @ts-ignore: decorator
@inline function startOf(match: i64): u32 {
  return <u32>(<u64>match >> 32);
}

// @ts-ignore: decorator
@inline function endOf(match: i64): u32 {
  return <u32>match;
}

/** Is there a match? */
export function regexMatches(block: usize, text: v128, program: usize): i32 {
  if (!openText(block, program, text)) return 0;
  const isFound = hasMatch(program, pointerOf(text), lengthOf(text));
  closeText(block, program, text);
  return i32(isFound);
}

/** The byte where the search begins, of a place counted in characters from 1; -1 when that is beyond the end. */
function searchStart(text: v128, start: i32): i32 {
  if (start == 1) return 0;
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  if (<u32>(start - 1) > length || countCharacters(pointer, length) < <u32>(start - 1)) return -1;
  return skipCharacters(pointer, length, start - 1);
}

/** The n-th match from a byte on, as of `findMatch`. Matches do not overlap; after an empty one goes the next character. */
function nthMatch(program: usize, text: usize, from: u32, length: u32, n: i32): i64 {
  let start = from;
  let count = 0;
  while (true) {
    count++;
    const match = findMatch(program, text, start, length);
    if (match < 0 || count == n) return match;
    start = endOf(match);
    if (startOf(match) == start) {
      if (start >= length) return -1;
      start = nextPlace(text, start, length);
    }
  }
}

/** Room for captures; 0 when there is none in the heap. */
function openState(block: usize, program: usize, text: v128): usize {
  const byteLength = matchStateBytes(program, lengthOf(text));
  if (byteLength > LARGEST_RESULT) {
    decline(block);
    return 0;
  }
  const state = heapAllocate(block, <u32>byteLength);
  if (state != 0) startMatchState(state, program, pointerOf(text), lengthOf(text));
  return state;
}

/** Start and end of a pair of parentheses of a match, as of `findMatch`; -1 where it took no part. */
function captureOf(state: usize, program: usize, match: i64, group: u32): i64 {
  const captures = <usize>load<u32>(state, 12);
  clearCaptures(state);
  dissect(state, program + load<u32>(program, 36), startOf(match), endOf(match));
  const start = load<i32>(captures + (<usize>group << 3));
  return start < 0 ? -1 : (<i64>start << 32) | load<u32>(captures + (<usize>group << 3), 4);
}

/** The n-th match, or a part of it, as of `findMatch`; -1 when there is none. Sets the status where the heap is exhausted. */
function partOfMatch(block: usize, program: usize, text: v128, start: i32, n: i32, group: u32): i64 {
  if (!openText(block, program, text)) return -1;
  const part = partOfOpen(block, program, text, start, n, group);
  if (load<i32>(block) == 0) closeText(block, program, text);
  return part;
}

function partOfOpen(block: usize, program: usize, text: v128, start: i32, n: i32, group: u32): i64 {
  const from = searchStart(text, start);
  if (from < 0) return -1;
  const match = nthMatch(program, pointerOf(text), from, lengthOf(text), n);
  if (match < 0 || group == 0) return match;
  if (group > load<u32>(program, 4)) return -1;
  const state = openState(block, program, text);
  if (state == 0) return -1;
  const part = captureOf(state, program, match, group);
  heapReturn(block, <u32>matchStateBytes(program, lengthOf(text)));
  return part;
}

/** The n-th match from `start` on, or its part in a pair of parentheses. */
export function regexSubstring(block: usize, text: v128, start: i32, n: i32, group: i32, program: usize): v128 {
  if (start < 1 || n < 1 || group < 0) {
    decline(block);
    return text;
  }
  const part = partOfMatch(block, program, text, start, n, group);
  return part < 0 ? nullText() : makeView(pointerOf(text) + startOf(part), endOf(part) - startOf(part));
}

/** The first match, or its part in the first pair of parentheses if there are any. */
export function regexExtract(block: usize, text: v128, program: usize): v128 {
  const part = partOfMatch(block, program, text, 1, 1, i32(load<u32>(program, 4) > 0));
  return part < 0 ? nullText() : makeView(pointerOf(text) + startOf(part), endOf(part) - startOf(part));
}

/** Where the n-th match, or a part of it, begins (or what follows it), in characters from 1; 0 when there is none. */
export function regexPosition(
  block: usize,
  text: v128,
  start: i32,
  n: i32,
  after: i32,
  group: i32,
  program: usize,
): i32 {
  if (start < 1 || n < 1 || <u32>after > 1 || group < 0) {
    decline(block);
    return 0;
  }
  const part = partOfMatch(block, program, text, start, n, group);
  return part < 0 ? 0 : countCharacters(pointerOf(text), after != 0 ? endOf(part) : startOf(part)) + 1;
}

export function regexCount(block: usize, text: v128, start: i32, program: usize): i32 {
  if (start < 1) {
    decline(block);
    return 0;
  }
  const from = searchStart(text, start);
  if (from < 0) return 0;
  if (!openText(block, program, text)) return 0;
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  let count = 0;
  let at: u32 = from;
  while (true) {
    const match = findMatch(program, pointer, at, length);
    if (match < 0) break;
    count++;
    at = endOf(match);
    if (startOf(match) == at) {
      if (at >= length) break;
      at = nextPlace(pointer, at, length);
    }
  }
  closeText(block, program, text);
  return count;
}

/** Appends bytes to the text that begins at `result`, last in the heap. False, with the status set, when they do not fit. */
function append(block: usize, result: usize, source: usize, length: u32): bool {
  if (length == 0) return true;
  const target = heapAllocate(block, length);
  if (target == 0) {
    const whole = <u64>(heapEnd(block) - result) + length;
    if (whole > LARGEST_RESULT) decline(block);
    else {
      // Again with room for twice what is there.
      store<u32>(block, <u32>(whole << 1) + load<u32>(block, 12) + 4096, 12);
      store<i32>(block, STATUS_HEAP);
    }
    return false;
  }
  memory.copy(target, source, length);
  return true;
}

/** Does a replacement refer to parentheses? */
function refersToCaptures(replacement: usize, length: u32): bool {
  for (let i: u32 = 0; i + 1 < length; i++) {
    if (load<u8>(replacement + i) != BACKSLASH) continue;
    if (u8(load<u8>(replacement + i, 1) - 0x31) < 9) return true;
    i++;
  }
  return false;
}

function hasBackslash(replacement: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) if (load<u8>(replacement + i) == BACKSLASH) return true;
  return false;
}

/** Appends a replacement with \1 … \9 and \& filled in. */
function appendReplacement(
  block: usize,
  result: usize,
  text: usize,
  replacement: usize,
  length: u32,
  match: i64,
  state: usize,
): bool {
  let copied: u32 = 0;
  for (let i: u32 = 0; i + 1 < length; i++) {
    if (load<u8>(replacement + i) != BACKSLASH) continue;
    const code = load<u8>(replacement + i, 1);
    const isDigit = u8(code - 0x31) < 9;
    if (!isDigit && code != AMPERSAND && code != BACKSLASH) continue;
    if (!append(block, result, replacement + copied, i - copied)) return false;
    if (code == AMPERSAND) {
      if (!append(block, result, text + startOf(match), endOf(match) - startOf(match))) return false;
    } else if (isDigit && state != 0) {
      const group = <u32>(code - 0x30);
      if (group <= load<u32>(<usize>load<u32>(state), 4)) {
        const capture = <usize>load<u32>(state, 12) + (<usize>group << 3);
        const start = load<i32>(capture);
        if (start >= 0 && !append(block, result, text + <usize>start, load<u32>(capture, 4) - start)) return false;
      }
    }
    // A backslash is quoted by another: the second is copied.
    copied = code == BACKSLASH ? i + 1 : i + 2;
    i++;
  }
  return append(block, result, replacement + copied, length - copied);
}

/** The captures, and what a search keeps, lie in the same heap as the result that found no room. */
function wantingRoom(block: usize, text: v128, program: usize, state: usize): v128 {
  store<u32>(block, load<u32>(block, 12) + <u32>searchBytes(program, lengthOf(text)), 12);
  if (state != 0) store<u32>(block, load<u32>(block, 12) + <u32>matchStateBytes(program, lengthOf(text)), 12);
  return text;
}

/** The first match from `start` on replaced; with flag g every one. */
export function regexReplace(block: usize, text: v128, replacement: v128, start: i32, program: usize): v128 {
  const n = i32((load<u32>(program) & GLOBAL) == 0);
  return regexReplaceNth(block, text, replacement, start, n, program);
}

/** The n-th match from `start` on replaced; with n = 0 every match. */
export function regexReplaceNth(
  block: usize,
  text: v128,
  replacement: v128,
  start: i32,
  wanted: i32,
  program: usize,
): v128 {
  if (start < 1 || wanted < 0) {
    decline(block);
    return text;
  }
  const source = pointerOf(text);
  const length = lengthOf(text);
  const from = searchStart(text, start);
  if (from < 0 || !openText(block, program, text)) return text;
  let match = wanted > 1 ? nthMatch(program, source, from, length, wanted) : findMatch(program, source, from, length);
  if (match < 0) {
    closeText(block, program, text);
    return text;
  }
  const template = pointerOf(replacement);
  const templateLength = lengthOf(replacement);
  const isPlain = !hasBackslash(template, templateLength);
  let state: usize = 0;
  if (!isPlain && load<u32>(program, 4) > 0 && refersToCaptures(template, templateLength)) {
    state = openState(block, program, text);
    if (state == 0) return text;
  }
  const result = heapEnd(block);
  let copied: u32 = 0;
  while (match >= 0) {
    if (!append(block, result, source + copied, startOf(match) - copied)) return wantingRoom(block, text, program, state);
    if (state != 0) captureOf(state, program, match, 0);
    const isDone = isPlain
      ? append(block, result, template, templateLength)
      : appendReplacement(block, result, source, template, templateLength, match, state);
    if (!isDone) return wantingRoom(block, text, program, state);
    copied = endOf(match);
    if (wanted > 0) break;
    let next = copied;
    if (startOf(match) == next) {
      if (next >= length) break;
      next = nextPlace(source, next, length);
    }
    match = findMatch(program, source, next, length);
  }
  if (!append(block, result, source + copied, length - copied)) return wantingRoom(block, text, program, state);
  checkSearch(block);
  const byteLength = <u32>(heapEnd(block) - result);
  return makeView(result, byteLength);
}
