// MD5 (RFC 1321) of texts, in hexadecimal.

import { heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

const BLOCK_BYTES: u32 = 64;
const HEX_BYTES: u32 = 32;

// The four kinds of steps, of 16 each.

// @ts-ignore: decorator
@inline
function mix(a: u32, b: u32, c: u32, d: u32, word: u32, shift: u32, sine: u32): u32 {
  return b + rotl<u32>(a + (d ^ (b & (c ^ d))) + word + sine, shift);
}

// @ts-ignore: decorator
@inline
function choose(a: u32, b: u32, c: u32, d: u32, word: u32, shift: u32, sine: u32): u32 {
  return b + rotl<u32>(a + (c ^ (d & (b ^ c))) + word + sine, shift);
}

// @ts-ignore: decorator
@inline
function parity(a: u32, b: u32, c: u32, d: u32, word: u32, shift: u32, sine: u32): u32 {
  return b + rotl<u32>(a + (b ^ c ^ d) + word + sine, shift);
}

// @ts-ignore: decorator
@inline
function spread(a: u32, b: u32, c: u32, d: u32, word: u32, shift: u32, sine: u32): u32 {
  return b + rotl<u32>(a + (c ^ (b | ~d)) + word + sine, shift);
}

/** Digests `count` blocks; `state` is four u32. */
function digest(state: usize, blocks: usize, count: u32): void {
  let sumA = load<u32>(state);
  let sumB = load<u32>(state, 4);
  let sumC = load<u32>(state, 8);
  let sumD = load<u32>(state, 12);
  let at = blocks;
  for (let block: u32 = 0; block < count; block++, at += BLOCK_BYTES) {
    let a = sumA;
    let b = sumB;
    let c = sumC;
    let d = sumD;
    a = mix(a, b, c, d, load<u32>(at, 0), 7, 0xd76aa478);
    d = mix(d, a, b, c, load<u32>(at, 4), 12, 0xe8c7b756);
    c = mix(c, d, a, b, load<u32>(at, 8), 17, 0x242070db);
    b = mix(b, c, d, a, load<u32>(at, 12), 22, 0xc1bdceee);
    a = mix(a, b, c, d, load<u32>(at, 16), 7, 0xf57c0faf);
    d = mix(d, a, b, c, load<u32>(at, 20), 12, 0x4787c62a);
    c = mix(c, d, a, b, load<u32>(at, 24), 17, 0xa8304613);
    b = mix(b, c, d, a, load<u32>(at, 28), 22, 0xfd469501);
    a = mix(a, b, c, d, load<u32>(at, 32), 7, 0x698098d8);
    d = mix(d, a, b, c, load<u32>(at, 36), 12, 0x8b44f7af);
    c = mix(c, d, a, b, load<u32>(at, 40), 17, 0xffff5bb1);
    b = mix(b, c, d, a, load<u32>(at, 44), 22, 0x895cd7be);
    a = mix(a, b, c, d, load<u32>(at, 48), 7, 0x6b901122);
    d = mix(d, a, b, c, load<u32>(at, 52), 12, 0xfd987193);
    c = mix(c, d, a, b, load<u32>(at, 56), 17, 0xa679438e);
    b = mix(b, c, d, a, load<u32>(at, 60), 22, 0x49b40821);
    a = choose(a, b, c, d, load<u32>(at, 4), 5, 0xf61e2562);
    d = choose(d, a, b, c, load<u32>(at, 24), 9, 0xc040b340);
    c = choose(c, d, a, b, load<u32>(at, 44), 14, 0x265e5a51);
    b = choose(b, c, d, a, load<u32>(at, 0), 20, 0xe9b6c7aa);
    a = choose(a, b, c, d, load<u32>(at, 20), 5, 0xd62f105d);
    d = choose(d, a, b, c, load<u32>(at, 40), 9, 0x02441453);
    c = choose(c, d, a, b, load<u32>(at, 60), 14, 0xd8a1e681);
    b = choose(b, c, d, a, load<u32>(at, 16), 20, 0xe7d3fbc8);
    a = choose(a, b, c, d, load<u32>(at, 36), 5, 0x21e1cde6);
    d = choose(d, a, b, c, load<u32>(at, 56), 9, 0xc33707d6);
    c = choose(c, d, a, b, load<u32>(at, 12), 14, 0xf4d50d87);
    b = choose(b, c, d, a, load<u32>(at, 32), 20, 0x455a14ed);
    a = choose(a, b, c, d, load<u32>(at, 52), 5, 0xa9e3e905);
    d = choose(d, a, b, c, load<u32>(at, 8), 9, 0xfcefa3f8);
    c = choose(c, d, a, b, load<u32>(at, 28), 14, 0x676f02d9);
    b = choose(b, c, d, a, load<u32>(at, 48), 20, 0x8d2a4c8a);
    a = parity(a, b, c, d, load<u32>(at, 20), 4, 0xfffa3942);
    d = parity(d, a, b, c, load<u32>(at, 32), 11, 0x8771f681);
    c = parity(c, d, a, b, load<u32>(at, 44), 16, 0x6d9d6122);
    b = parity(b, c, d, a, load<u32>(at, 56), 23, 0xfde5380c);
    a = parity(a, b, c, d, load<u32>(at, 4), 4, 0xa4beea44);
    d = parity(d, a, b, c, load<u32>(at, 16), 11, 0x4bdecfa9);
    c = parity(c, d, a, b, load<u32>(at, 28), 16, 0xf6bb4b60);
    b = parity(b, c, d, a, load<u32>(at, 40), 23, 0xbebfbc70);
    a = parity(a, b, c, d, load<u32>(at, 52), 4, 0x289b7ec6);
    d = parity(d, a, b, c, load<u32>(at, 0), 11, 0xeaa127fa);
    c = parity(c, d, a, b, load<u32>(at, 12), 16, 0xd4ef3085);
    b = parity(b, c, d, a, load<u32>(at, 24), 23, 0x04881d05);
    a = parity(a, b, c, d, load<u32>(at, 36), 4, 0xd9d4d039);
    d = parity(d, a, b, c, load<u32>(at, 48), 11, 0xe6db99e5);
    c = parity(c, d, a, b, load<u32>(at, 60), 16, 0x1fa27cf8);
    b = parity(b, c, d, a, load<u32>(at, 8), 23, 0xc4ac5665);
    a = spread(a, b, c, d, load<u32>(at, 0), 6, 0xf4292244);
    d = spread(d, a, b, c, load<u32>(at, 28), 10, 0x432aff97);
    c = spread(c, d, a, b, load<u32>(at, 56), 15, 0xab9423a7);
    b = spread(b, c, d, a, load<u32>(at, 20), 21, 0xfc93a039);
    a = spread(a, b, c, d, load<u32>(at, 48), 6, 0x655b59c3);
    d = spread(d, a, b, c, load<u32>(at, 12), 10, 0x8f0ccc92);
    c = spread(c, d, a, b, load<u32>(at, 40), 15, 0xffeff47d);
    b = spread(b, c, d, a, load<u32>(at, 4), 21, 0x85845dd1);
    a = spread(a, b, c, d, load<u32>(at, 32), 6, 0x6fa87e4f);
    d = spread(d, a, b, c, load<u32>(at, 60), 10, 0xfe2ce6e0);
    c = spread(c, d, a, b, load<u32>(at, 24), 15, 0xa3014314);
    b = spread(b, c, d, a, load<u32>(at, 52), 21, 0x4e0811a1);
    a = spread(a, b, c, d, load<u32>(at, 16), 6, 0xf7537e82);
    d = spread(d, a, b, c, load<u32>(at, 44), 10, 0xbd3af235);
    c = spread(c, d, a, b, load<u32>(at, 8), 15, 0x2ad7d2bb);
    b = spread(b, c, d, a, load<u32>(at, 36), 21, 0xeb86d391);
    sumA += a;
    sumB += b;
    sumC += c;
    sumD += d;
  }
  store<u32>(state, sumA);
  store<u32>(state, sumB, 4);
  store<u32>(state, sumC, 8);
  store<u32>(state, sumD, 12);
}

// @ts-ignore: decorator
@inline
function hexDigit(value: u32): u8 {
  return <u8>(value < 10 ? 0x30 + value : 0x57 + value);
}

/** The hash as 32 digits. Behind them the heap holds the state and the last one or two blocks, which are given back. */
export function textMd5(block: usize, text: v128): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  const rest = length & (BLOCK_BYTES - 1);
  const lastBlocks: u32 = rest < BLOCK_BYTES - 8 ? 1 : 2;
  const workBytes = 16 + 2 * BLOCK_BYTES;
  const target = heapAllocate(block, HEX_BYTES + workBytes);
  if (target == 0) return text;
  const state = target + HEX_BYTES;
  const last = state + 16;
  store<u32>(state, 0x67452301);
  store<u32>(state, 0xefcdab89, 4);
  store<u32>(state, 0x98badcfe, 8);
  store<u32>(state, 0x10325476, 12);
  digest(state, source, length / BLOCK_BYTES);
  memory.copy(last, source + (length - rest), rest);
  memory.fill(last + rest, 0, lastBlocks * BLOCK_BYTES - rest);
  store<u8>(last + rest, 0x80);
  store<u64>(last + lastBlocks * BLOCK_BYTES - 8, <u64>length << 3);
  digest(state, last, lastBlocks);
  for (let i: u32 = 0; i < 16; i++) {
    const byte = <u32>load<u8>(state + i);
    store<u8>(target + (i << 1), hexDigit(byte >> 4));
    store<u8>(target + (i << 1), hexDigit(byte & 15), 1);
  }
  heapReturn(block, workBytes);
  return makeView(target, HEX_BYTES);
}
