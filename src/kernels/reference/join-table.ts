// Reference twin of `assembly/join-table.ts`: nested loops, and sets of rows.

/** Pairs of rows with equal keys, [probe row, build row]. */
export function joinKeys(probe: readonly string[], build: readonly string[]): [number, number][] {
  return probe.flatMap((key, row) => {
    const matches = build.flatMap((other, buildRow) => (other === key ? [buildRow] : []));
    return matches.map((match): [number, number] => [row, match]);
  });
}

/** The rows that a list of rows leaves out. */
export function otherRows(rows: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, row) => row).filter((row) => !rows.includes(row));
}

/** Rows by whether the partition of their hash is one of the deferred ones, whose bits are set in `mask`. */
export function splitDeferred(hashes: readonly number[], mask: number): { near: number[]; far: number[] } {
  const rows = hashes.map((_, row) => row);
  const isFar = (row: number): boolean => (BigInt(mask) & (1n << BigInt(Math.floor(hashes[row]! / 2 ** 27)))) !== 0n;
  return { near: rows.filter((row) => !isFar(row)), far: rows.filter(isFar) };
}

/** A hash whose first `bits` bits have gone to its end. */
export function rotateHash(hash: number, bits: number): number {
  const digits = hash.toString(2).padStart(32, '0');
  return Number.parseInt(digits.slice(bits) + digits.slice(0, bits), 2);
}
