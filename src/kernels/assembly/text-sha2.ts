// SHA-256 and SHA-224 (FIPS 180-4) of texts and bytes. The 64 rounds are written out, since kernels have no data
// segments that their constants could lie in.

import { argument, resultOf, setNullResult } from './memory-call';
import { heapAllocate, heapReturn } from './status';
import { putHex } from './text-encodings';
import { putSha512, SHA512_WORK_BYTES } from './text-sha512';
import { lengthOf, makeView, pointerOf } from './text-view';

const BLOCK_BYTES: u32 = 64;
/** The schedule of a block: 64 words. */
const SCHEDULE_BYTES: u32 = 256;
const STATE_BYTES: u32 = 32;
const WORK_BYTES: u32 = STATE_BYTES + SCHEDULE_BYTES + 2 * BLOCK_BYTES;

// @ts-ignore: decorator
@inline
function bigSigma1(word: u32): u32 {
  return rotr<u32>(word, 6) ^ rotr<u32>(word, 11) ^ rotr<u32>(word, 25);
}

/** The sum of a round: e, f, g and h with the word and the constant of the round. */
// @ts-ignore: decorator
@inline
function mixed(e: u32, f: u32, g: u32, h: u32, word: u32): u32 {
  return h + bigSigma1(e) + (g ^ (e & (f ^ g))) + word;
}

// @ts-ignore: decorator
@inline
function majority(a: u32, b: u32, c: u32): u32 {
  return (rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)) + ((a & b) | (c & (a | b)));
}

function schedule(words: usize, block: usize): void {
  for (let i: u32 = 0; i < 64; i += 4) store<u32>(words + i, bswap<u32>(load<u32>(block + i)));
  for (let i: u32 = 64; i < SCHEDULE_BYTES; i += 4) {
    const early = load<u32>(words + i - 60);
    const late = load<u32>(words + i - 8);
    const small0 = rotr<u32>(early, 7) ^ rotr<u32>(early, 18) ^ (early >> 3);
    const small1 = rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >> 10);
    store<u32>(words + i, load<u32>(words + i - 64) + small0 + load<u32>(words + i - 28) + small1);
  }
}

