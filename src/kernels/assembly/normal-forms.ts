// normalize and is_normalized, called by memory (memory-call.ts). Texts whose characters are all settled are in the form; others are
// taken apart, the marks put in order, and put together, after Unicode Standard Annex 15. Too long ones are declined.
//
// The tables of a form (src/functions/scalar/text/normal-form-tables.ts), offsets from their start:
//
//     0 u32 1 of forms that put together    4 u32 how many pages of 128 code points
//     8 u32 offset of blocks                12 u32 offset of decompositions: u32 count, code points
//    16 u32 offset, 20 how many pairs: u32 first, second, what they make; ascending
//    24 u16[pages] the number of its block
//
// A block: u32[128], by character: bits 0-7 rank of the combining class, 8-29 offset of the decomposition, or 0, 30 not settled.
import { characterBytes, codeOf, putCode } from './letter-case';
import { argument, resultOf, returnView } from './memory-call';
import { decline, heapAllocate, heapReturn } from './status';
import { bytesEqual, lengthOf, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const UNSETTLED: u32 = 1 << 30;
// @ts-ignore: decorator
@inline const FIRST_SYLLABLE: u32 = 0xac00;
// @ts-ignore: decorator
@inline const SYLLABLES: u32 = 11172;
// @ts-ignore: decorator
@inline const LEADING: u32 = 0x1100;
// @ts-ignore: decorator
@inline const VOWEL: u32 = 0x1161;
// @ts-ignore: decorator
@inline const TRAILING: u32 = 0x11a7;
// @ts-ignore: decorator
@inline const VOWELS: u32 = 21;
// @ts-ignore: decorator
@inline const TRAILINGS: u32 = 28;
// @ts-ignore: decorator
@inline const LARGEST: u64 = 1 << 28;

function entryOf(code: u32, tables: usize): u32 {
  if (code >> 7 >= load<u32>(tables, 4)) return 0;
  const number: usize = load<u16>(tables + ((code >> 7) << 1), 24);
  return load<u32>(tables + load<u32>(tables, 8) + (number << 9) + ((code & 127) << 2));
}

function isSettled(text: v128, tables: usize): bool {
  const source = pointerOf(text);
  const length = lengthOf(text);
  const putsTogether = load<u32>(tables) != 0;
  for (let i: u32 = 0; i < length; ) {
    const byte = load<u8>(source + i);
    const bytes = byte < 0x80 ? 1 : min(characterBytes(byte), length - i);
    if (byte >= 0x80) {
      const code = codeOf(source + i, bytes);
      if ((entryOf(code, tables) & UNSETTLED) != 0 || (!putsTogether && code - FIRST_SYLLABLE < SYLLABLES)) return false;
    }
    i += bytes;
  }
  return true;
}

/** Code points, with the rank of their class in the highest byte, of the text taken apart; with target 0 only counted. */
function takeApart(text: v128, tables: usize, target: usize): u32 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  let count: u32 = 0;
  for (let i: u32 = 0; i < length; ) {
    const bytes = min(characterBytes(load<u8>(source + i)), length - i);
    const code = codeOf(source + i, bytes);
    i += bytes;
    const syllable = code - FIRST_SYLLABLE;
    if (syllable < SYLLABLES) {
      const trailing = syllable % TRAILINGS;
      if (target != 0) {
        const at = target + (<usize>count << 2);
        store<u32>(at, LEADING + syllable / (VOWELS * TRAILINGS));
        store<u32>(at, VOWEL + (syllable / TRAILINGS) % VOWELS, 4);
        if (trailing != 0) store<u32>(at, TRAILING + trailing, 8);
      }
      count += trailing != 0 ? 3 : 2;
      continue;
    }
    const entry = entryOf(code, tables);
    const offset: usize = (entry >> 8) & 0x3fffff;
    if (offset == 0) {
      if (target != 0) store<u32>(target + (<usize>count << 2), code | (entry << 24));
      count++;
      continue;
    }
    const parts = tables + load<u32>(tables, 12) + offset;
    const partCount = load<u32>(parts);
    for (let k: u32 = 0; k < partCount && target != 0; k++) {
      const part = load<u32>(parts + (<usize>k << 2), 4);
      store<u32>(target + (<usize>(count + k) << 2), part | (entryOf(part, tables) << 24));
    }
    count += partCount;
  }
  return count;
}

