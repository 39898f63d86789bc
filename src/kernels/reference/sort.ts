// Reference twin of `assembly/sort.ts`.

export interface SortKey<Value> {
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  readonly compare: (left: Value, right: Value) => number;
}

/** Rows are lists of key values; `undefined` is NULL. */
export function compareRows<Value>(
  keys: readonly SortKey<Value>[],
  left: readonly (Value | undefined)[],
  right: readonly (Value | undefined)[],
): number {
  for (const [index, { descending, nullsFirst, compare }] of keys.entries()) {
    const [a, b] = [left[index], right[index]];
    if (a === undefined || b === undefined) {
      if (a !== b) return (a === undefined) === nullsFirst ? -1 : 1;
      continue;
    }
    const order = compare(a, b);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

/** The numbers of rows in order; rows that are equal stay in theirs. */
export function sortRows<Value>(
  keys: readonly SortKey<Value>[],
  rows: readonly (readonly (Value | undefined)[])[],
): number[] {
  return rows.map((_, row) => row).sort((a, b) => compareRows(keys, rows[a]!, rows[b]!));
}

/** Merges lists that are each in order; of rows that are equal, those of earlier lists come first. */
export function mergeRows<Row>(lists: readonly (readonly Row[])[], compare: (left: Row, right: Row) => number): Row[] {
  const taken = lists.map(() => 0);
  const merged: Row[] = [];
  for (;;) {
    let first = -1;
    for (const [list, rows] of lists.entries()) {
      if (taken[list] === rows.length) continue;
      if (first < 0 || compare(rows[taken[list]!]!, lists[first]![taken[first]!]!) < 0) first = list;
    }
    if (first < 0) return merged;
    merged.push(lists[first]![taken[first]!++]!);
  }
}