/** Digests `count` blocks; `state` is eight u32, `words` the room for a schedule. */
function digestSha256(state: usize, words: usize, blocks: usize, count: u32): void {
  let at = blocks;
  for (let block: u32 = 0; block < count; block++, at += BLOCK_BYTES) {
    schedule(words, at);
    let a = load<u32>(state);
    let b = load<u32>(state, 4);
    let c = load<u32>(state, 8);
    let d = load<u32>(state, 12);
    let e = load<u32>(state, 16);
    let f = load<u32>(state, 20);
    let g = load<u32>(state, 24);
    let h = load<u32>(state, 28);
    h = mixed(e, f, g, h, load<u32>(words, 0) + 0x428a2f98);
    d += h;
    h += majority(a, b, c);
    g = mixed(d, e, f, g, load<u32>(words, 4) + 0x71374491);
    c += g;
    g += majority(h, a, b);
    f = mixed(c, d, e, f, load<u32>(words, 8) + 0xb5c0fbcf);
    b += f;
    f += majority(g, h, a);
    e = mixed(b, c, d, e, load<u32>(words, 12) + 0xe9b5dba5);
    a += e;
    e += majority(f, g, h);
    d = mixed(a, b, c, d, load<u32>(words, 16) + 0x3956c25b);
    h += d;
    d += majority(e, f, g);
    c = mixed(h, a, b, c, load<u32>(words, 20) + 0x59f111f1);
    g += c;
    c += majority(d, e, f);
    b = mixed(g, h, a, b, load<u32>(words, 24) + 0x923f82a4);
    f += b;
    b += majority(c, d, e);
    a = mixed(f, g, h, a, load<u32>(words, 28) + 0xab1c5ed5);
    e += a;
    a += majority(b, c, d);
    h = mixed(e, f, g, h, load<u32>(words, 32) + 0xd807aa98);
    d += h;
    h += majority(a, b, c);
    g = mixed(d, e, f, g, load<u32>(words, 36) + 0x12835b01);
    c += g;
    g += majority(h, a, b);
    f = mixed(c, d, e, f, load<u32>(words, 40) + 0x243185be);
    b += f;
    f += majority(g, h, a);
    e = mixed(b, c, d, e, load<u32>(words, 44) + 0x550c7dc3);
    a += e;
    e += majority(f, g, h);
    d = mixed(a, b, c, d, load<u32>(words, 48) + 0x72be5d74);
    h += d;
    d += majority(e, f, g);
    c = mixed(h, a, b, c, load<u32>(words, 52) + 0x80deb1fe);
    g += c;
    c += majority(d, e, f);
    b = mixed(g, h, a, b, load<u32>(words, 56) + 0x9bdc06a7);
    f += b;
    b += majority(c, d, e);
    a = mixed(f, g, h, a, load<u32>(words, 60) + 0xc19bf174);
    e += a;
    a += majority(b, c, d);
    h = mixed(e, f, g, h, load<u32>(words, 64) + 0xe49b69c1);
    d += h;
    h += majority(a, b, c);
    g = mixed(d, e, f, g, load<u32>(words, 68) + 0xefbe4786);
    c += g;
    g += majority(h, a, b);
    f = mixed(c, d, e, f, load<u32>(words, 72) + 0x0fc19dc6);
    b += f;
    f += majority(g, h, a);
    e = mixed(b, c, d, e, load<u32>(words, 76) + 0x240ca1cc);
    a += e;
    e += majority(f, g, h);
    d = mixed(a, b, c, d, load<u32>(words, 80) + 0x2de92c6f);
    h += d;
    d += majority(e, f, g);
    c = mixed(h, a, b, c, load<u32>(words, 84) + 0x4a7484aa);
    g += c;
    c += majority(d, e, f);
    b = mixed(g, h, a, b, load<u32>(words, 88) + 0x5cb0a9dc);
    f += b;
    b += majority(c, d, e);
    a = mixed(f, g, h, a, load<u32>(words, 92) + 0x76f988da);
    e += a;
    a += majority(b, c, d);
    h = mixed(e, f, g, h, load<u32>(words, 96) + 0x983e5152);
    d += h;
    h += majority(a, b, c);
    g = mixed(d, e, f, g, load<u32>(words, 100) + 0xa831c66d);
    c += g;
    g += majority(h, a, b);
    f = mixed(c, d, e, f, load<u32>(words, 104) + 0xb00327c8);
    b += f;
    f += majority(g, h, a);
    e = mixed(b, c, d, e, load<u32>(words, 108) + 0xbf597fc7);
    a += e;
    e += majority(f, g, h);
    d = mixed(a, b, c, d, load<u32>(words, 112) + 0xc6e00bf3);
    h += d;
    d += majority(e, f, g);
    c = mixed(h, a, b, c, load<u32>(words, 116) + 0xd5a79147);
    g += c;
    c += majority(d, e, f);
    b = mixed(g, h, a, b, load<u32>(words, 120) + 0x06ca6351);
    f += b;
    b += majority(c, d, e);
    a = mixed(f, g, h, a, load<u32>(words, 124) + 0x14292967);
    e += a;
    a += majority(b, c, d);
    h = mixed(e, f, g, h, load<u32>(words, 128) + 0x27b70a85);
    d += h;
    h += majority(a, b, c);
    g = mixed(d, e, f, g, load<u32>(words, 132) + 0x2e1b2138);
    c += g;
    g += majority(h, a, b);
    f = mixed(c, d, e, f, load<u32>(words, 136) + 0x4d2c6dfc);
    b += f;
    f += majority(g, h, a);
    e = mixed(b, c, d, e, load<u32>(words, 140) + 0x53380d13);
    a += e;
    e += majority(f, g, h);
    d = mixed(a, b, c, d, load<u32>(words, 144) + 0x650a7354);
    h += d;
    d += majority(e, f, g);
    c = mixed(h, a, b, c, load<u32>(words, 148) + 0x766a0abb);
    g += c;
    c += majority(d, e, f);
    b = mixed(g, h, a, b, load<u32>(words, 152) + 0x81c2c92e);
    f += b;
    b += majority(c, d, e);
    a = mixed(f, g, h, a, load<u32>(words, 156) + 0x92722c85);
    e += a;
    a += majority(b, c, d);
    h = mixed(e, f, g, h, load<u32>(words, 160) + 0xa2bfe8a1);
    d += h;
    h += majority(a, b, c);
    g = mixed(d, e, f, g, load<u32>(words, 164) + 0xa81a664b);
    c += g;
    g += majority(h, a, b);
    f = mixed(c, d, e, f, load<u32>(words, 168) + 0xc24b8b70);
    b += f;
    f += majority(g, h, a);
    e = mixed(b, c, d, e, load<u32>(words, 172) + 0xc76c51a3);
    a += e;
    e += majority(f, g, h);
    d = mixed(a, b, c, d, load<u32>(words, 176) + 0xd192e819);
    h += d;
    d += majority(e, f, g);
    c = mixed(h, a, b, c, load<u32>(words, 180) + 0xd6990624);
    g += c;
    c += majority(d, e, f);
    b = mixed(g, h, a, b, load<u32>(words, 184) + 0xf40e3585);
    f += b;
    b += majority(c, d, e);
    a = mixed(f, g, h, a, load<u32>(words, 188) + 0x106aa070);
    e += a;
    a += majority(b, c, d);
    h = mixed(e, f, g, h, load<u32>(words, 192) + 0x19a4c116);
    d += h;
    h += majority(a, b, c);
    g = mixed(d, e, f, g, load<u32>(words, 196) + 0x1e376c08);
    c += g;
    g += majority(h, a, b);
    f = mixed(c, d, e, f, load<u32>(words, 200) + 0x2748774c);
    b += f;
    f += majority(g, h, a);
    e = mixed(b, c, d, e, load<u32>(words, 204) + 0x34b0bcb5);
    a += e;
    e += majority(f, g, h);
    d = mixed(a, b, c, d, load<u32>(words, 208) + 0x391c0cb3);
    h += d;
    d += majority(e, f, g);
    c = mixed(h, a, b, c, load<u32>(words, 212) + 0x4ed8aa4a);
    g += c;
    c += majority(d, e, f);
    b = mixed(g, h, a, b, load<u32>(words, 216) + 0x5b9cca4f);
    f += b;
    b += majority(c, d, e);
    a = mixed(f, g, h, a, load<u32>(words, 220) + 0x682e6ff3);
    e += a;
    a += majority(b, c, d);
    h = mixed(e, f, g, h, load<u32>(words, 224) + 0x748f82ee);
    d += h;
    h += majority(a, b, c);
    g = mixed(d, e, f, g, load<u32>(words, 228) + 0x78a5636f);
    c += g;
    g += majority(h, a, b);
    f = mixed(c, d, e, f, load<u32>(words, 232) + 0x84c87814);
    b += f;
    f += majority(g, h, a);
    e = mixed(b, c, d, e, load<u32>(words, 236) + 0x8cc70208);
    a += e;
    e += majority(f, g, h);
    d = mixed(a, b, c, d, load<u32>(words, 240) + 0x90befffa);
    h += d;
    d += majority(e, f, g);
    c = mixed(h, a, b, c, load<u32>(words, 244) + 0xa4506ceb);
    g += c;
    c += majority(d, e, f);
    b = mixed(g, h, a, b, load<u32>(words, 248) + 0xbef9a3f7);
    f += b;
    b += majority(c, d, e);
    a = mixed(f, g, h, a, load<u32>(words, 252) + 0xc67178f2);
    e += a;
    a += majority(b, c, d);
    store<u32>(state, load<u32>(state) + a);
    store<u32>(state, load<u32>(state, 4) + b, 4);
    store<u32>(state, load<u32>(state, 8) + c, 8);
    store<u32>(state, load<u32>(state, 12) + d, 12);
    store<u32>(state, load<u32>(state, 16) + e, 16);
    store<u32>(state, load<u32>(state, 20) + f, 20);
    store<u32>(state, load<u32>(state, 24) + g, 24);
    store<u32>(state, load<u32>(state, 28) + h, 28);
  }
}

