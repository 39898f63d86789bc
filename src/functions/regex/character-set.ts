/** A set of code points: inclusive ranges `[from, to, from, to …]`, ascending, neither overlapping nor adjacent. */
export type CharacterSet = readonly number[];

export const LAST_CODE_POINT = 0x10ffff;
export const EVERYTHING: CharacterSet = [0, LAST_CODE_POINT];
export const NEWLINE: CharacterSet = [0x0a, 0x0a];

/** Of ranges in any order. */
export function setOfRanges(ranges: readonly (readonly [number, number])[]): CharacterSet {
  const sorted = [...ranges].sort((left, right) => left[0] - right[0]);
  const set: number[] = [];
  for (const [from, to] of sorted) {
    const last = set.length - 1;
    if (last > 0 && from <= set[last]! + 1) set[last] = Math.max(set[last]!, to);
    else set.push(from, to);
  }
  return set;
}

export function union(...sets: readonly CharacterSet[]): CharacterSet {
  return setOfRanges(sets.flatMap(rangesOf));
}

export function complement(set: CharacterSet): CharacterSet {
  const result: number[] = [];
  let next = 0;
  for (let at = 0; at < set.length; at += 2) {
    if (set[at]! > next) result.push(next, set[at]! - 1);
    next = set[at + 1]! + 1;
  }
  if (next <= LAST_CODE_POINT) result.push(next, LAST_CODE_POINT);
  return result;
}

export function without(set: CharacterSet, taken: CharacterSet): CharacterSet {
  return complement(union(complement(set), taken));
}

export function contains(set: CharacterSet, codePoint: number): boolean {
  let low = 0;
  let high = set.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (set[middle * 2 + 1]! < codePoint) low = middle + 1;
    else high = middle;
  }
  return low * 2 < set.length && set[low * 2]! <= codePoint;
}

export function rangesOf(set: CharacterSet): [number, number][] {
  const ranges: [number, number][] = [];
  for (let at = 0; at < set.length; at += 2) ranges.push([set[at]!, set[at + 1]!]);
  return ranges;
}
