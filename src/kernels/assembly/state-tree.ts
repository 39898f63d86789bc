import { addPart } from './frame-part';

/*
 * A tree of states over the rows of a segment: state k of level 0 has rows 16k to 16k + 15, state k of each level above
 * it states 16k to 16k + 15 of the one below. Descriptor, u32 each:
 *   0 bytes of a state   4 levels   8 the states of level 0   12 those of level 1 …
 */
const TREE_STATES: usize = 8;
/** Shorter parts are not worth looking into the tree. */
const LEAST_TREE_PART: u32 = 64;
/** No part of a frame is made of more states. */
const MOST_PART_STATES: u32 = 256;

export function longestPart(parts: usize, partCount: u32): u32 {
  let longest: u32 = 0;
  for (let p: u32 = 0; p < partCount; p++) {
    const part = parts + <usize>p * 12;
    longest = max(longest, load<u32>(part + 4) - load<u32>(part));
  }
  return longest;
}

/**
 * Divides parts into states of a tree and rows beside them. `cursor` is { u32 part to go on with, u32 parts of rows that
 * were written to `rest`, u32 pairs that were written to `targets` and `sources` }, of which there are `limit` at most.
 */
export function divideParts(tree: usize, parts: usize, partCount: u32, cursor: usize, limit: u32, rest: usize, targets: usize, sources: usize): void {
  const stride = load<u32>(tree);
  const levels = load<u32>(tree + 4);
  let part = load<u32>(cursor);
  let end = rest;
  let pairs: u32 = 0;
  for (; part < partCount && pairs + MOST_PART_STATES <= limit; part++) {
    const entry = parts + <usize>part * 12;
    const from = load<u32>(entry);
    const to = load<u32>(entry + 4);
    const target = load<u32>(entry + 8);
    if (to - from < LEAST_TREE_PART) {
      end = addPart(end, from, to, target);
      continue;
    }
    let first = (from + 15) >> 4;
    let last = to >> 4;
    end = addPart(end, from, first << 4, target);
    end = addPart(end, last << 4, to, target);
    for (let level: u32 = 0; first < last; level++) {
      const states = load<u32>(tree + TREE_STATES + (<usize>level << 2));
      const isTop = level + 1 == levels;
      const nextFirst = isTop ? last : (first + 15) >> 4;
      const nextLast = isTop ? last : last >> 4;
      const isShort = !isTop && nextFirst >= nextLast;
      const leftEnd = isTop || isShort ? last : nextFirst << 4;
      for (let node = first; node < leftEnd; node++, pairs++) {
        store<u32>(targets + (<usize>pairs << 2), target);
        store<u32>(sources + (<usize>pairs << 2), states + node * stride);
      }
      if (isTop || isShort) break;
      for (let node = nextLast << 4; node < last; node++, pairs++) {
        store<u32>(targets + (<usize>pairs << 2), target);
        store<u32>(sources + (<usize>pairs << 2), states + node * stride);
      }
      first = nextFirst;
      last = nextLast;
    }
  }
  store<u32>(cursor, part);
  store<u32>(cursor + 4, <u32>(end - rest) / 12);
  store<u32>(cursor + 8, pairs);
}

/** The 16 states below of each of the states `from` to `to` of a level, and these as what they are added to. */
export function treeLinks(below: u32, states: u32, stride: u32, from: u32, to: u32, targets: usize, sources: usize): void {
  let pair: usize = 0;
  for (let node = from; node < to; node++) {
    for (let child: u32 = 0; child < 16; child++, pair += 4) {
      store<u32>(targets + pair, states + node * stride);
      store<u32>(sources + pair, below + ((node << 4) + child) * stride);
    }
  }
}

/** parts[k] = rows 16 (from + k) to the 16th after it, of state `from + k`. */
export function treeParts(states: u32, stride: u32, from: u32, to: u32, parts: usize): void {
  let end = parts;
  for (let node = from; node < to; node++) end = addPart(end, node << 4, (node + 1) << 4, states + node * stride);
}
