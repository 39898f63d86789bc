/** Reference twin of `hashKeys` in assembly/rows.ts: fixed words, then strings; one 32-bit hash. */
export function hashKeyReference(fixedWords: readonly bigint[], strings: readonly Uint8Array[]): number {
  let hash = 0n;
  for (const word of fixedWords) hash = mix(hash, word);
  for (const bytes of strings) {
    hash = mix(hash, readWord(bytes, 0));
    hash = mix(hash, BigInt(bytes.length));
    if (bytes.length <= 8) continue;
    let at = 8;
    for (; at + 8 <= bytes.length; at += 8) hash = mix(hash, readWord(bytes, at));
    if (at < bytes.length) hash = mix(hash, readWord(bytes, bytes.length - 8));
  }
  return Number(BigInt.asUintN(64, hash * 0xbf58476d1ce4e5b9n) >> 32n);
}

function mix(hash: bigint, word: bigint): bigint {
  const product = BigInt.asUintN(64, (hash ^ word) * 0x9e3779b97f4a7c15n);
  return product ^ (product >> 29n);
}

/** Eight bytes from `at`, little-endian, zero padded. */
function readWord(bytes: Uint8Array, at: number): bigint {
  let word = 0n;
  for (let index = 0; index < 8 && at + index < bytes.length; index++) {
    word |= BigInt(bytes[at + index]!) << BigInt(index * 8);
  }
  return word;
}
