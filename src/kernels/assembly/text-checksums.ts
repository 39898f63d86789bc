// SHA-1 (FIPS 180-4) and CRC-32 of texts and bytes.

import { heapAllocate, heapReturn } from './status';
import { putHex } from './text-encodings';
import { lengthOf, makeView, pointerOf } from './text-view';

const BLOCK_BYTES: u32 = 64;
/** The schedule of a block of SHA-1: 80 words. */
const SCHEDULE_BYTES: u32 = 320;
const STATE_BYTES: u32 = 20;
const WORK_BYTES: u32 = STATE_BYTES + SCHEDULE_BYTES + 2 * BLOCK_BYTES;

// @ts-ignore: decorator
@inline
function mixedSha1(step: u32, b: u32, c: u32, d: u32): u32 {
  if (step < 20) return (d ^ (b & (c ^ d))) + 0x5a827999;
  if (step < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (step < 60) return ((b & c) | (d & (b | c))) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

/** Digests `count` blocks; `state` is five u32, `words` the room for a schedule. */
function digestSha1(state: usize, words: usize, blocks: usize, count: u32): void {
  for (let block: u32 = 0; block < count; block++) {
    const at = blocks + block * BLOCK_BYTES;
    for (let i: u32 = 0; i < 64; i += 4) store<u32>(words + i, bswap<u32>(load<u32>(at + i)));
    for (let i: u32 = 64; i < SCHEDULE_BYTES; i += 4) {
      const word =
        load<u32>(words + i - 12) ^ load<u32>(words + i - 32) ^ load<u32>(words + i - 56) ^ load<u32>(words + i - 64);
      store<u32>(words + i, rotl<u32>(word, 1));
    }
    let a = load<u32>(state);
    let b = load<u32>(state, 4);
    let c = load<u32>(state, 8);
    let d = load<u32>(state, 12);
    let e = load<u32>(state, 16);
    for (let step: u32 = 0; step < 80; step++) {
      const next = rotl<u32>(a, 5) + mixedSha1(step, b, c, d) + e + load<u32>(words + (step << 2));
      e = d;
      d = c;
      c = rotl<u32>(b, 30);
      b = a;
      a = next;
    }
    store<u32>(state, load<u32>(state) + a);
    store<u32>(state, load<u32>(state, 4) + b, 4);
    store<u32>(state, load<u32>(state, 8) + c, 8);
    store<u32>(state, load<u32>(state, 12) + d, 12);
    store<u32>(state, load<u32>(state, 16) + e, 16);
  }
}

/** In hexadecimal. Behind the digits the heap holds state, schedule and the last one or two blocks, which are given back. */
export function textSha1(block: usize, text: v128): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  const rest = length & (BLOCK_BYTES - 1);
  const lastBlocks: u32 = rest < BLOCK_BYTES - 8 ? 1 : 2;
  const target = heapAllocate(block, 2 * STATE_BYTES + WORK_BYTES);
  if (target == 0) return text;
  const state = target + 2 * STATE_BYTES;
  const words = state + STATE_BYTES;
  const last = words + SCHEDULE_BYTES;
  store<u32>(state, 0x67452301);
  store<u32>(state, 0xefcdab89, 4);
  store<u32>(state, 0x98badcfe, 8);
  store<u32>(state, 0x10325476, 12);
  store<u32>(state, 0xc3d2e1f0, 16);
  digestSha1(state, words, source, length / BLOCK_BYTES);
  memory.copy(last, source + (length - rest), rest);
  memory.fill(last + rest, 0, lastBlocks * BLOCK_BYTES - rest);
  store<u8>(last + rest, 0x80);
  store<u64>(last + lastBlocks * BLOCK_BYTES - 8, bswap<u64>(<u64>length << 3));
  digestSha1(state, words, last, lastBlocks);
  for (let i: u32 = 0; i < STATE_BYTES; i += 4) store<u32>(state + i, bswap<u32>(load<u32>(state + i)));
  putHex(target, state, STATE_BYTES);
  heapReturn(block, WORK_BYTES);
  return makeView(target, 2 * STATE_BYTES);
}

/** The remainder by a polynomial with its bits reversed: 0xedb88320 for CRC-32, 0x82f63b78 for CRC-32C. */
export function textChecksum(text: v128, polynomial: u32): i64 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  let rest: u32 = 0xffffffff;
  for (let i: u32 = 0; i < length; i++) {
    rest ^= load<u8>(source + i);
    for (let bit: u32 = 0; bit < 8; bit++) rest = (rest >> 1) ^ (polynomial & (0 - (rest & 1)));
  }
  return <i64>(<u64>~rest);
}
