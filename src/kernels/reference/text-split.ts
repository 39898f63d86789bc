/** Twin of `assembly/text-split.ts`: a NULL separator takes characters apart, an empty one nothing. */
export function splitText(
  text: string | null,
  separator: string | null,
  forNull: string | null,
): readonly (string | null)[] | null {
  if (text === null) return null;
  if (text === '') return [];
  const parts = separator === null ? [...text] : separator === '' ? [text] : text.split(separator);
  return parts.map((part) => (part === forNull ? null : part));
}