function beginState(state: usize, short: bool): void {
  store<u32>(state, short ? 0xc1059ed8 : 0x6a09e667, 0);
  store<u32>(state, short ? 0x367cd507 : 0xbb67ae85, 4);
  store<u32>(state, short ? 0x3070dd17 : 0x3c6ef372, 8);
  store<u32>(state, short ? 0xf70e5939 : 0xa54ff53a, 12);
  store<u32>(state, short ? 0xffc00b31 : 0x510e527f, 16);
  store<u32>(state, short ? 0x68581511 : 0x9b05688c, 20);
  store<u32>(state, short ? 0x64f98fa7 : 0x1f83d9ab, 24);
  store<u32>(state, short ? 0xbefa4fa4 : 0x5be0cd19, 28);
}

/**
 * The digest of 224 or 256 bits, as bytes in the heap; 0, with the status set, when there is no room. Behind it lie the
 * schedule and the last one or two blocks, `workBytes` in all, which the caller gives back.
 */
function sha256Of(block: usize, text: v128, short: bool, resultBytes: u32): usize {
  const source = pointerOf(text);
  const length = lengthOf(text);
  const rest = length & (BLOCK_BYTES - 1);
  const lastBlocks: u32 = rest < BLOCK_BYTES - 8 ? 1 : 2;
  const target = heapAllocate(block, resultBytes + WORK_BYTES);
  if (target == 0) return 0;
  const state = target + resultBytes;
  const words = state + STATE_BYTES;
  const last = words + SCHEDULE_BYTES;
  beginState(state, short);
  digestSha256(state, words, source, length / BLOCK_BYTES);
  memory.copy(last, source + (length - rest), rest);
  memory.fill(last + rest, 0, lastBlocks * BLOCK_BYTES - rest);
  store<u8>(last + rest, 0x80);
  store<u64>(last + lastBlocks * BLOCK_BYTES - 8, bswap<u64>(<u64>length << 3));
  digestSha256(state, words, last, lastBlocks);
  for (let i: u32 = 0; i < STATE_BYTES; i += 4) store<u32>(state + i, bswap<u32>(load<u32>(state + i)));
  return target;
}

