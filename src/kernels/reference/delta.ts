// Reference twin of `assembly/delta.ts`, in both directions, over bigints.

const wrap = (value: bigint, bits: number): bigint => BigInt.asIntN(bits, value);

/** DELTA_BINARY_PACKED with blocks of `blockValues` in `miniblocks` parts. */
export function encodeDelta(values: readonly bigint[], bits: 32 | 64, blockValues = 128, miniblocks = 4): Uint8Array {
  const output: number[] = [
    ...varint(BigInt(blockValues)),
    ...varint(BigInt(miniblocks)),
    ...varint(BigInt(values.length)),
    ...varint(zigzag(values[0] ?? 0n, bits)),
  ];
  const perMiniblock = blockValues / miniblocks;
  for (let start = 1; start < values.length; start += blockValues) {
    const deltas: bigint[] = [];
    for (let index = start; index < Math.min(start + blockValues, values.length); index++) {
      deltas.push(wrap(values[index]! - values[index - 1]!, bits));
    }
    const minimum = [...deltas].sort((a, b) => Number(a > b) - Number(a < b))[0]!;
    output.push(...varint(zigzag(minimum, bits)));
    const parts = Array.from({ length: miniblocks }, (_, part) =>
      deltas
        .slice(part * perMiniblock, (part + 1) * perMiniblock)
        .map((delta) => BigInt.asUintN(bits, delta - minimum)),
    );
    const widths = parts.map((part) => part.reduce((width, delta) => Math.max(width, delta.toString(2).length), 0));
    const usedWidths = parts.map((part, index) => (part.every((delta) => delta === 0n) ? 0 : widths[index]!));
    output.push(...usedWidths);
    for (const [index, part] of parts.entries()) {
      if (part.length > 0) output.push(...packBits(part, usedWidths[index]!, perMiniblock));
    }
  }
  return Uint8Array.from(output);
}

/** The values, and the number of bytes they took. */
export function decodeDelta(bytes: Uint8Array, bits: 32 | 64): { values: bigint[]; byteLength: number } {
  let at = 0;
  const next = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const unzigzag = (value: bigint): bigint => (value >> 1n) ^ -(value & 1n);
  const blockValues = Number(next());
  const miniblocks = Number(next());
  const count = Number(next());
  const perMiniblock = blockValues / miniblocks;
  const first = wrap(unzigzag(next()), bits);
  const values = count === 0 ? [] : [first];
  while (values.length < count) {
    const minimum = unzigzag(next());
    const widths = [...bytes.subarray(at, at + miniblocks)];
    at += miniblocks;
    for (const width of widths) {
      if (values.length >= count) break;
      for (let index = 0; index < perMiniblock && values.length < count; index++) {
        let delta = 0n;
        for (let bit = 0; bit < width; bit++) {
          const position = index * width + bit;
          delta |= BigInt((bytes[at + (position >> 3)]! >> (position & 7)) & 1) << BigInt(bit);
        }
        values.push(wrap(values.at(-1)! + minimum + delta, bits));
      }
      at += (perMiniblock * width) / 8;
    }
  }
  return { values, byteLength: at };
}

function zigzag(value: bigint, bits: number): bigint {
  return BigInt.asUintN(bits, (value << 1n) ^ (value >> BigInt(bits - 1)));
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7n) {
    if (left < 0x80n) return [...bytes, Number(left)];
    bytes.push(Number(left & 0x7fn) | 0x80);
  }
}

function packBits(values: readonly bigint[], width: number, count: number): number[] {
  const bytes = new Array<number>((count * width) / 8).fill(0);
  for (const [index, value] of values.entries()) {
    for (let bit = 0; bit < width; bit++) {
      const position = index * width + bit;
      if ((value >> BigInt(bit)) & 1n) bytes[position >> 3]! |= 1 << (position & 7);
    }
  }
  return bytes;
}
