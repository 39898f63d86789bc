// Parts of frames: rows `from` up to, but without, `to`, that are added to the state `target`.
import { at } from './window-rows';

const EXCLUDE_CURRENT: u32 = 1;
const EXCLUDE_GROUP: u32 = 2;
const EXCLUDE_TIES: u32 = 3;

/** Writes a part of a frame, { u32 from, u32 to, u32 target }, unless it is empty. */
// @ts-ignore: decorator
@inline
export function addPart(parts: usize, from: u32, to: u32, target: u32): usize {
  if (from >= to) return parts;
  store<u32>(parts, from);
  store<u32>(parts + 4, to);
  store<u32>(parts + 8, target);
  return parts + 12;
}

/** The parts, three at most, of the frame from `low` to `high` of row i without what is excluded; the end of them. */
// @ts-ignore: decorator
@inline
export function addFrame(parts: usize, i: u32, low: u32, high: u32, exclude: u32, groups: usize, groupStarts: usize, target: u32): usize {
  if (!exclude) return addPart(parts, low, high, target);
  let first = i;
  let end = i + 1;
  if (exclude != EXCLUDE_CURRENT) {
    const group = at(groups, i);
    first = at(groupStarts, group);
    end = at(groupStarts, group + 1);
  }
  parts = addPart(parts, low, min(high, first), target);
  if (exclude == EXCLUDE_TIES) parts = addPart(parts, max(low, i), min(high, i + 1), target);
  return addPart(parts, max(low, end), high, target);
}
