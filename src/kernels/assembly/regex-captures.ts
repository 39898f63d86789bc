// What the parentheses of a regular expression matched, once the whole match is known. src/functions/regex/match-tree.ts
// tells the rules, regex-program.ts draws the tree, match-regex.ts is the twin.
import { collectEnds, endsBytes, longestMatch, nextPlace, REFERS, shortestMatch } from './regex-automaton';
import { repeatsText } from './regex-references';
import { bytesEqual, countCharacters, isContinuation } from './text-view';

// @ts-ignore: decorator
@inline const LEAF: u32 = 0;
// @ts-ignore: decorator
@inline const CONCAT: u32 = 1;
// @ts-ignore: decorator
@inline const ALTERNATE: u32 = 2;
// @ts-ignore: decorator
@inline const ITERATE: u32 = 3;
// @ts-ignore: decorator
@inline const CAPTURE: u32 = 4;
// @ts-ignore: decorator
@inline const REFERENCE: u32 = 5;

/** Repetitions that may be of empty texts. */
// @ts-ignore: decorator
@inline const MOST_EMPTY: u32 = 256;

/**
 * What all functions here pass on:
 *
 *     0  program, 4 text, 8 its bytes
 *    12  captures   start and end of each, i32 each, -1 for none; number 0 is the whole
 *    16  ends       of iterations: a stack of u32
 *    20  steps      that may still be done, with back references
 *    24  splits     where parts may end, a bit each: a stack
 */
// @ts-ignore: decorator
@inline export const MATCH_STATE_BYTES: u32 = 32;

// @ts-ignore: decorator
@inline function refers(program: usize): bool {
  return (load<u32>(program) & REFERS) != 0;
}

function iterationsBytes(program: usize, length: u32): u64 {
  return <u64>load<u32>(program, 40) * (<u64>length + 4 + (refers(program) ? MOST_EMPTY : 0)) * 4;
}

/** Bytes that captures and iterations need for a text. */
export function matchStateBytes(program: usize, length: u32): u64 {
  const captures = load<u32>(program, 4) + 1;
  return MATCH_STATE_BYTES + (<u64>captures << 3) + iterationsBytes(program, length) + <u64>load<u32>(program, 44) * endsBytes(0, length);
}

export function startMatchState(state: usize, program: usize, text: usize, length: u32): void {
  store<u32>(state, <u32>program);
  store<u32>(state, <u32>text, 4);
  store<u32>(state, length, 8);
  const captures = state + MATCH_STATE_BYTES;
  store<u32>(state, <u32>captures, 12);
  const ends = captures + ((load<u32>(program, 4) + 1) << 3);
  store<u32>(state, <u32>ends, 16);
  renewSteps(state);
  store<u32>(state, <u32>(ends + <usize>iterationsBytes(program, length)), 24);
}

export function renewSteps(state: usize): void {
  store<u32>(state, load<u32>(<usize>load<u32>(state), 352), 20);
}

// @ts-ignore: decorator
@inline export function isExhausted(state: usize): bool {
  return load<u32>(state, 20) == 0;
}

// @ts-ignore: decorator
@inline export function spend(state: usize, steps: u32): void {
  const left = load<u32>(state, 20);
  store<u32>(state, left - min(steps, left), 20);
}

export function clearCaptures(state: usize): void {
  const captures = <usize>load<u32>(state, 12);
  const count = load<u32>(<usize>load<u32>(state), 4);
  for (let i: u32 = 0; i <= count; i++) store<i64>(captures + (<usize>i << 3), -1);
}

/** Of the ends that are noted, the one that is preferred; -1 when there is none. */
export function firstEnd(bits: usize, from: u32, limit: u32, shortest: bool): i32 {
  return shortest ? endFrom(bits, from, from, limit) : endUpTo(bits, from, <i32>limit);
}

/** The next one after it. */
export function nextEnd(bits: usize, from: u32, end: u32, limit: u32, shortest: bool): i32 {
  return shortest ? endFrom(bits, from, end + 1, limit) : endUpTo(bits, from, <i32>end - 1);
}