/** Marks in the order of their classes, those of one in the order in which they are. */
function putInOrder(codes: usize, count: u32): void {
  for (let i: u32 = 1; i < count; i++) {
    const code = load<u32>(codes + (<usize>i << 2));
    const rank = code >> 24;
    if (rank == 0) continue;
    let k = i;
    while (k > 0 && load<u32>(codes + (<usize>(k - 1) << 2)) >> 24 > rank) {
      store<u32>(codes + (<usize>k << 2), load<u32>(codes + (<usize>(k - 1) << 2)));
      k--;
    }
    store<u32>(codes + (<usize>k << 2), code);
  }
}

/** What two characters make; 0 where they make nothing. */
function joined(first: u32, second: u32, tables: usize): u32 {
  if (first - LEADING < 19 && second - VOWEL < VOWELS) {
    return FIRST_SYLLABLE + ((first - LEADING) * VOWELS + second - VOWEL) * TRAILINGS;
  }
  if (first - FIRST_SYLLABLE < SYLLABLES && (first - FIRST_SYLLABLE) % TRAILINGS == 0 && second - TRAILING - 1 < TRAILINGS - 1) {
    return first + second - TRAILING;
  }
  const pairs = tables + load<u32>(tables, 16);
  const wanted = (<u64>first << 32) | second;
  let low: u32 = 0;
  let high = load<u32>(tables, 20);
  while (low < high) {
    const middle = (low + high) >> 1;
    const pair = pairs + <usize>middle * 12;
    const found = (<u64>load<u32>(pair) << 32) | load<u32>(pair, 4);
    if (found == wanted) return load<u32>(pair, 8);
    if (found < wanted) low = middle + 1;
    else high = middle;
  }
  return 0;
}

/** Puts characters together in place; returns how many are left. */
function putTogether(codes: usize, count: u32, tables: usize): u32 {
  let kept: u32 = 0;
  let starter: i32 = -1;
  // Of what was kept behind the starter.
  let last: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const code = load<u32>(codes + (<usize>i << 2));
    const rank = code >> 24;
    if (starter >= 0) {
      const isBeside = kept == <u32>starter + 1;
      const place = codes + (<usize>starter << 2);
      const made = isBeside || (last < rank && last != 0) ? joined(load<u32>(place), code & 0xffffff, tables) : 0;
      if (made != 0) {
        store<u32>(place, made);
        continue;
      }
    }
    if (rank == 0) starter = <i32>kept;
    last = rank;
    store<u32>(codes + (<usize>kept << 2), code);
    kept++;
  }
  return kept;
}

/** The text in the form, last in the heap, its length in the upper half; 0 with the status set. */
function inForm(block: usize, text: v128, tables: usize): u64 {
  const parts = takeApart(text, tables, 0);
  // Four bytes a character, and as many for its code point.
  const room = (<u64>parts << 3) + 32;
  if (room > LARGEST) {
    decline(block);
    return 0;
  }
  const target = heapAllocate(block, <u32>room);
  if (target == 0) return 0;
  const codes = (target + (<usize>parts << 2) + 31) & ~15;
  takeApart(text, tables, codes);
  putInOrder(codes, parts);
  const count = load<u32>(tables) != 0 ? putTogether(codes, parts, tables) : parts;
  let at = target;
  for (let i: u32 = 0; i < count; i++) at = putCode(at, load<u32>(codes + (<usize>i << 2)) & 0xffffff);
  const written = <u32>(at - target);
  heapReturn(block, <u32>room - ((written + 15) & ~15));
  return (<u64>written << 32) | target;
}

export function textNormalize(block: usize, args: usize, count: u32, tables: usize): void {
  if (tables == 0) return decline(block);
  const text = v128.load(argument(args, 0));
  if (isSettled(text, tables)) return returnView(args, count, pointerOf(text), lengthOf(text));
  const made = inForm(block, text, tables);
  if (made != 0) returnView(args, count, <usize>(made & 0xffffffff), <u32>(made >> 32));
}

export function textIsNormalized(block: usize, args: usize, count: u32, tables: usize): void {
  if (tables == 0) return decline(block);
  const text = v128.load(argument(args, 0));
  let isSame = isSettled(text, tables);
  if (!isSame) {
    const made = inForm(block, text, tables);
    if (made == 0) return;
    const length = <u32>(made >> 32);
    isSame = length == lengthOf(text) && bytesEqual(<usize>(made & 0xffffffff), pointerOf(text), length);
    heapReturn(block, (length + 15) & ~15);
  }
  store<i32>(resultOf(args, count), i32(isSame));
}
