// Reference twins of `assembly/parquet-values.ts` and `assembly/parquet-conversions.ts`.

/** Each valid row gets the next value; what NULL rows get does not matter, here `undefined`. */
export function spread<Value>(values: readonly Value[], validity: readonly number[]): (Value | undefined)[] {
  let next = 0;
  return validity.map((valid) => (valid === 1 ? values[next++] : undefined));
}

/** Length-prefixed strings until the count is reached; undefined when they pass the end. */
export function readPlainStrings(bytes: Uint8Array, count: number): Uint8Array[] | undefined {
  const strings: Uint8Array[] = [];
  let at = 0;
  while (strings.length < count) {
    if (at + 4 > bytes.length) return undefined;
    const byteLength = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true);
    at += 4;
    if (byteLength > bytes.length - at) return undefined;
    strings.push(bytes.subarray(at, at + byteLength));
    at += byteLength;
  }
  return strings;
}

/** Strings that share a prefix of the given length with the one before. */
export function joinPrefixes(prefixes: readonly number[], suffixes: readonly Uint8Array[]): Uint8Array[] {
  const strings: Uint8Array[] = [];
  for (const [index, prefix] of prefixes.entries()) {
    strings.push(Uint8Array.from([...(strings.at(-1) ?? []).slice(0, prefix), ...suffixes[index]!]));
  }
  return strings;
}

/** Two's complement, most significant byte first; undefined when it takes more than `bits`. */
export function readBigEndian(bytes: Uint8Array, bits: 64 | 128): bigint | undefined {
  let value = bytes.length > 0 && bytes[0]! >= 0x80 ? -1n : 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bits, value) === value ? value : undefined;
}

export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return quotient * divisor > value ? quotient - 1n : quotient;
}

export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** Byte number b of value number i is at b × count + i. */
export function joinByteStreams(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  return Uint8Array.from(bytes, (_, index) => bytes[(index % width) * count + Math.floor(index / width)]!);
}
