// Reference twin of `assembly/snappy.ts`; what `assembly/snappy-compress.ts` finds to repeat is its own affair: it must
// decompress to the same here.

/** The bytes of a raw Snappy block. Throws a RangeError when the block is malformed. */
export function snappyDecompress(block: Uint8Array): Uint8Array {
  let at = 0;
  const next = (): number => {
    if (at >= block.length) throw new RangeError('the block ends early');
    return block[at++]!;
  };
  const nextNumber = (byteLength: number): number => {
    let value = 0;
    for (let k = 0; k < byteLength; k++) value += next() * 256 ** k;
    return value;
  };
  let byteLength = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = next();
    byteLength += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  const output: number[] = [];
  while (at < block.length) {
    const tag = next();
    if ((tag & 3) === 0) {
      const short = tag >> 2;
      const length = 1 + (short < 60 ? short : nextNumber(short - 59));
      for (let k = 0; k < length; k++) output.push(next());
      continue;
    }
    const length = (tag & 3) === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const offset = (tag & 3) === 1 ? (tag >> 5) * 256 + next() : nextNumber((tag & 3) === 2 ? 2 : 4);
    if (offset === 0 || offset > output.length) throw new RangeError('a copy reaches before the beginning');
    for (let k = 0; k < length; k++) output.push(output[output.length - offset]!);
  }
  if (output.length !== byteLength) throw new RangeError('the length is wrong');
  return Uint8Array.from(output);
}
