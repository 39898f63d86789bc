// The first rows of each partition, as far as images of their order keys tell (see sort.ts): rows that cannot be among
// them are left out before anything is kept of them.
//
// What is known of a partition, 8 bytes and 16 an image, zeroed at first:
//   0   u32 images, at most `most`   4   u32 unused
//   8   { u64 word, u32 low, u32 unused } each: a heap, the last in the order at its root

import { exactKeys, saysAll } from './row-compare';

const IMAGES: usize = 8;

/** How rows of equal keys count: each by itself, or all by the first of them, or as one. */
const NUMBERED: u32 = 0;
const DENSE: u32 = 2;

// @ts-ignore: decorator
@inline
function image(state: usize, index: u32): usize {
  return state + IMAGES + (<usize>index << 4);
}

/** Does an image come after another? */
// @ts-ignore: decorator
@inline
function isAfter(at: usize, word: u64, low: u32): bool {
  const other = load<u64>(at);
  return other != word ? other > word : load<u32>(at + 8) > low;
}

// @ts-ignore: decorator
@inline
function isSame(at: usize, word: u64, low: u32): bool {
  return load<u64>(at) == word && load<u32>(at + 8) == low;
}

// @ts-ignore: decorator
@inline
function put(at: usize, word: u64, low: u32): void {
  store<u64>(at, word);
  store<u32>(at + 8, low);
}

function contains(state: usize, count: u32, word: u64, low: u32): bool {
  for (let index: u32 = 0; index < count; index++) if (isSame(image(state, index), word, low)) return true;
  return false;
}

function rise(state: usize, from: u32, word: u64, low: u32): void {
  let index = from;
  while (index) {
    const parent = (index - 1) >> 1;
    const at = image(state, parent);
    if (isAfter(at, word, low) || isSame(at, word, low)) break;
    v128.store(image(state, index), v128.load(at));
    index = parent;
  }
  put(image(state, index), word, low);
}

function sink(state: usize, count: u32, word: u64, low: u32): void {
  let index: u32 = 0;
  for (;;) {
    let child: u32 = 2 * index + 1;
    if (child >= count) break;
    const second = image(state, child + 1);
    if (child + 1 < count && isAfter(second, load<u64>(image(state, child)), load<u32>(image(state, child) + 8))) child++;
    if (!isAfter(image(state, child), word, low)) break;
    v128.store(image(state, index), v128.load(image(state, child)));
    index = child;
  }
  put(image(state, index), word, low);
}

/**
 * Which rows may be among the first `most` of their partitions, given those that came before? `states` are the addresses
 * of what is known of the partitions, `entries` the images; the numbers of these rows are written to `selection`.
 *
 * `mode` 0: each row has a number of its own, so that of rows with equal keys no more are wanted than there is room for.
 * 1: rows of equal keys have one rank. 2: and the next rank follows it, so that only images that differ count.
 */
export function keepBest(descriptor: usize, states: usize, entries: usize, count: u32, most: u32, mode: u32, selection: usize): u32 {
  const hasKeys = load<u32>(descriptor) != 0;
  const exact = exactKeys(descriptor);
  let kept: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const state = <usize>load<u32>(states + (<usize>i << 2));
    const word = load<u64>(entries + (<usize>i << 4));
    const low = load<u32>(entries + (<usize>i << 4) + 12);
    const known = load<u32>(state);
    const root = image(state, 0);
    if (known == most) {
      if (!isAfter(root, word, low)) {
        if (!isSame(root, word, low) || (mode == NUMBERED && (!hasKeys || saysAll(exact, word, low)))) continue;
      } else if (mode != DENSE || !contains(state, known, word, low)) sink(state, known, word, low);
    } else if (mode != DENSE || !contains(state, known, word, low)) {
      store<u32>(state, known + 1);
      rise(state, known, word, low);
    }
    store<u32>(selection + (<usize>kept << 2), i);
    kept++;
  }
  return kept;
}

/** The same for rows that are known already: which of them have not been outdone since? */
export function selectBest(states: usize, entries: usize, count: u32, most: u32, selection: usize): u32 {
  let kept: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const state = <usize>load<u32>(states + (<usize>i << 2));
    const word = load<u64>(entries + (<usize>i << 4));
    const low = load<u32>(entries + (<usize>i << 4) + 12);
    const root = image(state, 0);
    store<u32>(selection + (<usize>kept << 2), i);
    kept += u32(load<u32>(state) < most || isAfter(root, word, low) || isSame(root, word, low));
  }
  return kept;
}
