// Reference twin of `assembly/rows.ts`.

/** The values of rows in any encoding; `undefined` is NULL. */
export function columnValues<Value>(
  values: readonly Value[],
  codes: readonly number[],
  validity: readonly number[] | undefined,
): (Value | undefined)[] {
  return codes.map((code, row) => (validity === undefined || validity[row] === 1 ? values[code] : undefined));
}

/** What a float is as a key: −0 is 0, and every NaN is the same. */
export function keyOfFloat(value: number): number {
  return Number.isNaN(value) ? Number.NaN : value === 0 ? 0 : value;
}

/** What an interval is as a key: months of 30 days, days of 24 hours and microseconds, all of one sign. */
export function keyOfInterval(months: number, days: number, microseconds: bigint): [number, number, bigint] {
  const day = 86_400_000_000n;
  const total = (BigInt(months) * 30n + BigInt(days)) * day + microseconds;
  const wholeMonths = total / (30n * day);
  const limit = 2n ** 31n;
  const kept = wholeMonths < -limit ? -limit : wholeMonths >= limit ? limit - 1n : wholeMonths;
  return [Number(kept), Number((total - kept * 30n * day) / day), total % day];
}

/** Bytes that strings need outside of their views. */
export function heapBytes(strings: readonly (Uint8Array | undefined)[]): number {
  return strings.reduce((sum, bytes) => sum + (bytes !== undefined && bytes.length > 8 ? bytes.length : 0), 0);
}

/** Rows that are valid in all columns. */
export function selectValid(columns: readonly (readonly number[] | undefined)[], rowCount: number): number[] {
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  return rows.filter((row) => columns.every((validity) => validity === undefined || validity[row] === 1));
}

/** The hash of packed keys: fixed words, then strings. */
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
