// Reference twin of `assembly/dictionary-build.ts`.

/** Numbers values by first appearance; values are equal when their keys are. */
export function dictionaryEncode<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
): { codes: number[]; entries: Value[] } {
  const known = new Map<string, number>();
  const entries: Value[] = [];
  const codes = values.map((value) => {
    const key = keyOf(value);
    const code = known.get(key) ?? entries.push(value) - 1;
    known.set(key, code);
    return code;
  });
  return { codes, entries };
}
