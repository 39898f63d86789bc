// The steps and predicates of a jsonpath.
import { BROKEN, CANONICAL, elementIn, MISSING, memberIn, partEnd, partStart } from './json-access';
import { isOpening, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './json-characters';
import { compare, startsWith } from './json-path-compare';
import {
  ANY_ELEMENT,
  ANY_KEY,
  AND,
  behindNode,
  COMPARISON,
  DESCENDANTS,
  EXISTS_ANY,
  failPath,
  FALSE,
  FILTER,
  findNothing,
  give,
  giveUp,
  IS_UNKNOWN,
  isLost,
  isPredicate,
  isStopped,
  isStrict,
  isUnforgiving,
  keepRoom,
  KEY,
  LAST,
  LIKE_REGEX,
  LITERAL,
  METHOD,
  NOT,
  PATH,
  push,
  ROOT,
  roomFor,
  STARTS_WITH,
  SUBSCRIPTS,
  takeFailure,
  textOf,
  topOf,
  TRUE,
  truthPart,
  UNARY,
  UNKNOWN,
  VARIABLE,
} from './json-path-machine';
import { entryOf, KEY_VALUE, methodOf, SIZE, TYPE } from './json-path-methods';
import { calculate, changeSigns, giveWhole, wholeIndex } from './json-path-numbers';
import { firstPart, hasPart, MOST_LEVELS, nextPart, skipValue, valueOf } from './json-scan';
import { beginSearch, hasMatch, searchBytes, wasTooMuch } from './regex-search';

/** Puts the items of an expression on the stack. `unwraps`: the elements of arrays in their place. */
export function putItems(machine: usize, node: usize, start: usize, end: usize, unwraps: u32): void {
  const outer = load<u32>(machine, 24);
  const outerCurrent = load<u64>(machine, 56);
  store<u32>(machine, isStrict(machine) ? 0 : unwraps, 24);
  store<u32>(machine, start, 56);
  store<u32>(machine, end, 60);
  const isPath = load<u32>(node) == PATH;
  const head = isPath ? node + 12 : node;
  const count = isPath ? load<u32>(node, 8) : 0;
  const kind = load<u32>(head);
  if (isPredicate(kind) || kind >= LAST) {
    if (isPath) applyToComputed(machine, head, count, start, end);
    else compute(machine, head, start, end);
    return leaveScope(machine, outer, outerCurrent);
  }
  let from = start;
  let to = end;
  if (kind == ROOT) {
    from = load<u32>(machine);
    to = load<u32>(machine, 4);
  } else if (kind == LITERAL) {
    from = head + 12;
    to = from + load<u32>(head, 8);
  } else if (kind == VARIABLE) {
    const variables: usize = load<u32>(machine, 8);
    const part = variables == 0
      ? MISSING
      : memberIn(variables, load<u32>(machine, 12), head + 12, load<u32>(head, 8), CANONICAL);
    // That there is no such variable is an error of the whole query.
    if (part == MISSING || part == BROKEN) return giveUp(machine);
    from = partStart(part);
    to = partEnd(part);
  }
  apply(machine, behindNode(head), count, from, to, true, MOST_LEVELS);
  leaveScope(machine, outer, outerCurrent);
}

// @ts-ignore: decorator
@inline
function leaveScope(machine: usize, unwraps: u32, current: u64): void {
  store<u32>(machine, unwraps, 24);
  store<u64>(machine, current, 56);
}

/** Puts what a predicate is, or an operator gives, on the stack. */
function compute(machine: usize, node: usize, start: usize, end: usize): void {
  const kind = load<u32>(node);
  if (isPredicate(kind)) {
    // What failed before it is no failure of the predicate, and stays one.
    const wasFailed = takeFailure(machine);
    const truth = truthPart(machine, truthOf(machine, node, start, end));
    push(machine, partStart(truth), partEnd(truth));
    if (wasFailed) failPath(machine);
    return;
  }
  if (kind == LAST) return giveWhole(machine, load<u32>(machine, 44) - 1);
  const mark = topOf(machine);
  putItems(machine, node + 12, start, end, 1);
  if (kind == UNARY) return changeSigns(machine, mark, load<u32>(node, 8) != 0);
  const middle = topOf(machine);
  putItems(machine, behindNode(node + 12), start, end, 1);
  calculate(machine, load<u32>(node, 8), mark, middle);
}

/** Steps behind what is computed: its items give way to what the steps find in them. */
function applyToComputed(machine: usize, head: usize, count: u32, start: usize, end: usize): void {
  const mark = topOf(machine);
  const unwraps = load<u32>(machine, 24);
  store<u32>(machine, 0, 24);
  compute(machine, head, start, end);
  store<u32>(machine, unwraps, 24);
  const middle = topOf(machine);
  // What came before an error is looked into all the same.
  const wasFailed = takeFailure(machine);
  for (let item = mark; item < middle; item += 8) {
    apply(machine, behindNode(head), count, load<u32>(item), load<u32>(item, 4), true, MOST_LEVELS);
  }
  if (wasFailed) failPath(machine);
  memory.copy(mark, middle, topOf(machine) - middle);
  store<u32>(machine, mark + (topOf(machine) - middle), 16);
}

/** Gives what the steps find in an item. `unwraps`: an array stands for its elements where the step is not for arrays. */
function apply(machine: usize, step: usize, count: u32, start: usize, end: usize, unwraps: bool, levels: u32): void {
  if (isStopped(machine)) return;
  if (count == 0) return give(machine, start, end);
  const kind = load<u32>(step);
  const first = load<u8>(start);
  const isArray = first == OPEN_BRACKET;
  if (unwraps && isArray && !isStrict(machine) && isForElements(step, kind)) {
    return applyToParts(machine, step, count, start, end, false, levels);
  }
  const next = behindNode(step);
  if (kind == KEY) {
    if (first != OPEN_BRACE) return findNothing(machine);
    const part = memberIn(start, end, step + 12, load<u32>(step, 8), CANONICAL);
    if (part == BROKEN) return giveUp(machine);
    if (part == MISSING) return findNothing(machine);
    apply(machine, next, count - 1, partStart(part), partEnd(part), true, levels);
  } else if (kind == ANY_KEY) {
    if (first == OPEN_BRACE) applyToParts(machine, next, count - 1, start, end, true, levels);
    else findNothing(machine);
  } else if (kind == ANY_ELEMENT) {
    if (isArray) applyToParts(machine, next, count - 1, start, end, true, levels);
    else if (isStrict(machine)) findNothing(machine);
    else apply(machine, next, count - 1, start, end, true, levels);
  } else if (kind == SUBSCRIPTS) {
    for (let i: u32 = 0; i < load<u32>(step, 8); i++) {
      applyToRange(machine, step, i, next, count - 1, start, end, levels);
    }
  } else if (kind == FILTER) {
    if (truthOf(machine, step + 8, start, end) == TRUE) apply(machine, next, count - 1, start, end, true, levels);
  } else if (kind == DESCENDANTS) {
    // Behind them, what would be an error is none.
    const outer = load<u32>(machine, 36);
    store<u32>(machine, 1, 36);
    descend(machine, step, count, start, end, 0, levels);
    store<u32>(machine, outer, 36);
  } else if (load<u32>(step, 8) == KEY_VALUE) {
    applyToEntries(machine, next, count - 1, start, end, levels);
  } else {
    const part = methodOf(machine, step, start, end);
    if (part != MISSING) apply(machine, next, count - 1, partStart(part), partEnd(part), true, levels);
  }
}

/** Does a step take the elements of an array in its place? */
// @ts-ignore: decorator
@inline
function isForElements(step: usize, kind: u32): bool {
  if (kind == METHOD) return load<u32>(step, 8) != TYPE && load<u32>(step, 8) != SIZE;
  return kind == KEY || kind == ANY_KEY || kind == FILTER;
}

/** To an object of the key and the value of each member. */
function applyToEntries(machine: usize, step: usize, count: u32, start: usize, end: usize, levels: u32): void {
  if (load<u8>(start) != OPEN_BRACE) return failPath(machine);
  let at = firstPart(start, end);
  while (hasPart(at, end) && !isStopped(machine)) {
    const value = valueOf(at, end, true);
    const behind = skipValue(value, end);
    if (behind == 0) return giveUp(machine);
    const entry = entryOf(machine, at, value, behind);
    if (entry != MISSING) apply(machine, step, count, partStart(entry), partEnd(entry), true, levels);
    at = nextPart(behind, end);
  }
}

/** To the elements of an array, or to the values of an object. */
function applyToParts(machine: usize, step: usize, count: u32, start: usize, end: usize, unwraps: bool, levels: u32): void {
  const isObject = load<u8>(start) == OPEN_BRACE;
  let at = firstPart(start, end);
  while (hasPart(at, end)) {
    const value = valueOf(at, end, isObject);
    const behind = skipValue(value, end);
    if (behind == 0) return giveUp(machine);
    apply(machine, step, count, value, behind, unwraps, levels);
    at = nextPart(behind, end);
  }
}

// How an index is written.
// @ts-ignore: decorator
@inline const FROM_START: u32 = 0;
// @ts-ignore: decorator
@inline const FROM_END: u32 = 1;

function indexOf(machine: usize, step: usize, index: usize, size: i32, start: usize, end: usize): i32 {
  const written = load<u32>(index);
  if (written == FROM_START) return load<i32>(index, 4);
  if (written == FROM_END) return size - 1 + load<i32>(index, 4);
  const mark = topOf(machine);
  const room = load<u32>(machine, 48);
  const outerSize = load<u32>(machine, 44);
  store<u32>(machine, size, 44);
  putItems(machine, step + load<u32>(index, 4), start, end, 0);
  store<u32>(machine, outerSize, 44);
  const value = isStopped(machine) ? 0 : wholeIndex(machine, mark);
  store<u32>(machine, mark, 16);
  keepRoom(machine, room);
  return value;
}

function applyToRange(
  machine: usize,
  subscripts: usize,
  range: u32,
  step: usize,
  count: u32,
  start: usize,
  end: usize,
  levels: u32,
): void {
  const isArray = load<u8>(start) == OPEN_BRACKET;
  if (!isArray && isStrict(machine)) return findNothing(machine);
  const indexes = subscripts + 12 + (<usize>range << 4);
  let size: i32 = 1;
  if (isArray && (isStrict(machine) || (load<u32>(indexes) | load<u32>(indexes, 8)) != FROM_START)) {
    const found = elementIn(start, end, -1);
    if (found == BROKEN) return giveUp(machine);
    size = <i32>found;
  }
  // `@` is what it is around the path, whatever the steps have come to.
  const from = indexOf(machine, subscripts, indexes, size, load<u32>(machine, 56), load<u32>(machine, 60));
  const first = max(from, 0);
  const last = indexOf(machine, subscripts, indexes + 8, size, load<u32>(machine, 56), load<u32>(machine, 60));
  if (isStopped(machine)) return;
  if (isUnforgiving(machine) && (from < 0 || from > last || last >= size)) return failPath(machine);
  if (!isArray) {
    if (first == 0 && last >= 0) apply(machine, step, count, start, end, true, levels);
    return;
  }
  let at = firstPart(start, end);
  for (let i: i32 = 0; i <= last && hasPart(at, end); i++) {
    const behind = skipValue(at, end);
    if (behind == 0) return giveUp(machine);
    if (i >= first) apply(machine, step, count, at, behind, true, levels);
    at = nextPart(behind, end);
  }
}

/** The item and what is in it, level by level down each branch. */
function descend(machine: usize, step: usize, count: u32, start: usize, end: usize, level: u32, levels: u32): void {
  if (levels == 0) return giveUp(machine);
  const first = load<u32>(step, 8);
  const last = load<u32>(step, 12);
  const byte = load<u8>(start);
  const isNested = isOpening(byte) && hasPart(firstPart(start, end), end);
  // With the last level as the first, only leaves are meant.
  const isIn = first == u32.MAX_VALUE ? !isNested : level >= first && level <= last;
  if (isIn) apply(machine, behindNode(step), count - 1, start, end, true, levels - 1);
  if (level >= last || !isNested) return;
  const isObject = byte == OPEN_BRACE;
  let at = firstPart(start, end);
  while (hasPart(at, end)) {
    const value = valueOf(at, end, isObject);
    const behind = skipValue(value, end);
    if (behind == 0) return giveUp(machine);
    descend(machine, step, count, value, behind, level + 1, levels - 1);
    at = nextPart(behind, end);
  }
}

/** Whether a predicate holds of an item. */
export function truthOf(machine: usize, node: usize, start: usize, end: usize): u32 {
  const kind = load<u32>(node);
  if (kind == COMPARISON || kind == STARTS_WITH || kind == LIKE_REGEX || kind == EXISTS_ANY) {
    // What is found and computed for it is not needed behind it.
    const mark = topOf(machine);
    const room = load<u32>(machine, 48);
    const truth = kind == EXISTS_ANY
      ? truthOfExistence(machine, node + 8, start, end)
      : truthOfItems(machine, node, kind, start, end);
    store<u32>(machine, mark, 16);
    keepRoom(machine, room);
    return truth;
  }
  const left = truthOf(machine, node + 8, start, end);
  if (kind == NOT) return left == UNKNOWN ? UNKNOWN : 1 - left;
  if (kind == IS_UNKNOWN) return u32(left == UNKNOWN);
  const deciding: u32 = kind == AND ? FALSE : TRUE;
  if (left == deciding) return left;
  const right = truthOf(machine, behindNode(node + 8), start, end);
  return right == 1 - deciding ? left : right;
}

/** What is an error in a predicate makes it unknown; of lax paths only before anything is found. */
function truthOfExistence(machine: usize, node: usize, start: usize, end: usize): u32 {
  const mark = topOf(machine);
  putItems(machine, node, start, end, 0);
  const isFound = topOf(machine) > mark;
  const wasFailed = takeFailure(machine);
  return wasFailed && (isStrict(machine) || !isFound) ? UNKNOWN : u32(isFound);
}

function truthOfItems(machine: usize, node: usize, kind: u32, start: usize, end: usize): u32 {
  const mark = topOf(machine);
  const operator = kind == COMPARISON ? load<u32>(node, 8) : 0;
  const left = node + (kind == COMPARISON ? 12 : 8);
  putItems(machine, left, start, end, 1);
  const middle = topOf(machine);
  const right = behindNode(left);
  if (kind != LIKE_REGEX) putItems(machine, right, start, end, 1);
  if (takeFailure(machine) || isLost(machine)) return UNKNOWN;
  return kind == LIKE_REGEX
    ? truthOfMatches(machine, mark, middle, right)
    : truthOfPairs(machine, mark, middle, kind, operator);
}

/** The first pair of items for which it is true decides; in strict mode one for which it is unknown, and all are looked at. */
function truthOfPairs(machine: usize, from: usize, middle: usize, kind: u32, operator: u32): u32 {
  const decides = isStrict(machine) ? UNKNOWN : TRUE;
  let truth: u32 = FALSE;
  for (let left = from; left < middle; left += 8) {
    for (let right = middle; right < topOf(machine); right += 8) {
      const a: usize = load<u32>(left);
      const aEnd: usize = load<u32>(left, 4);
      const b: usize = load<u32>(right);
      const bEnd: usize = load<u32>(right, 4);
      const one = kind == COMPARISON ? compare(operator, a, aEnd, b, bEnd) : startsWith(a, aEnd, b, bEnd);
      if (one == decides) return one;
      truth = joined(truth, one);
    }
  }
  return truth;
}

/** The same of items and a regular expression. */
function truthOfMatches(machine: usize, from: usize, to: usize, program: usize): u32 {
  const decides = isStrict(machine) ? UNKNOWN : TRUE;
  let truth: u32 = FALSE;
  for (let item = from; item < to; item += 8) {
    const start: usize = load<u32>(item);
    let one = UNKNOWN;
    if (load<u8>(start) == QUOTE) {
      const text = textOf(machine, start, load<u32>(item, 4));
      if (text == MISSING) return UNKNOWN;
      one = truthOfMatch(machine, partStart(text), <u32>(partEnd(text) - partStart(text)), program);
      if (isLost(machine)) return UNKNOWN;
    }
    if (one == decides) return one;
    truth = joined(truth, one);
  }
  return truth;
}

function truthOfMatch(machine: usize, text: usize, length: u32, program: usize): u32 {
  const places = roomFor(machine, <usize>min(searchBytes(program, length), <u64>u32.MAX_VALUE));
  if (places == 0) return UNKNOWN;
  beginSearch(program, text, length, places);
  const isFound = hasMatch(program, text, length);
  if (wasTooMuch()) giveUp(machine);
  return u32(isFound);
}

/** Of what does not decide alone: strictly true for one is true, and else unknown for one is unknown. */
// @ts-ignore: decorator
@inline
function joined(truth: u32, one: u32): u32 {
  return one == FALSE ? truth : one;
}
