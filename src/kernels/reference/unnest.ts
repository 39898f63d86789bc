/** A row of the input and one of its elements; undefined for a row without elements that comes all the same. */
export interface UnnestedElement {
  readonly row: number;
  readonly element: number | undefined;
}

/** Every row once for each element of the longest of its arrays; `outer`: once, where all are empty or NULL. */
export function unnestedElements(
  columns: readonly (readonly (readonly unknown[] | null)[])[],
  rowCount: number,
  outer: boolean,
): UnnestedElement[] {
  return Array.from({ length: rowCount }, (_, row) => {
    const length = Math.max(0, ...columns.map((column) => column[row]?.length ?? 0));
    if (length === 0) return outer ? [{ row, element: undefined }] : [];
    return Array.from({ length }, (__, element) => ({ row, element }));
  }).flat();
}

/** The elements of arrays that are not made: element k of row i is value i of column k. */
export function elementsOfColumns<Value>(
  columns: readonly (readonly (Value | null)[])[],
  elements: readonly UnnestedElement[],
): (Value | null)[] {
  return elements.map(({ row, element }) => (element === undefined ? null : (columns[element]?.[row] ?? null)));
}
