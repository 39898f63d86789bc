// Reference twin of `assembly/hybrid.ts`.

/** The first `count` values of a stream; undefined when it ends before or is malformed before. */
export function decodeHybrid(bytes: Uint8Array, bitWidth: number, count: number): number[] | undefined {
  const values: number[] = [];
  const valueBytes = Math.ceil(bitWidth / 8);
  let at = 0;
  while (values.length < count) {
    let header = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 28n) return undefined;
      header |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    header = BigInt.asUintN(32, header);
    const half = Number(header >> 1n);
    if ((header & 1n) === 0n) {
      if (at + valueBytes > bytes.length) return undefined;
      let value = 0;
      for (let k = 0; k < valueBytes; k++) value += bytes[at++]! * 256 ** k;
      if (value >= 2 ** bitWidth) return undefined;
      for (let k = 0; k < half && values.length < count; k++) values.push(value);
      continue;
    }
    // Some writers cut the padding of the last group off.
    const isCut = half * bitWidth > bytes.length - at;
    const packed = isCut ? Math.floor(((bytes.length - at) * 8) / bitWidth) : half * 8;
    if (packed >= 2 ** 32) return undefined;
    for (let index = 0; index < packed && values.length < count; index++) {
      let value = 0;
      for (let bit = 0; bit < bitWidth; bit++) {
        const position = index * bitWidth + bit;
        value += ((bytes[at + Math.floor(position / 8)]! >> (position % 8)) & 1) * 2 ** bit;
      }
      values.push(value);
    }
    at = Math.min(at + half * bitWidth, bytes.length);
  }
  return values;
}

/** Bits from number `first` on, the lowest of a byte first. */
export function expandBits(bytes: Uint8Array, first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (bytes[(first + index) >> 3]! >> ((first + index) & 7)) & 1);
}
