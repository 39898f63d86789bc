// Reference twin of `assembly/join-text-codes.ts`: a map.

/** The number of each text, by the order in which they first appear; 0 for NULL. And the texts by their numbers. */
export function codeTexts(texts: readonly (string | undefined)[]): { codes: number[]; entries: string[] } {
  const numbers = new Map<string, number>();
  const codes = texts.map((text) => {
    if (text === undefined) return 0;
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return numbers.get(text)!;
  });
  return { codes, entries: [...numbers.keys()] };
}
