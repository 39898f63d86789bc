// Reference twin of the simplest readers of `assembly/text-readers.ts`; the twin of all of them is the TypeScript that
// does what they decline. What `assembly/text-casts.ts` prints has its twin in format.ts.

/** Days since 1970-01-01 of YYYY-MM-DD, from year 1 on. */
export function textToDate(text: string): number | undefined {
  const match = /^([0-9]{4})-[0-9]{2}-[0-9]{2}$/.exec(text);
  if (match === null) return undefined;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  // Date takes the 31st of a shorter month for a day of the next one.
  const exists = !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(text);
  return exists && match[1] !== '0000' ? milliseconds / 86_400_000 : undefined;
}
