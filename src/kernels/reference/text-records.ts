/** Twin of `assembly/text-records.ts`. Numbers are bytes; quote 0: none. */
export interface RecordRules {
  readonly delimiter: number;
  readonly quote: number;
  readonly escapeByte: number;
  readonly skipsBlank: boolean;
}

export interface CutField {
  readonly bytes: readonly number[];
  readonly isQuoted: boolean;
  readonly isEscaped: boolean;
}

export interface CutRecords {
  /** Where each record begins, and its fields as they lie there. */
  readonly records: readonly { readonly start: number; readonly fields: readonly CutField[] }[];
  readonly failure: 'unterminated' | 'after quote' | undefined;
}

const NEWLINE = 10;
const RETURN = 13;

/** All records of a whole file, up to the first that cannot be read. */
export function cutRecords(bytes: Uint8Array, rules: RecordRules): CutRecords {
  const { delimiter, quote, escapeByte, skipsBlank } = rules;
  const records: { start: number; fields: CutField[] }[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    const fields: CutField[] = [];
    for (let isLineEnd = false; !isLineEnd; ) {
      const field: number[] = [];
      let isEscaped = false;
      const isQuoted = quote !== 0 && bytes[at] === quote;
      if (isQuoted) {
        at++;
        while (bytes[at] !== quote || (escapeByte === quote && bytes[at + 1] === quote)) {
          if (at >= bytes.length) return { records, failure: 'unterminated' };
          const next = bytes[at + 1];
          if (bytes[at] === escapeByte && (next === quote || next === escapeByte)) {
            isEscaped = true;
            field.push(bytes[at++]!);
          }
          if (at < bytes.length) field.push(bytes[at++]!);
        }
        at++;
        if (bytes[at] === RETURN && (at + 1 >= bytes.length || bytes[at + 1] === NEWLINE)) at++;
        if (at < bytes.length && bytes[at] !== delimiter && bytes[at] !== NEWLINE) {
          return { records, failure: 'after quote' };
        }
      } else {
        while (at < bytes.length && bytes[at] !== delimiter && bytes[at] !== NEWLINE) field.push(bytes[at++]!);
        if ((at >= bytes.length || bytes[at] === NEWLINE) && field.at(-1) === RETURN) field.pop();
      }
      fields.push({ bytes: field, isQuoted, isEscaped });
      isLineEnd = at >= bytes.length || bytes[at] === NEWLINE;
      at++;
    }
    const [first] = fields;
    if (!(skipsBlank && fields.length === 1 && first!.bytes.length === 0 && !first!.isQuoted)) {
      records.push({ start, fields });
    }
  }
  return { records, failure: undefined };
}

/** The first byte that is not part of a UTF-8 character, or is 0; -1 when there is none. */
export function firstInvalidByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first === 0) return at;
    try {
      if (decoder.decode(bytes.slice(at, at + length)).length === 0) return at;
    } catch {
      return at;
    }
    at += length;
  }
  return -1;
}
