/*
 * sqllogictest scripts (https://www.sqlite.org/sqllogictest): records separated by blank lines.
 *
 *   statement ok | statement error [SQLSTATE] [text in the message] | statement count N
 *   query <types> [nosort|rowsort|valuesort] [label]   SQL, then ---- and the expected rows
 *   skipif <engine> | onlyif <engine>                   for the record that follows
 *   halt | hash-threshold N | # comment
 *
 * Rows are written one a line with tabs between values, or, as SQLite does, one value a line, or as a hash.
 */

export type SortMode = 'nosort' | 'rowsort' | 'valuesort';

interface RecordBase {
  /** From 1. */
  readonly line: number;
  readonly sql: string;
  readonly skipped: boolean;
}

export interface StatementRecord extends RecordBase {
  readonly kind: 'statement';
  readonly expectation: 'ok' | 'error';
  readonly sqlState: string | undefined;
  /** Must occur in the message. */
  readonly message: string | undefined;
}

export interface QueryRecord extends RecordBase {
  readonly kind: 'query';
  readonly types: string;
  readonly sort: SortMode;
  readonly expected: readonly string[];
  /** Lines of the file that hold the expected rows: [first, behind the last), from 0. */
  readonly expectedLines: readonly [number, number];
}

export type SltRecord = StatementRecord | QueryRecord;

/** The names of `skipif` and `onlyif` that mean us. */
const MILLRACE_NAMES: readonly string[] = ['millrace', 'postgresql'];

/** Records that `skipif` and `onlyif` keep from the engine of those names are marked as skipped. */
export function parseSltScript(text: string, engineNames: readonly string[] = MILLRACE_NAMES): SltRecord[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const records: SltRecord[] = [];
  let skipped = false;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    const words = line.trim().split(/\s+/);
    const [word] = words;
    if (word === '' || word!.startsWith('#') || word === 'hash-threshold' || word === 'control') {
      at++;
    } else if (word === 'halt') {
      if (!skipped) break;
      skipped = false;
      at++;
    } else if (word === 'skipif' || word === 'onlyif') {
      const named = engineNames.includes(words[1] ?? '');
      if (named === (word === 'skipif')) skipped = true;
      at++;
    } else if (word === 'statement' || word === 'query') {
      const start = at + 1;
      let end = start;
      while (end < lines.length && lines[end]!.trim() !== '' && lines[end] !== '----') end++;
      const base = { line: at + 1, sql: lines.slice(start, end).join('\n'), skipped };
      skipped = false;
      if (word === 'statement') {
        const [, expectation, sqlState, ...message] = words;
        if (expectation !== 'ok' && expectation !== 'error' && expectation !== 'count') throw badLine(at, line);
        const text = message.join(' ');
        records.push({
          kind: 'statement',
          ...base,
          expectation: expectation === 'error' ? 'error' : 'ok',
          sqlState: expectation === 'error' ? sqlState : undefined,
          message: text === '' ? undefined : text,
        });
        at = end;
      } else {
        const first = lines[end] === '----' ? end + 1 : end;
        let last = first;
        while (last < lines.length && lines[last]!.trim() !== '') last++;
        const sort = words.find((candidate) => ['nosort', 'rowsort', 'valuesort'].includes(candidate));
        records.push({
          kind: 'query',
          ...base,
          types: words[1] ?? '',
          sort: (sort ?? 'nosort') as SortMode,
          expected: lines.slice(first, last),
          expectedLines: [first, last],
        });
        at = last;
      }
    } else {
      throw badLine(at, line);
    }
  }
  return records;
}

function badLine(at: number, line: string): Error {
  return new Error(`line ${at + 1}: not a sqllogictest record: ${line}`);
}