/** sha256 and sha224: the digest as `byteLength` bytes. */
export function bytesSha256(block: usize, text: v128, byteLength: u32): v128 {
  const target = sha256Of(block, text, byteLength == 28, byteLength);
  if (target == 0) return text;
  memory.copy(target, target + byteLength, byteLength);
  heapReturn(block, WORK_BYTES);
  return makeView(target, byteLength);
}

/** sha2(x, bits), called by memory: the digest in hexadecimal; NULL of bits for which there is none. */
export function textSha2(block: usize, args: usize, count: u32, constants: usize): void {
  const text = v128.load(argument(args, 0));
  const bits = load<i32>(argument(args, 1));
  const result = resultOf(args, count);
  if (bits == 384 || bits == 512) {
    const byteLength = <u32>bits >> 3;
    const target = heapAllocate(block, (byteLength << 1) + SHA512_WORK_BYTES);
    if (target == 0) return;
    const work = target + (byteLength << 1);
    putSha512(work, pointerOf(text), lengthOf(text), bits == 384, constants);
    putHex(target, work, byteLength);
    heapReturn(block, SHA512_WORK_BYTES);
    v128.store(result, makeView(target, byteLength << 1));
  } else if (bits == 0 || bits == 224 || bits == 256) {
    const byteLength: u32 = bits == 224 ? 28 : 32;
    const target = sha256Of(block, text, bits == 224, byteLength << 1);
    if (target == 0) return;
    putHex(target, target + (byteLength << 1), byteLength);
    heapReturn(block, WORK_BYTES);
    v128.store(result, makeView(target, byteLength << 1));
  } else setNullResult(args, count);
}
