// Reference twin of `assembly/group-table.ts`.

/** The number of each key, by first appearance. */
export function groupsOf(keys: readonly string[]): number[] {
  const known = new Map<string, number>();
  return keys.map((key) => {
    const group = known.get(key) ?? known.size;
    known.set(key, group);
    return group;
  });
}

/** Rows of which none is known yet survive; the others are paired, { target, source }, with the one that is. */
export function mergeGroups(keys: readonly string[]): {
  readonly survivors: number[];
  readonly pairs: { readonly target: number; readonly source: number }[];
} {
  const known = new Map<string, number>();
  const survivors: number[] = [];
  const pairs: { target: number; source: number }[] = [];
  for (const [source, key] of keys.entries()) {
    const target = known.get(key);
    if (target !== undefined) pairs.push({ target, source });
    else {
      known.set(key, source);
      survivors.push(source);
    }
  }
  return { survivors, pairs };
}

/** For each value how many distinct ones come before the first that equals it. */
export function numberDistinct(values: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return values.map((value) => {
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return numbers.get(value)!;
  });
}

/** A number for each combination of codes, the last column varying fastest; `undefined` is NULL, one more than codes. */
export function combineCodes(
  columns: readonly { readonly codes: readonly (number | undefined)[]; readonly size: number }[],
  row: number,
): number {
  return columns.reduce((index, { codes, size }) => index * (size + 1) + (codes[row] ?? size), 0);
}

/** The rows that are the first of their group, where some groups are known already; these are added to. */
export function selectUnseen(groups: readonly number[], seen: Set<number>): number[] {
  return groups.flatMap((group, row) => {
    const isNew = !seen.has(group);
    seen.add(group);
    return isNew ? [row] : [];
  });
}