function endFrom(bits: usize, from: u32, least: u32, limit: u32): i32 {
  if (least > limit) return -1;
  let word = (least - from) >> 6;
  let found = load<u64>(bits + (<usize>word << 3)) & (u64.MAX_VALUE << ((least - from) & 63));
  const last = (limit - from) >> 6;
  while (found == 0) {
    if (word == last) return -1;
    word++;
    found = load<u64>(bits + (<usize>word << 3));
  }
  return <i32>(from + (word << 6) + <u32>ctz(found));
}

function endUpTo(bits: usize, from: u32, most: i32): i32 {
  const distance = most - <i32>from;
  if (distance < 0) return -1;
  let word = distance >> 6;
  let found = load<u64>(bits + (<usize>word << 3)) & (u64.MAX_VALUE >> (63 - (distance & 63)));
  while (found == 0) {
    if (word == 0) return -1;
    word--;
    found = load<u64>(bits + (<usize>word << 3));
  }
  return <i32>from + (word << 6) + 63 - <i32>clz(found);
}

function forget(state: usize, node: usize): void {
  const captures = <usize>load<u32>(state, 12);
  const last = load<u32>(node, 16);
  for (let i = load<u32>(node, 12); i < last; i++) store<i64>(captures + (<usize>i << 3), -1);
}

// @ts-ignore: decorator
@inline function automatonOf(state: usize, node: usize): usize {
  return <usize>load<u32>(state) + load<u32>(node, 8);
}

// @ts-ignore: decorator
@inline function childAt(state: usize, node: usize, index: usize): usize {
  return <usize>load<u32>(state) + load<u32>(node + (index << 2), 28);
}

function matchesExactly(state: usize, node: usize, start: u32, end: u32): bool {
  const program = <usize>load<u32>(state);
  return longestMatch(program, automatonOf(state, node), <usize>load<u32>(state, 4), start, end, load<u32>(state, 8)) == <i32>end;
}

/** The end that the node prefers, within `least … most`; -1 when there is none. */
function choose(state: usize, node: usize, start: u32, least: u32, most: u32): i32 {
  const program = <usize>load<u32>(state);
  const text = <usize>load<u32>(state, 4);
  const length = load<u32>(state, 8);
  const automaton = automatonOf(state, node);
  if (load<u32>(node, 4) != 0) return shortestMatch(program, automaton, text, start, least, most, length);
  const end = longestMatch(program, automaton, text, start, most, length);
  return end >= <i32>least ? end : -1;
}

/** The next choice after one; -1 when there is none. */
function chooseAgain(state: usize, node: usize, start: u32, chosen: u32, limit: u32): i32 {
  if (load<u32>(node, 4) != 0) {
    if (chosen >= limit) return -1;
    return choose(state, node, start, nextPlace(<usize>load<u32>(state, 4), chosen, load<u32>(state, 8)), limit);
  }
  if (chosen <= start) return -1;
  const text = <usize>load<u32>(state, 4);
  let most = chosen - 1;
  while (most > start && isContinuation(load<u8>(text + most))) most--;
  return choose(state, node, start, start, most);
}

/** Notes what was captured in a node that matches from `start` to `end`; false when it cannot be taken apart so. */
export function dissect(state: usize, node: usize, start: u32, end: u32): bool {
  const kind = load<u32>(node);
  if (kind == CAPTURE) {
    if (!dissect(state, childAt(state, node, 0), start, end)) return false;
    const place = <usize>load<u32>(state, 12) + (load<u32>(node, 20) << 3);
    store<u32>(place, start);
    store<u32>(place, end, 4);
    return true;
  }
  if (kind == CONCAT) {
    return refers(<usize>load<u32>(state)) ? dissectReferring(state, node, start, end) : dissectConcat(state, node, start, end);
  }
  if (kind == REFERENCE) return repeatsCapture(state, node, start, end);
  if (kind == ALTERNATE) {
    const count = load<u32>(node, 20);
    for (let i: u32 = 0; i < count; i++) {
      const branch = childAt(state, node, i);
      if (!matchesExactly(state, branch, start, end)) continue;
      if (dissectAnew(state, branch, start, end)) return true;
    }
    return false;
  }
  if (kind == ITERATE) return dissectIterations(state, node, start, end);
  return true;
}

