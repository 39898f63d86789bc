// Finding matches of regular expressions. With back references, automata give the places where a match may end; it does where
// it can be taken apart (regex-captures.ts), which is tried by preference.
import {
  ANCHORED,
  beginText,
  collectEnds,
  endsBytes,
  LITERAL,
  longestMatch,
  lookBytes,
  nextPlace,
  REFERS,
  searchMatch,
  shortestMatch,
  SKIPS,
  skipTo,
} from './regex-automaton';
import { clearCaptures, dissect, isExhausted, firstEnd, matchStateBytes, nextEnd, renewSteps, spend, startMatchState } from './regex-captures';

/** Of the text at hand, if the expression has back references: what is captured; 0 otherwise. */
let referring: usize = 0;

/** Bytes that are needed to search a text. */
export function searchBytes(program: usize, length: u32): u64 {
  const looks: u64 = lookBytes(program, length);
  return (load<u32>(program) & REFERS) == 0 ? looks : looks + matchStateBytes(program, length);
}

/** Before a text is searched; `places` has so many bytes. */
export function beginSearch(program: usize, text: usize, length: u32, places: usize): void {
  beginText(program, text, length, places);
  referring = 0;
  if ((load<u32>(program) & REFERS) == 0) return;
  referring = places + lookBytes(program, length);
  startMatchState(referring, program, text, length);
}

/** Were there too many ways to take a text apart? Then nothing was found in it, and TypeScript has to look. */
export function wasTooMuch(): bool {
  return referring != 0 && isExhausted(referring);
}

/** The same text is searched once more, for which there are as many steps as before. */
export function searchAgain(): void {
  if (referring != 0) renewSteps(referring);
}

/** Is there a match? */
export function hasMatch(program: usize, text: usize, length: u32): bool {
  return referring != 0 ? findReferring(program, text, 0, length) >= 0 : searchMatch(program, text, 0, length) >= 0;
}

/** The leftmost match that starts at or after `from`: start in the upper half, end in the lower; -1 when there is none. */
export function findMatch(program: usize, text: usize, from: u32, length: u32): i64 {
  if (referring != 0) return findReferring(program, text, from, length);
  const flags = load<u32>(program);
  const tree = program + load<u32>(program, 36);
  const automaton = program + load<u32>(tree, 8);
  const shortest = load<u32>(tree, 4) != 0;
  let start = from;
  if ((flags & ANCHORED) != 0) {
    if (from > 0) return -1;
  } else {
    const began = searchMatch(program, text, from, length);
    if (began < 0) return -1;
    start = <u32>began;
    if ((flags & LITERAL) != 0) return ((<i64>start) << 32) | (start + load<u32>(program, 16));
  }
  while (true) {
    const stop = shortest
      ? shortestMatch(program, automaton, text, start, start, length, length)
      : longestMatch(program, automaton, text, start, length, length);
    if (stop >= 0) return ((<i64>start) << 32) | stop;
    if (start >= length || (flags & ANCHORED) != 0) return -1;
    start = nextPlace(text, start, length);
    if ((flags & SKIPS) != 0) start = skipTo(program, text, start, length, flags);
  }
}

/** The same of an expression with back references. */
function findReferring(program: usize, text: usize, from: u32, length: u32): i64 {
  const flags = load<u32>(program);
  const state = referring;
  const tree = program + load<u32>(program, 36);
  const automaton = program + load<u32>(tree, 8);
  const shortest = load<u32>(tree, 4) != 0;
  if ((flags & ANCHORED) != 0 && from > 0) return -1;
  const began = searchMatch(program, text, from, length);
  if (began < 0) return -1;
  const bits = <usize>load<u32>(state, 24);
  store<u32>(state, <u32>bits + endsBytes(0, length), 24);
  let found: i64 = -1;
  for (let start = <u32>began; !isExhausted(state); ) {
    const last = collectEnds(program, automaton, text, start, length, length, bits);
    spend(state, last - start);
    for (let end = firstEnd(bits, start, length, shortest); end >= 0; end = nextEnd(bits, start, end, length, shortest)) {
      clearCaptures(state);
      if (!dissect(state, tree, start, end)) continue;
      found = (<i64>start << 32) | end;
      break;
    }
    if (found >= 0 || start >= length || (flags & ANCHORED) != 0) break;
    start = nextPlace(text, start, length);
    if ((flags & SKIPS) != 0) start = skipTo(program, text, start, length, flags);
  }
  store<u32>(state, <u32>bits, 24);
  return isExhausted(state) ? -1 : found;
}
