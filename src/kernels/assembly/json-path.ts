// The steps and predicates of a jsonpath.
import { BROKEN, CANONICAL, elementIn, MISSING, memberIn, partEnd, partStart } from './json-access';
import { isOpening, OPEN_BRACE, OPEN_BRACKET } from './json-characters';
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
  isStopped,
  isStrict,
  KEY,
  LITERAL,
  NOT,
  PATH,
  ROOT,
  STARTS_WITH,
  SUBSCRIPTS,
  takeFailure,
  topOf,
  TRUE,
  UNKNOWN,
  VARIABLE,
} from './json-path-machine';
import { firstPart, hasPart, MOST_LEVELS, nextPart, skipValue, valueOf } from './json-scan';

/** Puts the items of an expression on the stack. `unwraps`: the elements of arrays in their place. */
export function putItems(machine: usize, node: usize, start: usize, end: usize, unwraps: u32): void {
  const outer = load<u32>(machine, 24);
  store<u32>(machine, isStrict(machine) ? 0 : unwraps, 24);
  const isPath = load<u32>(node) == PATH;
  const head = isPath ? node + 12 : node;
  const kind = load<u32>(head);
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
  apply(machine, behindNode(head), isPath ? load<u32>(node, 8) : 0, from, to, true, MOST_LEVELS);
  store<u32>(machine, outer, 24);
}

/** Gives what the steps find in an item. `unwraps`: an array stands for its elements where the step is not for arrays. */
function apply(machine: usize, step: usize, count: u32, start: usize, end: usize, unwraps: bool, levels: u32): void {
  if (isStopped(machine)) return;
  if (count == 0) return give(machine, start, end);
  const kind = load<u32>(step);
  const first = load<u8>(start);
  const isArray = first == OPEN_BRACKET;
  if (unwraps && isArray && !isStrict(machine) && (kind == KEY || kind == ANY_KEY || kind == FILTER)) {
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
    else if (isStrict(machine)) failPath(machine);
    else apply(machine, next, count - 1, start, end, true, levels);
  } else if (kind == SUBSCRIPTS) {
    for (let i: u32 = 0; i < load<u32>(step, 8); i++) {
      applyToRange(machine, step + 12 + (<usize>i << 4), next, count - 1, start, end, levels);
    }
  } else if (kind == FILTER) {
    if (truthOf(machine, step + 8, start, end) == TRUE) apply(machine, next, count - 1, start, end, true, levels);
  } else if (kind == DESCENDANTS) {
    // Behind them, what would be an error is none.
    if (isStrict(machine)) return giveUp(machine);
    descend(machine, step, count, start, end, 0, levels);
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

// @ts-ignore: decorator
@inline
function indexOf(subscript: usize, size: i32): i32 {
  return load<u32>(subscript) != 0 ? size - 1 + load<i32>(subscript, 4) : load<i32>(subscript, 4);
}

function applyToRange(
  machine: usize,
  subscript: usize,
  step: usize,
  count: u32,
  start: usize,
  end: usize,
  levels: u32,
): void {
  const isArray = load<u8>(start) == OPEN_BRACKET;
  let size: i32 = 1;
  if (isArray && (isStrict(machine) || (load<u32>(subscript) | load<u32>(subscript, 8)) != 0)) {
    const found = elementIn(start, end, -1);
    if (found == BROKEN) return giveUp(machine);
    size = <i32>found;
  }
  const from = indexOf(subscript, size);
  const first = max(from, 0);
  const last = indexOf(subscript + 8, size);
  if (isStrict(machine) && (!isArray || from < 0 || from > last || last >= size)) return failPath(machine);
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
  const mark = topOf(machine);
  if (kind == COMPARISON || kind == STARTS_WITH) {
    const operator = kind == COMPARISON ? load<u32>(node, 8) : 0;
    const left = node + (kind == COMPARISON ? 12 : 8);
    putItems(machine, left, start, end, 1);
    const middle = topOf(machine);
    putItems(machine, behindNode(left), start, end, 1);
    // What is an error in a predicate makes it unknown.
    const isUnknown = takeFailure(machine) || isLost(machine);
    const truth = isUnknown ? UNKNOWN : truthOfPairs(machine, mark, middle, kind, operator);
    store<u32>(machine, mark, 16);
    return truth;
  }
  if (kind == EXISTS_ANY) {
    putItems(machine, node + 8, start, end, 0);
    const isFound = topOf(machine) > mark;
    store<u32>(machine, mark, 16);
    return takeFailure(machine) ? UNKNOWN : u32(isFound);
  }
  const left = truthOf(machine, node + 8, start, end);
  if (kind == NOT) return left == UNKNOWN ? UNKNOWN : 1 - left;
  if (kind == IS_UNKNOWN) return u32(left == UNKNOWN);
  const deciding: u32 = kind == AND ? FALSE : TRUE;
  if (left == deciding) return left;
  const right = truthOf(machine, behindNode(node + 8), start, end);
  return right == 1 - deciding ? left : right;
}

/** The first pair of items for which it is true decides; in strict mode one for which it is unknown, and all are looked at. */
function truthOfPairs(machine: usize, from: usize, middle: usize, kind: u32, operator: u32): u32 {
  let truth: u32 = FALSE;
  for (let left = from; left < middle; left += 8) {
    for (let right = middle; right < topOf(machine); right += 8) {
      const a: usize = load<u32>(left);
      const aEnd: usize = load<u32>(left, 4);
      const b: usize = load<u32>(right);
      const bEnd: usize = load<u32>(right, 4);
      const one = kind == COMPARISON ? compare(operator, a, aEnd, b, bEnd) : startsWith(a, aEnd, b, bEnd);
      const decides = isStrict(machine) ? UNKNOWN : TRUE;
      if (one == decides) return one;
      if (one != FALSE) truth = one;
    }
  }
  return truth;
}
