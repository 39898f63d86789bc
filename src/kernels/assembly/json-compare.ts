// jsonb values beside each other, as texts: equal strings are equal texts, and the keys of objects are in order.
import { CLOSE_BRACE, isNumber, isOpening, MINUS, OPEN_BRACE, OPEN_BRACKET, POINT, ZERO } from './json-characters';
import { firstPart, hasPart, MOST_LEVELS, nextPart, skipValue, stringEnd, valueOfKey } from './json-scan';
import { decline } from './status';
import { bytesEqual, lengthOf, pointerOf } from './text-view';

/** The point of a number, or where it ends. */
function pointIn(start: usize, end: usize): usize {
  let at = start;
  while (at < end && load<u8>(at) != POINT) at++;
  return at;
}

/** Has a number no digit but zeros? */
export function isZero(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) if (load<u8>(at) - 0x31 < 9) return false;
  return true;
}

/** Below, at or above zero; the numbers have no exponents. */
export function compareNumbers(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  const aSign = isZero(a, aEnd) ? 0 : load<u8>(a) == MINUS ? -1 : 1;
  const bSign = isZero(b, bEnd) ? 0 : load<u8>(b) == MINUS ? -1 : 1;
  if (aSign != bSign || aSign == 0) return aSign - bSign;
  let left = aSign < 0 ? a + 1 : a;
  let right = aSign < 0 ? b + 1 : b;
  const aPoint = pointIn(left, aEnd);
  const bPoint = pointIn(right, bEnd);
  if (aPoint - left != bPoint - right) return aPoint - left < bPoint - right ? -aSign : aSign;
  // Points are at the same place, and zeros may follow the shorter.
  while (left < aEnd || right < bEnd) {
    const one: u8 = left < aEnd && left != aPoint ? load<u8>(left) : ZERO;
    const other: u8 = right < bEnd && right != bPoint ? load<u8>(right) : ZERO;
    if (one != other) return one < other ? -aSign : aSign;
    left++;
    right++;
  }
  return 0;
}

function equalScalars(a: usize, aEnd: usize, b: usize, bEnd: usize): bool {
  const first = load<u8>(a);
  if (isNumber(first)) return isNumber(load<u8>(b)) && compareNumbers(a, aEnd, b, bEnd) == 0;
  return aEnd - a == bEnd - b && bytesEqual(a, b, <u32>(aEnd - a));
}

/** 1, 0, or -1 where it is not known: see `containsJson` in json-tree.ts. `levels` are left. */
function contains(a: usize, aEnd: usize, b: usize, bEnd: usize, isTop: bool, levels: u32): i32 {
  if (levels == 0 || a >= aEnd || b >= bEnd) return -1;
  const first = load<u8>(a);
  const wanted = load<u8>(b);
  if (first == OPEN_BRACE) return wanted == OPEN_BRACE ? containsMembers(a, aEnd, b, bEnd, levels) : 0;
  if (first == OPEN_BRACKET) {
    if (wanted == OPEN_BRACKET) return containsElements(a, aEnd, b, bEnd, levels);
    return isTop && wanted != OPEN_BRACE ? hasMatch(a, aEnd, b, bEnd, levels) : 0;
  }
  return i32(!isOpening(wanted) && equalScalars(a, aEnd, b, bEnd));
}

/** Keys of both are in the same order, so that each object is gone through once. */
function containsMembers(a: usize, aEnd: usize, b: usize, bEnd: usize, levels: u32): i32 {
  let own = firstPart(a, aEnd);
  let wanted = firstPart(b, bEnd);
  while (hasPart(wanted, bEnd)) {
    const part = valueOfKey(wanted, bEnd);
    const partEnd = skipValue(part, bEnd);
    if (partEnd == 0) return -1;
    let found: i32 = 0;
    let isSame = false;
    while (!isSame) {
      if (own >= aEnd) return -1;
      if (load<u8>(own) == CLOSE_BRACE) return 0;
      const value = valueOfKey(own, aEnd);
      const valueEnd = skipValue(value, aEnd);
      if (valueEnd == 0) return -1;
      isSame = isSameString(own, wanted, aEnd, bEnd);
      if (isSame) found = contains(value, valueEnd, part, partEnd, false, levels - 1);
      own = nextPart(valueEnd, aEnd);
    }
    if (found != 1) return found;
    wanted = nextPart(partEnd, bEnd);
  }
  return wanted < bEnd ? 1 : -1;
}

function isSameString(a: usize, b: usize, aEnd: usize, bEnd: usize): bool {
  const length = stringEnd(a + 1, aEnd) - a;
  return length == stringEnd(b + 1, bEnd) - b && bytesEqual(a, b, <u32>length);
}

function containsElements(a: usize, aEnd: usize, b: usize, bEnd: usize, levels: u32): i32 {
  let wanted = firstPart(b, bEnd);
  while (hasPart(wanted, bEnd)) {
    const wantedEnd = skipValue(wanted, bEnd);
    if (wantedEnd == 0) return -1;
    const found = hasMatch(a, aEnd, wanted, wantedEnd, levels);
    if (found != 1) return found;
    wanted = nextPart(wantedEnd, bEnd);
  }
  return wanted < bEnd ? 1 : -1;
}

/** Does an element of the array `a` match? Arrays match arrays, and objects objects, that they contain. */
function hasMatch(a: usize, aEnd: usize, b: usize, bEnd: usize, levels: u32): i32 {
  const first = load<u8>(b);
  const nested = isOpening(first);
  let own = firstPart(a, aEnd);
  while (hasPart(own, aEnd)) {
    const ownEnd = skipValue(own, aEnd);
    if (ownEnd == 0) return -1;
    if (nested ? load<u8>(own) == first : !isOpening(load<u8>(own))) {
      const found = nested
        ? contains(own, ownEnd, b, bEnd, false, levels - 1)
        : i32(equalScalars(own, ownEnd, b, bEnd));
      if (found != 0) return found;
    }
    own = nextPart(ownEnd, aEnd);
  }
  return own < aEnd ? 0 : -1;
}

/** jsonb @> jsonb. */
export function jsonContains(block: usize, json: v128, wanted: v128): i32 {
  const end = pointerOf(json) + lengthOf(json);
  const wantedEnd = pointerOf(wanted) + lengthOf(wanted);
  const found = contains(pointerOf(json), end, pointerOf(wanted), wantedEnd, true, MOST_LEVELS);
  if (found < 0) decline(block);
  return found;
}

/** jsonb <@ jsonb. */
export function jsonIsContained(block: usize, wanted: v128, json: v128): i32 {
  return jsonContains(block, json, wanted);
}
