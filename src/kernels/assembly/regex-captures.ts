// What the parentheses of a regular expression matched, once the whole match is known. src/functions/regex/match-tree.ts
// tells the rules, regex-program.ts draws the tree, match-regex.ts is the twin.
import { longestMatch, nextPlace, shortestMatch } from './regex-automaton';
import { isContinuation } from './text-view';

// @ts-ignore: decorator
@inline const CONCAT: u32 = 1;
// @ts-ignore: decorator
@inline const ALTERNATE: u32 = 2;
// @ts-ignore: decorator
@inline const ITERATE: u32 = 3;
// @ts-ignore: decorator
@inline const CAPTURE: u32 = 4;

/**
 * What all functions here pass on:
 *
 *     0  program, 4 text, 8 its bytes
 *    12  captures   start and end of each, i32 each, -1 for none; number 0 is the whole
 *    16  ends       of iterations: a stack of u32
 */
// @ts-ignore: decorator
@inline export const MATCH_STATE_BYTES: u32 = 24;

/** Bytes that captures and iterations need for a text. */
export function matchStateBytes(program: usize, length: u32): u64 {
  const captures = load<u32>(program, 4) + 1;
  return MATCH_STATE_BYTES + (<u64>captures << 3) + <u64>load<u32>(program, 40) * (<u64>length + 4) * 4;
}

export function startMatchState(state: usize, program: usize, text: usize, length: u32): void {
  store<u32>(state, <u32>program);
  store<u32>(state, <u32>text, 4);
  store<u32>(state, length, 8);
  const captures = state + MATCH_STATE_BYTES;
  store<u32>(state, <u32>captures, 12);
  store<u32>(state, <u32>(captures + ((load<u32>(program, 4) + 1) << 3)), 16);
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
  if (kind == CONCAT) return dissectConcat(state, node, start, end);
  if (kind == ALTERNATE) {
    const count = load<u32>(node, 20);
    for (let i: u32 = 0; i < count; i++) {
      const branch = childAt(state, node, i);
      if (!matchesExactly(state, branch, start, end)) continue;
      forget(state, branch);
      if (dissect(state, branch, start, end)) return true;
    }
    return false;
  }
  if (kind == ITERATE) return dissectIterations(state, node, start, end);
  return true;
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
 * Divides the text among repetitions, each as its child prefers; none is empty but the last that is needed. The ends are
 * kept in a list, so that the last can be chosen anew where those after it fail.
 */
function dissectIterations(state: usize, node: usize, start: u32, end: u32): bool {
  const child = childAt(state, node, 0);
  const least = load<u32>(node, 20);
  if (start == end && least == 0 && load<u32>(child, 4) != 0) return true;
  const ends = <usize>load<u32>(state, 16);
  // Nested iterations keep theirs behind: there are at most as many as bytes, and the start.
  store<u32>(state, <u32>ends + ((end - start + 3) << 2), 16);
  const most = max(min(load<u32>(node, 24), end - start), 1);
  store<u32>(ends, start);
  let count: u32 = 1;
  let chosen = choose(state, child, start, start, end);
  let isDone = false;
  while (true) {
    const before = load<u32>(ends + (<usize>(count - 1) << 2));
    if (chosen < 0) {
      count--;
      if (count == 0) break;
      const previous = load<u32>(ends + (<usize>(count - 1) << 2));
      chosen = chooseAgain(state, child, previous, load<u32>(ends + (<usize>count << 2)), end);
      continue;
    }
    store<u32>(ends + (<usize>count << 2), <u32>chosen);
    if (<u32>chosen != end && count < most && <u32>chosen != before) {
      count++;
      chosen = choose(state, child, chosen, chosen, end);
      continue;
    }
    if (<u32>chosen == end) {
      // Only what the last repetition captures is kept: without back references none of them fails.
      forget(state, child);
      isDone = dissect(state, child, before, end);
      if (isDone) break;
    }
    chosen = chooseAgain(state, child, before, chosen, end);
  }
  store<u32>(state, <u32>ends, 16);
  if (isDone) return true;
  forget(state, child);
  return start == end && least == 0;
}
