/** Records of a sample; a field without quotes that stands for NULL is null, a quoted one never is. */
export type SampleRecord = readonly { readonly text: string; readonly isQuoted: boolean }[];

export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly escapeCharacter: string;
}

const DELIMITERS = [',', '\t', ';', '|'];
const MAX_RECORDS_FOR_DIALECT = 200;

/**
 * The records of a text, as the kernels cut them (assembly/text-records.ts). The last is left out unless `isWhole`: the
 * sample may end within it.
 */
export function sampleRecords(text: string, dialect: Dialect, isWhole: boolean, most: number): SampleRecord[] {
  const { delimiter, quote, escapeCharacter } = dialect;
  const records: SampleRecord[] = [];
  let fields: { text: string; isQuoted: boolean }[] = [];
  let at = 0;
  while (at < text.length && records.length < most) {
    let field = '';
    const isQuoted = quote !== '' && text[at] === quote;
    if (isQuoted) {
      at++;
      let isClosed = false;
      while (at < text.length && !isClosed) {
        const character = text[at]!;
        if (
          character === escapeCharacter &&
          (text[at + 1] === quote || (escapeCharacter !== quote && text[at + 1] === escapeCharacter))
        ) {
          field += text[at + 1];
          at += 2;
        } else if (character === quote) {
          isClosed = true;
          at++;
        } else {
          field += character;
          at++;
        }
      }
      if (!isClosed && !isWhole) return records;
    }
    let end = at;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++;
    const isLineEnd = end >= text.length || text[end] === '\n';
    let rest = text.slice(at, end);
    if (isLineEnd && rest.endsWith('\r')) rest = rest.slice(0, -1);
    if (end >= text.length && !isWhole) return records;
    fields.push({ text: field + rest, isQuoted });
    at = end + 1;
    if (!isLineEnd) {
      // A delimiter at the very end: one more, empty field.
      if (at >= text.length && isWhole) fields.push({ text: '', isQuoted: false });
      else continue;
    }
    const isBlank = fields.length === 1 && fields[0]!.text === '' && !fields[0]!.isQuoted;
    if (!isBlank) records.push(fields);
    fields = [];
  }
  if (fields.length > 0 && isWhole) records.push(fields);
  return records;
}

/** The delimiter that cuts most lines into equally many fields, more than one; what was told is taken as it is. */
export function sniffDialect(
  text: string,
  told: { readonly [Part in keyof Dialect]: Dialect[Part] | undefined },
  isWhole: boolean,
): Dialect {
  const quote = told.quote ?? sniffQuote(text, told.delimiter);
  const escapeCharacter =
    told.escapeCharacter ??
    (quote !== '' && text.includes(`\\${quote}`) && !text.includes(`${quote}${quote}`) ? '\\' : quote);
  if (told.delimiter !== undefined) return { delimiter: told.delimiter, quote, escapeCharacter };
  let best = { delimiter: ',', quote, escapeCharacter };
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const dialect = { delimiter, quote, escapeCharacter };
    const counts = sampleRecords(text, dialect, isWhole, MAX_RECORDS_FOR_DIALECT).map((record) => record.length);
    const usual = mostFrequent(counts);
    if (usual <= 1) continue;
    const share = counts.filter((count) => count === usual).length / counts.length;
    // Consistency counts most; among equals, more fields.
    const score = Math.round(share * 100) + Math.min(usual, 50) / 100;
    if (share >= 0.5 && score > bestScore) {
      bestScore = score;
      best = dialect;
    }
  }
  return best;
}

/** Single quotes only where they, and no double ones, enclose fields. */
function sniffQuote(text: string, delimiter: string | undefined): string {
  const before = delimiter === undefined ? '[,\\t;|\\n]' : `[${delimiter.replace(/[\\\]^-]/g, '\\$&')}\\n]`;
  const encloses = (quote: string): boolean =>
    new RegExp(`(^|${before})${quote}[^${quote}\\n]*${quote}(${before}|\\r|$)`).test(text);
  return !encloses('"') && encloses("'") ? "'" : '"';
}

function mostFrequent(counts: readonly number[]): number {
  const frequency = new Map<number, number>();
  for (const count of counts) frequency.set(count, (frequency.get(count) ?? 0) + 1);
  return [...frequency].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}
