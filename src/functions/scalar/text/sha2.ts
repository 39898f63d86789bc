// The SHA-2 functions of FIPS 180-4, over numbers for words of 32 bits and bigints for words of 64.

/** The first `count` primes. */
function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let candidate = 2n; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0n)) found.push(candidate);
  }
  return found;
}

/** floor(value^(1/degree)). */
function integerRoot(value: bigint, degree: bigint): bigint {
  let [low, high] = [0n, 1n << 80n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= value) low = middle;
    else high = middle;
  }
  return low;
}

const PRIMES = primes(80);
/** The first 64 bits of the fractions of a root of primes, as the standard defines its constants. */
const fractions = (of: readonly bigint[], degree: bigint): bigint[] =>
  of.map((prime) => BigInt.asUintN(64, integerRoot(prime << (64n * degree), degree)));

const ROUNDS_64 = fractions(PRIMES, 3n);
const ROUNDS_32 = ROUNDS_64.slice(0, 64).map((constant) => Number(constant >> 32n));
const START_512 = fractions(PRIMES.slice(0, 8), 2n);
const START_384 = fractions(PRIMES.slice(8, 16), 2n);
const START_256 = START_512.map((word) => Number(word >> 32n));
const START_224 = START_384.map((word) => Number(BigInt.asUintN(32, word)));

/** The message, a set bit, zeros, and its length in bits: whole blocks. */
function padded(message: Uint8Array, blockBytes: number): DataView {
  const lengthBytes = blockBytes / 8;
  const blocks = Math.ceil((message.length + 1 + lengthBytes) / blockBytes);
  const bytes = new Uint8Array(blocks * blockBytes);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(bytes.length - 8, BigInt(message.length) * 8n);
  return view;
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function digest32(message: Uint8Array, start: readonly number[]): Uint8Array {
  const state = [...start];
  const input = padded(message, 64);
  const w = new Int32Array(64);
  for (let block = 0; block < input.byteLength; block += 64) {
    for (let t = 0; t < 16; t++) w[t] = input.getInt32(block + t * 4);
    for (let t = 16; t < 64; t++) {
      const [a, b] = [w[t - 15]!, w[t - 2]!];
      const small0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
      const small1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
      w[t] = w[t - 16]! + small0 + w[t - 7]! + small1;
    }
    let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
    for (let t = 0; t < 64; t++) {
      const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const first = (h + big1 + ((e & f) ^ (~e & g)) + ROUNDS_32[t]! + w[t]!) | 0;
      const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i]! + word) | 0;
  }
  const result = new DataView(new ArrayBuffer(32));
  for (const [i, word] of state.entries()) result.setInt32(i * 4, word);
  return new Uint8Array(result.buffer);
}

const word64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate64 = (word: bigint, by: bigint): bigint => (word >> by) | word64(word << (64n - by));

function digest64(message: Uint8Array, start: readonly bigint[]): Uint8Array {
  const state = [...start];
  const input = padded(message, 128);
  const w = new BigUint64Array(80);
  for (let block = 0; block < input.byteLength; block += 128) {
    for (let t = 0; t < 16; t++) w[t] = input.getBigUint64(block + t * 8);
    for (let t = 16; t < 80; t++) {
      const [a, b] = [w[t - 15]!, w[t - 2]!];
      const small0 = rotate64(a, 1n) ^ rotate64(a, 8n) ^ (a >> 7n);
      const small1 = rotate64(b, 19n) ^ rotate64(b, 61n) ^ (b >> 6n);
      w[t] = w[t - 16]! + small0 + w[t - 7]! + small1;
    }
    let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    for (let t = 0; t < 80; t++) {
      const big1 = rotate64(e, 14n) ^ rotate64(e, 18n) ^ rotate64(e, 41n);
      const first = h + big1 + ((e & f) ^ (word64(~e) & g)) + ROUNDS_64[t]! + w[t]!;
      const big0 = rotate64(a, 28n) ^ rotate64(a, 34n) ^ rotate64(a, 39n);
      const second = big0 + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, word64(d + first), c, b, a, word64(first + second)];
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = word64(state[i]! + word);
  }
  const result = new DataView(new ArrayBuffer(64));
  for (const [i, word] of state.entries()) result.setBigUint64(i * 8, word);
  return new Uint8Array(result.buffer);
}

/** The constants of SHA-384 and SHA-512, as their kernel has them: u64 words in the order of the machine. */
export function sha512Constants(): Uint8Array {
  return new Uint8Array(BigUint64Array.from([...START_384, ...START_512, ...ROUNDS_64]).buffer);
}

export const sha224 = (message: Uint8Array): Uint8Array => digest32(message, START_224).slice(0, 28);
export const sha256 = (message: Uint8Array): Uint8Array => digest32(message, START_256);
export const sha384 = (message: Uint8Array): Uint8Array => digest64(message, START_384).slice(0, 48);
export const sha512 = (message: Uint8Array): Uint8Array => digest64(message, START_512);
