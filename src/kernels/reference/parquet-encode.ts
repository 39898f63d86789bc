// Reference twins of `assembly/parquet-encode.ts`: the same bytes, from plain arrays.

/** Plain rows that are not NULL: the row numbers, or their codes. */
export function collectPositions(
  codes: readonly number[] | undefined,
  validity: readonly number[] | undefined,
  rows: readonly number[],
): number[] {
  return rows.filter((row) => validity === undefined || validity[row] === 1).map((row) => codes?.[row] ?? row);
}

/** Strings as PLAIN: u32 byteLength, bytes. */
export function writePlainStrings(strings: readonly Uint8Array[]): Uint8Array {
  const parts = strings.flatMap((bytes) => [littleEndian(bytes.length, 4), [...bytes]]);
  return Uint8Array.from(parts.flat());
}

/** The entries, values and bytes of one page: until the row ends in which `limit` bytes are reached. */
export function cutPlainStrings(
  strings: readonly Uint8Array[],
  levels: readonly number[],
  definition: number,
  repetitions: readonly number[],
  limit: number,
): { entries: number; values: number; bytes: number } {
  let bytes = 0;
  let values = 0;
  let entries = 0;
  while (entries < levels.length && (bytes < limit || repetitions[entries]! > 0)) {
    if (levels[entries++] === definition) bytes += 4 + strings[values++]!.length;
  }
  return { entries, values, bytes };
}

/**
 * The RLE / bit-packed hybrid: where a group of eight starts a long enough run of equal values, the run is one,
 * otherwise the group is a literal.
 */
export function encodeHybrid(values: readonly number[], bitWidth: number): Uint8Array {
  const shortestRun = Math.max(16, Math.floor(128 / bitWidth));
  const output: number[] = [];
  let literals: number[][] = [];
  const flushLiterals = (): void => {
    if (literals.length === 0) return;
    output.push(...varint(literals.length * 2 + 1), ...literals.flatMap((group) => packBits(group, bitWidth)));
    literals = [];
  };
  for (let at = 0; at < values.length; ) {
    let end = at;
    while (end < values.length && values[end] === values[at]) end++;
    if (end - at >= shortestRun) {
      flushLiterals();
      output.push(...varint((end - at) * 2), ...littleEndian(values[at]!, Math.ceil(bitWidth / 8)));
      at = end;
      continue;
    }
    literals.push(Array.from({ length: 8 }, (_, index) => values[at + index] ?? 0));
    if (literals.length === 8191) flushLiterals();
    at += 8;
  }
  flushLiterals();
  return Uint8Array.from(output);
}

/** Values of `bitWidth` bits each, the first one lowest. */
export function packBits(values: readonly number[], bitWidth: number): number[] {
  const bytes = new Array<number>(Math.ceil((values.length * bitWidth) / 8)).fill(0);
  for (const [index, value] of values.entries()) {
    for (let bit = 0; bit < bitWidth; bit++) {
      const position = index * bitWidth + bit;
      if (Math.floor(value / 2 ** bit) % 2 === 1) bytes[position >> 3]! |= 1 << (position & 7);
    }
  }
  return bytes;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}

function littleEndian(value: number, byteLength: number): number[] {
  return Array.from({ length: byteLength }, (_, index) => Math.floor(value / 256 ** index) % 256);
}
