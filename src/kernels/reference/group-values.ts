// Reference twin of `assembly/group-values.ts`.

/** The least and the greatest value; undefined where all are NULL. */
export function boundsOfKeys(values: readonly (bigint | undefined)[]): readonly [bigint, bigint] | undefined {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => (a < b ? -1 : Number(a > b)));
  return sorted.length === 0 ? undefined : [sorted[0]!, sorted.at(-1)!];
}

export interface KeyColumn {
  readonly values: readonly (bigint | undefined)[];
  readonly least: bigint;
  readonly size: number;
}

/** A number for each combination of values, the last column varying fastest; undefined where one is out of its range. */
export function combineValues(columns: readonly KeyColumn[], row: number): number | undefined {
  let index = 0;
  for (const { values, least, size } of columns) {
    const value = values[row];
    if (value !== undefined && (value < least || value >= least + BigInt(size))) return undefined;
    index = index * (size + 1) + (value === undefined ? size : Number(value - least));
  }
  return index;
}
