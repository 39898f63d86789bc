// Functions of regular expressions that give arrays of texts, for generated code: see regex.ts.
import { arrayBytes, beginArray, bytesOf, HEADER_BYTES, putElement, putNull, slotsOf } from './nested-access';
import { GLOBAL, nextPlace } from './regex-automaton';
import { clearCaptures, dissect, matchStateBytes, startMatchState } from './regex-captures';
import { findMatch, searchAgain } from './regex-search';
import { checkSearch, openText } from './regex-text';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';
import { ARRAY, TEXT } from './value-tags';

/** The length of a value that is NULL. */
// @ts-ignore: decorator
@inline const NULL_LENGTH: i64 = 0xffffffff;
/** Longer texts have too many places where they may be parted. */
// @ts-ignore: decorator
@inline const LONGEST_PARTED: u32 = 1 << 20;
// @ts-ignore: decorator
@inline const LARGEST_STATE: u64 = 1 << 28;

/**
 * The text between matches. Empty matches at either end, or right after another, part nothing. Behind the array the heap
 * holds the start and the end of every match, two u32 each, which are given back.
 */
export function regexSplitToArray(block: usize, text: v128, program: usize): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  if (length > LONGEST_PARTED) {
    decline(block);
    return text;
  }
  if (!openText(block, program, text)) return text;
  // Every match ends behind the one before.
  const largest = <u32>arrayBytes(length + 1, TEXT, length);
  const placesBytes = length << 3;
  const target = heapAllocate(block, largest + placesBytes);
  if (target == 0) return text;
  const places = target + largest;
  const matches = findParting(program, source, length, places);
  checkSearch(block);
  const count = matches + 1;
  let left = length;
  for (let i: u32 = 0; i < matches; i++) left -= load<u32>(places + (i << 3), 4) - load<u32>(places + (i << 3));
  const byteLength = <u32>arrayBytes(count, TEXT, left);
  beginArray(target, count, TEXT, 0, byteLength);
  let end: u32 = 0;
  for (let i: u32 = 0; i < matches; i++) {
    putElement(target, i, source + end, load<u32>(places + (i << 3)) - end);
    end = load<u32>(places + (i << 3), 4);
  }
  putElement(target, matches, source + end, length - end);
  heapReturn(block, largest + placesBytes - byteLength);
  return makeView(target, byteLength);
}

/** Notes the matches that part the text; answers how many. */
function findParting(program: usize, source: usize, length: u32, places: usize): u32 {
  let count: u32 = 0;
  let end: u32 = 0;
  for (let at: u32 = 0; at <= length; ) {
    const match = findMatch(program, source, at, length);
    if (match < 0) break;
    const start = <u32>(<u64>match >> 32);
    const after = <u32>match;
    if (start < length && after > end) {
      store<u32>(places + (count << 3), start);
      store<u32>(places + (count << 3), after, 4);
      count++;
      end = after;
    }
    if (start != after) at = after;
    else if (after >= length) break;
    else at = nextPlace(source, after, length);
  }
  return count;
}

/** Bytes of the parts of a match at most: parentheses may lie within each other, and each part be as long as the match. */
// @ts-ignore: decorator
@inline
function groupsBytes(groups: u32, match: i64): u64 {
  const parts = max(groups, 1);
  return arrayBytes(parts, TEXT, <u64>parts * <u64>(<u32>match - <u32>(<u64>match >> 32)));
}

/**
 * Writes what the parentheses of a match have matched, or the whole of it where there are none, as an array; returns its
 * bytes. The state is for the parentheses.
 */
