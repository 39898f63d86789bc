// Reference twin of `assembly/arrow.ts`.

/** The ends of all strings behind the bytes already there, and their bytes; `undefined` is NULL. */
export function layoutStrings(
  strings: readonly (Uint8Array | undefined)[],
  used: number,
): { readonly ends: number[]; readonly bytes: Uint8Array } {
  const bytes = Buffer.concat(strings.map((string) => string ?? new Uint8Array(0)));
  const ends = strings.map((_, index) => {
    return strings.slice(0, index + 1).reduce((end, string) => end + (string?.length ?? 0), used);
  });
  return { ends, bytes };
}

/** Eight flags a byte, the first one lowest. */
export function packBits(flags: readonly number[]): number[] {
  const bytes = new Array<number>(Math.ceil(flags.length / 8)).fill(0);
  for (const [index, flag] of flags.entries()) if (flag !== 0) bytes[index >> 3]! |= 1 << (index & 7);
  return bytes;
}
