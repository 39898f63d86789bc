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