/** The same, and what was captured in the node before, or in vain, is forgotten. */
function dissectAnew(state: usize, node: usize, start: u32, end: u32): bool {
  forget(state, node);
  if (dissect(state, node, start, end)) return true;
  forget(state, node);
  return false;
}

/** Is a text what was captured before, as often as may be? */
function repeatsCapture(state: usize, node: usize, start: u32, end: u32): bool {
  const capture = <usize>load<u32>(state, 12) + (load<u32>(node, 20) << 3);
  const from = load<i32>(capture);
  if (from < 0) return false;
  spend(state, 1 + end - start);
  const program = <usize>load<u32>(state);
  const least = load<u32>(node, 28);
  const unit = load<u32>(capture, 4) - from;
  if (unit == 0) return end == start;
  if (end == start) return least == 0;
  const count = repeatsText(program, <usize>load<u32>(state, 4), from, unit, start, end);
  return count >= max(least, 1) && count <= load<u32>(node, 24);
}

/** Is a node taken apart at no cost? */
function isCaptureAtMost(state: usize, node: usize): bool {
  const kind = load<u32>(node);
  return kind == LEAF || (kind == CAPTURE && load<u32>(childAt(state, node, 0)) == LEAF);
}

/** False where a node begins with a text that was captured, and another stands there. */
function mayRepeat(state: usize, node: usize, start: u32, end: u32): bool {
  spend(state, 1);
  const program = <usize>load<u32>(state);
  if (load<u32>(node) != CONCAT || load<u32>(program, 348) != 0) return true;
  const first = childAt(state, node, 0);
  if (load<u32>(first) != REFERENCE || load<u32>(first, 28) == 0) return true;
  const capture = <usize>load<u32>(state, 12) + (load<u32>(first, 20) << 3);
  const from = load<i32>(capture);
  if (from < 0) return false;
  const text = <usize>load<u32>(state, 4);
  const unit = load<u32>(capture, 4) - from;
  return unit <= end - start && bytesEqual(text + from, text + start, unit);
}

/** Is the right what the left captures, once? */
function isSquare(left: usize, right: usize): bool {
  if (load<u32>(left) != CAPTURE || load<u32>(left, 20) != load<u32>(right, 20)) return false;
  return load<u32>(right, 28) == 1 && load<u32>(right, 24) == 1;
}

/** Then there is but one place for them to meet. */
function dissectSquare(state: usize, left: usize, right: usize, start: u32, end: u32): bool {
  const half = (end - start) >> 1;
  const text = <usize>load<u32>(state, 4) + start;
  spend(state, 1 + half);
  if (half << 1 != end - start || !bytesEqual(text, text + half, half)) return false;
  if (!matchesExactly(state, left, start, start + half)) return false;
  return dissectAnew(state, left, start, start + half) && dissectAnew(state, right, start + half, end);
}

