// Random bits: the stream of ChaCha20 (Bernstein, 2008), whose key the host draws for each program of each thread, so that
// no two have the same and nobody can guess what follows. The state, to which word 60 of the argument block points:
//
//     0  key, 32 bytes          48  taken: bytes of the output that were drawn, u32
//    32  counter, u64           56  clock: µs since 1970 when the present rows were begun, f64
//    40  nonce, u64             64  moment and tail of the last UUID of version 7, i64 each
//   128  output, 256 bytes: four blocks of the stream, a lane each
//
// src/exec/expression/random-state.ts draws the key, and says when the output is to be made first.

// @ts-ignore: decorator
@inline const STATE: usize = 60;
// @ts-ignore: decorator
@inline const COUNTER: usize = 32;
// @ts-ignore: decorator
@inline const TAKEN: usize = 48;
// @ts-ignore: decorator
@inline const OUTPUT: usize = 128;
// @ts-ignore: decorator
@inline const OUTPUT_BYTES: u32 = 256;
// @ts-ignore: decorator
@inline const DOUBLE_ROUNDS: i32 = 10;

// @ts-ignore: decorator
@inline
function turnedLeft(value: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(value, bits), i32x4.shr_u(value, 32 - bits));
}

/** Of the 16 vectors at `x`, four by their numbers. */
// @ts-ignore: decorator
@inline
function quarterRound(x: usize, first: usize, second: usize, third: usize, fourth: usize): void {
  let a = v128.load(x + (first << 4));
  let b = v128.load(x + (second << 4));
  let c = v128.load(x + (third << 4));
  let d = v128.load(x + (fourth << 4));
  a = i32x4.add(a, b);
  d = turnedLeft(v128.xor(d, a), 16);
  c = i32x4.add(c, d);
  b = turnedLeft(v128.xor(b, c), 12);
  a = i32x4.add(a, b);
  d = turnedLeft(v128.xor(d, a), 8);
  c = i32x4.add(c, d);
  b = turnedLeft(v128.xor(b, c), 7);
  v128.store(x + (first << 4), a);
  v128.store(x + (second << 4), b);
  v128.store(x + (third << 4), c);
  v128.store(x + (fourth << 4), d);
}

/** A word of the blocks before their rounds: constants, then the key, the counter and the nonce as they lie in the state. */
function wordOf(state: usize, word: u32): v128 {
  if (word >= 4) {
    const value = v128.load_splat<u32>(state + ((word - 4) << 2));
    // The counter is a multiple of four, so that nothing is carried.
    return word == 12 ? i32x4.add(value, i32x4(0, 1, 2, 3)) : value;
  }
  // "expand 32-byte k".
  return i32x4.splat(word == 0 ? 0x61707865 : word == 1 ? 0x3320646e : word == 2 ? 0x79622d32 : 0x6b206574);
}

function makeOutput(state: usize): void {
  const x = state + OUTPUT;
  for (let word: u32 = 0; word < 16; word++) v128.store(x + (word << 4), wordOf(state, word));
  for (let round = 0; round < DOUBLE_ROUNDS; round++) {
    quarterRound(x, 0, 4, 8, 12);
    quarterRound(x, 1, 5, 9, 13);
    quarterRound(x, 2, 6, 10, 14);
    quarterRound(x, 3, 7, 11, 15);
    quarterRound(x, 0, 5, 10, 15);
    quarterRound(x, 1, 6, 11, 12);
    quarterRound(x, 2, 7, 8, 13);
    quarterRound(x, 3, 4, 9, 14);
  }
  for (let word: u32 = 0; word < 16; word++) {
    v128.store(x + (word << 4), i32x4.add(v128.load(x + (word << 4)), wordOf(state, word)));
  }
  store<u64>(state, load<u64>(state, COUNTER) + 4, COUNTER);
}

// @ts-ignore: decorator
@inline
export function randomState(block: usize): usize {
  return load<u32>(block, STATE);
}

/** 64 bits. */
export function randomBits(block: usize): u64 {
  const state = randomState(block);
  let taken = load<u32>(state, TAKEN);
  if (taken >= OUTPUT_BYTES) {
    makeOutput(state);
    taken = 0;
  }
  store<u32>(state, taken + 8, TAKEN);
  return load<u64>(state + OUTPUT + taken);
}
