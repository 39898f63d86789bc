// Reference twin of `assembly/bytes.ts`.

/** Bytes from number `from` (the first is 1), at most `count`; places before the first count, but are empty. */
export function bytesSubstring(bytes: Uint8Array, from: number, count: number = Number.POSITIVE_INFINITY): Uint8Array {
  return bytes.slice(Math.max(from - 1, 0), Math.max(from + count - 1, 0));
}

/** Counted from 1; 0 when it does not occur. */
export function bytesPosition(bytes: Uint8Array, needle: Uint8Array): number {
  for (let at = 0; at + needle.length <= bytes.length; at++) {
    if (needle.every((byte, i) => bytes[at + i] === byte)) return at + 1;
  }
  return 0;
}

/** `ends`: 1 the start, 2 the end, 3 both. */
export function bytesTrim(bytes: Uint8Array, set: Uint8Array, ends: number): Uint8Array {
  const rest = [...bytes];
  if (ends & 1) while (rest.length > 0 && set.includes(rest[0]!)) rest.shift();
  if (ends & 2) while (rest.length > 0 && set.includes(rest.at(-1)!)) rest.pop();
  return Uint8Array.from(rest);
}
