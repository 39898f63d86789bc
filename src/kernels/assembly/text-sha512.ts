// SHA-512 and SHA-384 (FIPS 180-4), called by memory (memory-call.ts). Their constants come from the function, at
// `constants`: u64 words, 8 each that the states of SHA-384 and SHA-512 begin with, then those of the 80 rounds.
import { argument, resultOf } from './memory-call';
import { heapAllocate, heapReturn } from './status';
import { makeView } from './text-view';

const BLOCK_BYTES: u32 = 128;
const STATE_BYTES: u32 = 64;
/** The schedule of a block: 80 words. */
const SCHEDULE_BYTES: u32 = 640;
export const SHA512_WORK_BYTES: u32 = STATE_BYTES + SCHEDULE_BYTES + 2 * BLOCK_BYTES;

/** Digests `count` blocks; `state` is eight u64, `words` the room for a schedule. */
function digestSha512(state: usize, words: usize, blocks: usize, count: u32, rounds: usize): void {
  let at = blocks;
  for (let block: u32 = 0; block < count; block++, at += BLOCK_BYTES) {
    for (let i: u32 = 0; i < 128; i += 8) store<u64>(words + i, bswap<u64>(load<u64>(at + i)));
    for (let i: u32 = 128; i < SCHEDULE_BYTES; i += 8) {
      const early = load<u64>(words + i - 120);
      const late = load<u64>(words + i - 16);
      const small0 = rotr<u64>(early, 1) ^ rotr<u64>(early, 8) ^ (early >> 7);
      const small1 = rotr<u64>(late, 19) ^ rotr<u64>(late, 61) ^ (late >> 6);
      store<u64>(words + i, load<u64>(words + i - 128) + small0 + load<u64>(words + i - 56) + small1);
    }
    let a = load<u64>(state);
    let b = load<u64>(state, 8);
    let c = load<u64>(state, 16);
    let d = load<u64>(state, 24);
    let e = load<u64>(state, 32);
    let f = load<u64>(state, 40);
    let g = load<u64>(state, 48);
    let h = load<u64>(state, 56);
    for (let i: u32 = 0; i < SCHEDULE_BYTES; i += 8) {
      const big1 = rotr<u64>(e, 14) ^ rotr<u64>(e, 18) ^ rotr<u64>(e, 41);
      const first = h + big1 + ((e & f) ^ (~e & g)) + load<u64>(rounds + i) + load<u64>(words + i);
      const big0 = rotr<u64>(a, 28) ^ rotr<u64>(a, 34) ^ rotr<u64>(a, 39);
      const second = big0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = d + first;
      d = c;
      c = b;
      b = a;
      a = first + second;
    }
    store<u64>(state, load<u64>(state) + a);
    store<u64>(state, load<u64>(state, 8) + b, 8);
    store<u64>(state, load<u64>(state, 16) + c, 16);
    store<u64>(state, load<u64>(state, 24) + d, 24);
    store<u64>(state, load<u64>(state, 32) + e, 32);
    store<u64>(state, load<u64>(state, 40) + f, 40);
    store<u64>(state, load<u64>(state, 48) + g, 48);
    store<u64>(state, load<u64>(state, 56) + h, 56);
  }
}

/** The digest of 64 bytes at `work`, of `SHA512_WORK_BYTES`; of SHA-384, the first 48 of them count. */
export function putSha512(work: usize, source: usize, length: u32, isShort: bool, constants: usize): void {
  const words = work + STATE_BYTES;
  const last = words + SCHEDULE_BYTES;
  const rounds = constants + 2 * STATE_BYTES;
  const rest = length & (BLOCK_BYTES - 1);
  const lastBlocks: u32 = rest < BLOCK_BYTES - 16 ? 1 : 2;
  memory.copy(work, constants + (isShort ? 0 : STATE_BYTES), STATE_BYTES);
  digestSha512(work, words, source, length / BLOCK_BYTES, rounds);
  memory.copy(last, source + (length - rest), rest);
  memory.fill(last + rest, 0, lastBlocks * BLOCK_BYTES - rest);
  store<u8>(last + rest, 0x80);
  store<u64>(last + lastBlocks * BLOCK_BYTES - 8, bswap<u64>(<u64>length << 3));
  digestSha512(work, words, last, lastBlocks, rounds);
  for (let i: u32 = 0; i < STATE_BYTES; i += 8) store<u64>(work + i, bswap<u64>(load<u64>(work + i)));
}

function digestOf(block: usize, args: usize, count: u32, byteLength: u32, constants: usize): void {
  const bytes = argument(args, 0);
  const target = heapAllocate(block, SHA512_WORK_BYTES);
  if (target == 0) return;
  putSha512(target, load<u32>(bytes, 4), load<u32>(bytes), byteLength == 48, constants);
  heapReturn(block, SHA512_WORK_BYTES - byteLength);
  v128.store(resultOf(args, count), makeView(target, byteLength));
}

export function bytesSha384(block: usize, args: usize, count: u32, constants: usize): void {
  digestOf(block, args, count, 48, constants);
}

export function bytesSha512(block: usize, args: usize, count: u32, constants: usize): void {
  digestOf(block, args, count, 64, constants);
}
