// The hash of keys: words are mixed in one after the other.

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

// @ts-ignore: decorator
@inline
export function mix(hash: u64, word: u64): u64 {
  const product = (hash ^ word) * MULTIPLIER;
  return product ^ (product >> 29);
}

// @ts-ignore: decorator
@inline
export function finish(hash: u64): u32 {
  const product = hash * 0xbf58_476d_1ce4_e5b9;
  return <u32>(product >> 32);
}

/** The hash of a key that is one word of eight bytes. */
// @ts-ignore: decorator
@inline
export function hashWord(word: u64): u32 {
  return finish(mix(0, word));
}
