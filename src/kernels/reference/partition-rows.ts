// Reference twin of `assembly/partition-rows.ts`.

/** Row numbers by partition, both in order of appearance. */
export function groupRows(partitions: readonly number[], from: number): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const [index, partition] of partitions.entries()) {
    const rows = groups.get(partition) ?? [];
    groups.set(partition, rows);
    rows.push(from + index);
  }
  return groups;
}

/** Codes of the valid rows over all rows, plus one; 0 = NULL. */
export function spreadCodes(codes: readonly number[], validity: readonly number[]): number[] {
  let next = 0;
  return validity.map((valid) => (valid === 1 ? codes[next++]! + 1 : 0));
}
