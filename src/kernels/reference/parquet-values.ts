// Reference twin of `assembly/parquet-values.ts`.

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
