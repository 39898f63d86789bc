// Reference twin of `assembly/kept-columns.ts`.

/** Strings of rows in any encoding as they are read again; NULL is an empty string. */
export function keptStrings(
  strings: readonly Uint8Array[],
  codes: readonly number[],
  validity: readonly number[] | undefined,
): Uint8Array[] {
  return codes.map((code, row) => (validity?.[row] === 0 ? new Uint8Array() : strings[code]!));
}

/** Does a row say that it is NULL? */
export function hasNull(validity: readonly number[]): boolean {
  return validity.includes(0);
}
