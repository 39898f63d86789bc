// Reference twin of `assembly/lz4.ts`.

/** The bytes of an LZ4 block. Throws a RangeError when the block is malformed. */
export function lz4Decompress(block: Uint8Array): Uint8Array {
  let at = 0;
  const next = (): number => {
    if (at >= block.length) throw new RangeError('the block ends early');
    return block[at++]!;
  };
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble === 15) {
      for (let byte = 255; byte === 255; length += byte) byte = next();
    }
    return length;
  };
  const output: number[] = [];
  while (at < block.length) {
    const token = next();
    const literals = lengthOf(token >> 4);
    for (let k = 0; k < literals; k++) output.push(next());
    if (at === block.length) break;
    const offset = next() + next() * 256;
    const length = lengthOf(token & 15) + 4;
    if (offset === 0 || offset > output.length) throw new RangeError('a copy reaches before the beginning');
    for (let k = 0; k < length; k++) output.push(output[output.length - offset]!);
  }
  return Uint8Array.from(output);
}
