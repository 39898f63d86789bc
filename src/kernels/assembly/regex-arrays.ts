// Functions of regular expressions that give arrays of texts, for generated code: see regex.ts.
import { arrayBytes, beginArray, putElement, putNull } from './nested-access';
import { findMatch, nextPlace } from './regex-automaton';
import { dissect, matchStateBytes, startMatchState } from './regex-captures';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';
import { TEXT } from './value-tags';

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
  // Every match ends behind the one before.
  const largest = <u32>arrayBytes(length + 1, TEXT, length);
  const placesBytes = length << 3;
  const target = heapAllocate(block, largest + placesBytes);
  if (target == 0) return text;
  const places = target + largest;
  const matches = findParting(program, source, length, places);
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

/** What the parentheses of the first match have matched, or the whole of it where there are none; NULL without a match. */
export function regexGroups(block: usize, text: v128, program: usize): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  const match = findMatch(program, source, 0, length);
  if (match < 0) return i64x2.replace_lane(i64x2.splat(0), 0, NULL_LENGTH);
  const start = <u32>(<u64>match >> 32);
  const groups = load<u32>(program, 4);
  if (groups == 0) {
    const byteLength = <u32>arrayBytes(1, TEXT, <u32>match - start);
    const target = heapAllocate(block, byteLength);
    if (target == 0) return text;
    beginArray(target, 1, TEXT, 0, byteLength);
    putElement(target, 0, source + start, <u32>match - start);
    return makeView(target, byteLength);
  }
  const stateBytes = matchStateBytes(program, length);
  // Parentheses may lie within each other: each part may be as long as the match.
  const largest = arrayBytes(groups, TEXT, <u64>groups * <u64>(<u32>match - start));
  if (stateBytes + largest > LARGEST_STATE) {
    decline(block);
    return text;
  }
  const target = heapAllocate(block, <u32>(largest + stateBytes));
  if (target == 0) return text;
  const state = target + <usize>largest;
  startMatchState(state, program, source, length);
  const captures = <usize>load<u32>(state, 12);
  for (let i: u32 = 0; i <= groups; i++) store<i64>(captures + (<usize>i << 3), -1);
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
  heapReturn(block, <u32>(largest + stateBytes) - byteLength);
  return makeView(target, byteLength);
}