/** With back references a part may fail: then the next place is tried. */
function dissectReferring(state: usize, node: usize, start: u32, end: u32): bool {
  const program = <usize>load<u32>(state);
  const text = <usize>load<u32>(state, 4);
  const length = load<u32>(state, 8);
  const left = childAt(state, node, 0);
  const right = childAt(state, node, 1);
  const shortest = load<u32>(left, 4) != 0;
  // What repeats a text is matched by whatever matched that, if case counts.
  const isImplied = load<u32>(right) == REFERENCE && load<u32>(program, 348) == 0;
  if (isImplied && isSquare(left, right)) return dissectSquare(state, left, right, start, end);
  const isPlain = isCaptureAtMost(state, left);
  const bits = <usize>load<u32>(state, 24);
  store<u32>(state, <u32>bits + endsBytes(start, end), 24);
  spend(state, 1 + collectEnds(program, automatonOf(state, left), text, start, end, length, bits) - start);
  let isDone = false;
  let middle = firstEnd(bits, start, end, shortest);
  while (middle >= 0 && !isExhausted(state)) {
    isDone =
      (isPlain || isImplied || matchesExactly(state, right, middle, end)) &&
      dissectAnew(state, left, start, middle) &&
      // What is cheap is asked first.
      (!isPlain || isImplied || (mayRepeat(state, right, middle, end) && matchesExactly(state, right, middle, end))) &&
      dissectAnew(state, right, middle, end);
    if (isDone) break;
    middle = nextEnd(bits, start, middle, end, shortest);
  }
  store<u32>(state, <u32>bits, 24);
  return isDone;
}

function dissectConcat(state: usize, node: usize, start: u32, end: u32): bool {
  const left = childAt(state, node, 0);
  const right = childAt(state, node, 1);
  let middle = choose(state, left, start, start, end);
  while (middle >= 0) {
    if (matchesExactly(state, right, middle, end)) {
      forget(state, left);
      forget(state, right);
      if (dissect(state, left, start, middle) && dissect(state, right, middle, end)) return true;
    }
    middle = chooseAgain(state, left, start, middle, end);
  }
  return false;
}

/**
 * Divides the text among repetitions, each as its child prefers; none is empty unless that is needed to have as many as there
 * must be. The ends are kept in a list, so that the last can be chosen anew where those after it fail.
 */
function dissectIterations(state: usize, node: usize, start: u32, end: u32): bool {
  const child = childAt(state, node, 0);
  const program = <usize>load<u32>(state);
  const fails = refers(program);
  const least = load<u32>(node, 20);
  const needed = max(least, 1);
  if (start == end && least == 0 && load<u32>(child, 4) != 0) return true;
  const ends = <usize>load<u32>(state, 16);
  // Nested iterations keep theirs behind: there are at most as many as bytes, and the start, and what is empty.
  store<u32>(state, <u32>ends + ((end - start + 3 + least) << 2), 16);
  const most = max(min(load<u32>(node, 24), end - start), needed);
  store<u32>(ends, start);
  let count: u32 = 1;
  let chosen = choose(state, child, start, start, end);
  let isDone = false;
  while (!fails || !isExhausted(state)) {
    const before = load<u32>(ends + (<usize>(count - 1) << 2));
    if (chosen < 0) {
      count--;
      if (count == 0) break;
      const previous = load<u32>(ends + (<usize>(count - 1) << 2));
      chosen = chooseAgain(state, child, previous, load<u32>(ends + (<usize>count << 2)), end);
      continue;
    }
    store<u32>(ends + (<usize>count << 2), <u32>chosen);
    if (fails) spend(state, 1 + chosen - before);
    if (<u32>chosen == end) {
      isDone = count >= needed && dissectAnew(state, child, before, end);
      if (isDone) break;
    } else if (
      count < most &&
      (<u32>chosen != before || needsEmpty(state, needed, count, before, end)) &&
      // Only what the last repetition captures is kept: without back references none of them fails.
      (!fails || dissectAnew(state, child, before, chosen))
    ) {
      count++;
      chosen = choose(state, child, chosen, chosen, end);
      continue;
    }
    chosen = chooseAgain(state, child, before, chosen, end);
  }
  store<u32>(state, <u32>ends, 16);
  if (isDone) return true;
  forget(state, child);
  return start == end && least == 0;
}

/** Must a repetition be empty, as there are fewer characters than repetitions? */
function needsEmpty(state: usize, needed: u32, count: u32, at: u32, end: u32): bool {
  if (count >= needed) return false;
  return needed - count >= countCharacters(<usize>load<u32>(state, 4) + at, end - at);
}
