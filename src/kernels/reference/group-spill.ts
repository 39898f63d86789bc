// Reference twin of `assembly/group-spill.ts`.

/** The row of a group: a number, texts that may be missing, and lists, as far as their items are bytes. */
export interface GroupRow {
  readonly key: string;
  readonly number: bigint;
  readonly texts: readonly (Uint8Array | undefined)[];
  readonly lists: readonly (readonly Uint8Array[])[];
}

/** What rows become that are frozen and thawed, put together again: the first has all but what lists have left. */
export function joinRows(rows: readonly GroupRow[]): GroupRow[] {
  const joined = new Map<string, GroupRow>();
  for (const row of rows) {
    const first = joined.get(row.key);
    if (first === undefined) {
      joined.set(row.key, row);
      continue;
    }
    if (row.number !== 0n || row.texts.some((text) => text !== undefined)) throw new Error('a state was copied twice');
    joined.set(row.key, { ...first, lists: first.lists.map((list, index) => [...list, ...row.lists[index]!]) });
  }
  return [...joined.values()];
}