function putGroups(program: usize, source: usize, state: usize, match: i64, target: usize): u32 {
  const groups = load<u32>(program, 4);
  const start = <u32>(<u64>match >> 32);
  if (groups == 0) {
    const byteLength = <u32>arrayBytes(1, TEXT, <u32>match - start);
    beginArray(target, 1, TEXT, 0, byteLength);
    putElement(target, 0, source + start, <u32>match - start);
    return byteLength;
  }
  const captures = <usize>load<u32>(state, 12);
  clearCaptures(state);
  dissect(state, program + load<u32>(program, 36), start, <u32>match);
  let used: u64 = 0;
  for (let i: u32 = 1; i <= groups; i++) {
    const place = captures + (<usize>i << 3);
    if (load<i32>(place) >= 0) used += load<u32>(place, 4) - load<u32>(place);
  }
  const byteLength = <u32>arrayBytes(groups, TEXT, used);
  beginArray(target, groups, TEXT, 0, byteLength);
  for (let i: u32 = 1; i <= groups; i++) {
    const place = captures + (<usize>i << 3);
    const from = load<i32>(place);
    if (from < 0) putNull(target, i - 1);
    else putElement(target, i - 1, source + from, load<u32>(place, 4) - from);
  }
  return byteLength;
}

/**
 * Room for so many bytes of arrays and, behind them, the state that `putGroups` takes, which is begun; 0 where there is none
 * or the row is declined.
 */
function allocateGroups(block: usize, program: usize, source: usize, length: u32, arrays: u64): usize {
  const stateBytes = stateBytesOf(program, length);
  if (arrays + stateBytes > LARGEST_STATE) {
    decline(block);
    return 0;
  }
  const target = heapAllocate(block, <u32>(arrays + stateBytes));
  if (target != 0 && stateBytes != 0) startMatchState(target + <usize>arrays, program, source, length);
  return target;
}

/** The state is for parentheses. */
function stateBytesOf(program: usize, length: u32): u64 {
  return load<u32>(program, 4) > 0 ? matchStateBytes(program, length) : 0;
}

/** What the parentheses of the first match have matched, or the whole of it where there are none; NULL without a match. */
export function regexGroups(block: usize, text: v128, program: usize): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  if (!openText(block, program, text)) return text;
  const match = findMatch(program, source, 0, length);
  checkSearch(block);
  if (match < 0) return i64x2.replace_lane(i64x2.splat(0), 0, NULL_LENGTH);
  const largest = groupsBytes(load<u32>(program, 4), match);
  const target = allocateGroups(block, program, source, length, largest);
  if (target == 0) return text;
  const byteLength = putGroups(program, source, target + <usize>largest, match, target);
  heapReturn(block, <u32>(largest + stateBytesOf(program, length)) - byteLength);
  return makeView(target, byteLength);
}

/** The match behind another, as of `findMatch`; after an empty one goes the next character. */
function matchBehind(program: usize, source: usize, match: i64, length: u32): i64 {
  const end = <u32>match;
  if (<u32>(<u64>match >> 32) != end) return findMatch(program, source, end, length);
  return end >= length ? -1 : findMatch(program, source, nextPlace(source, end, length), length);
}

/** The same of the first match, or of every one with flag g, as an array of arrays. Matches are looked for twice. */
export function regexGroupsOfMatches(block: usize, text: v128, program: usize): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  const groups = load<u32>(program, 4);
  const isGlobal = (load<u32>(program) & GLOBAL) != 0;
  if (!openText(block, program, text)) return text;
  const first = findMatch(program, source, 0, length);
  let count: u32 = 0;
  let bytes: u64 = 0;
  for (let match = first; match >= 0; match = isGlobal ? matchBehind(program, source, match, length) : -1) {
    bytes += groupsBytes(groups, match);
    count++;
  }
  checkSearch(block);
  if (load<i32>(block) != 0) return text;
  searchAgain();
  const largest = arrayBytes(count, ARRAY, bytes);
  const target = allocateGroups(block, program, source, length, largest);
  if (target == 0) return text;
  const state = target + <usize>largest;
  beginArray(target, count, ARRAY, 0, <u32>arrayBytes(count, ARRAY, 0));
  let used: u32 = 0;
  let match = first;
  for (let i: u32 = 0; i < count; i++) {
    used += putGroups(program, source, state, match, bytesOf(target) + used);
    store<u8>(target + i, 1, HEADER_BYTES);
    store<u32>(slotsOf(target) + (<usize>i << 2), used);
    match = matchBehind(program, source, match, length);
  }
  const byteLength = <u32>arrayBytes(count, ARRAY, used);
  heapReturn(block, <u32>(largest + stateBytesOf(program, length)) - byteLength);
  return makeView(target, byteLength);
}
